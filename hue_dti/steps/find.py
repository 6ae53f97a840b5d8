"""Every single step of every scored unit, each scored again: gain, what it takes, the place it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from hue_dti.catalogue.model import Criterion, Measure, ValueKind
from hue_dti.scoring.again import Again
from hue_dti.scoring.arrays import CriterionArrays, ScoreArrays
from hue_dti.scoring.model import Column
from hue_dti.scoring.points import Bools, Counts, Points
from hue_dti.steps.aims import Aim, aims_of
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
        moved = zip(self.measures, self.now, self.then, strict=True)
        return sum((_size(measures[code], int(then[i]) - int(now[i])) for code, now, then in moved), Fraction(0))

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
        rank = peers.rank(self.scored, i, None if known else points)
        also = () if self.mark is Mark.FIGURES else _also(again.base, self.scored, self.criterion.code, i)
        return Step(self.criterion, self.mark, moves, size, gain, points, rank, self.until, also)


def tried_of(again: Again, line: CriterionArrays, horizon: Horizon, peers: Peers | None = None) -> Iterator[Tried]:
    """All steps of one criterion; with `peers` also the least counts that win a place."""
    criterion = line.criterion
    for aim in aims_of(criterion, again.figures, horizon):
        codes = [again.measures[want.measure] for want in aim.wants]
        if horizon.why_not(criterion, codes):
            continue
        tried = _tried(again, aim, horizon.by(criterion, codes))
        if bool((tried.gain > 0).any()):
            yield tried
            if peers is not None and len(aim.wants) == 1:
                yield from _to_a_place(again, aim, tried, peers)
    if peers is not None and not horizon.why_not(criterion):
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


def _to_a_place(again: Again, aim: Aim, full: Tried, peers: Peers) -> Iterator[Tried]:
    """The least count of a step of many that wins a place, by halving what is left between too few and enough; exact."""
    want, most = aim.wants[0], abs(full.then[0] - full.now[0]).astype(np.int64)
    needed = np.array([_needed(again, full, peers, i) for i in range(len(most))], np.int64)
    where = aim.where & (most > 1) & (needed > 0) & np.asarray(full.scored.points >= needed)
    if not bool(where.any()):
        return
    sign = np.where(full.then[0] >= full.now[0], 1, -1)
    lacking, won = (needed - again.base.points).astype(np.float64), np.maximum(full.gain, 1).astype(np.float64)
    low, high = np.zeros(len(most), np.int64), np.where(where, most, 1)
    guess = np.ceil(most * (lacking / won)).astype(np.int64)
    narrowed = Aim(aim.criterion, Mark.RANK, aim.wants, where)
    while bool((high - low > 1).any()):
        middle = np.where(high - low > 1, np.clip(guess, low + 1, np.maximum(high - 1, low + 1)), high)
        enough = np.asarray(_tried(again, narrowed, full.until, want.now + sign * middle).scored.points >= needed)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        guess = np.where(enough & (guess == middle), middle - 1, np.where(~enough & (guess == middle), middle + 1, (low + high) // 2))
    found = _tried(again, narrowed, full.until, want.now + sign * high)
    fewer = where & (high < most) & np.asarray(found.scored.points >= needed)
    if bool(fewer.any()):
        gain = np.where(fewer, found.gain, 0)
        yield Tried(
            found.criterion, Mark.RANK, found.measures, found.now, found.then, found.known, gain, found.columns, found.scored, full.until
        )


def _needed(again: Again, full: Tried, peers: Peers, i: int) -> int:
    """The points that share the place above; 0 where there is none or a place cannot be won so."""
    return (peers.points_for_next(again.base, i) or 0) if full.gain[i] > 0 else 0


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
