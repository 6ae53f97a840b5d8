"""Pull one source's figures of a unit and period; again is fine: history only grows and the newest counts."""

from __future__ import annotations

from datetime import timedelta

from hue_dti.errors import SourceUnreachable
from hue_dti.periods import Period
from hue_dti.services.pull import pull_quarter
from hue_dti.services.resting import good_within, refuse_resting
from hue_dti.services.workbench import Workbench


def pull_source(bench: Workbench, unit: str, period: str, source: str, unless_good_h: str = "0", anyway: str = "") -> None:
    """Ask the source; a failed pull is on record with its reason, and the job fails with it.

    Nothing is asked when it did well in the last `unless_good_h` hours, nor, without `anyway`, while it rests: then it comes again.
    """
    quarter, sources = Period.parse(period), bench.sources()
    if int(unless_good_h) and good_within(bench.storage, source, unit, quarter, timedelta(hours=int(unless_good_h)), bench.now()):
        return
    if not anyway:
        refuse_resting(bench.storage, source, bench.now())
    (outcome,) = pull_quarter(bench.storage, bench.catalogue, sources, bench.unit(unit, quarter), quarter, bench.now, only=[source])
    if outcome.outcome == "failed":
        raise SourceUnreachable(f"Nguồn {outcome.name} không cho số liệu {quarter.label}: {outcome.reason}")
