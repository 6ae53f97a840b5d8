"""Watch the age of every source."""

from __future__ import annotations

from datetime import timedelta

from hue_dti.services.freshness import watch
from hue_dti.services.workbench import Workbench


def watch_freshness(bench: Workbench, unit: str, days: str) -> None:
    """Record the sources without a good pull for the unit in so many days, and strike off those that are fresh again."""
    watch(bench.storage, bench.catalogue.sources, unit, timedelta(days=int(days)), bench.now())
