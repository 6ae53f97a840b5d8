"""A sign of life that went all the way: from the clock through the queue to a worker and the database."""

from __future__ import annotations

from hue_dti.services.workbench import Workbench

NAME = "schedule"


def heartbeat(bench: Workbench) -> None:
    """Leave the sign."""
    bench.storage.schedule.beat(NAME, bench.now())
