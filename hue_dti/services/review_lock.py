"""Whether review keeps a cell closed for typing: sent, under review and approved figures are, but for lock exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hue_dti.appraisal.cells import holds, may_change, standing_marks
from hue_dti.catalogue.model import Catalogue
from hue_dti.observations.model import Observation
from hue_dti.periods import Period
from hue_dti.services.dossier import sends
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit


def kept_closed(
    storage: Storage,
    catalogue: Catalogue,
    line: Sequence[OrgUnit],
    host: OrgUnit,
    measure: str,
    period: Period,
    standing: Observation | None,
    today: date,
) -> str:
    """Why the figure of the line's first unit takes no typing, empty when it does; `standing` is the figure that stands there."""
    sender = next(unit for unit in line if sends(unit, host))
    case = storage.reviews.case(sender.code, str(period))
    if not case.version:
        return ""
    marks = standing_marks(storage.reviews.marks([line[0].code], str(period)))
    mark = marks.get((line[0].code, measure))
    held = mark if standing is not None and holds(mark, standing.value, standing.origin.raw_sha256) else None
    exceptions = storage.reviews.exceptions([sender.code], str(period))
    answer = may_change(case, held, exceptions, criteria_of(catalogue, measure, period), today)
    return "" if answer.ok else answer.why


def criteria_of(catalogue: Catalogue, measure: str, period: Period) -> frozenset[str]:
    """The criteria in force that the measure is for, of every set."""
    sets = (each for each in catalogue.sets.values() if each.in_force_on(period.end))
    return frozenset(criterion.code for each in sets for criterion in each.criteria if measure in criterion.rule.measures())
