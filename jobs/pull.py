"""Pull one source's figures of a unit and period; again is fine: history only grows and the newest counts."""

from __future__ import annotations

from datetime import timedelta

from hue_dti.errors import SourceUnreachable
from hue_dti.periods import Period
from hue_dti.services.alerts import watch
from hue_dti.services.pull import pull_quarter
from hue_dti.services.resting import good_within, put_off
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Deferred


def pull_source(
    bench: Workbench, unit: str, period: str, source: str, unless_good_h: str = "0", anyway: str = "", rests: str = "0"
) -> None:
    """Ask the source, then look for alerts; a failed pull is on record with its reason, and the job fails with it.

    Nothing is asked when it did well in the last `unless_good_h` hours, nor, without `anyway`, while it rests: then it comes again.
    """
    quarter, job = Period.parse(period), Deferred("pull_source", {"unit": unit, "period": period, "source": source})
    if int(unless_good_h) and good_within(bench.storage, source, unit, quarter, timedelta(hours=int(unless_good_h)), bench.now()):
        return
    if not anyway and put_off(bench.storage, source, bench.now(), job, int(rests)):
        return
    about = bench.storage, bench.catalogue
    (outcome,) = pull_quarter(*about, bench.sources(), bench.unit(unit, quarter), quarter, bench.now, only=[source])
    watch(*about, bench.rules(), unit, bench.now(), source, quarter)
    if outcome.outcome == "failed":
        raise SourceUnreachable(f"Nguồn {outcome.name} không cho số liệu {quarter.label}: {outcome.reason}")
