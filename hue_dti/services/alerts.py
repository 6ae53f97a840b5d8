"""Look at sources and figures by the alert rules, keep what is found, and take an alert on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from unicodedata import category

from hue_dti.alerts.judge import Evidence, judge
from hue_dti.alerts.model import Alert, BehindRule, Rule
from hue_dti.alerts.read import load_rules
from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import nfc
from hue_dti.config import Settings
from hue_dti.errors import AlertError
from hue_dti.observations.model import Observation
from hue_dti.periods import LOCAL, Period
from hue_dti.resources import folder
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
    for unit in sorted({unit for unit, _ in storage.board.pulled()} | storage.alerts.units()):
        watch(storage, catalogue, rules, unit, now)


def watch(
    storage: Storage,
    catalogue: Catalogue,
    rules: Collection[Rule],
    unit: str,
    now: datetime,
    source: str = "",
    period: Period | None = None,
) -> None:
    """Look at one unit, after a pull only at what the source and its figures have to do with.

    A pull of an earlier period than the unit's newest says nothing of how its figures stand now.
    """
    about: set[str] | None = None
    if source:
        about = {source}
        if period == _newest_period(storage, unit):
            about |= {code for code, measure in catalogue.measures.items() if measure.source == source}
            about |= {rule.part for rule in rules if isinstance(rule, BehindRule) and catalogue.measures[rule.whole].source == source}
    verdict = judge(rules, unit, gather(storage, catalogue, unit, now), about)
    storage.alerts.settle(unit, verdict, now, about)


def gather(storage: Storage, catalogue: Catalogue, code: str, now: datetime) -> Evidence:
    """What the rules look at for a unit: its sources' records, its newest pulled period's figures and those before."""
    records = storage.board.source_records(code)
    period = _newest_period(storage, code)
    lives = [unit for unit in storage.units() if unit.code == code]
    extant = any(unit.exists_on(now.astimezone(LOCAL).date()) for unit in lives)
    there = next((unit for unit in lives if period is not None and unit.exists_on(period.end)), None)
    if period is None or there is None:
        return Evidence(catalogue, records, now, extant)
    criteria_set = catalogue.set_for(there.level, period.end)
    tree = build_tree(storage.units(), criteria_set.calendar.cutoff(period) if criteria_set else period.end, code)
    return Evidence(
        catalogue,
        records,
        now,
        extant,
        tree,
        period,
        _by_key(storage, tree.units, period),
        _by_key(storage, tree.units, period.previous()),
    )


def acknowledge(storage: Storage, number: int, by: str, reason: str, now: datetime, hand: Hand | None = None) -> Alert:
    """Take an alert on with a reason; AlertError when it is not there, closed, taken on already, or something is not said."""
    who = _said(by, "tên và chức vụ người nhận xử lý", LONGEST_BY)
    why = _said(reason, "lý do hoặc việc sẽ làm", LONGEST_REASON)
    found = storage.alerts.find(number)
    if found is None:
        raise AlertError(f"Không có cảnh báo số {number}; hãy xem danh sách bằng: hue-dti alerts")
    done = hand_of(who, hand).did("alert.taken_on", now, unit=found.unit, subject=found.what, reason=why)
    if not storage.alerts.acknowledge(number, who, why, now, [done]):
        now_known = storage.alerts.find(number) or found
        if not now_known.is_open:
            raise AlertError(f"Cảnh báo số {number} đã tự đóng vì lý do không còn; không cần làm gì.")
        raise AlertError(f"Cảnh báo số {number} đã có {now_known.acknowledged_by} nhận xử lý; hãy hỏi người đó.")
    return storage.alerts.find(number) or found


def _said(text: str, what: str, longest: int) -> str:
    said = " ".join(nfc(text).split())
    if not said:
        raise AlertError(f"Chưa ghi {what}; hãy ghi rồi gửi lại.")
    if len(said) > longest:
        raise AlertError(f"Phần {what} dài {len(said)} ký tự; hãy viết không quá {longest} ký tự.")
    if any(category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in said):
        raise AlertError(f"Phần {what} có ký tự không đọc được; hãy gõ lại.")
    return said


def _newest_period(storage: Storage, unit: str) -> Period | None:
    pulled = [period for each, period in storage.board.pulled() if each == unit]
    return max(pulled, key=lambda period: (period.end, period.start), default=None)


def _by_key(storage: Storage, units: Collection[OrgUnit], period: Period) -> Mapping[tuple[str, str], Observation]:
    return {(each.unit, each.measure): each for each in storage.observations([unit.code for unit in units], period)}
