"""Pull one source's figures of a period, for one unit or for several; again is fine: history only grows and the newest counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hue_dti.errors import SourceUnreachable
from hue_dti.numerals import format_count
from hue_dti.periods import Period
from hue_dti.services.alerts import watch
from hue_dti.services.letting_in import SourceOutcome
from hue_dti.services.pull import pull_quarter
from hue_dti.services.pull_together import pull_units as pull_together
from hue_dti.services.resting import MOST_RESTS, good_within, put_off
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Deferred


def pull_source(
    bench: Workbench, unit: str, period: str, source: str, unless_good_h: str = "0", anyway: str = "", rests: str = "0"
) -> None:
    """Ask the source, then look for alerts; a failed pull is on record with its reason, and the job fails with it.

    Nothing is asked when it did well in the last `unless_good_h` hours, nor, without `anyway`, while it rests: then it comes again.
    """
    quarter, job = Period.parse(period), Deferred("pull_source", {"unit": unit, "period": period, "source": source})
    if not _still_wanted(bench, [unit], quarter, source, unless_good_h):
        return
    if not anyway and put_off(bench.storage, source, bench.now(), job, int(rests)):
        return
    about = bench.storage, bench.catalogue
    (outcome,) = pull_quarter(*about, bench.sources(), bench.unit(unit, quarter), quarter, bench.now, only=[source])
    watch(*about, bench.rules(), [unit], bench.now(), source, quarter)
    _say_failures([outcome], quarter)


def pull_units(bench: Workbench, units: str, period: str, source: str, unless_good_h: str = "0", rests: str = "0") -> None:
    """Ask the source for several units, whose codes stand with commas between; else as `pull_source`.

    Units that it was not asked for because it rests by then come again when it has rested.
    """
    quarter, job = Period.parse(period), Deferred("pull_units", {"units": units, "period": period, "source": source})
    wanted = _still_wanted(bench, units.split(","), quarter, source, unless_good_h)
    if not wanted or put_off(bench.storage, source, bench.now(), job, int(rests)):
        return
    about, patient = (bench.storage, bench.catalogue), int(rests) < MOST_RESTS
    come = pull_together(*about, source, bench.sources().get(source), bench.units(wanted, quarter), quarter, bench.now, patient)
    watch(*about, bench.rules(), list(come.outcomes), bench.now(), source, quarter)
    if come.left:
        left = Deferred("pull_units", {**job.arguments, "units": ",".join(come.left)})
        if not put_off(bench.storage, source, bench.now(), left, int(rests)):
            bench.storage.defer(left)  # somebody else found it well meanwhile
    _say_failures(list(come.outcomes.values()), quarter)


def _still_wanted(bench: Workbench, units: Sequence[str], period: Period, source: str, unless_good_h: str) -> list[str]:
    """The units for which the source has not done well in the last so many hours."""
    if not int(unless_good_h):
        return list(units)
    good = good_within(bench.storage, source, units, period, timedelta(hours=int(unless_good_h)), bench.now())
    return [unit for unit in units if unit not in good]


def _say_failures(outcomes: Sequence[SourceOutcome], period: Period) -> None:
    failed = [outcome for outcome in outcomes if outcome.outcome == "failed"]
    if failed:
        of = f" của {format_count(len(failed))} trong {format_count(len(outcomes))} đơn vị" if len(outcomes) > 1 else ""
        raise SourceUnreachable(f"Nguồn {failed[0].name} không cho số liệu {period.label}{of}: {failed[0].reason}")
