"""Who stands above whom, and when: every tie of an ancestor and a descendant with its depth and its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """`ancestor` stands `depth` steps above `descendant` (0: itself) from the first to the last day, None while it lasts."""

    ancestor: str
    descendant: str
    depth: int
    valid_from: date
    valid_to: date | None


def closure(units: Iterable[OrgUnit]) -> tuple[Tie, ...]:
    """Every tie of every day; a managing unit that got another span gives a tie for each of its spans."""
    spans: dict[str, list[OrgUnit]] = defaultdict(list)
    for unit in units:
        spans[unit.code].append(unit)
    ties: list[Tie] = []
    for same_code in spans.values():
        for unit in same_code:
            above: list[tuple[OrgUnit, date, date]] = [(unit, unit.valid_from, unit.valid_to or date.max)]
            depth = 0
            while above:
                ties += [Tie(each.code, unit.code, depth, first, None if last == date.max else last) for each, first, last in above]
                above = [
                    (higher, max(first, higher.valid_from), min(last, higher.valid_to or date.max))
                    for each, first, last in above
                    for higher in spans.get(each.parent or "", ())
                    if higher.valid_from <= last and first <= (higher.valid_to or date.max)
                ]
                depth += 1
    return tuple(sorted(ties, key=lambda tie: (tie.ancestor, tie.descendant, tie.depth, tie.valid_from)))
