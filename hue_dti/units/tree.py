"""The tree of one day, and the version of a unit that a day saw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from hue_dti.collation import sort_key
from hue_dti.errors import UnknownUnit
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.names import bare_name

_LEVELS = tuple(Level)


def build_tree(units: Iterable[OrgUnit], as_of: date, root: str | None = None) -> Tree:
    """The units that existed that day, below `root` or below every unit whose parent is not among them, in pre-order.

    Children stand level by level, then in Vietnamese order of their bare names. Raises UnknownUnit if `root` did not exist that day.
    """
    existing = {unit.code: unit for unit in units if unit.exists_on(as_of)}
    if root is not None and root not in existing:
        raise _unknown(root, as_of)
    children: dict[str, list[OrgUnit]] = defaultdict(list)
    for unit in existing.values():
        children[unit.parent or ""].append(unit)
    tops = [existing[root]] if root is not None else [unit for unit in existing.values() if unit.parent not in existing]
    return _lay_out(tops, children, as_of)


def unit_on(units: Iterable[OrgUnit], code: str, as_of: date) -> OrgUnit:
    """The version of the unit that existed that day, with its parent of that day; raises UnknownUnit if there was none."""
    for unit in units:
        if unit.code == code and unit.exists_on(as_of):
            return unit
    raise _unknown(code, as_of)


def _lay_out(tops: list[OrgUnit], children: dict[str, list[OrgUnit]], as_of: date) -> Tree:
    placed: list[OrgUnit] = []
    parent: list[int] = []
    waiting = [(top, -1) for top in sorted(tops, key=_order, reverse=True)]
    while waiting:
        unit, above = waiting.pop()
        waiting += [(child, len(placed)) for child in sorted(children[unit.code], key=_order, reverse=True)]
        placed.append(unit)
        parent.append(above)
    index = {unit.code: place for place, unit in enumerate(placed)}
    return Tree(as_of, tuple(placed), subtree_ends(parent), tuple(parent), index)


def subtree_ends(parent: Sequence[int]) -> tuple[int, ...]:
    """Where each subtree ends: in pre-order, one past its last descendant; raises ValueError when a unit stands before its parent."""
    ends = [place + 1 for place in range(len(parent))]
    for place in range(len(parent) - 1, -1, -1):
        above = parent[place]
        if not -1 <= above < place:
            raise ValueError(f"unit {place} of the tree stands under unit {above}")
        if above >= 0:
            ends[above] = max(ends[above], ends[place])
    return tuple(ends)


def _order(unit: OrgUnit) -> tuple[int, str, str]:
    return _LEVELS.index(unit.level), sort_key(bare_name(unit)), unit.code


def _unknown(code: str, as_of: date) -> UnknownUnit:
    day = f"{as_of.day:02d}/{as_of.month:02d}/{as_of.year}"
    return UnknownUnit(f"Ngày {day} không có đơn vị mã '{code}'; hãy xem lại mã đơn vị hoặc kỳ báo cáo.")
