"""An assessment for machines: shares as texts with 6 decimals, ranks and counts as integers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hue_dti.numerals import decimal_text, share_text
from hue_dti.rollup.assess import printed
from hue_dti.rollup.model import INDEX, Assessment, RegionRank, Standing, Summary, UnitResult


def shown(assessment: Assessment) -> list[Mapping[str, object]]:
    """The units in rank order."""
    return [_unit(result, assessment.precision) for result in assessment.results]


def shown_summary(assessment: Assessment) -> Mapping[str, object]:
    """What all units come to together."""
    return {
        "framework": assessment.framework.code,
        "units": len(assessment.results),
        "precision": assessment.precision,
        "halfway": share_text(assessment.framework.halfway),
        "index": _summary(assessment.index),
        "main": {each.code: _summary(each) for each in assessment.main},
        "pillars": {each.code: _summary(each) for each in assessment.pillars},
        "new": list(assessment.new),
        "gone": list(assessment.gone),
    }


def _unit(result: UnitResult, digits: int) -> Mapping[str, object]:
    index = _standing(result.index, digits)
    said: dict[str, object] = {"unit": result.unit, "index": index.pop("value"), **index}
    said["main"] = {code: _standing(standing, digits) for code, standing in result.main.items()}
    said["pillars"] = {code: _standing(standing, digits) for code, standing in result.pillars.items()}
    if result.regions:
        said["regions"] = {each.region: _region(each) for each in result.regions}
    if result.move is not None:
        move = result.move
        said["rank_change"] = {"places": move.places, "own": move.own, "others": move.others, "rules": move.rules, "units": move.units}
    return said


def _standing(standing: Standing, digits: int) -> dict[str, object]:
    said: dict[str, object] = {
        "value": share_text(standing.value),
        "rank": standing.rank,
        "printed": decimal_text(printed(standing.value, digits), digits),
    }
    if standing.published is not None:
        said["published"] = share_text(standing.published)
    if standing.previous is not None:
        said |= {"previous": share_text(standing.previous), "previous_rank": standing.previous_rank, "growth": _share(standing.growth)}
    return said


def _region(each: RegionRank) -> Mapping[str, object]:
    pillars = {key.removeprefix("pillar."): rank for key, rank in each.ranks.items() if key != INDEX}
    return {"rank": each.ranks[INDEX], "units": each.units, "pillars": pillars}


def _summary(each: Summary) -> Mapping[str, object]:
    said: dict[str, object] = {"mean": share_text(each.mean), "above_mean": each.above_mean, "from_halfway": each.from_halfway}
    if each.previous_mean is not None:
        said |= {"previous_mean": share_text(each.previous_mean), "growth": _share(each.growth)}
    if each.furthest is not None:
        said |= {
            "published_mean": _share(each.published_mean),
            "furthest_from_published": {"unit": each.furthest[0], "by": share_text(each.furthest[1])},
        }
    return said


def _share(share: Fraction | None) -> str | None:
    return None if share is None else share_text(share)
