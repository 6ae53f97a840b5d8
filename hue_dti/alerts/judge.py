"""What the rules make of a unit's sources and figures; pure, whoever looks and whenever."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from hue_dti.alerts.model import BehindRule, Finding, JumpRule, Rule, SourceRule, Unsure, Verdict
from hue_dti.alerts.model import Kind as AlertKind
from hue_dti.catalogue.model import Catalogue, Measure, OverUnits, ValueKind
from hue_dti.numerals import format_amount, format_count, format_date, format_growth, format_moment, format_percent
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.units.model import Tree


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """How a source has done for a unit in whatever period; `last_good` None when it never did well.

    `failures` are those in a row up to now, the newest at `failed_at` for `reason`. Of the newest answer that could be read, at `read_at`,
    `refused` places were kept aside.
    """

    first_asked: datetime
    last_good: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    reason: str = ""
    refused: int = 0
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the rules look at for one unit: `current` and `before` are the figures of the period and of the one before it.

    `extant` is False for a unit that is no more: nobody waits for its figures.
    """

    catalogue: Catalogue
    records: Mapping[str, SourceRecord]
    now: datetime
    extant: bool = True
    tree: Tree | None = None
    period: Period | None = None
    current: Mapping[tuple[str, str], Observation] = field(default_factory=dict)
    before: Mapping[tuple[str, str], Observation] = field(default_factory=dict)


def judge(rules: Iterable[Rule], unit: str, evidence: Evidence, about: Collection[str] | None = None) -> Verdict:
    """What the rules that are for the unit find; `about` leaves all but these sources and measures out."""
    found: list[Finding] = []
    unsure: set[tuple[str, str]] = set()
    for rule in rules:
        if rule.units and unit not in rule.units:
            continue
        for subject in subjects(rule):
            if about is not None and subject not in about:
                continue
            result = _look(rule, subject, evidence)
            if isinstance(result, Finding):
                found.append(result)
            elif result is Unsure.KEEP:
                unsure.add((rule.name, subject))
    return Verdict(tuple(found), frozenset(unsure))


def subjects(rule: Rule) -> tuple[str, ...]:
    """The sources or measures a rule has alerts about."""
    match rule:
        case SourceRule(sources=sources):
            return sources
        case JumpRule(measures=measures):
            return measures
        case BehindRule(part=part):
            return (part,)


def _look(rule: Rule, subject: str, evidence: Evidence) -> Finding | Unsure | None:
    """A reason for an alert, None for none, or what is to become of an alert that cannot be judged."""
    match rule:
        case SourceRule():
            record = evidence.records.get(subject)
            return None if record is None else _source(rule, subject, record, evidence)
        case JumpRule():
            return _jump(rule, subject, evidence)
        case BehindRule():
            return _behind(rule, evidence)


def _source(rule: SourceRule, source: str, record: SourceRecord, evidence: Evidence) -> Finding | None:
    name = evidence.catalogue.sources[source].name
    if rule.kind is AlertKind.FAILED:
        if record.failed_at is None or record.failures < rule.most:
            return None
        what = f"{name}: {format_count(record.failures)} lần liền không lấy được số liệu, lần gần nhất {format_moment(record.failed_at)}"
        return Finding(rule.name, rule.kind, source, f"{what}: {record.reason}", record.failed_at, record.failures)
    if rule.kind is AlertKind.REFUSED:
        if record.refused < rule.most or record.read_at is None:
            return None
        what = (
            f"{name}: {format_count(record.refused)} chỗ trong câu trả lời bị từ chối, số trước đó được giữ nguyên; xem trang Nguồn số liệu"
        )
        return Finding(rule.name, rule.kind, source, what, record.read_at)
    since = record.last_good or record.first_asked
    if not evidence.extant or evidence.now - since <= timedelta(days=rule.most):
        return None
    how_long = f"{format_count((evidence.now - since).days)} ngày chưa có số liệu tốt"
    last = f"lần tốt gần nhất {format_moment(since)}" if record.last_good else f"chưa lần nào tốt kể từ {format_moment(since)}"
    return Finding(rule.name, rule.kind, source, f"{name}: {how_long} (cho phép {format_count(rule.most)} ngày), {last}", evidence.now)


def _jump(rule: JumpRule, code: str, evidence: Evidence) -> Finding | Unsure | None:
    measure = evidence.catalogue.measures[code]
    pairs = [(each, evidence.before.get((each.unit, code))) for each in _figures(measure, evidence)]
    both = [(each, old) for each, old in pairs if old is not None and old.value is not None]
    was, is_now = sum(old.value or 0 for _, old in both), sum(each.value or 0 for each, _ in both)
    if not both or was == 0 or evidence.period is None:
        return _without(rule, code, f"{measure.name}: không có số của hai kỳ liền nhau để so sánh", evidence)
    change = Fraction(is_now - was, was)
    if abs(change) <= rule.change:
        return None
    grown = format_growth(change).replace("+", "tăng ").replace("−", "giảm ")
    figures = f"từ {_words(was, measure)} ({evidence.period.previous().short_label}) thành {_words(is_now, measure)}"
    what = f"{measure.name}: {evidence.period.short_label} {grown} so với kỳ trước, {figures}"
    return Finding(rule.name, rule.kind, code, what, max(each.origin.fetched_at for each, _ in both))


def _behind(rule: BehindRule, evidence: Evidence) -> Finding | Unsure | None:
    part, whole = evidence.catalogue.measures[rule.part], evidence.catalogue.measures[rule.whole]
    wholes = {each.unit: each for each in _figures(whole, evidence)}
    both = [(each, wholes[each.unit]) for each in _figures(part, evidence) if each.unit in wholes]
    have, of = sum(each.value or 0 for each, _ in both), sum(each.value or 0 for _, each in both)
    if of == 0:
        return _without(rule, rule.part, f"{part.name}: chưa có số để so với kế hoạch", evidence)
    share, day = Fraction(have, of), min(each.as_of for pair in both for each in pair)
    due = rule.expected(day)
    if share >= due - rule.leeway:
        return None
    standing = f"đến {format_date(day)} đạt {format_percent(share)} ({_words(have, part)}/{_words(of, whole)})"
    plan = f"theo kế hoạch phải đạt {format_percent(due)} để tới {format_percent(rule.target)} vào {format_date(rule.by)}"
    return Finding(rule.name, rule.kind, rule.part, f"{part.name}: {standing}, {plan}", max(each.origin.fetched_at for each, _ in both))


def _without(rule: JumpRule | BehindRule, code: str, what: str, evidence: Evidence) -> Finding | Unsure | None:
    match rule.no_figures:
        case Unsure.ALERT:
            return Finding(rule.name, rule.kind, code, what, evidence.now) if evidence.period else None
        case Unsure.CLOSE:
            return None
        case Unsure.KEEP:
            return Unsure.KEEP


def _figures(measure: Measure, evidence: Evidence) -> Iterator[Observation]:
    """The figures that make up the unit's: those below it where they add up, else its own."""
    if evidence.tree is None:
        return
    for unit in evidence.tree.units if measure.over_units is OverUnits.SUM else evidence.tree.units[:1]:
        found = evidence.current.get((unit.code, measure.code))
        if found is not None and found.value is not None and unit.level in measure.levels:
            yield found


def _words(value: int, measure: Measure) -> str:
    if measure.kind is ValueKind.AMOUNT:
        return format_amount(value)
    return format_percent(Fraction(value, 10_000)) if measure.kind is ValueKind.PERCENT else format_count(value)
