"""What a plan begins with: every line of its framework or criteria set with the result the platform knows, or last year's plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.outline import Outline
from hue_dti.errors import FrameworkError, NoSetInForce, PlanRefused, ScoringError, UnknownUnit
from hue_dti.numerals import format_percent
from hue_dti.periods import LOCAL, Period
from hue_dti.plans.model import GroupTarget, Plan, PlanKey, PlanLine, PlanVersion
from hue_dti.plans.results import Results, component_words, main_words, result_words
from hue_dti.plans.targets import rank_target, target_of
from hue_dti.services.doer import Doer
from hue_dti.services.hosts import host_in, line_of
from hue_dti.services.open_quarter import read
from hue_dti.services.plans import keep_plan
from hue_dti.services.quarter import catalogue_of, frozen, seen_from
from hue_dti.services.roll_up import ProvinceQuarter, Ways, province_quarter
from hue_dti.services.standings import field_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.standings.ranks import places
from hue_dti.storage import Storage
from hue_dti.units.model import Level


def begin(
    storage: Storage, key: PlanKey, outline: Outline, title: str, results: Results, doer: Doer, after: PlanVersion | None
) -> PlanVersion:
    """Keep the first version of a plan, from the outline or after last year's; PlanRefused where there is a plan already."""
    if storage.plans.find(key) is not None:
        raise PlanRefused(f"Đơn vị đã có kế hoạch năm {key.year} theo khung này; hãy mở kế hoạch ấy rồi sửa.")
    plan = blank_plan(outline, results) if after is None else plan_after(after, outline, key.year, results)
    source = f"lập từ kế hoạch năm {after.key.year}, bản {after.number}" if after else f"lập từ đủ {len(plan.lines)} chỉ tiêu"
    reason = f"{source}; kết quả hiện nay theo {results.told}" if results.told else source
    return keep_plan(storage, key, title, plan, reason, doer, seen=0)


def blank_plan(outline: Outline, results: Results) -> Plan:
    """Every line with its result and no target yet, and the same of every group and the rank."""
    lines = tuple(
        PlanLine("", group.code, line.name, results.lines.get(line.code, ""), target_of(""), line.code) for group, line in outline.lines()
    )
    goals = (GroupTarget(group.code, target_of(""), results.groups.get(group.code, "")) for group in outline.groups)
    return Plan(outline.code, lines, (GroupTarget("", rank_target(""), results.rank), *goals))


def plan_after(before: PlanVersion, outline: Outline, year: int, results: Results) -> Plan:
    """The lines of an earlier year's plan with the results of now; days move to the new year. What the outline has no more is left out."""
    known = {line.code: group.code for group, line in outline.lines()}
    groups = {group.code for group in outline.groups}
    lines = tuple(
        replace(line, result=results.lines.get(line.code) or line.result, due=_moved(line.due, year))
        for line in before.plan.lines
        if line.group in groups and (not line.code or line.code in known)
    )
    told = {"": results.rank, **results.groups}
    goals = tuple(
        replace(each, result=told.get(each.group) or each.result) for each in before.plan.groups if not each.group or each.group in groups
    )
    return Plan(outline.code, lines, goals)


def before_it(storage: Storage, key: PlanKey) -> PlanVersion:
    """The plan of the same unit and framework of the year before; PlanRefused where there is none."""
    found = storage.plans.find(replace(key, year=key.year - 1))
    if found is None:
        raise PlanRefused(f"Chưa có kế hoạch năm {key.year - 1} của đơn vị này theo khung đã chọn; hãy lập từ khung.")
    return found


def results_now(storage: Storage, catalogue: Catalogue, ways: Ways, key: PlanKey, now: datetime) -> Results:
    """What the platform knows of every line today: the unit's newest closed quarter by the set, else the one that runs.

    A framework is told by the province's roll-up.
    """
    if key.framework in catalogue.sets:
        return _of_set(storage, catalogue, key, now)
    return _of_framework(storage, catalogue, ways, key, now)


def _of_set(storage: Storage, catalogue: Catalogue, key: PlanKey, now: datetime) -> Results:
    found = next(_quarters(storage, catalogue, key, now), None)
    if found is None:
        return Results()
    period, frozen_one = Period.parse(found.head.period), bool(found.head.sha256)
    criteria_set = (catalogue_of(found) if frozen_one else catalogue).sets[key.framework]
    measures = (catalogue_of(found) if frozen_one else catalogue).measures
    lines = {line.code: result_words(criteria_set.criterion(line.code), line, measures) for line in found.sheet.criteria}
    groups = {group.code: format_percent(Fraction(group.points, group.max_points)) for group in found.sheet.groups if group.max_points}
    rank = _rank(storage, criteria_set.level, key, period) if frozen_one else ""
    return Results(lines, groups, rank, f"{period.label} ({'đã chốt' if frozen_one else 'chưa chốt'})")


def _quarters(storage: Storage, catalogue: Catalogue, key: PlanKey, now: datetime) -> Iterator[Snapshot]:
    """The unit's quarters by the plan's set: those closed, the newest first, then the one that runs."""
    units, heads = storage.units(), storage.newest_heads()
    for head in sorted(heads, key=lambda each: Period.parse(each.period).end, reverse=True):
        period = Period.parse(head.period)
        if head.unit in {unit.code for unit in line_of(units, key.unit, period.end)}:
            seen = seen_from(frozen(storage, head.sha256), key.unit)
            if seen is not None and seen.sheet.criteria_set == key.framework:
                yield seen
    period = Period.quarter_of(now.astimezone(LOCAL).date())
    host = host_in(catalogue, line_of(units, key.unit, period.end), period.end)
    try:
        running = seen_from(read(storage, catalogue, host, period, now), key.unit) if host is not None else None
    except (NoSetInForce, ScoringError):
        return
    if running is not None and running.sheet.criteria_set == key.framework and any(line.has_figures for line in running.sheet.criteria):
        yield running


def _rank(storage: Storage, level: Level, key: PlanKey, period: Period) -> str:
    field = field_of(storage, level, period)
    if field is None or field.criteria_set.code != key.framework:
        return ""
    own = next((place for place in places(field.members, field.criteria_set) if place.member.unit == key.unit), None)
    return f"{own.rank}/{own.ranked}" if own is not None and own.rank is not None else ""


def _of_framework(storage: Storage, catalogue: Catalogue, ways: Ways, key: PlanKey, now: datetime) -> Results:
    found = next(_rolled(storage, catalogue, ways, key, now), None)
    if found is None:
        return Results()
    lines = {each.component.code: component_words(each) for line in found.roll_up.lines for each in line.lines}
    groups = {main.main.code: main_words(main) for main in found.roll_up.mains}
    return Results(lines, groups, "", f"bản tổng hợp {found.period.label}")


def _rolled(storage: Storage, catalogue: Catalogue, ways: Ways, key: PlanKey, now: datetime) -> Iterator[ProvinceQuarter]:
    """The province's roll-ups that tell anything: of the newest closed quarter, then of the one that runs."""
    ends = {Period.parse(head.period) for head in storage.newest_heads()}
    periods = [*sorted(ends, key=lambda each: each.end, reverse=True)[:1], Period.quarter_of(now.astimezone(LOCAL).date())]
    for period in dict.fromkeys(periods):
        try:
            found = province_quarter(storage, catalogue, ways, period, now, code=key.framework)
        except (FrameworkError, UnknownUnit, NoSetInForce):
            continue
        if found.province.code == key.unit and any(line.uses for line in found.roll_up.lines):
            yield found


def _moved(due: date | None, year: int) -> date | None:
    """The same day of another year; the last of February for its 29th."""
    if due is None:
        return None
    return date(year, 2, 28) if (due.month, due.day) == (2, 29) else due.replace(year=year)
