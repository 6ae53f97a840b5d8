"""The letter (công văn đôn đốc) to those who owe figures: what is missing, what that costs, by when it is asked for.

On the paper of Nghị định 30/2020/NĐ-CP, form 1.5: number, day and signer are left to fill, and what it is about stands under the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.numerals import format_count, format_date, format_moment, format_percent, format_points
from hue_dti.periods import LOCAL
from hue_dti.reports.content import level_of, named_words
from hue_dti.reports.model import Addressees, Appendix, Column, Letterhead, Paragraph, Report, Row, SignatureBlock, Table, Text
from hue_dti.reports.owing import OwedCriterion, OwedMeasure, Owing, OwingUnit
from hue_dti.reports.reminder import MACHINE
from hue_dti.reports.texts import listed, text

MOST_ADDRESSEES = 10
"""How many are addressed by name; the others are those of the first appendix."""


def letter(owing: Owing, criteria_set: CriteriaSet, now: datetime) -> Report:
    """Write the letter as of a moment; it has nothing to say where nothing is owed."""
    words = _words(owing, criteria_set, now)
    body = [text("letter", "lead", **words), text("letter", "stands", **words), text("letter", "points", **words)]
    asked = [text("letter", "silence"), text("letter", "asks", **words), text("letter", "first", **words)]
    if any(measure.entry == MACHINE for criterion in owing.criteria for measure in criterion.measures):
        asked.append(text("letter", "second"))
    return Report(
        unit=owing.unit.code,
        period=str(owing.period),
        snapshot_sha256="",
        letterhead=_letterhead(owing, words),
        lead=(),
        body=tuple(Paragraph((Text(line),)) for line in (*body, *asked)),
        closing=(Paragraph((Text(text("letter", "closing")),)),),
        signature=SignatureBlock(
            recipients=listed("letter", "recipients", **words),
            authority=text("authority", **words),
            office=words["office"],
            name="",
        ),
        appendices=(_units_appendix(owing, words), _criteria_appendix(owing, words)),
        closed_at=now,
        addressees=Addressees(text("letter", "addressed"), tuple(_addressees(owing))),
        stamp=text("letter", "code_line", **words),
    )


def _words(owing: Owing, criteria_set: CriteriaSet, now: datetime) -> dict[str, str]:
    words = named_words(owing.unit, owing.period, criteria_set)
    cutoff = format_date(owing.cutoff)
    due = "by_cutoff" if owing.days_left(now.astimezone(LOCAL).date()) >= 0 else "overdue"
    level = level_of(owing.unit)
    number = text("letter", "number", level)
    at_stake = sum(each.max_points for each in owing.criteria)
    return {
        **words,
        "year": str(now.astimezone(LOCAL).year),
        "period_lower": owing.period.label[:1].lower() + owing.period.label[1:],
        "number": number,
        "symbol": number.rpartition("/")[2],
        "office": text("letterhead", level, "office"),
        "office_name": text("letter", "office", level),
        "cutoff": cutoff,
        "by": text("letter", due, cutoff=cutoff),
        "moment": format_moment(now),
        "present": format_count(owing.present),
        "expected": format_count(owing.expected),
        "missing": format_count(owing.missing),
        "share": "–" if owing.share is None else format_percent(owing.share),
        "units": format_count(len(owing.units)),
        "count": format_count(len(owing.criteria)),
        "held": format_points(at_stake - owing.gain),
        "at_stake": format_points(at_stake),
        "points": format_points(owing.points),
        "max_points": format_points(owing.max_points),
        "gain": format_points(owing.gain),
        "reach": format_points(owing.points + owing.gain),
    }


def _letterhead(owing: Owing, words: dict[str, str]) -> Letterhead:
    return Letterhead(
        superior=text("letterhead", level_of(owing.unit), "superior", **words),
        issuer=words["ISSUER"],
        number=words["number"],
        place_and_date=text("place_and_date", **words),
        title="",
        subject=(),
        about=text("letter", "about", **words),
    )


def _addressees(owing: Owing) -> Iterator[str]:
    """Who holds the sources first, then the units below that lack figures of their own, each once."""
    owners = dict.fromkeys(measure.owner for criterion in owing.criteria for measure in criterion.measures)
    units = [unit.name for unit in owing.units if unit.name != owing.unit.name and unit.name not in owners]
    named = units if len(owners) + len(units) <= MOST_ADDRESSEES else [text("letter", "others")]
    yield from owners
    yield from named if units else ()


def _units_appendix(owing: Owing, words: dict[str, str]) -> Appendix:
    rows = tuple(_unit_row(number, unit) for number, unit in enumerate(owing.units, 1))
    table = Table(_columns("units_columns", (0.07, 0.33, 0.14, 0.3, 0.16), ("center", "left", "right", "left", "right")), rows)
    note = Paragraph((Text(text("letter", "units_note", **words)),))
    return Appendix("Phụ lục I", text("letter", "units_title"), text("letter", "reference", **words), False, (table, note))


def _unit_row(number: int, unit: OwingUnit) -> Row:
    have = f"{format_count(unit.present)}/{format_count(unit.expected)}"
    return _row(str(number), unit.name, have, ", ".join(unit.criteria), format_points(unit.gain))


def _criteria_appendix(owing: Owing, words: dict[str, str]) -> Appendix:
    rows = [_criterion_row(owing, each) for each in owing.criteria]
    total = _row("", text("letter", "total"), "", "", f"{words['held']}/{words['at_stake']}", words["gain"])
    columns = _columns("criteria_columns", (0.09, 0.2, 0.24, 0.2, 0.15, 0.12), ("left", "left", "left", "left", "right", "right"))
    table = Table(columns, (*rows, replace(total, group=True)))
    return Appendix("Phụ lục II", text("letter", "criteria_title"), text("letter", "reference", **words), False, (table,))


def _criterion_row(owing: Owing, each: OwedCriterion) -> Row:
    providers = dict.fromkeys(text("letter", "provider", owner=measure.owner, source=measure.source) for measure in each.measures)
    points = f"{format_points(each.points)}/{format_points(each.max_points)}"
    return _row(each.code, each.name, _lines(map(_measure, each.measures)), _lines(providers), points, format_points(each.gain))


def _measure(each: OwedMeasure) -> str:
    if len(each.units) == 1:
        return text("letter", "measure_of_one", name=each.name, unit=each.units[0])
    return text("letter", "measure", name=each.name, count=format_count(len(each.units)))


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)


def _columns(key: str, widths: tuple[float, ...], aligned: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(*each) for each in zip(listed("letter", key), widths, aligned, strict=True))


def _row(*cells: str) -> Row:
    return Row(tuple((Text(cell),) if cell else () for cell in cells))
