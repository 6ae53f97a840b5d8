"""Figures that did not come, supposed as full as the rules and the figures that are there allow: what they are worth at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted, YesNo
from hue_dti.observations.model import State
from hue_dti.scoring.again import Again
from hue_dti.scoring.arrays import CriterionArrays
from hue_dti.scoring.kinds import DONE, WHOLE_PERCENT
from hue_dti.scoring.model import Column
from hue_dti.scoring.points import Bools, Counts
from hue_dti.scoring.sums import reach
from hue_dti.steps.horizon import Horizon


@dataclass(frozen=True, eq=False)
class Supposed:
    """A criterion's wanting figures as columns, for the units in `where`; `measures` are those that anything is wanting of."""

    columns: Mapping[str, Column]
    measures: tuple[str, ...]
    where: Bools


def supposed(again: Again, line: CriterionArrays, horizon: Horizon) -> Supposed | None:
    """What would be full for the units of which no figure came of some measure; None where there is none such."""
    terms = line.outcome.terms
    absent = np.logical_or.reduce([~term.known & ~term.not_applicable for term in terms])
    where = np.asarray(absent & ~line.outcome.not_applicable)
    if not line.criterion.status.opened or not bool(where.any()):
        return None
    room = _Room(again, where)
    room.fill(line.criterion.rule, horizon)
    return Supposed(room.columns, tuple(room.columns), where) if room.columns else None


class _Room:
    """Fills the absent figures of the units one rule at a time."""

    def __init__(self, again: Again, where: Bools) -> None:
        self.again = again
        self.columns: dict[str, Column] = {}
        self._here = np.where(again.owner >= 0, where[again.owner], False)

    def fill(self, rule: Rule, horizon: Horizon) -> None:
        """Put the fullest value where a figure of the rule is expected and absent."""
        match rule:
            case Ratio(part=part, whole=str() as whole):
                self._pair(part, whole, full=True)
            case Inverse(part=part, whole=whole):
                self._pair(part, whole, full=False)
            case Gate(measure=code, at_least=at_least, then=inner):
                self._one_each(code, at_least)
                self.fill(inner, horizon)
            case Weighted(parts=parts):
                for each in parts:
                    self.fill(each.rule, horizon)
            case Judged():
                return
            case _:
                for code, value in _alone(rule, horizon):
                    self._one_each(code, value)

    def _pair(self, part: str, whole: str, *, full: bool) -> None:
        if len(self.again.figures.both(part, whole)) == 2:
            base = self.again.figures.one(whole)
            self._one_each(whole, 1)
            self._one_each(part, np.where(base.known, base.values[0], 1) if full else 0)
            return
        below, above = self._column(part), self._column(whole)
        known_part = np.where(below.present, below.value, 0)
        self._put(whole, self._absent(whole), np.maximum(known_part, 1))
        above = self._column(whole)
        self._put(part, self._absent(part), above.value if full else np.zeros(len(above.value), np.int64))

    def _one_each(self, code: str, values: Counts | int) -> None:
        """Each scored unit's value on its first absent row, nothing on the others: together they come to it once."""
        absent = self._absent(code)
        rows = np.flatnonzero(absent)
        _, firsts = np.unique(self.again.owner[rows], return_index=True)
        laid = np.zeros(len(absent), np.int64)
        laid[rows[firsts]] = np.broadcast_to(values, len(self.again.base.spans))[self.again.owner[rows[firsts]]]
        self._put(code, absent, laid)

    def _absent(self, code: str) -> Bools:
        column = self._column(code)
        absent = column.expected & ~column.present & (column.state != State.NOT_APPLICABLE) & self._here
        if reach(self.again.measures[code]).value == "none":
            own = np.zeros(len(absent), np.bool_)
            own[self.again.base.spans.first] = True
            absent &= own
        return np.asarray(absent)

    def _column(self, code: str) -> Column:
        return self.columns.get(code) or self.again.column(code)

    def _put(self, code: str, absent: Bools, values: Counts) -> None:
        if not bool(absent.any()):
            return
        column = self._column(code)
        for part, whole in self.again.subsets:
            if code == part and (above := self._column(whole)).present.any():
                values = np.where(above.present, np.minimum(values, above.value), values)
            if code == whole and (below := self._column(part)).present.any():
                values = np.where(below.present, np.maximum(values, below.value), values)
        value, state = np.where(absent, values, column.value), np.where(absent, np.int8(State.REPORTED), column.state)
        self.columns[code] = replace(column, value=value, state=state.astype(np.int8))


def _alone(rule: Rule, horizon: Horizon) -> Iterator[tuple[str, int]]:
    match rule:
        case YesNo(measure=code):
            yield code, DONE
        case Count(measure=code, at_least=at_least):
            yield code, at_least
        case Ratio(part=part):
            yield part, WHOLE_PERCENT
        case Steps(measure=code, rungs=rungs):
            yield code, max(rung.at_least for rung in rungs)
        case Dated(measure=code, by=by):
            last = by.in_year(horizon.counts_in.year)
            yield code, (last if horizon.day <= last else horizon.until).toordinal()
        case Uses(functions=functions):
            yield from ((code, 1) for code in functions)
        case _:
            return
