"""A source that is dead for many units is one matter for whoever sees to it: its alerts are shown, and taken on, as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hue_dti.alerts.model import Alert, Kind

OF_SOURCES = frozenset({Kind.STALE, Kind.FAILED, Kind.REFUSED})


@dataclass(frozen=True, slots=True)
class Matter:
    """Alerts of one rule and source over several units, or a single other one; `alerts` in the order given, never empty."""

    alerts: tuple[Alert, ...]

    @property
    def lead(self) -> Alert:
        """The alert seen last, which speaks for all."""
        return max(self.alerts, key=lambda each: (each.last_seen, each.id))

    @property
    def units(self) -> tuple[str, ...]:
        """The units, in the order of the alerts."""
        return tuple(dict.fromkeys(each.unit for each in self.alerts))

    @property
    def opened_at(self) -> datetime:
        """Since when."""
        return min(each.opened_at for each in self.alerts)

    @property
    def count(self) -> int:
        """How often its reason was seen at the unit where that was most often."""
        return max(each.count for each in self.alerts)


def matter_of(alert: Alert) -> tuple[object, ...]:
    """What alerts share that are one matter: rule and source, and who took them on, when and why; a figure's alert is its own."""
    if alert.kind not in OF_SOURCES:
        return (alert.id,)
    return alert.rule, alert.subject, alert.acknowledged_at, alert.acknowledged_by, alert.acknowledgement


def matters(alerts: Iterable[Alert]) -> tuple[Matter, ...]:
    """The matters of these alerts, in the order of their first ones."""
    found: dict[tuple[object, ...], list[Alert]] = {}
    for each in alerts:
        found.setdefault(matter_of(each), []).append(each)
    return tuple(Matter(tuple(each)) for each in found.values())
