"""The receipt (biên nhận) of figures that were sent to the committee: a sheet to keep, with its code on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hue_dti.numerals import format_count, format_moment
from hue_dti.periods import Period
from hue_dti.reports.model import Column, Letterhead, Paragraph, Report, Row, SignatureBlock, Table, Text
from hue_dti.reports.texts import listed, text
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it was sent; `present` is whether it had a value."""

    name: str
    criteria: str
    words: str
    present: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """What was sent, by whom, when, under which code."""

    unit: OrgUnit
    period: Period
    code: str
    name: str
    post: str
    at: datetime
    lines: tuple[Line, ...]


def receipt(sending: Sending) -> Report:
    """The sheet: who sent what, the figures in a table, the sender's name; it ends with the code."""
    present = sum(line.present for line in sending.lines)
    words = {
        "unit": sending.unit.name,
        "period": sending.period.label,
        "name": f"{sending.name} ({sending.post})" if sending.post else sending.name,
        "moment": format_moment(sending.at),
        "code": sending.code,
        "present": format_count(present),
        "expected": format_count(len(sending.lines)),
        "missing": format_count(len(sending.lines) - present),
    }
    columns = tuple(Column(*each) for each in zip(listed("receipt", "columns"), (0.08, 0.52, 0.16, 0.24), _ALIGNED, strict=True))
    rows = tuple(_row(str(number), line.name, line.criteria, line.words) for number, line in enumerate(sending.lines, 1))
    return Report(
        unit=sending.unit.code,
        period=str(sending.period),
        snapshot_sha256="",
        letterhead=Letterhead(
            "", sending.unit.name.upper(), "", words["moment"], text("receipt", "title"), (text("receipt", "subject", **words),)
        ),
        lead=(Paragraph((Text(text("receipt", "lead", **words)),)),),
        body=(Table(columns, rows),),
        closing=(Paragraph((Text(text("receipt", "closing")),)),),
        signature=SignatureBlock(listed("receipt", "recipients", **words), "", text("receipt", "office"), sending.name),
        appendices=(),
        closed_at=sending.at,
        stamp=text("receipt", "code_line", **words),
    )


_ALIGNED = ("center", "left", "left", "right")


def _row(*cells: str) -> Row:
    return Row(tuple((Text(cell),) if cell else () for cell in cells))
