"""Remind a unit of the figures it still owes: one digest, once for each of the days before the cut-off."""

from __future__ import annotations

from hue_dti.periods import Period
from hue_dti.services.remind import remind_unit
from hue_dti.services.workbench import Workbench


def remind(bench: Workbench, unit: str, period: str, days_before: str) -> None:
    """Send the unit's digest unless it owes nothing or has been sent it; what was not sent is on record with its reason."""
    quarter = Period.parse(period)
    reminded = bench.unit(unit, quarter)
    remind_unit(
        bench.storage,
        bench.catalogue,
        reminded,
        quarter,
        int(days_before),
        bench.now,
        bench.settings.smtp,
        public_url=bench.settings.public_url,
    )
