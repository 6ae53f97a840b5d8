"""A set's file → one criteria set; then the sets against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise

from hue_dti.catalogue import shapes
from hue_dti.catalogue.classes import RankClass
from hue_dti.catalogue.fields import UNREAD_DAY, Fields
from hue_dti.catalogue.model import CriteriaSet, Decision
from hue_dti.catalogue.nodes import Faults, Table
from hue_dti.catalogue.read_criteria import CriteriaReader
from hue_dti.catalogue.read_measures import Known
from hue_dti.catalogue.read_rules import RuleReader
from hue_dti.periods import Calendar, MonthDay
from hue_dti.units.model import Level

_SET_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True)
class ReadSet:
    """A set as read, with what comparing it to the others needs; `level` is None where it could not be read."""

    value: CriteriaSet
    level: Level | None
    fields: Fields
    in_force_line: int

    @property
    def comparable(self) -> bool:
        """Whether level and first day are known."""
        return self.level is not None and self.value.in_force_from != date.min

    @property
    def last_day(self) -> date:
        """The last day in force."""
        return self.value.in_force_to or date.max


def read_set(root: Table, file: str, faults: Faults, known: Known) -> ReadSet:
    """The set of one file, faults noted; `file` is its name among the catalogue's texts."""
    fields = Fields(root, shapes.SET, faults, shapes.SET.name)
    level = fields.choice("level", Level)
    decision = read_decision(fields)
    note = fields.text("note", blank=True)
    first, last = _in_force(fields, decision, note)
    criteria = CriteriaReader(file, RuleReader(known, level, faults))
    code = _code(fields)
    value = CriteriaSet(
        code=code,
        title=fields.text("title"),
        short_title=fields.text("short_title"),
        level=level or Level.PROVINCE,
        official=fields.truth("official"),
        decision=decision,
        in_force_from=first,
        in_force_to=last,
        replaces=_replaces(fields, code, decision.number),
        calendar=_calendar(fields),
        unopened_leave_the_maximum=fields.truth("unopened_leave_the_maximum"),
        enough_data=fields.share("enough_data"),
        groups=tuple(group for node in fields.listing("groups") if (group := criteria.group(node)) is not None),
        note=note,
        classes=_classes(fields),
        place=(file, fields.line),
    )
    return ReadSet(value, level, fields, fields.line_of("in_force"))


def compare_sets(sets: list[ReadSet], aside: frozenset[str]) -> None:
    """Note codes used twice and sets of one level in force on the same day, at the later of the two.

    Sets whose files are `aside` are not compared to each other.
    """
    for earlier, later in combinations(sorted(sets, key=lambda each: each.value.in_force_from), 2):
        if {earlier.value.place[0], later.value.place[0]} <= aside:
            continue
        if later.value.code and later.value.code == earlier.value.code:
            what = f"là '{later.value.code}', đã dùng cho bộ chỉ số tại {_place(earlier)}"
            later.fields.fault("code", what, "hãy đặt mã khác cho bộ này")
        elif later.comparable and earlier.comparable and later.level is earlier.level:
            _check_overlap(earlier, later)


def _check_overlap(earlier: ReadSet, later: ReadSet) -> None:
    if later.value.in_force_from <= earlier.last_day:
        what = f"trùng thời gian với bộ '{earlier.value.code}' cùng cấp {later.level} tại {_place(earlier)}"
        day = later.value.in_force_from.isoformat()
        later.fields.fault("in_force", what, f"hãy ghi in_force.to của bộ cũ trước ngày {day}, hoặc sửa in_force.from của bộ này")


def _place(each: ReadSet) -> str:
    return f"{each.fields.faults.path}:{each.in_force_line}"


def _code(fields: Fields) -> str:
    code = fields.text("code")
    if code and _SET_CODE.fullmatch(code) is None:
        fields.fault("code", f"là '{code}', không hợp lệ", "hãy dùng chữ thường không dấu, số và gạch nối, chẳng hạn hue-district-2024")
    return code


def read_decision(of_set: Fields) -> Decision:
    """The act a set or framework stands on."""
    fields = of_set.under("decision", shapes.DECISION)
    if fields is None:
        return Decision("", date.min, "", "", date.min)
    issued_on, checked_on = fields.date("issued_on"), fields.date("checked_on")
    if date.min < checked_on < issued_on:
        fields.fault("checked_on", f"là {checked_on}, trước ngày ban hành {issued_on}", "hãy ghi ngày đối chiếu với văn bản đã ban hành")
    return Decision(fields.text("number"), issued_on, fields.text("issuer"), fields.text("title"), checked_on)


def _in_force(of_set: Fields, decision: Decision, note: str) -> tuple[date, date | None]:
    fields = of_set.under("in_force", shapes.IN_FORCE)
    if fields is None:
        return date.min, None
    first = fields.date("from")
    last = None if fields.is_null("to") else fields.date("to")
    if last is not None and date.min < last < first:
        fields.fault("to", f"là {last}, trước ngày bắt đầu {first}", "hãy ghi ngày cuối từ ngày bắt đầu trở đi, hoặc null nếu còn hiệu lực")
    if date.min < first < decision.issued_on and not note:
        fields.fault(
            "from", f"là {first}, trước ngày ban hành {decision.issued_on}", "hãy thêm 'note: …' ở đầu bộ nói vì sao, hoặc sửa ngày"
        )
    return first, last


def _replaces(fields: Fields, code: str, number: str) -> tuple[str, ...]:
    written = fields.texts("replaces", needed=False)
    for text, line in written:
        if text in (code, number):
            fields.faults.add(line, f"replaces của {fields.owner} có '{text}' là chính nó", "hãy ghi số quyết định cũ bị thay thế")
    return tuple(text for text, _ in written)


def _classes(of_set: Fields) -> tuple[RankClass, ...]:
    """The classes, highest first; names differ and shares fall."""
    found: dict[str, RankClass] = {}
    for item in of_set.listing("classes"):
        fields = Fields.open(item, shapes.CLASS, of_set.faults, of_set.owner, "classes.")
        if fields is None:
            continue
        each, above = RankClass(fields.text("name"), fields.share("at_least", Fraction(0))), next(reversed(found.values()), None)
        if each.name in found:
            fields.fault("name", f"là '{each.name}', đã có", "hãy đặt mỗi loại một tên")
        elif above is not None and each.at_least >= above.at_least:
            fields.fault("at_least", f"không thấp hơn loại '{above.name}' đứng trên", "hãy xếp từ loại cao xuống loại thấp")
        found.setdefault(each.name, each)
    return tuple(found.values())


def _calendar(of_set: Fields) -> Calendar:
    fields = of_set.under("calendar", shapes.CALENDAR)
    if fields is None:
        return Calendar()
    days = fields.under("cutoffs", shapes.CUTOFFS)
    if days is None:
        return Calendar()
    found: dict[str, MonthDay] = {}
    for key in shapes.PERIOD_KEYS:
        if days.has(key):
            found[key] = _cutoff(days, key)
    quarters = [key for key in _QUARTERS if found.get(key, UNREAD_DAY) != UNREAD_DAY]
    for before, after in pairwise(quarters):
        if found[after] <= found[before]:
            days.fault(
                after, f"là {found[after]}, không sau ngày chốt {before} ({found[before]})", "hãy xếp ngày chốt các quý tăng dần trong năm"
            )
    return Calendar(tuple(found.items()))


def _cutoff(days: Fields, key: str) -> MonthDay:
    if days.is_null(key):
        days.fault(key, "để trống", "hãy viết tháng-ngày, chẳng hạn 06-10")
    return days.month_day(key) or UNREAD_DAY
