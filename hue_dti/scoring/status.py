"""The second axis: where a criterion stands, beside its points.

In this order, the first that holds (written last to first, each over those below it):
1. the province has not opened the programme: not started, and nothing is scored;
2. not applicable: it leaves both sums;
3. achieved: the share is 1 (or, as the policy says, the gate is open; or the share is 1 and the year is over). A dated
   act that came late is finished, so achieved, though it earns less;
4. the deadline has passed (its own day still counts): not achieved, with or without figures; where the year ends with
   it, its last day settles too, but only what has figures (docs/decisions/0008);
5. the unit itself declares it has not begun: not started;
6. everything else is in progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from hue_dti.catalogue.model import Criterion
from hue_dti.periods import Period
from hue_dti.scoring.model import Status
from hue_dti.scoring.outcome import Outcome
from hue_dti.scoring.points import Bools

Statuses = npt.NDArray[np.int8]
_ACHIEVED, _IN_PROGRESS, _NOT_STARTED, _NOT_ACHIEVED, _NOT_APPLICABLE = (np.int8(status) for status in Status)


@dataclass(frozen=True, slots=True)
class Moment:
    """When the score is taken: the period and the last day whose events count."""

    period: Period
    as_of: date

    @property
    def year_is_over(self) -> bool:
        """Whether the period reaches the end of its year: the last quarter, the last month, the year itself."""
        return (self.period.end.month, self.period.end.day) == (12, 31)

    def is_past(self, criterion: Criterion) -> bool:
        """Whether the criterion's deadline is over; never without a deadline, nor on its own day."""
        return criterion.deadline is not None and self.as_of > criterion.deadline.in_year(self.period.year)

    def settles(self, criterion: Criterion) -> bool:
        """Whether this is the deadline's own day and the year ends with it."""
        last = criterion.deadline.in_year(self.period.year) if criterion.deadline is not None else None
        return self.year_is_over and self.as_of == last == self.period.end


def statuses(criterion: Criterion, outcome: Outcome, moment: Moment) -> Statuses:
    """Statuses as int8[t]."""
    if not criterion.status.opened:
        return np.full(len(outcome.num), _NOT_STARTED)
    settled = outcome.full | outcome.finished
    found = np.full(len(settled), _IN_PROGRESS)
    _put(found, outcome.declared, _NOT_STARTED)
    if moment.is_past(criterion):
        _put(found, ~settled, _NOT_ACHIEVED)
    elif moment.settles(criterion):
        _put(found, ~settled & outcome.counted, _NOT_ACHIEVED)
    _put(found, _achieved(criterion.status.achieved_when, outcome, settled, moment), _ACHIEVED)
    _put(found, outcome.not_applicable, _NOT_APPLICABLE)
    return found


def _put(found: Statuses, where: Bools, status: np.int8) -> None:
    if where.any():
        np.copyto(found, status, where=where)


def _achieved(when: str, outcome: Outcome, settled: Bools, moment: Moment) -> Bools:
    match when:
        case "gate":
            return settled if outcome.opening is None else outcome.opening.open
        case "year_end":
            return settled & moment.year_is_over
        case _:
            return settled
