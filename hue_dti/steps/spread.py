"""A changed sum laid on the units below: where there is room, never a part over its whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hue_dti.catalogue.model import OverUnits
from hue_dti.scoring.again import Again
from hue_dti.scoring.model import Column
from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import Term, reach

_NO_BOUND = 1 << 60


def changed(again: Again, term: Term, at: int, then: Counts, where: Bools) -> Column:
    """The column of the term's `at`-th measure in which the sums of the units in `where` come as near to `then` as there is room."""
    column, now = term.columns[at], term.values[at]
    wanted = np.where(where, then - now, 0).astype(np.int64)
    usable = _usable(again, term, term.codes[at])
    value = column.value.astype(np.int64)
    value = value + laid(again, _bounded(again, term.codes[at], np.maximum(wanted, 0)), usable, _rooms_up(again, term, at, value))
    value = value - laid(again, np.maximum(-wanted, 0), usable, (_room_down(again, term.codes[at], value),))
    return replace(column, value=value)


def _usable(again: Again, term: Term, code: str) -> Bools:
    """Rows on which a change may be laid: those whose figures enter the sum; one of them where nothing is summed."""
    used = term.used & (again.owner >= 0)
    if term.own:
        first = np.zeros(len(used), np.bool_)
        first[again.base.spans.first] = True
        return used & first
    if reach(again.measures[code]) is OverUnits.MAX:
        rows = np.flatnonzero(used)
        _, firsts = np.unique(again.owner[rows], return_index=True)
        single = np.zeros(len(used), np.bool_)
        single[rows[firsts]] = True
        return single
    return used


def _rooms_up(again: Again, term: Term, at: int, value: Counts) -> tuple[Counts, ...]:
    """How much more each row may hold: first what is missing of its own whole, then what no rule forbids."""
    most = np.full(len(value), _NO_BOUND, np.int64)
    for part, whole in again.subsets:
        if part == term.codes[at] and len(again.figures.both(part, whole)) == 1:
            column = again.column(whole)
            most = np.where(column.present, np.minimum(most, column.value - value), most)
    most = np.maximum(most, 0)
    if len(term.columns) == 2 and at == 0:
        lacking = np.minimum(np.maximum(term.columns[1].value - value, 0), most)
        return lacking, most - lacking
    return (most,)


def _room_down(again: Again, code: str, value: Counts) -> Counts:
    """How much less each row may hold without falling below a part of it."""
    least = np.zeros(len(value), np.int64)
    for part, whole in again.subsets:
        if whole == code:
            column = again.column(part)
            least = np.where(column.present, np.maximum(least, column.value), least)
    room: Counts = np.maximum(value - least, 0)
    return room


def _bounded(again: Again, code: str, wanted: Counts) -> Counts:
    """The change cut where part and whole live at different levels and only their sums can be compared."""
    for part, whole in again.subsets:
        if part == code and len(terms := again.figures.both(part, whole)) == 2:
            both = terms[0].known & terms[1].known
            room = np.maximum(terms[1].values[0] - terms[0].values[0], 0)
            wanted = np.where(both, np.minimum(wanted, room), wanted)
    return wanted


def laid(again: Again, wanted: Counts, usable: Bools, rooms: tuple[Counts, ...]) -> Counts:
    """How much of each unit's change goes on each of its rows, the rows filled one after the other: int64[n]."""
    put = np.zeros(len(usable), np.int64)
    if not bool(wanted.any()):
        return put
    left = wanted
    for room in rooms:
        held = np.where(usable, np.minimum(room, left[again.owner]), 0)
        before = np.concatenate(([0], np.cumsum(held)))
        taken = np.clip(left[again.owner] - (before[:-1] - before[again.base.spans.first][again.owner]), 0, held)
        taken = np.where(usable, taken, 0)
        put += taken
        left = left - again.base.spans.total(taken)
    return put
