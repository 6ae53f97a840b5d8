"""Close a quarter once its cut-off has passed; a quarter that is closed already stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hue_dti.periods import Period
from hue_dti.services.close import close_once
from hue_dti.services.trail_anchors import trail_anchors
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Deferred

BY = "Lịch tự động"
LOOK_AGAIN, MOST_WAITS = timedelta(minutes=2), 90
"""A close made up for after an absence waits for the pulls made up for with it, three hours at most."""


def close_quarter(bench: Workbench, unit: str, period: str, waits: str = "0") -> None:
    """Freeze the unit's quarter and queue its report, both or neither; while its sources are still being asked, come again."""
    quarter, job = Period.parse(period), Deferred("close_quarter", {"unit": unit, "period": period})
    if int(waits) < MOST_WAITS and bench.storage.board.pulls_under_way(unit, quarter):
        bench.storage.defer(replace(job, apart={"waits": str(int(waits) + 1)}, at=bench.now() + LOOK_AGAIN))
        return
    report = Deferred("draft_report", {"unit": unit, "period": period})
    close_once(
        bench.storage,
        bench.catalogue,
        bench.unit(unit, quarter),
        quarter,
        bench.now,
        BY,
        bench.home,
        [report],
        trail_anchors(bench.settings),
    )
