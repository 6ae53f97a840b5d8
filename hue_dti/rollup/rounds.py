"""What a round comes to: points and ranks of its units, groups, pillars; frozen as one string of bytes with its hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from json import loads
from typing import Any

from hue_dti.appraisal.points import Words
from hue_dti.appraisal.rounds import Phase, Round, RoundLine, UnitSheet
from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.outline import Outline
from hue_dti.collation import sort_key
from hue_dti.errors import SnapshotTampered
from hue_dti.numerals import POINT
from hue_dti.rollup.assess import index_of, last_places, pillar_of
from hue_dti.rollup.model import UnitValues
from hue_dti.scoring.ranking import competition
from hue_dti.snapshots.bundle import TRAILER_LENGTH, trailer
from hue_dti.snapshots.canonical import dump, sha256

FORMAT = "hue-dti-round/1"


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One unit's result; without a rank where nobody gave it any mark. `value` is the index of a framework, else points over maximum."""

    unit: str
    name: str
    rank: int | None
    points: int
    self_points: int
    value: Fraction
    groups: Mapping[str, int]
    pillars: Mapping[str, Fraction]
    missing: int
    late: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """A published result: its number in the round, why it takes the place of the one before, and its hash."""

    round: str
    number: int
    sha256: str
    reason: str
    by: str
    name: str
    post: str
    at: Any


def round_lines(outline: Outline, by_group: bool = False) -> tuple[RoundLine, ...]:
    """What is marked: the lines of a group whose points are all known, else (or with `by_group`) the whole group.

    Groups for reference are left out.
    """
    found: list[RoundLine] = []
    for group in outline.groups:
        if group.max_points is None:
            continue
        if group.by_line and not by_group:
            found += [RoundLine(each.code, each.name, group.code, _points(each.max_points)) for each in group.whole]
        else:
            found.append(RoundLine(group.code, group.name, group.code, _points(group.max_points)))
    return tuple(found)


def results(of: Round, sheets: Sequence[UnitSheet], framework: Framework | None) -> tuple[RoundResult, ...]:
    """Every unit by rank: a framework's at its printed precision, a criteria set's on exact points; units without any mark come last."""
    rows = [_row(of, sheet, framework) for sheet in sheets]
    placed = [row for row, sheet in zip(rows, sheets, strict=True) if not sheet.is_empty]
    ranks = competition([_ranked_by(row, framework) for row in placed])
    found = {row.unit: rank for row, rank in zip(placed, ranks, strict=True)}
    told = [_with_rank(row, found.get(row.unit)) for row in rows]
    return tuple(sorted(told, key=lambda row: (row.rank is None, row.rank or 0, sort_key(row.name))))


def freeze(of: Round, sheets: Sequence[UnitSheet], framework: Framework | None, number: int, reason: str) -> tuple[str, bytes]:
    """The result as bytes that end with the hash of all before; same marks, same bytes."""
    told = {
        "format": FORMAT,
        "round": of.code,
        "title": of.title,
        "outline": of.outline,
        "host": of.host,
        "year": of.year,
        "number": number,
        "reason": reason,
        "precision": framework.precision if framework is not None else None,
        "windows": {phase.value: [of.windows[phase].first.isoformat(), of.windows[phase].last.isoformat()] for phase in Phase},
        "lines": [[line.code, line.name, line.group, line.max_points] for line in of.lines],
        "results": [_result_json(row) for row in results(of, sheets, framework)],
        "marks": {sheet.unit.code: {code: _mark_json(sheet, code, words) for code, words in sheet.words.items()} for sheet in sheets},
    }
    body = dump(told) + b"\n"
    digest = sha256(body)
    return digest, body + trailer(digest)


def thaw(bundle: bytes) -> dict[str, Any]:
    """A frozen result read back; SnapshotTampered unless the last line is the hash of all before it, and every sum its parts'."""
    body, last = bundle[:-TRAILER_LENGTH], bundle[-TRAILER_LENGTH:]
    if last != trailer(sha256(body)):
        raise SnapshotTampered("Bản công bố không còn nguyên vẹn: mã SHA-256 ở dòng cuối không khớp nội dung.")
    told: dict[str, Any] = loads(body)
    for row in told["results"]:
        marks = told["marks"][row["unit"]]
        if row["points"] != sum(each["points"] for each in marks.values()):
            raise SnapshotTampered(f"Bản công bố sai tổng điểm của {row['name']}.")
    return told


@dataclass(frozen=True, slots=True)
class Key:
    """What published units may be ranked by beside the whole: a group, a pillar or a line, its code, its name."""

    kind: str
    code: str
    name: str

    @property
    def words(self) -> str:
        """As an address names it: `nhom-I`, `tru-1`, `dong-I.1`."""
        return f"{self.kind}-{self.code}"


GROUP, PILLAR, LINE = "nhom", "tru", "dong"


def places_by(told: Mapping[str, Any], key: Key) -> list[tuple[int | None, Fraction | None, Mapping[str, Any]]]:
    """The published units ranked by a key, each with what it has there: points in ten-thousandths, or a pillar's value.

    Pillars rank at their printed precision, as the whole does. Units without any mark come last, without a rank.
    """
    worth = [_worth(told, row, key) if row["rank"] is not None else None for row in told["results"]]
    exact = [Fraction(last_places(each, told["precision"])) if key.kind == PILLAR else each for each in worth if each is not None]
    ranks = iter(competition(exact))
    rows = [(next(ranks) if each is not None else None, each, row) for each, row in zip(worth, told["results"], strict=True)]
    return sorted(rows, key=lambda row: (row[0] is None, row[0] or 0, sort_key(row[2]["name"])))


def _worth(told: Mapping[str, Any], row: Mapping[str, Any], key: Key) -> Fraction:
    if key.kind == GROUP:
        return Fraction(row["groups"].get(key.code, 0))
    return Fraction(row["pillars"][key.code] if key.kind == PILLAR else told["marks"][row["unit"]][key.code]["points"])


def values_in(told: Mapping[str, Any], framework: Framework) -> tuple[UnitValues, ...]:
    """The ranked units of a published result with the value of each main index, as a file of values would tell them."""
    most = {main.code: (main.max_points or 1) * POINT for main in framework.scored}
    return tuple(
        UnitValues(row["name"], {code: Fraction(row["groups"].get(code, 0)) / points for code, points in most.items()})
        for row in told["results"]
        if row["rank"] is not None
    )


def _row(of: Round, sheet: UnitSheet, framework: Framework | None) -> RoundResult:
    groups: dict[str, int] = {}
    words = sheet.words
    for line in of.lines:
        groups[line.group] = groups.get(line.group, 0) + words[line.code].points
    points = sum(groups.values())
    value, pillars = Fraction(points, of.max_points), {}
    if framework is not None and framework.computable:
        main = {each.code: Fraction(groups.get(each.code, 0), POINT) / (each.max_points or 1) for each in framework.scored}
        value = index_of(framework, main)
        pillars = {each.code: pillar_of(framework, each, main) for each in framework.pillars}
    reason = f"chưa có điểm nào trong {len(of.lines)} dòng" if sheet.is_empty else ""
    missing, late = len(sheet.missing), len(sheet.late)
    return RoundResult(sheet.unit.code, sheet.unit.name, None, points, sheet.self_points, value, groups, pillars, missing, late, reason)


def _ranked_by(row: RoundResult, framework: Framework | None) -> int:
    return last_places(row.value, framework.precision) if framework is not None else row.points


def _with_rank(row: RoundResult, rank: int | None) -> RoundResult:
    told = (row.points, row.self_points, row.value, row.groups, row.pillars, row.missing, row.late, row.reason)
    return RoundResult(row.unit, row.name, rank, *told)


def _result_json(row: RoundResult) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "name": row.name,
        "rank": row.rank,
        "points": row.points,
        "self_points": row.self_points,
        "value": f"{row.value.numerator}/{row.value.denominator}",
        "groups": dict(row.groups),
        "pillars": {code: f"{each.numerator}/{each.denominator}" for code, each in row.pillars.items()},
        "missing": row.missing,
        "late": row.late,
        "reason": row.reason,
    }


def _mark_json(sheet: UnitSheet, code: str, words: Words) -> dict[str, Any]:
    own = sheet.own.get(code)
    said = {"appraised": words.appraised, "explained": words.explained, "final": words.final}
    told: dict[str, Any] = {"points": words.points, "self": own.points if own else None, "result": own.result if own else ""}
    told["link"] = own.link if own else ""
    for name, mark in said.items():
        told[name] = None if mark is None else {"points": mark.points, "reason": mark.reason}
    return told


def _points(most: Fraction | None) -> int:
    scaled = (most or Fraction(0)) * POINT
    return scaled.numerator // scaled.denominator
