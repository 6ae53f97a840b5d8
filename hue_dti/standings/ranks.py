"""Competition ranks of units on exact values: of their totals, a group or a criterion, among all and within regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hue_dti.catalogue.model import CriteriaSet, Group, Measure
from hue_dti.numerals import format_count, format_percent
from hue_dti.scoring.model import CriterionScore, ScoreSheet, Status
from hue_dti.scoring.ranking import competition, rank
from hue_dti.units.model import Level

TOTAL = "total"
"""The key of the whole set, beside the codes of its groups and criteria."""


@dataclass(frozen=True, slots=True)
class Member:
    """A unit with its sheet, and the region it is ranked in (the unit whose quarter it is)."""

    unit: str
    region: str
    sheet: ScoreSheet


@dataclass(frozen=True, slots=True)
class Value:
    """What ranks a unit, as a share of 1; None with the reason where it is not ranked."""

    share: Fraction | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's rank among `ranked` units, and among those of its region; None with the reason where it has none."""

    member: Member
    value: Value
    rank: int | None
    ranked: int
    region_rank: int | None
    region_ranked: int
    rank_class: str = ""


def keys_of(criteria_set: CriteriaSet) -> tuple[str, ...]:
    """Everything one may rank by."""
    groups = (group.code for group in criteria_set.groups)
    return (TOTAL, *groups, *(criterion.code for criterion in criteria_set.criteria))


def places(members: Sequence[Member], criteria_set: CriteriaSet, key: str = TOTAL) -> tuple[Place, ...]:
    """By rank, then in the order given; those without a rank last. KeyError for a key the set does not have."""
    values = dict(zip((each.unit for each in members), values_of(members, criteria_set, key), strict=True))
    overall = _ranked(members, values)
    regions: dict[str, list[Member]] = {}
    for member in members:
        regions.setdefault(member.region, []).append(member)
    within = {region: _ranked(held, values) for region, held in regions.items()}
    found = [
        Place(
            member,
            value := values[member.unit],
            overall.get(member.unit),
            len(overall),
            within[member.region].get(member.unit),
            len(within[member.region]),
            criteria_set.class_of(value.share) if key == TOTAL and value.share is not None else "",
        )
        for member in members
    ]
    return tuple(sorted(found, key=lambda place: (place.rank is None, place.rank or 0)))


def values_of(members: Sequence[Member], criteria_set: CriteriaSet, key: str) -> tuple[Value, ...]:
    """What ranks each member."""
    if key == TOTAL:
        ranking = {each.unit: each for each in rank([member.sheet for member in members], criteria_set)}
        return tuple(_of_total(ranking[member.unit].reason, member.sheet) for member in members)
    group = next((group for group in criteria_set.groups if group.code == key), None)
    if group is not None:
        return tuple(_of_group(member.sheet, group, criteria_set) for member in members)
    criteria_set.criterion(key)
    return tuple(_of_criterion(member.sheet.criterion(key)) for member in members)


def at_level(criteria_set: CriteriaSet, measures: Mapping[str, Measure], level: Level) -> CriteriaSet | None:
    """The criteria all of whose figures are observed at a lower level, as a set for it; None without any. It is nobody's official set."""
    groups = tuple(kept for group in criteria_set.groups if (kept := _observed(group, measures, level)) is not None)
    return replace(criteria_set, level=level, official=False, groups=groups, classes=()) if groups else None


def _observed(group: Group, measures: Mapping[str, Measure], level: Level) -> Group | None:
    kept = tuple(
        each for each in group.criteria if each.status.opened and all(level in measures[code].levels for code in each.rule.measures())
    )
    return replace(group, criteria=kept, max_points=sum((each.max_points for each in kept), Fraction(0))) if kept else None


def _ranked(members: Iterable[Member], values: Mapping[str, Value]) -> dict[str, int]:
    shares = {member.unit: share for member in members if (share := values[member.unit].share) is not None}
    return dict(zip(shares, competition(list(shares.values())), strict=True))


def _of_total(reason: str, sheet: ScoreSheet) -> Value:
    if reason or sheet.total.converted is None:
        return Value(None, reason)
    return Value(sheet.total.converted / sheet.total.max_points)


def _of_group(sheet: ScoreSheet, group: Group, criteria_set: CriteriaSet) -> Value:
    share = group_share(sheet, group, criteria_set)
    if share is None:
        return Value(None, "không có tiêu chí nào áp dụng")
    reason = _too_little(_held(sheet, group, criteria_set), criteria_set)
    return Value(None, reason) if reason else Value(share)


def group_share(sheet: ScoreSheet, group: Group, criteria_set: CriteriaSet) -> Fraction | None:
    """Points of the group's most, however few of its figures came; None where nothing of it applies."""
    held = _held(sheet, group, criteria_set)
    most = sum(line.max_points for line in held)
    return Fraction(sum(line.points for line in held), most) if most else None


def _held(sheet: ScoreSheet, group: Group, criteria_set: CriteriaSet) -> list[CriterionScore]:
    return [line for line in sheet.criteria if line.group == group.code and not _leaves(line, criteria_set)]


def _of_criterion(line: CriterionScore) -> Value:
    if line.share is not None:
        return Value(line.share)
    reasons = {Status.NOT_APPLICABLE: "không áp dụng", Status.NOT_STARTED: "chưa triển khai"}
    return Value(None, reasons.get(line.status, "chưa có số liệu"))


def _leaves(line: CriterionScore, criteria_set: CriteriaSet) -> bool:
    """Whether the criterion leaves both sums, as in the total."""
    if line.status is Status.NOT_APPLICABLE:
        return True
    return criteria_set.unopened_leave_the_maximum and not criteria_set.criterion(line.code).status.opened


def _too_little(lines: Sequence[CriterionScore], criteria_set: CriteriaSet) -> str:
    expected = sum(line.coverage.expected for line in lines)
    have = sum(line.coverage.have for line in lines)
    if expected == 0 or Fraction(have, expected) >= criteria_set.enough_data:
        return "" if expected else "không có số liệu nào để xếp hạng"
    return f"mới có {format_count(have)}/{format_count(expected)} số liệu của nhóm, cần ít nhất {format_percent(criteria_set.enough_data)}"
