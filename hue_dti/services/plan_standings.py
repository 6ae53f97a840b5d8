"""The ranking beside a plan for a criteria set: out of the closed quarters of all units of its level, this year's and last year's."""

from __future__ import annotations

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.catalogue.outline import outline_of
from hue_dti.errors import PlanRefused
from hue_dti.numerals import format_count
from hue_dti.periods import Period
from hue_dti.plans.excerpt_of_set import TOTAL, Shares, excerpt_of_set, shares_text
from hue_dti.plans.model import Standings
from hue_dti.services.standings import field_of
from hue_dti.standings.model import Field
from hue_dti.standings.ranks import places, values_of
from hue_dti.storage import Storage


def standings_of_quarter(storage: Storage, criteria_set: CriteriaSet, unit: str, period: Period) -> Standings:
    """The ranking of a closed quarter by the set, against the same quarter of the year before where that was closed by the same set.

    PlanRefused says why the unit has none.
    """
    field = _field(storage, criteria_set, period)
    if field is None:
        raise PlanRefused(f"Chưa có đơn vị nào chốt {period.label} theo {criteria_set.title}.")
    own = next((place for place in places(field.members, field.criteria_set) if place.member.unit == unit), None)
    if own is None:
        raise PlanRefused(f"Đơn vị của kế hoạch chưa chốt {period.label}, hoặc không chấm theo {criteria_set.title}.")
    if own.rank is None:
        raise PlanRefused(f"Đơn vị của kế hoạch không có hạng trong {period.label}: {own.value.reason}.")
    before = _field(storage, criteria_set, Period(period.year - 1, period.kind, period.number))
    groups = [group.code for group in criteria_set.groups]
    previous = shares_text(_rows(before), groups) if before is not None else ""
    name, note = field.units[unit].name, _note(storage, field)
    found = Standings(name, period.year, shares_text(_rows(field), groups), previous, period=str(period), note=note)
    excerpt_of_set(outline_of(criteria_set), found, unit)
    return found


def closed_periods(storage: Storage) -> tuple[Period, ...]:
    """Every period in which some unit closed, the newest first."""
    found = {Period.parse(head.period) for head in storage.newest_heads()}
    return tuple(sorted(found, key=lambda each: each.end, reverse=True))


def _field(storage: Storage, criteria_set: CriteriaSet, period: Period) -> Field | None:
    """The units of the set's level in the period, where they were scored by this set."""
    found = field_of(storage, criteria_set.level, period)
    return found if found is not None and found.criteria_set.code == criteria_set.code else None


def _rows(field: Field) -> list[Shares]:
    """The units that have a rank, each with its shares of points."""
    keys = (TOTAL, *(group.code for group in field.criteria_set.groups))
    shares = {key: [value.share for value in values_of(field.members, field.criteria_set, key)] for key in keys}
    rows = []
    for at, member in enumerate(field.members):
        known = {key: share for key in keys if (share := shares[key][at]) is not None}
        if TOTAL in known:
            region = field.units.get(member.region)
            rows.append(Shares(member.unit, field.units[member.unit].name, member.region, region.name if region else "", known))
    return rows


def _note(storage: Storage, field: Field) -> str:
    """Who is not in the table, and why."""
    there = {unit.code for unit in storage.units() if unit.level is field.level and unit.exists_on(field.period.end)}
    ranked = {row.code for row in _rows(field)}
    unranked = len({member.unit for member in field.members} - ranked)
    absent = len(there - {member.unit for member in field.members})
    told = [
        f"{format_count(absent)} đơn vị cùng cấp chưa chốt {field.period.label} hoặc chấm theo bộ khác" if absent else "",
        f"{format_count(unranked)} đơn vị chưa đủ số liệu để xếp hạng" if unranked else "",
    ]
    said = "; ".join(each for each in told if each)
    return f"Không có trong bảng: {said}." if said else ""
