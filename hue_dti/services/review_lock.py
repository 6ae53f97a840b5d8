"""Whether a cell is closed for typing: figures sent, under review, approved or of a closed quarter are, but for lock exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from hue_dti.appraisal.cells import Key, holds, may_change, standing_marks
from hue_dti.appraisal.model import Case, LockException, Mark
from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.services.dossier import sends
from hue_dti.services.quarter import newest_of
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit


def sender_of(line: Sequence[OrgUnit], host: OrgUnit) -> OrgUnit:
    """The unit that sends the figures of the line's first one."""
    return next(unit for unit in line if sends(unit, host))


@dataclass(frozen=True)
class Locks:
    """What may keep the figures of the line's first unit closed in a period; what no answer needs is never read.

    `case` is the review of the line's sender as it stands, `host` the unit whose quarter it is.
    """

    storage: Storage
    catalogue: Catalogue
    line: Sequence[OrgUnit]
    host: OrgUnit
    period: Period
    case: Case

    @cached_property
    def closed(self) -> bool:
        """Whether the quarter is frozen."""
        return newest_of(self.storage, self.host.code, self.period) is not None

    def word(self, measure: str) -> Mark | None:
        """The newest word of the committee on the cell."""
        return self._marks.get((self.line[0].code, measure))

    def held(self, measure: str, told: Observation | None) -> Mark | None:
        """That word where it is on the very figure that stands there."""
        word = self.word(measure)
        return word if told is not None and holds(word, told.value, told.origin.raw_sha256) else None

    def why(self, measure: str, told: Observation | None, today: date) -> str:
        """Why the cell in which this figure stands takes no typing, empty when it does."""
        if not self.case.version and not self.closed:
            return ""
        criteria = criteria_of(self.catalogue, self.line, self.host, measure, self.period)
        answer = may_change(self.case, self.held(measure, told), self._exceptions, criteria, today, self.word(measure), self.closed)
        return "" if answer.ok else answer.why

    @cached_property
    def _marks(self) -> Mapping[Key, Mark]:
        return standing_marks(self.storage.reviews.marks([self.line[0].code], str(self.period)))

    @cached_property
    def _exceptions(self) -> Sequence[LockException]:
        return self.storage.reviews.exceptions([self.case.unit], str(self.period))


def criteria_of(catalogue: Catalogue, line: Sequence[OrgUnit], host: OrgUnit, measure: str, period: Period) -> frozenset[str]:
    """The criteria, as lock exceptions name them, that the measure is for where the line's sender sends."""
    known = criteria_at(catalogue, sender_of(line, host).level, host.level, period)
    return frozenset(key for key, criterion in known.items() if measure in criterion.rule.measures())


def criteria_at(catalogue: Catalogue, level: Level, host: Level, period: Period) -> Mapping[str, Criterion]:
    """The opened criteria that units of a level give figures for, of their own set first: `hue-commune-2024/III.1` → criterion."""
    sets = [found for each in dict.fromkeys((level, host)) if (found := catalogue.set_for(each, period.end)) is not None]
    observed = {code for code, measure in catalogue.measures.items() if level in measure.levels}
    return {
        f"{each.code}/{criterion.code}": criterion
        for each in sets
        for criterion in each.criteria
        if criterion.status.opened and observed & set(criterion.rule.measures())
    }
