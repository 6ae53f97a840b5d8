"""Look at sources and figures by the alert rules, keep what is found, and take an alert on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hue_dti.alerts.judge import Evidence, SourceRecord, judge, subjects
from hue_dti.alerts.model import Alert, BehindRule, Rule, SourceRule
from hue_dti.alerts.read import load_rules
from hue_dti.alerts.together import matter_of
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.errors import AlertError
from hue_dti.free_text import one_line
from hue_dti.observations.model import Observation
from hue_dti.periods import LOCAL, Period
from hue_dti.resources import folder
from hue_dti.services.plan_watch import behind
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand, hand_of
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree

LONGEST_BY, LONGEST_REASON = 120, 500


def rules_of(settings: Settings, catalogue: Catalogue) -> tuple[Rule, ...]:
    """The alert rules of the installation; CatalogueError with every fault of the file."""
    return load_rules(rules_file(settings), catalogue)


def rules_file(settings: Settings) -> Path:
    """Where the rules are written: the province's own file, or the one that ships."""
    return settings.alerts or folder("jobs") / "alerts.yaml"


def open_alerts(storage: Storage) -> tuple[Alert, ...]:
    """The open alerts: those nobody has taken on first, the newest first among them."""
    return storage.alerts.open()


def watch_all(storage: Storage, catalogue: Catalogue, rules: Collection[Rule], now: datetime) -> None:
    """Look at every unit that was ever pulled or has an open alert; an alert whose rule is gone closes too."""
    pulled = {unit for unit, _ in storage.board.pulled()}
    watch(storage, catalogue, rules, sorted(pulled | storage.alerts.units() | behind(storage, now).keys()), now)


def watch(
    storage: Storage,
    catalogue: Catalogue,
    rules: Collection[Rule],
    units: Sequence[str],
    now: datetime,
    source: str = "",
    period: Period | None = None,
) -> None:
    """Look at these units, after a pull only at what the source and its figures have to do with.

    A pull of an earlier period than a unit's newest says nothing of how its figures stand now.
    """
    watching = _watching(storage, catalogue, units, now, source)
    alerted, late = storage.alerts.units(), {} if source else behind(storage, now)
    for unit in units:
        about = None if not source else _about(catalogue, rules, source, watching.periods.get(unit) == period)
        verdict = judge(rules, unit, watching.gather(unit, _with_figures(rules, about)), about)
        if unit in late:
            verdict = replace(verdict, findings=(*verdict.findings, *late[unit]))
        if verdict.findings or unit in alerted:
            storage.alerts.settle(unit, verdict, now, about)


def _about(catalogue: Catalogue, rules: Collection[Rule], source: str, newest: bool) -> set[str]:
    """What a pull of the source has to do with: itself and, in a unit's newest period, its figures."""
    about = {source}
    if newest:
        about |= {code for code, measure in catalogue.measures.items() if measure.source == source}
        about |= {rule.part for rule in rules if isinstance(rule, BehindRule) and catalogue.measures[rule.whole].source == source}
    return about


def _with_figures(rules: Collection[Rule], about: Collection[str] | None) -> bool:
    """Whether a rule looks at figures of these subjects."""
    others = (subject for rule in rules if not isinstance(rule, SourceRule) for subject in subjects(rule))
    return any(about is None or subject in about for subject in others)


@dataclass(frozen=True, slots=True)
class _Watching:
    """What is read once for all units that are looked at: their sources' records and newest pulled periods."""

    storage: Storage
    catalogue: Catalogue
    now: datetime
    units: Sequence[OrgUnit]
    records: Mapping[str, Mapping[str, SourceRecord]]
    periods: Mapping[str, Period]

    def gather(self, code: str, with_figures: bool) -> Evidence:
        """What the rules look at for a unit: its sources' records, its newest pulled period's figures and those before."""
        catalogue, records, period = self.catalogue, self.records.get(code, {}), self.periods.get(code)
        lives = [unit for unit in self.units if unit.code == code]
        extant = any(unit.exists_on(self.now.astimezone(LOCAL).date()) for unit in lives)
        there = next((unit for unit in lives if period is not None and unit.exists_on(period.end)), None)
        if period is None or there is None or not with_figures:
            return Evidence(catalogue, records, self.now, extant)
        criteria_set = catalogue.set_for(there.level, period.end)
        tree = build_tree(self.units, criteria_set.calendar.cutoff(period) if criteria_set else period.end, code)
        earlier = tree.units if self.storage.lineage().was_there(there, period.previous().end) else ()  # the code may have been another's
        figures = (_by_key(self.storage, *each) for each in ((tree.units, period), (earlier, period.previous())))
        return Evidence(catalogue, records, self.now, extant, tree, period, *figures)


def _watching(storage: Storage, catalogue: Catalogue, units: Sequence[str], now: datetime, source: str) -> _Watching:
    periods: dict[str, Period] = {}
    for unit, period in storage.board.pulled(units):
        known = periods.get(unit)
        periods[unit] = period if known is None else max(known, period, key=lambda each: (each.end, each.start))
    return _Watching(storage, catalogue, now, storage.units(), storage.board.records(units, source), periods)


def acknowledge(
    storage: Storage,
    number: int,
    by: str,
    reason: str,
    now: datetime,
    hand: Hand | None = None,
    may: Callable[[str], bool] = lambda unit: True,
) -> Alert:
    """Take an alert on with a reason, and with it those of the same source at other units that one `may` see to.

    AlertError when it is not there, closed, taken on already, or something is not said.
    """
    who = _said(by, "tên và chức vụ người nhận xử lý", LONGEST_BY)
    why = _said(reason, "lý do hoặc việc sẽ làm", LONGEST_REASON)
    found = storage.alerts.find(number)
    if found is None:
        raise AlertError(f"Không có cảnh báo số {number}; hãy xem danh sách bằng: hue-dti alerts")
    beside = [each for each in storage.alerts.waiting() if each.id != number and matter_of(each) == matter_of(found) and may(each.unit)]
    acts = [hand_of(who, hand).did("alert.taken_on", now, unit=each.unit, subject=each.what, reason=why) for each in (found, *beside)]
    if number not in storage.alerts.acknowledge([number, *(each.id for each in beside)], who, why, now, acts):
        now_known = storage.alerts.find(number) or found
        if not now_known.is_open:
            raise AlertError(f"Cảnh báo số {number} đã tự đóng vì lý do không còn; không cần làm gì.")
        raise AlertError(f"Cảnh báo số {number} đã có {now_known.acknowledged_by} nhận xử lý; hãy hỏi người đó.")
    return storage.alerts.find(number) or found


def _said(text: str, what: str, longest: int) -> str:
    said = one_line(text, f"Phần {what}", longest, AlertError)
    if not said:
        raise AlertError(f"Chưa ghi {what}; hãy ghi rồi gửi lại.")
    return said


def _by_key(storage: Storage, units: Collection[OrgUnit], period: Period) -> Mapping[tuple[str, str], Observation]:
    return {(each.unit, each.measure): each for each in storage.observations([unit.code for unit in units], period)}
