"""The province's draft index for machines (`hue-dti rollup --json`): shares as texts with 6 decimals, points with 4, counts as integers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from hue_dti.numerals import decimal_text, share_text
from hue_dti.rollup.local import LocalFigure
from hue_dti.rollup.losses import UnitLoss, UnitPart
from hue_dti.rollup.province import Line, MainLine, ProvincialValue, Range, RollUp


def shown_roll_up(rolled: RollUp) -> dict[str, object]:
    """The whole: index, pillars, main indices with their components."""
    return {
        "framework": rolled.framework.code,
        "map": rolled.made.code,
        "index": _range(rolled.index),
        "points": {
            "known": _points(rolled.points),
            "known_of": _points(rolled.known_of),
            "provisional_of": _points(rolled.provisional_of),
            "max": _points(rolled.framework.divisor),
        },
        "tally": {state.value: count for state, count in rolled.tally.items()},
        "pillars": {pillar.code: _range(value) for pillar, value in rolled.pillars},
        "gaps": [{"components": list(each.components), "why": each.why, "held_by": each.held_by} for each in rolled.made.gaps],
        "main": [_main(main) for main in rolled.mains],
    }


def shown_losses(found: Iterable[UnitLoss]) -> list[Mapping[str, object]]:
    """The units that cost most, the components of each."""
    return [
        {
            "unit": loss.unit.code,
            "points": _points(loss.points),
            "components": [{"code": code, **_gain(part)} for code, part in loss.parts],
        }
        for loss in found
    ]


def shown_part(part: UnitPart) -> dict[str, object]:
    """What one unit brings to a component."""
    counts = {"part": part.part, "whole": part.whole, "told": part.told, "expected": part.expected}
    return {"unit": part.unit.code, **counts, **_gain(part)}


def _gain(part: UnitPart) -> dict[str, object]:
    return {"missing": part.missing, "gain": share_text(part.gain), "points": _points(part.points)}


def _main(main: MainLine) -> Mapping[str, object]:
    return {
        "code": main.main.code,
        "name": main.main.name,
        "points": _points(main.low),
        "points_possible": _points(main.high),
        "max_points": _points(main.main.max_points),
        "by_components": {
            "points": _points(main.points),
            "known_of": _points(main.known_of),
            "open_of": _points(main.open_of),
            "provisional": _points(main.provisional),
            "provisional_of": _points(main.provisional_of),
        },
        "entered": _entered(main.entered),
        "components": [_line(line) for line in main.lines],
    }


def _line(line: Line) -> dict[str, object]:
    why = line.not_local
    said: dict[str, object] = {
        "code": line.component.code,
        "name": line.component.name,
        "state": line.state.value,
        "uses": line.uses or None,
        "share": _share(line.share),
        "points": _points(line.points),
        "provisional": line.provisional,
        "max_points": _points(line.component.max_points),
        "local": _local(line.local),
        "entered": _entered(line.entered),
        "not_local": None if why is None else {"why": why.why, "held_by": why.held_by},
    }
    if line.parts:
        said["parts"] = [_line(part) for part in line.parts]
    return said


def _local(figure: LocalFigure | None) -> Mapping[str, object] | None:
    if figure is None:
        return None
    feed, weight = figure.feed, figure.weight
    return {
        "way": feed.way.value,
        "measures": list(feed.measures),
        "criteria": list(feed.criteria),
        "match": feed.match.value,
        "covers": feed.covers,
        "covers_share": _share(feed.covers_share),
        "part": figure.part if figure.coverage.have else None,
        "whole": figure.whole if figure.coverage.have else None,
        "share": _share(figure.share),
        "capped": figure.capped,
        "result_only": feed.result_only,
        "units": {"have": figure.coverage.have, "expected": figure.coverage.expected, "absent": list(figure.coverage.absent)},
        "weight": None
        if weight is None
        else {
            "measure": feed.weigh,
            "covered": weight.covered,
            "total": weight.total,
            "units_without": weight.unknown,
            "share": _share(weight.share),
        },
        "told": {state.slug: count for state, count in figure.told.items()},
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
    }


def _entered(value: ProvincialValue | None) -> Mapping[str, object] | None:
    if value is None:
        return None
    return {
        "share": share_text(value.share),
        "max_points": _points(value.max_points),
        "result": value.result,
        "document": value.document,
        "evidence": value.evidence,
        "by": value.by,
        "at": value.at.isoformat(),
    }


def _range(value: Range) -> Mapping[str, object]:
    return {"low": share_text(value.low), "high": share_text(value.high), "exact": value.exact}


def _points(points: Fraction | None) -> str | None:
    return None if points is None else decimal_text(points, 4, trim=True)


def _share(share: Fraction | None) -> str | None:
    return None if share is None else share_text(share)
