"""Pull one source's figures of a unit and period; again is fine: history only grows and the newest counts."""

from __future__ import annotations

import os

from hue_dti.errors import SettingError, SourceUnreachable
from hue_dti.periods import Period
from hue_dti.services.pull import pull_quarter
from hue_dti.services.sources import sources_of
from hue_dti.services.workbench import Workbench


def pull_source(bench: Workbench, unit: str, period: str, source: str) -> None:
    """Ask the source; a failed pull is on record with its reason, and the job fails with it."""
    if bench.settings.sources is None:
        raise SettingError("Chưa khai báo nguồn số liệu; hãy đặt HUE_DTI_SOURCES cho tiến trình hue-dti worker.")
    sources = sources_of(bench.settings, os.environ, bench.catalogue, complete=False)
    quarter = Period.parse(period)
    (outcome,) = pull_quarter(bench.storage, bench.catalogue, sources, bench.unit(unit, quarter), quarter, bench.now, only=[source])
    if outcome.outcome == "failed":
        raise SourceUnreachable(f"Nguồn {outcome.name} không cho số liệu {quarter.label}: {outcome.reason}")
