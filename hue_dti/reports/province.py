"""The province's draft index as a paper: what was computed, from whose counts, what is missing, who costs most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.rollup_words import MATCH_WORDS
from hue_dti.catalogue.rollups import Match
from hue_dti.numerals import POINT, format_count, format_date, format_moment, format_percent, format_points
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.reports import province_tables as tables
from hue_dti.reports.content import decision_words, unit_words
from hue_dti.reports.model import Appendix, Block, Heading, Letterhead, Paragraph, Report, Run, SignatureBlock, Text
from hue_dti.reports.texts import listed, text
from hue_dti.reports.wording import NoteCounter, Value, runs
from hue_dti.rollup.losses import UnitLoss
from hue_dti.rollup.province import ComponentState, Line, Range, RollUp
from hue_dti.units.model import Level, OrgUnit, Tree

_DIGITS = 4
MOST_ABSENT = 3
"""So many places that did not tell are named in a footnote, the units of the others are counted."""
_LEVEL = Level.PROVINCE


@dataclass(frozen=True, slots=True)
class Whole:
    """What the paper is about: a roll-up, its tree of units, who closed the quarter, who costs most; `measures` by code."""

    province: OrgUnit
    period: Period
    tree: Tree
    rolled: RollUp
    losses: tuple[UnitLoss, ...]
    closed: tuple[OrgUnit, ...]
    open: tuple[OrgUnit, ...]
    live: bool
    measures: Mapping[str, Measure]
    at: datetime


def province_report(whole: Whole) -> Report:
    """Write the paper; it is a draft whatever closed, since the province's index has no closing of its own."""
    words, notes = _words(whole), NoteCounter()
    reference = text("province_dti", "reference", **words)
    return Report(
        unit=whole.province.code,
        period=str(whole.period),
        snapshot_sha256="",
        letterhead=Letterhead(
            superior=text("letterhead", _LEVEL, "superior", **words),
            issuer=text("letterhead", _LEVEL, "issuer"),
            number=text("letterhead", _LEVEL, "number"),
            place_and_date=text("place_and_date", **words),
            title=text("title"),
            subject=(text("province_dti", "subject", **words),),
        ),
        lead=(_said("lead", words),),
        body=tuple(_body(whole, words, notes)),
        closing=(_said("closing", words),),
        signature=SignatureBlock(
            recipients=listed("recipients", _LEVEL, **words),
            authority=text("authority", **words),
            office=text("letterhead", _LEVEL, "office"),
            name="",
        ),
        appendices=(
            Appendix(
                "Phụ lục I", text("province_dti", "components_title"), reference, True, (tables.components(whole.rolled, whole.measures),)
            ),
            Appendix("Phụ lục II", text("province_dti", "waiting_title"), reference, False, (tables.waiting(whole.rolled),)),
        ),
        closed_at=whole.at,
    )


def _words(whole: Whole) -> dict[str, str]:
    period = whole.period
    own = {"period_lower": period.label[:1].lower() + period.label[1:], "as_of": format_date(whole.tree.as_of)}
    return unit_words(whole.province, _LEVEL, period) | decision_words(whole.rolled.framework.decision) | own


def _body(whole: Whole, words: Mapping[str, str], notes: NoteCounter) -> Iterator[Block]:
    yield _section("whole")
    yield from _result(whole, notes)
    yield tables.mains(whole.rolled)
    yield _section("local")
    yield from (Paragraph(_fed(whole, line, notes)) for line in _fed_lines(whole.rolled))
    yield _section("given")
    yield from _given(whole.rolled, notes)
    yield _section("losses")
    yield from _losses(whole)
    yield _section("open")
    yield from _open(whole.rolled, words)


def _result(whole: Whole, notes: NoteCounter) -> Iterator[Paragraph]:
    rolled = whole.rolled
    tally = {state.value: format_count(count) for state, count in rolled.tally.items()}
    yield _said("tally", {**tally, "all": format_count(len(rolled.lines))})
    components = rolled.framework.components
    known = sum(1 for line in rolled.lines if line.component.max_points is not None)
    said = [text("province_dti", "points_note", known=format_count(known), all=format_count(len(components)))]
    reference = [main.name for main in rolled.framework.main if main.reference_only]
    if reference:
        counted = {"all": format_count(len(rolled.framework.main)), "counted": format_count(len(rolled.mains))}
        said.append(text("province_dti", "reference_only", names=", ".join(reference), **counted))
    if rolled.provisional_of:
        said.append(text("province_dti", "provisional", points=_points(rolled.provisional_of)))
    yield _filled(
        "points",
        points=_points(rolled.points),
        known_of=_points(rolled.known_of),
        max_points=_points(rolled.framework.divisor),
        range=value_words(rolled.index),
        note=_note(notes, said),
    )
    counts = {"closed": format_count(len(whole.closed)), "units": format_count(len(whole.closed) + len(whole.open))}
    if not whole.open:
        yield _filled("basis_all", **counts)
        return
    names = text("province_dti", "basis_note", names=", ".join(unit.name for unit in whole.open))
    yield _filled("basis_live" if whole.live else "basis_closed", **counts, note=_note(notes, [names]))


def _fed_lines(rolled: RollUp) -> Iterator[Line]:
    return (line for whole in rolled.lines for line in whole.lines if line.local is not None)


def _fed(whole: Whole, line: Line, notes: NoteCounter) -> tuple[Run, ...]:
    """One component that local counts feed, its footnote saying what is missing, carried over or only near."""
    figure = line.local
    assert figure is not None  # noqa: S101  only such lines come here
    named = {"code": line.component.code, "name": line.component.name}
    note = _note(notes, list(_remarks(whole, line)))
    if figure.share is None:
        return runs(text("province_dti", "feed_none" if not figure.coverage.have else "feed_empty"), {**named, "note": note})
    points = ""
    if line.uses == "local" and line.points is not None:
        points = text("province_dti", "feed_points", points=_points(line.points), max_points=_points(line.component.max_points))
    counts = tables.counts(figure, whole.measures)
    values: dict[str, Value] = {**named, "counts": counts, "share": format_percent(figure.share), "points": points, "note": note}
    return runs(text("province_dti", "feed"), values)


def _remarks(whole: Whole, line: Line) -> Iterator[str]:
    figure = line.local
    assert figure is not None  # noqa: S101
    if figure.feed.match is not Match.SAME:
        yield text("province_dti", "covers", match=MATCH_WORDS[figure.feed.match], covers=figure.feed.covers)
    if figure.coverage.partial:
        weight = ""
        if figure.weight is not None and figure.weight.share is not None and figure.weight.share < 1 and figure.coverage.have:
            measure = whole.measures[figure.feed.weigh].name.lower()
            weight = text("province_dti", "weight", share=format_percent(figure.weight.share), measure=measure)
        have, expected = format_count(figure.coverage.have), format_count(figure.coverage.expected)
        yield text(
            "province_dti", "partial", have=have, expected=expected, weight=weight, absent=_absent(whole.tree, figure.coverage.absent)
        )
    carried = figure.told[State.CARRIED_OVER]
    if carried and figure.as_of is not None:
        yield text("province_dti", "carried", count=format_count(carried), as_of=format_date(figure.as_of))
    if line.uses == "entered" and line.entered is not None:
        yield text("province_dti", "beside", share=format_percent(line.entered.share), document=line.entered.document)


def _absent(tree: Tree, codes: Sequence[str]) -> str:
    """The units that did not tell, counted by the unit right below the province they stand under; one alone by its own name."""
    under: dict[int, list[OrgUnit]] = defaultdict(list)
    for code in codes:
        under[_under_the_root(tree, tree.index[code])].append(tree.unit(code))
    named: list[str] = []
    left = len(codes)
    for row, units in sorted(under.items()):
        if len(named) == MOST_ABSENT:
            return text("notes", "and_others", named="; ".join(named), others=format_count(left))
        several = text("province_dti", "absent_of", unit=tree.units[row].name, count=format_count(len(units)))
        named.append(units[0].name if len(units) == 1 else several)
        left -= len(units)
    return "; ".join(named)


def _under_the_root(tree: Tree, row: int) -> int:
    while tree.parent[row] > 0:
        row = tree.parent[row]
    return row


def _given(rolled: RollUp, notes: NoteCounter) -> Iterator[Paragraph]:
    found = False
    for main in rolled.mains:
        lines = [(line.component.code, line.component.name, line.entered, line.points) for each in main.lines for line in each.lines]
        own = [("", main.main.name, main.entered, main.low if main.uses_entered else None), *lines]
        for code, name, value, points in own:
            if value is None:
                continue
            found = True
            file = "" if value.evidence else text("province_dti", "no_file")
            said = text("province_dti", "given_note", name=value.name, moment=format_moment(value.at), file=file)
            earned = "" if points is None else f", {_points(points)} điểm"
            yield _filled(
                "given",
                code=code,
                name=name,
                result=value.result or format_percent(value.share),
                share=format_percent(value.share),
                points=earned,
                document=value.document,
                note=_note(notes, [said]),
            )
    if not found:
        yield _filled("given_none")


def _losses(whole: Whole) -> Iterator[Block]:
    if not whole.losses:
        yield _filled("losses_none")
        return
    yield _filled("losses_lead")
    yield tables.losses(whole.losses)


def _open(rolled: RollUp, words: Mapping[str, str]) -> Iterator[Paragraph]:
    missing = [line.component.code for line in rolled.lines if line.state is ComponentState.MISSING]
    if missing:
        yield _filled("open", missing=format_count(len(missing)), codes=", ".join(missing))
    else:
        yield _filled("open_none")
    yield _filled("waiting", count=format_count(rolled.tally[ComponentState.NOT_LOCAL]))


def value_words(value: Range) -> str:
    """A value of the index in a sentence: exact, or between what is sure and what is possible, unless that is all or nothing."""
    if value.low == 0 and value.high == 1:
        return text("province_dti", "unknown")
    low, high = (format_percent(each / 100, _DIGITS).removesuffix("%") for each in (value.low, value.high))
    return text("province_dti", "exact", value=low) if value.exact else text("province_dti", "range", low=low, high=high)


def _section(key: str) -> Heading:
    return Heading(1, (Text(text("province_dti", "sections", key)),))


def _said(key: str, words: Mapping[str, str]) -> Paragraph:
    return Paragraph((Text(text("province_dti", key, **words)),))


def _filled(key: str, **values: Value) -> Paragraph:
    return Paragraph(runs(text("province_dti", key), values))


def _note(notes: NoteCounter, said: Sequence[str]) -> tuple[Run, ...]:
    return (notes.hang((Text(" ".join(said)),)),) if said else ()


def _points(points: Fraction | None) -> str:
    return "?" if points is None else format_points(points * POINT)
