"""The appendices of a plan: the ranking excerpt, and who does what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hue_dti.catalogue.outline import Outline
from hue_dti.numerals import format_date
from hue_dti.plans.excerpt import Compared, Excerpt, RankedLine
from hue_dti.plans.model import PlanLine, PlanVersion
from hue_dti.reports.model import Appendix, Block, Column, Heading, Paragraph, Row, Table, Text
from hue_dti.reports.texts import listed, text

_RANKS = ((0.14, "center"), (0.56, "left"), (0.3, "right"))
_YEARS = ((0.08, "center"), (0.34, "left"), (0.15, "right"), (0.13, "right"), (0.15, "right"), (0.15, "right"))
_ASSIGNED = (
    *((0.05, "center"), (0.22, "left"), (0.1, "left"), (0.1, "left")),
    *((0.13, "left"), (0.13, "left"), (0.08, "center"), (0.19, "left")),
)


def ranking_words(ranking: Excerpt) -> dict[str, str]:
    """What the texts say of the ranking."""
    told, own = ranking.standings, ranking.standings.unit
    measured, before = told.measured, told.before
    return {
        "as_named": own[:1].lower() + own[1:] if ranking.percent else own,
        "measured": measured,
        "Measured": measured[:1].upper() + measured[1:],
        "MEASURED": measured.upper(),
        "before": before,
        "Before": before[:1].upper() + before[1:],
        "rank": str(ranking.whole.rank),
        "of": str(ranking.units),
        "moved": moved_words(ranking),
    }


def ranking_appendix(ranking: Excerpt, words: Mapping[str, str], label: str) -> Appendix:
    """The tables of the ranking: all, the region, this year against last."""
    blocks = tuple(_ranking(ranking, dict(words)))
    return Appendix(label, text("plan", text_key(ranking, "ranking_title"), **words), text("plan", "reference", **words), False, blocks)


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
    places, before = ranking.previous_rank - ranking.whole.rank, ranking.standings.before
    way = "moved_up" if places > 0 else "moved_down" if places < 0 else "moved_none"
    return text("plan", way, places=str(abs(places)), before=before) if places else text("plan", way, before=before)


def text_key(ranking: Excerpt, key: str) -> str:
    """The text that speaks of an index, or of shares of a criteria set's points."""
    return f"{key}_of_set" if ranking.percent else key


def _ranking(ranking: Excerpt, words: dict[str, str]) -> Iterator[Block]:
    region = ranking.region[:1].lower() + ranking.region[1:] if ranking.percent else ranking.region
    told = {"rank": str(ranking.region_rank), "of": str(len(ranking.in_region)), "region": region}
    in_region = text("plan", "ranking_region", **told) if region else ""
    yield _said(text("plan", text_key(ranking, "ranking_lead"), **(words | {"region": in_region})))
    if ranking.standings.note:
        yield _said(ranking.standings.note)
    heads = text_key(ranking, "ranking_columns")
    yield Heading(2, (Text(text("plan", "ranking_all")),))
    yield Table(_columns(heads, _RANKS, words), tuple(_ranked(each, ranking) for each in ranking.shown))
    if region:
        yield Heading(2, (Text(text("plan", text_key(ranking, "ranking_in"), number="2", region=region)),))
        yield Table(_columns(heads, _RANKS, words), tuple(_ranked(each, ranking) for each in ranking.in_region))
    against = text("plan", "ranking_against", **words) if ranking.whole.previous is not None else ""
    number = "3" if region else "2"
    yield Heading(2, (Text(text("plan", text_key(ranking, "ranking_years"), **(words | {"number": number, "against": against}))),))
    yield _years(ranking, words)


def _years(ranking: Excerpt, words: Mapping[str, str]) -> Table:
    """Every group now and a year ago; the region's and the last year's column only where there is something in them."""
    columns = _columns(text_key(ranking, "years_columns"), _YEARS, words)
    rows = [_compared(str(place), each, ranking) for place, each in enumerate(ranking.lines, start=1)]
    rows.append(_compared("", ranking.whole, ranking, text("plan", "total")))
    empty = {at for at, there in ((4, ranking.region), (5, ranking.whole.previous is not None)) if not there}
    kept = [at for at in range(len(columns)) if at not in empty]
    most = sum(columns[at].width for at in kept)
    shown = tuple(Column(columns[at].title, columns[at].width / most, columns[at].align) for at in kept)
    cells = [tuple(row.cells[at] for at in kept) for row in rows]
    return Table(shown, (*(Row(row) for row in cells[:-1]), Row(cells[-1], group=True)))


def _ranked(each: RankedLine | None, ranking: Excerpt) -> Row:
    if each is None:
        return _row("…", "…", "…")
    cells = (str(each.rank), each.unit, ranking.words(each.value))
    return Row(tuple((Text(cell, bold=each.own),) for cell in cells))


def _compared(number: str, each: Compared, ranking: Excerpt, name: str = "") -> Row:
    previous = ranking.words(each.previous) if each.previous is not None else "–"
    region_rank = str(each.region_rank) if each.region_rank else "–"
    return _row(number, name or each.name, ranking.words(each.value), str(each.rank), region_rank, previous)


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


def _said(words: str) -> Paragraph:
    return Paragraph((Text(words),))
