"""The appendices of a plan: the ranking excerpt, and who does what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from hue_dti.catalogue.outline import Outline
from hue_dti.numerals import decimal_text, format_date
from hue_dti.plans.excerpt import Compared, Excerpt, Ranked
from hue_dti.plans.model import PlanLine, PlanVersion
from hue_dti.reports.model import Appendix, Block, Column, Heading, Paragraph, Row, Table, Text
from hue_dti.reports.texts import listed, text
from hue_dti.rollup.assess import printed

_RANKS = ((0.14, "center"), (0.56, "left"), (0.3, "right"))
_YEARS = ((0.08, "center"), (0.34, "left"), (0.15, "right"), (0.13, "right"), (0.15, "right"), (0.15, "right"))
_ASSIGNED = (
    *((0.05, "center"), (0.25, "left"), (0.13, "left"), (0.13, "left")),
    *((0.13, "left"), (0.13, "left"), (0.08, "center"), (0.1, "left")),
)


def ranking_appendix(ranking: Excerpt, words: Mapping[str, str], label: str) -> Appendix:
    """The tables of the ranking: all, the region, this year against last."""
    blocks = tuple(_ranking(ranking, dict(words)))
    return Appendix(label, text("plan", "ranking_title", **words), text("plan", "reference", **words), False, blocks)


def assigned_appendix(version: PlanVersion, outline: Outline, words: Mapping[str, str], label: str) -> Appendix:
    """Every line with its target and units, group by group."""
    rows: list[Row] = []
    for group in outline.groups:
        lines = [line for line in version.plan.lines if line.group == group.code]
        if lines:
            head = text("plan", "assigned_group", number=group.number, GROUP=group.name.upper())
            rows.append(Row(((), (Text(head),)), group=True))
            rows += [_assigned(line) for line in lines]
    table = Table(_columns("assigned_columns", _ASSIGNED, words), tuple(rows))
    return Appendix(label, text("plan", "assigned_title"), text("plan", "reference", **words), True, (table,))


def moved_words(ranking: Excerpt) -> str:
    """How the rank moved since the year before; empty where that is not known."""
    if ranking.previous_rank is None:
        return ""
    places, before = ranking.previous_rank - ranking.whole.rank, str(ranking.standings.year - 1)
    way = "moved_up" if places > 0 else "moved_down" if places < 0 else "moved_none"
    return text("plan", way, places=str(abs(places)), before=before) if places else text("plan", way, before=before)


def _ranking(ranking: Excerpt, words: dict[str, str]) -> Iterator[Block]:
    in_region = ""
    if ranking.region:
        told = {"rank": str(ranking.region_rank), "of": str(len(ranking.in_region)), "region": ranking.region}
        in_region = text("plan", "ranking_region", **told)
    yield Paragraph((Text(text("plan", "ranking_lead", **(words | {"region": in_region}))),))
    yield Heading(2, (Text(text("plan", "ranking_all")),))
    yield Table(_columns("ranking_columns", _RANKS, words), tuple(_ranked(each, ranking.digits) for each in ranking.shown))
    if ranking.region:
        yield Heading(2, (Text(text("plan", "ranking_in", number="2", region=ranking.region)),))
        yield Table(_columns("ranking_columns", _RANKS, words), tuple(_ranked(each, ranking.digits) for each in ranking.in_region))
    known = ranking.whole.previous is not None
    against = text("plan", "ranking_against", **words) if known else ""
    number = "3" if ranking.region else "2"
    yield Heading(2, (Text(text("plan", "ranking_years", **(words | {"number": number, "against": against}))),))
    rows = [_compared(str(place), each, ranking.digits) for place, each in enumerate(ranking.lines, start=1)]
    total = _compared("", ranking.whole, ranking.digits, text("plan", "total"))
    yield Table(_columns("years_columns", _YEARS, words), (*rows, Row(total.cells, group=True)))


def _ranked(each: Ranked | None, digits: int) -> Row:
    if each is None:
        return _row("…", "…", "…")
    cells = (str(each.rank), each.unit, _value(each.value, digits))
    return Row(tuple((Text(cell, bold=each.own),) for cell in cells))


def _compared(number: str, each: Compared, digits: int, name: str = "") -> Row:
    previous = _value(each.previous, digits) if each.previous is not None else "–"
    return _row(
        number, name or each.name, _value(each.value, digits), str(each.rank), str(each.region_rank) if each.region_rank else "–", previous
    )


def _assigned(line: PlanLine) -> Row:
    more = [each for each in (line.tasks, f"Hoãn: {line.deferral}" if line.deferral else "", line.note) if each]
    due = format_date(line.due) if line.due else ""
    lead, helping = "\n".join(line.lead), "\n".join(line.coordinating)
    return _row(line.number or line.code, line.name, line.result, line.target.words, lead, helping, due, "\n".join(more))


def _columns(key: str, shapes: Sequence[tuple[float, str]], words: Mapping[str, str]) -> tuple[Column, ...]:
    titles = listed("plan", key, **words)
    return tuple(Column(title, width, align) for title, (width, align) in zip(titles, shapes, strict=True))


def _row(*cells: str) -> Row:
    return Row(tuple((Text(cell),) if cell else () for cell in cells))


def _value(value: Fraction, digits: int) -> str:
    return decimal_text(printed(value, digits), digits).replace(".", ",")
