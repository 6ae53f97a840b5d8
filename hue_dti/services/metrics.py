"""Every number a monitor may watch, from this one place; what nobody knows is left out, never given as 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hue_dti import __version__
from hue_dti.alerts.model import Kind
from hue_dti.alerts.together import matters
from hue_dti.storage import Pulse, QueuePulse, SourcePulse, Storage

PREFIX = "hue_dti_"
_BEATS = (
    ("schedule", "heartbeat_age_seconds", "Seconds since the last sign of life that went from the clock through the queue to a worker."),
    ("backup", "backup_age_seconds", "Seconds since the last good backup."),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One number and the labels that tell it from its sisters."""

    value: int | float
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number that goes up and down; `unit` of the value is the last word of the name. Without samples it is not known."""

    name: str
    meaning: str
    samples: tuple[Sample, ...]


def collect(storage: Storage, now: datetime, schedule_lag: timedelta | None) -> tuple[Gauge, ...]:
    """Every gauge that has a number just now; `schedule_lag` is how late the most overdue entry is, None where nobody knows.

    Raises DatabaseUnreachable when there is nothing to be told at all.
    """
    pulse = storage.pulse()
    found = (
        *_program(),
        *_sources(pulse.sources, now),
        *_queue(pulse.queue, now),
        *_signs(pulse, now),
        *_schedule(schedule_lag),
        *_alerts(storage),
    )
    return tuple(Gauge(f"{PREFIX}{gauge.name}", gauge.meaning, gauge.samples) for gauge in found if gauge.samples)


def _program() -> Iterator[Gauge]:
    yield Gauge("build_info", "Always 1; the version is in the label.", (Sample(1, (("version", __version__),)),))


def _alerts(storage: Storage) -> Iterator[Gauge]:
    counted = Counter(each.lead.kind for each in matters(storage.alerts.open()))
    yield Gauge(
        "open_alerts",
        "Open alerts, a source that is dead for several units being one, by what their rule watches.",
        tuple(Sample(counted[kind], (("kind", kind.value),)) for kind in Kind),
    )


def _sources(sources: tuple[SourcePulse, ...], now: datetime) -> Iterator[Gauge]:
    good = [(each.source, each.last_good_at) for each in sources if each.last_good_at is not None]
    yield Gauge(
        "source_age_seconds",
        "Seconds since the source last brought figures, for any unit.",
        tuple(Sample(_age(at, now), (("source", source),)) for source, at in good),
    )
    yield Gauge(
        "source_last_good_timestamp_seconds",
        "When the source last brought figures, for any unit.",
        tuple(Sample(at.timestamp(), (("source", source),)) for source, at in good),
    )
    yield Gauge(
        "source_last_outcome_units",
        "Units whose newest pull of the source ended so: ok, partial or failed.",
        tuple(
            Sample(count, (("source", each.source), ("outcome", outcome)))
            for each in sources
            for outcome, count in sorted(each.outcomes.items())
        ),
    )


def _queue(queue: QueuePulse, now: datetime) -> Iterator[Gauge]:
    states = sorted(queue.depth.items())
    yield Gauge("queue_jobs", "Jobs in the queue by state.", tuple(Sample(count, (("state", state),)) for state, count in states))
    yield Gauge("queue_oldest_waiting_seconds", "Seconds the oldest job that may be done now has waited.", _since(queue.waiting_since, now))


def _signs(pulse: Pulse, now: datetime) -> Iterator[Gauge]:
    for sign, name, meaning in _BEATS:
        yield Gauge(name, meaning, _since(pulse.beats.get(sign), now))
    yield Gauge("frozen_quarters", "Quarters that are closed, each unit's counted by itself.", (Sample(pulse.frozen_quarters),))


def _schedule(lag: timedelta | None) -> Iterator[Gauge]:
    samples = () if lag is None else (Sample(lag.total_seconds()),)
    yield Gauge("schedule_lag_seconds", "Seconds the most overdue entry of the schedule is late; 0 when none is.", samples)


def _since(moment: datetime | None, now: datetime) -> tuple[Sample, ...]:
    return () if moment is None else (Sample(_age(moment, now)),)


def _age(moment: datetime, now: datetime) -> float:
    """Never negative: another machine's clock may be a little ahead."""
    return max(0.0, (now - moment).total_seconds())
