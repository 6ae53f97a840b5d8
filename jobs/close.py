"""Close a quarter once its cut-off has passed; a quarter that is closed already stays as it is."""

from __future__ import annotations

from hue_dti.periods import Period
from hue_dti.services.close import close_once
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Deferred

BY = "Lịch tự động"


def close_quarter(bench: Workbench, unit: str, period: str) -> None:
    """Freeze the unit's quarter and queue its report, both or neither."""
    quarter = Period.parse(period)
    report = Deferred("draft_report", {"unit": unit, "period": period})
    close_once(bench.storage, bench.catalogue, bench.unit(unit, quarter), quarter, bench.now, BY, bench.home, [report])
