"""Try a source for whoever asks on the board."""

from __future__ import annotations

from hue_dti.periods import Period
from hue_dti.services.trial import try_and_keep
from hue_dti.services.workbench import Workbench


def try_source(bench: Workbench, unit: str, period: str, source: str) -> None:
    """Ask the source and keep what it told to be looked at; no figure is stored."""
    quarter = Period.parse(period)
    try_and_keep(bench.storage, bench.catalogue, source, bench.sources().get(source), bench.unit(unit, quarter), quarter, bench.now)
