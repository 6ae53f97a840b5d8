"""The four quality labels of a source: đúng (correct), đủ (complete), sạch (clean), sống (alive)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import Period
from hue_dti.services.completeness import Part, completeness
from hue_dti.services.open_quarter import open_quarter
from hue_dti.snapshots.checks import remarks
from hue_dti.snapshots.figures import table_of
from hue_dti.storage import PullRun, Storage, Way
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Quality:
    """What the labels of a source rest on, None where nothing came to judge it by.

    correct: checks its figures fail in (`remarks`); complete: what came of what is expected (`part`); clean: refused rows of
    its newest pull (`refused`); alive: it answered last and no figure is an old one carried over (`answered`).
    """

    remarks: int | None
    part: Part
    refused: int | None
    answered: bool | None

    @property
    def correct(self) -> bool | None:
        return None if self.remarks is None else not self.remarks

    @property
    def complete(self) -> bool | None:
        return self.part.present == self.part.expected if self.part.expected else None

    @property
    def clean(self) -> bool | None:
        return None if self.refused is None else not self.refused

    @property
    def alive(self) -> bool | None:
        return None if self.answered is None else self.answered and not self.part.carried_over


def qualities(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: datetime) -> Mapping[str, Quality]:
    """Each source's quality by its code, from the figures as they stand today; UnknownUnit when no set is in force."""
    quarter = open_quarter(storage, catalogue, unit, period, now)
    found, present = completeness(quarter, catalogue), table_of(quarter.figures, quarter.tree).present
    runs = {run.source: run for run in storage.last_pulls(unit.code, period, ways=(Way.ASKED,)) if run.outcome is not None}
    failing: dict[str, int] = {}
    for remark in remarks(quarter, catalogue):
        for source in {catalogue.measures[code].source for code in (remark.check.part, remark.check.whole)}:
            failing[source] = failing.get(source, 0) + 1
    return {
        code: Quality(
            failing.get(code, 0) if present and found.sources[code].present else None,
            found.sources[code],
            _refused(runs.get(code)),
            runs[code].outcome != "failed" if code in runs else None,
        )
        for code in catalogue.sources
    }


def _refused(run: PullRun | None) -> int | None:
    """Rows of the pull that were not used; None for a pull that brought nothing to look at."""
    return None if run is None or run.outcome == "failed" else len(run.faults)
