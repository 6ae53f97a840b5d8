"""Look for what the operations centre must be told of."""

from __future__ import annotations

from hue_dti.services.alerts import watch_all
from hue_dti.services.workbench import Workbench


def watch_alerts(bench: Workbench) -> None:
    """Open, renew and close alerts by the rules; again is fine: a rule has one open alert for a unit and subject."""
    watch_all(bench.storage, bench.catalogue, bench.rules(), bench.now())
