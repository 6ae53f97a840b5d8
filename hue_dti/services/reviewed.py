"""Review laid over what persons told: a returned figure gives way to the last good value, one that nobody approved says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hue_dti.appraisal.cells import Key, holds, standing_marks
from hue_dti.appraisal.model import RETURNED_WORDS, UNAPPROVED_WORDS, Mark, Verdict
from hue_dti.observations.entered import is_from_a_person
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.services.laid_over import beyond_whole, without
from hue_dti.storage import Figures, MeasureFigures, Storage

LastGood = Callable[[Mark], Observation | None]
"""The last value before the returned one that may still stand."""


def reviewed(
    storage: Storage,
    figures: Figures,
    period: Period,
    tables: Collection[str],
    marking: Iterable[Mark] = (),
    pairs: Iterable[tuple[str, str]] = (),
) -> Figures:
    """The stored figures as review leaves them; `tables` are the sources that are an office's table.

    `marking` are words taken as said, to see what saying them would do; `pairs` the measures that are part and whole of one thing.
    """
    if not any(is_from_a_person(origin) or origin.source in tables for origin in figures.origins):
        return figures
    marks = storage.reviews.marks(figures.units, str(period))
    newest = max((mark.number for mark in marks), default=0)
    supposed = [replace(mark, number=newest + at) for at, mark in enumerate(marking, start=1)]
    words = standing_marks([*marks, *supposed])
    return with_review(figures, words, lambda mark: last_good(storage, period, mark, marks), tables, pairs)


def last_good(storage: Storage, period: Period, mark: Mark, marks: Iterable[Mark]) -> Observation | None:
    """The newest figure of the cell in the period that came before the marked one, was never returned, and that somebody stood by.

    What a person typed and typed over was nobody's word yet: it comes back only where it had been approved.
    """
    told = [each for each in storage.figure_history(mark.unit, mark.measure) if each.period == period]
    at = max((row for row, each in enumerate(told) if each.origin.raw_sha256 == mark.raw_sha256), default=0)
    said = {verdict: {each.raw_sha256 for each in marks if each.verdict is verdict} for verdict in Verdict}
    bad = {*said[Verdict.RETURNED], mark.raw_sha256}
    good = [
        each
        for each in told[:at]
        if each.state in {State.MEASURED, State.REPORTED}
        and each.origin.raw_sha256 not in bad
        and (not is_from_a_person(each.origin) or each.origin.raw_sha256 in said[Verdict.APPROVED])
    ]
    return good[-1] if good else None


def with_review(
    figures: Figures,
    marks: Mapping[Key, Mark],
    before: LastGood,
    tables: Collection[str] = (),
    pairs: Iterable[tuple[str, str]] = (),
) -> Figures:
    """The figures with the words on typed ones, and on those of tables, laid over; what machines told stays as it is.

    An earlier value that comes back and does not go with what stands beside it, a part beyond its whole, stays away.
    """
    typed = np.array([at for at, origin in enumerate(figures.origins) if is_from_a_person(origin)], np.intp)
    listed = np.array([at for at, origin in enumerate(figures.origins) if origin.source in tables], np.intp)
    laid = _Laid(figures, marks, before, [*figures.origins], typed, listed if marks else listed[:0])
    measures = {code: laid.over(code, told) for code, told in figures.measures.items()}
    for part, whole in sorted(pairs):
        beyond = beyond_whole(measures, part, whole, len(figures.units))
        for code in (part, whole) if beyond.any() else ():
            measures[code] = without(measures[code], np.flatnonzero(beyond & _came_back(measures[code], len(figures.units))))
    return replace(figures, measures=measures, origins=tuple(laid.origins))


def _came_back(measure: MeasureFigures, units: int) -> npt.NDArray[np.bool_]:
    """Where an earlier value stands in a returned one's place: bool[units]."""
    found = np.zeros(units, np.bool_)
    carried = np.flatnonzero(measure.state == State.CARRIED_OVER).tolist()
    found[[measure.unit[row] for row in carried if measure.reason[row].startswith(RETURNED_WORDS)]] = True
    return found


@dataclass(frozen=True, eq=False)
class _Laid:
    """Lays review over the arrays of one period; `origins` grows by those of values that are carried over.

    `typed` are the origins that are persons, `listed` those that are an office's table.
    """

    figures: Figures
    marks: Mapping[Key, Mark]
    before: LastGood
    origins: list[Origin]
    typed: npt.NDArray[np.intp]
    listed: npt.NDArray[np.intp]

    def over(self, code: str, told: MeasureFigures) -> MeasureFigures:
        """The measure with its typed figures judged."""
        by_persons = np.isin(told.origin, self.typed)
        rows = np.flatnonzero(by_persons | np.isin(told.origin, self.listed)).tolist()
        value, state, as_of, origin = told.value.copy(), told.state.copy(), told.as_of.copy(), told.origin.copy()
        place, reason = list(told.place), list(told.reason)
        for row in rows:
            mark = self._word(code, told, row)
            if mark is None and by_persons[row] and State(int(told.state[row])).has_value:
                reason[row] = "; ".join(filter(None, (told.reason[row], UNAPPROVED_WORDS)))
            elif mark is not None and mark.verdict is Verdict.RETURNED:
                good, reason[row] = self.before(mark), f"{RETURNED_WORDS}: {mark.reason}"
                if good is None:
                    value[row], state[row] = 0, State.MISSING
                    continue
                value[row], state[row], as_of[row] = good.value or 0, State.CARRIED_OVER, good.as_of.toordinal()
                origin[row], place[row] = self._origin(good.origin), good.origin.place
        return replace(told, value=value, state=state, as_of=as_of, origin=origin, place=place, reason=reason) if rows else told

    def _word(self, code: str, told: MeasureFigures, row: int) -> Mark | None:
        """The word that holds on the very figure in this row."""
        mark = self.marks.get((self.figures.units[told.unit[row]], code))
        value = int(told.value[row]) if State(int(told.state[row])).has_value else None
        return mark if holds(mark, value, self.figures.origins[told.origin[row]].raw_sha256) else None

    def _origin(self, origin: Origin) -> int:
        """The row of an origin, added at the end."""
        self.origins.append(replace(origin, place=""))
        return len(self.origins) - 1
