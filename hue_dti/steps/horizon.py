"""Until when something done still counts, and what no longer can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hue_dti.catalogue.model import CriteriaSet, Criterion, FlowWindow, Measure, OverTime
from hue_dti.numerals import format_date
from hue_dti.periods import Period


@dataclass(frozen=True, slots=True)
class Horizon:
    """The day on which one asks, the period whose figures these are, and the one in which what is done next counts."""

    day: date
    period: Period
    counts_in: Period
    until: date

    @classmethod
    def of(cls, criteria_set: CriteriaSet, period: Period, day: date, closed: bool) -> Horizon:
        """In an open quarter what is done until its cut-off counts, after that what is done until the next one's."""
        cutoff = criteria_set.calendar.cutoff(period)
        counts_in = period if not closed and day <= cutoff else period.next()
        return cls(day, period, counts_in, criteria_set.calendar.cutoff(counts_in))

    @property
    def starts_anew(self) -> bool:
        """Whether another year has begun by then, in which what is counted over the year begins at nothing."""
        return self.counts_in.year != self.period.year

    def by(self, criterion: Criterion, measures: Iterable[Measure]) -> date:
        """The last day on which doing it counts."""
        days = [criterion.deadline, *(measure.until for measure in measures)]
        return min([self.until, *(day.in_year(self.counts_in.year) for day in days if day is not None)])

    def why_not(self, criterion: Criterion, measures: Iterable[Measure] = (), *, new_ones: bool = False) -> str:
        """Why these figures of the criterion cannot be changed any more, or with `new_ones` not even added to; empty when they can."""
        if not criterion.status.opened:
            return criterion.status.reason
        known = tuple(measures)
        last = self.by(criterion, known)
        if last < self.day:
            return f"đã quá hạn {format_date(last)}"
        if not new_ones and any(measure.final for measure in known):
            return "việc đã xảy ra thì không sửa lại được; chỉ những việc mới làm đổi tỷ lệ"
        if any(self._begins_again(measure) for measure in known):
            return f"số của {self.counts_in.label} tính lại từ đầu"
        return ""

    def _begins_again(self, measure: Measure) -> bool:
        flows = measure.over_time is OverTime.SUM
        return flows and (self.starts_anew or (measure.window is FlowWindow.PERIOD and self.counts_in != self.period))
