"""Whether review keeps a cell closed for typing: sent, under review and approved figures are, but for lock exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hue_dti.appraisal.cells import holds, may_change, standing_marks
from hue_dti.appraisal.model import Case
from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.services.dossier import sends
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit


def sender_of(line: Sequence[OrgUnit], host: OrgUnit) -> OrgUnit:
    """The unit that sends the figures of the line's first one."""
    return next(unit for unit in line if sends(unit, host))


def kept_closed(
    storage: Storage,
    catalogue: Catalogue,
    line: Sequence[OrgUnit],
    host: OrgUnit,
    case: Case,
    measure: str,
    period: Period,
    standing: Observation | None,
    today: date,
    closed: bool,
) -> str:
    """Why the figure of the line's first unit takes no typing, empty when it does; `closed` says that the quarter is.

    `case` is the review of its sender as it stands, `standing` the figure that stands there.
    """
    if not case.version and not closed:
        return ""
    marks = standing_marks(storage.reviews.marks([line[0].code], str(period)))
    mark = marks.get((line[0].code, measure))
    held = mark if standing is not None and holds(mark, standing.value, standing.origin.raw_sha256) else None
    exceptions = storage.reviews.exceptions([case.unit], str(period))
    answer = may_change(case, held, exceptions, criteria_of(catalogue, line, host, measure, period), today, mark, closed)
    return "" if answer.ok else answer.why


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
