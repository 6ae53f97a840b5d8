"""How much of what a criterion needs came: units with all their figures, of those from which figures are expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hue_dti.scoring.outcome import none_of
from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import Spans, Term


@dataclass(frozen=True, slots=True)
class Covered:
    """Coverage of t scored units over a tree of n.

    have, expected: int64[t]. due, used: bool[n] for figures added up from below; own_due, own_used: bool[t] for
    the scored unit itself, whose own figures come on top.
    """

    spans: Spans
    due: Bools
    used: Bools
    own_due: Bools
    own_used: Bools
    expected: Counts
    have: Counts

    def absent(self, i: int) -> tuple[int, ...]:
        """Rows of the i-th unit's subtree from which something is still wanting, in tree order."""
        if self.have[i] == self.expected[i]:
            return ()
        row, end = int(self.spans.first[i]), int(self.spans.end[i])
        below = row + 1 + np.flatnonzero(self.due[row + 1 : end] & ~self.used[row + 1 : end])
        own = [row] if self.own_due[i] and not self.own_used[i] else []
        return (*own, *below.tolist())


def covered(terms: Iterable[Term], spans: Spans, size: int) -> Covered:
    """Put the terms of a rule together: a unit counts once however many figures it owes."""
    gathered = tuple(terms)
    if len(gathered) == 1:
        return _covered_by(gathered[0], size)
    below, own = (none_of(size), none_of(size)), (none_of(size), none_of(size))
    for term in gathered:
        due, lacking = own if term.own else below
        due |= term.due
        lacking |= term.due & ~term.used
    own_due = (below[0] | own[0])[spans.first]
    own_used = own_due & ~(below[1] | own[1])[spans.first]
    due, used = below[0], below[0] & ~below[1]
    return Covered(spans, due, used, own_due, own_used, expected=_count(due, own_due, spans), have=_count(used, own_used, spans))


def _covered_by(term: Term, size: int) -> Covered:
    """The coverage of one term, which has counted its units already."""
    spans, nothing = term.spans, none_of(size)
    due, used = (nothing, nothing) if term.own else (term.due, term.used)
    return Covered(spans, due, used, term.own_due, term.own_used, expected=term.expected, have=term.have)


def _count(below: Bools, own: Bools, spans: Spans) -> Counts:
    counted: Counts = spans.count(below) - below[spans.first] + own
    return counted
