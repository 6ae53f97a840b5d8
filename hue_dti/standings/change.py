"""Two periods beside each other: how far each unit moved, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.rollup.movement import RankMove, rank_moves
from hue_dti.standings.ranks import Value

Values = Mapping[str, Value]
"""Unit → what ranks it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """`moves` of the units ranked in both periods; `new` and `gone` are those ranked in only one of them."""

    moves: Mapping[str, RankMove]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def changes(old: Values, by_old_rules: Values, new: Values, followed_by: Mapping[str, str] | None = None) -> Changes:
    """Split every change of rank; the parts add up to it exactly.

    `by_old_rules` are today's figures under the rules of then; whom they do not value is valued as today. `followed_by` says under
    which code a unit of then goes on today; who does not go on left, and counts as a change of units.
    """
    names = followed_by or {}
    before = {names.get(unit, unit): share for unit, share in _known(old).items()}
    after, same = _known(new), _known(by_old_rules)
    moves = rank_moves(before, {unit: same.get(unit, share) for unit, share in after.items()}, after)
    return Changes(moves, tuple(unit for unit in after if unit not in before), tuple(unit for unit in before if unit not in after))


def _known(values: Values) -> dict[str, Fraction]:
    return {unit: value.share for unit, value in values.items() if value.share is not None}
