"""Every single step of every scored unit, each scored again: gain, what it takes, the place it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import count

import numpy as np
import numpy.typing as npt

from hue_dti.catalogue.model import Criterion, Measure, ValueKind
from hue_dti.scoring.again import Again
from hue_dti.scoring.arrays import CriterionArrays, ScoreArrays
from hue_dti.scoring.model import Column
from hue_dti.scoring.points import Bools, Counts, Points
from hue_dti.steps.aims import Aim, aims_of
from hue_dti.steps.coming import Coming, coming_of
from hue_dti.steps.horizon import Horizon
from hue_dti.steps.model import Mark, Move, Step
from hue_dti.steps.peers import Peers
from hue_dti.steps.spread import changed
from hue_dti.steps.wanting import Supposed, supposed

_MILLION, _PERCENT = 1_000_000, 100


@dataclass(frozen=True, eq=False)
class Tried:
    """One aim carried out for all units where it makes sense; every array is [t].

    `then` are the sums reached, one array per moved measure; `gain` is 0 where nothing is won. `scored` is the score with `columns`.
    """

    criterion: Criterion
    mark: Mark
    measures: tuple[str, ...]
    now: tuple[Counts, ...]
    then: tuple[Counts, ...]
    known: Bools
    gain: Points
    columns: Mapping[str, Column]
    scored: ScoreArrays
    until: date

    def size(self, i: int, measures: Mapping[str, Measure]) -> Fraction:
        """How much there is to do."""
        return sum((_size(measures[code], int(then[i]) - int(now[i])) for code, now, then in self._counted), Fraction(0))

    def rates(self, measures: Mapping[str, Measure]) -> npt.NDArray[np.float64]:
        """About how many points each unit wins for one of what is counted, to put steps in order; 0 where none."""
        done = sum(np.abs(then - now) * float(_size(measures[code], 1)) for code, now, then in self._counted)
        return np.where(self.known & (self.gain > 0), self.gain / np.maximum(np.asarray(done, np.float64), 1e-9), 0.0)

    @property
    def _counted(self) -> list[tuple[str, Counts, Counts]]:
        """What is moved, from where to where; new ones once, though whole and part both grow by them."""
        moved = list(zip(self.measures, self.now, self.then, strict=True))
        return moved[:1] if self.mark is Mark.COMING else moved

    def step(self, again: Again, peers: Peers, i: int) -> Step:
        """The step of the i-th unit."""
        known = bool(self.known[i])
        moves = tuple(
            Move(code, int(now[i]) if known else None, int(then[i]))
            for code, now, then in zip(self.measures, self.now, self.then, strict=True)
            if not known or int(now[i]) != int(then[i])
        )
        size = self.size(i, again.measures) if known else Fraction(len(moves))
        points, gain = int(again.base.points[i] + self.gain[i]), int(self.gain[i])
        rank = peers.rank(self.scored, i, None if self.mark.sure else points)
        also = () if not self.mark.sure else _also(again.base, self.scored, self.criterion.code, i)
        return Step(self.criterion, self.mark, moves, size, gain, points, rank, self.until, also)


def tried_of(again: Again, line: CriterionArrays, horizon: Horizon, next_place: Points | None = None) -> Iterator[Tried]:
    """All steps of one criterion on figures that are there.

    With `next_place`, the points that share the next place (0 where there is none), also the least counts that win it, what new ones may
    do where the past stays as it is, and what figures that are wanting are worth.
    """
    criterion = line.criterion
    for aim in aims_of(criterion, again.figures, horizon):
        codes = [again.measures[want.measure] for want in aim.wants]
        if horizon.why_not(criterion, codes):
            continue
        tried = _tried(again, aim, horizon.by(criterion, codes))
        if bool((tried.gain > 0).any()):
            yield tried
            if next_place is not None and len(aim.wants) == 1:
                yield from _to_a_place(again, aim, tried, next_place)
    if next_place is not None:
        yield from (_of_new_ones(again, line, each, horizon) for each in coming_of(again, criterion, horizon))
    if next_place is not None and not horizon.why_not(criterion):
        wanting = supposed(again, line, horizon)
        if wanting is not None:
            yield _worth(again, line, wanting, horizon)


def _tried(again: Again, aim: Aim, until: date, then: Counts | None = None) -> Tried:
    wanted = [want.then if then is None else then for want in aim.wants]
    columns = {want.measure: changed(again, want.term, want.at, sums, aim.where) for want, sums in zip(aim.wants, wanted, strict=True)}
    scored = again.scored(columns)
    gain = np.where(aim.where, np.maximum(scored.points - again.base.points, 0), 0)
    reached = tuple(_sum(again, want.measure, columns, aim) for want in aim.wants)
    now = tuple(want.now for want in aim.wants)
    mark = aim.mark if then is None else Mark.RANK
    known = np.ones(len(gain), np.bool_)
    return Tried(aim.criterion, mark, tuple(want.measure for want in aim.wants), now, reached, known, gain, columns, scored, until)


def _sum(again: Again, code: str, columns: Mapping[str, Column], aim: Aim) -> Counts:
    """What the measure's sum comes to with these columns, over the rows that entered it before."""
    want = next(each for each in aim.wants if each.measure == code)
    added = columns[code].value - want.term.columns[want.at].value
    moved: Counts = want.now + (added[again.base.spans.first] if want.term.own else again.base.spans.total(added))
    return moved


def _to_a_place(again: Again, aim: Aim, full: Tried, needed: Points) -> Iterator[Tried]:
    """The least count of a step of many that wins a place: narrowed down between too few and enough by scoring again; exact."""
    want, most = aim.wants[0], abs(full.then[0] - full.now[0]).astype(np.int64)
    where = aim.where & (most > 1) & (needed > 0) & (full.gain > 0) & np.asarray(full.scored.points >= needed)
    if not bool(where.any()):
        return
    sign = np.where(full.then[0] >= full.now[0], 1, -1)
    narrowed = Aim(aim.criterion, Mark.RANK, aim.wants, where)

    def points(counted: Counts) -> Points:
        return _tried(again, narrowed, full.until, want.now + sign * counted).scored.points

    least = _least(points, np.where(where, most, 1), again.base.points, full.scored.points, needed)
    found = _tried(again, narrowed, full.until, want.now + sign * least)
    fewer = where & (least < most) & np.asarray(found.scored.points >= needed)
    if bool(fewer.any()):
        yield replace(found, gain=np.where(fewer, found.gain, 0))


def _least(points: Callable[[Counts], Points], most: Counts, none: Points, all_: Points, needed: Points) -> Counts:
    """The least count of each unit that is worth at least what is needed, where `most` is; `none` and `all_` are what 0 and `most` give."""
    low, high = np.zeros(len(most), np.int64), most.astype(np.int64)
    below, above = none.astype(np.float64), all_.astype(np.float64)
    for turn in count():
        left = high - low > 1
        if not bool(left.any()):
            return high
        rise = np.maximum(above - below, 1.0)
        straight = low + np.ceil((needed - below) * (high - low) / rise).astype(np.int64)
        guess = np.where(turn % 3 == 2, (low + high) // 2, straight)
        middle = np.where(left, np.clip(guess, low + 1, np.maximum(high - 1, low + 1)), high)
        worth = points(middle)
        enough = np.asarray(worth >= needed)
        low, below = np.where(left & ~enough, middle, low), np.where(left & ~enough, worth, below)
        high, above = np.where(left & enough, middle, high), np.where(left & enough, worth, above)
    return high


def _worth(again: Again, line: CriterionArrays, wanting: Supposed, horizon: Horizon) -> Tried:
    """What the wanting figures are worth at most, in this criterion alone: others may use what is supposed here otherwise."""
    scored = again.scored(wanting.columns)
    own = next(each for each in scored.lines if each.criterion is line.criterion)
    gain = np.where(wanting.where, np.maximum(own.points - line.points, 0), 0)
    nothing = np.zeros(len(gain), np.int64)
    known = np.zeros(len(gain), np.bool_)
    sums = tuple(again.figures.one(code).values[0] for code in wanting.measures)
    until = horizon.by(line.criterion, [again.measures[code] for code in wanting.measures])
    return Tried(
        line.criterion, Mark.FIGURES, wanting.measures, tuple(nothing for _ in sums), sums, known, gain, wanting.columns, scored, until
    )


def _of_new_ones(again: Again, line: CriterionArrays, new: Coming, horizon: Horizon) -> Tried:
    """What the new ones are worth in this criterion alone: how they turn out for others that count them is not promised."""
    scored = again.scored(new.columns)
    own = next(each for each in scored.lines if each.criterion is line.criterion)
    gain = np.where(new.where, np.maximum(own.points - line.points, 0), 0)
    now = tuple(new.now(code) for code in new.measures)
    until = horizon.by(line.criterion, [again.measures[code] for code in new.term.codes])
    known, then = np.ones(len(gain), np.bool_), tuple(each + new.more for each in now)
    return Tried(line.criterion, Mark.COMING, new.measures, now, then, known, gain, new.columns, scored, until)


def _size(measure: Measure, change: int) -> Fraction:
    match measure.kind:
        case ValueKind.AMOUNT:
            return Fraction(abs(change), _MILLION)
        case ValueKind.PERCENT | ValueKind.SHARE:
            return Fraction(abs(change), _PERCENT)
        case ValueKind.DATE | ValueKind.PROGRESS:
            return Fraction(int(change != 0))
        case _:
            return Fraction(abs(change))


def _also(before: ScoreArrays, after: ScoreArrays, criterion: str, i: int) -> tuple[str, ...]:
    pairs = zip(before.lines, after.lines, strict=True)
    moved = (old.criterion.code for old, new in pairs if old is not new and old.points[i] != new.points[i])
    return tuple(code for code in moved if code != criterion)
