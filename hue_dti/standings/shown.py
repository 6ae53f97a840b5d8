"""A ranking for other programs: shares as decimal texts, ranks as integers, in rank order."""

from __future__ import annotations

from hue_dti.numerals import share_text
from hue_dti.standings.model import Ranking


def shown(found: Ranking) -> dict[str, object]:
    """The units with their ranks, and what each change is made of where another period was asked for."""
    return {
        "period": str(found.field.period),
        "level": found.field.level.value,
        "criteria_set": found.field.criteria_set.code,
        "official": found.field.criteria_set.official,
        "by": found.key,
        "region": found.region or None,
        "against": str(found.against) if found.against else None,
        "left_out": list(found.field.left_out),
        "absent": [unit.code for unit in found.field.absent_from(found.region)],
        "units": [
            {
                "unit": place.member.unit,
                "region": place.member.region,
                "rank": place.rank,
                "ranked": place.ranked,
                "region_rank": place.region_rank,
                "region_ranked": place.region_ranked,
                "share": None if place.value.share is None else share_text(place.value.share),
                "class": place.rank_class or None,
                "reason": place.value.reason,
                "change": _change(found, place.member.unit),
            }
            for place in found.places
        ],
    }


def _change(found: Ranking, unit: str) -> dict[str, int] | None:
    move = found.changes.moves.get(unit) if found.changes is not None else None
    if move is None:
        return None
    parts = {"own": move.own, "others": move.others, "rules": move.rules, "units": move.units}
    return {"before": move.before, "after": move.after, "places": move.places, **parts}
