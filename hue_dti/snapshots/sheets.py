"""Score sheets as JSON inside a bundle, exactly: fractions are "num/den", points integers in ten-thousandths, dates ISO."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from fractions import Fraction

from hue_dti.scoring.model import (
    Coverage,
    CriterionScore,
    GroupScore,
    PartScore,
    Ranked,
    ScoreSheet,
    Shortfall,
    Status,
    TotalScore,
)
from hue_dti.snapshots.canonical import Json

_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in (CriterionScore, GroupScore, TotalScore, PartScore)}


def sheet_json(sheet: ScoreSheet) -> Json:
    """The whole sheet as an object whose keys are the fields' names."""
    return {
        "unit": sheet.unit,
        "period": sheet.period,
        "criteria_set": sheet.criteria_set,
        "as_of": sheet.as_of.isoformat(),
        "criteria": [_criterion_json(line) for line in sheet.criteria],
        "groups": [_plain(group) for group in sheet.groups],
        "total": _plain(sheet.total) | {"converted": _fraction_text(sheet.total.converted)},
    }


def sheet_from(written: Json) -> ScoreSheet:
    """The sheet read back, equal to the one written."""
    return ScoreSheet(
        unit=written["unit"],
        period=written["period"],
        criteria_set=written["criteria_set"],
        as_of=date.fromisoformat(written["as_of"]),
        criteria=tuple(_criterion_from(line) for line in written["criteria"]),
        groups=tuple(GroupScore(**group) for group in written["groups"]),
        total=TotalScore(**written["total"] | {"converted": _fraction(written["total"]["converted"])}),
    )


def ranked_json(ranked: Ranked) -> Json:
    """A place in the ranking as an object."""
    return {"unit": ranked.unit, "rank": ranked.rank, "converted": _fraction_text(ranked.converted), "reason": ranked.reason}


def ranked_from(written: Json) -> Ranked:
    """The place read back."""
    return Ranked(written["unit"], written["rank"], _fraction(written["converted"]), written["reason"])


def _criterion_json(line: CriterionScore) -> Json:
    return _plain(line) | {
        "status": line.status.slug,
        "share": _fraction_text(line.share),
        "coverage": {"have": line.coverage.have, "expected": line.coverage.expected, "absent": list(line.coverage.absent)},
        "figures": [[code, value] for code, value in line.figures],
        "parts": [_plain(part) | {"share": _fraction_text(part.share)} for part in line.parts],
        "shortfalls": [[row.unit, row.missing] for row in line.shortfalls],
        "as_of": line.as_of.isoformat() if line.as_of is not None else None,
        "states": list(map(int, line.states)),
    }


def _criterion_from(written: Json) -> CriterionScore:
    coverage = written["coverage"]
    return CriterionScore(
        **written
        | {
            "status": Status[written["status"].upper()],
            "share": _fraction(written["share"]),
            "coverage": Coverage(coverage["have"], coverage["expected"], tuple(coverage["absent"])),
            "figures": tuple((code, value) for code, value in written["figures"]),
            "parts": tuple(PartScore(**part | {"share": _fraction(part["share"])}) for part in written["parts"]),
            "shortfalls": tuple(Shortfall(unit, missing) for unit, missing in written["shortfalls"]),
            "as_of": date.fromisoformat(written["as_of"]) if written["as_of"] is not None else None,
            "states": tuple(written["states"]),
        }
    )


def _plain(value: CriterionScore | GroupScore | TotalScore | PartScore) -> dict[str, Json]:
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


def _fraction_text(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _fraction(text: str | None) -> Fraction | None:
    if text is None:
        return None
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator))
