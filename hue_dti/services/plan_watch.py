"""Obligations of plans that are behind raise the operations centre's own kind of alert, one for each, and close it when mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.numerals import format_date
from hue_dti.periods import LOCAL
from hue_dti.plans.model import PlanVersion
from hue_dti.plans.progress import Doing, Obligation, obligations
from hue_dti.storage import Storage

RULE = "ke-hoach-cai-thien"
"""The name these alerts bear among the rules."""


def behind(storage: Storage, now: datetime) -> dict[str, tuple[Finding, ...]]:
    """What is behind in every plan, by the unit that answers for it."""
    found: dict[str, list[Finding]] = {}
    for version in storage.plans.newest():
        for unit, finding in _findings(storage, version, now):
            found.setdefault(unit, []).append(finding)
    return {unit: tuple(each) for unit, each in found.items()}


def watch_plan(storage: Storage, version: PlanVersion, now: datetime) -> None:
    """Bring the alerts of one plan to how it stands."""
    open_ = [alert for alert in storage.alerts.open() if alert.rule == RULE]
    found: dict[str, list[Finding]] = {}
    for unit, finding in _findings(storage, version, now):
        found.setdefault(unit, []).append(finding)
    prefix = f"{version.key.unit}/{version.key.framework}/{version.key.year}/"
    alerted = {alert.unit for alert in open_ if alert.subject.startswith(prefix)}
    for unit in sorted(found.keys() | alerted):
        subjects = {alert.subject for alert in open_ if alert.unit == unit and alert.subject.startswith(prefix)}
        storage.alerts.settle(unit, Verdict(tuple(found.get(unit, ()))), now, subjects)


def _findings(storage: Storage, version: PlanVersion, now: datetime) -> Iterator[tuple[str, Finding]]:
    today = now.astimezone(LOCAL).date()
    for mine in obligations(version, storage.plans.told(version.key)):
        if mine.is_behind(today):
            finding = Finding(RULE, Kind.BEHIND, mine.subject, _what(mine), now, times=1)
            yield from ((unit, finding) for unit in mine.units)


def _what(mine: Obligation) -> str:
    due = format_date(mine.due)
    name = f"{mine.version.title}: “{mine.line.name}” ({mine.lead}) "
    if mine.doing is Doing.LATE and mine.standing is not None:
        return f"{name}báo chậm tháng {mine.standing.month:%m/%Y}, hạn {due}: {mine.standing.words}"
    return f"{name}đã quá hạn {due} mà chưa xong"
