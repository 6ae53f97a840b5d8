"""The gate: readings as a source prints them → observations of known units, or faults that say why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.catalogue.rules import Gate, Inverse, Ratio, Rule, Weighted
from hue_dti.observations.model import Observation, Origin, Pulled, RawAnswer, Reading, SourceFault, State
from hue_dti.periods import Period
from hue_dti.units.model import OrgUnit

Resolve = Callable[[str], OrgUnit | None]
"""A printed unit name or code → the unit, None when nobody knows it."""

_LARGEST = {ValueKind.PROGRESS: 2, ValueKind.PERCENT: 10_000, ValueKind.SHARE: 10_000}


@dataclass(frozen=True, slots=True)
class Admission:
    """What passed the gate, what did not and why, and the unit names nobody knew."""

    observations: tuple[Observation, ...]
    faults: tuple[SourceFault, ...]
    unknown_names: tuple[str, ...]


def subsets(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """(part, whole) pairs of measures that some rule declares to be part and whole."""
    return frozenset(
        pair for criteria_set in catalogue.sets.values() for criterion in criteria_set.criteria for pair in _subsets_of(criterion.rule)
    )


def _subsets_of(rule: Rule) -> Iterable[tuple[str, str]]:
    if isinstance(rule, Gate):
        yield from _subsets_of(rule.then)
    elif isinstance(rule, Weighted):
        for part in rule.parts:
            yield from _subsets_of(part.rule)
    elif isinstance(rule, Ratio | Inverse) and rule.subset and rule.whole is not None:
        yield rule.part, rule.whole


class Gatekeeper:
    """Checks one source's readings: known unit, right level, right range, no duplicate, part within its whole."""

    def __init__(
        self,
        catalogue: Catalogue,
        source: str,
        period: Period,
        resolve: Resolve,
        known: Mapping[tuple[str, str], int],
        answers: Mapping[str, RawAnswer],
    ) -> None:
        """`known` holds the current values by (unit, measure); `answers` the raw answers of this pull by hash."""
        self.catalogue, self.source, self.period, self.resolve, self.answers = catalogue, source, period, resolve, answers
        self.values = dict(known)
        self.pairs = sorted(subsets(catalogue))
        self.observations: dict[tuple[str, str], Observation] = {}
        self.faults: list[SourceFault] = []
        self.unknown: dict[str, None] = {}

    def admit(self, pulled: Pulled) -> Admission:
        """Check everything a connector brought; one wrong reading never stops the others."""
        self.faults.extend(pulled.faults)
        for reading in pulled.readings:
            self._admit(reading)
        return Admission(tuple(self.observations.values()), tuple(self.faults), tuple(self.unknown))

    def _admit(self, reading: Reading) -> None:
        unit = self.resolve(reading.unit)
        if unit is None:
            self.unknown.setdefault(reading.unit)
            self._refuse(reading, f"chưa biết đơn vị '{reading.unit}'; hãy xác nhận tên này là của đơn vị nào")
            return
        measure = self.catalogue.measures.get(reading.measure)
        if measure is None or measure.source != self.source:
            self._refuse(reading, f"số liệu '{reading.measure}' không khai báo lấy từ nguồn này; hãy sửa measures.yaml hoặc nguồn")
            return
        if unit.level not in measure.levels:
            self._refuse(reading, f"'{measure.name}' không ghi nhận ở {unit.name}; nguồn phải trả theo đúng cấp đơn vị")
            return
        problem = self._problem(unit, measure, reading)
        if problem:
            self._refuse(reading, problem)
            return
        key = (unit.code, measure.code)
        if reading.value is not None:
            self.values[key] = reading.value
        self.observations[key] = self._observation(unit, reading)

    def _problem(self, unit: OrgUnit, measure: Measure, reading: Reading) -> str:
        if (unit.code, measure.code) in self.observations:
            return f"'{measure.name}' của {unit.name} có hai lần; giữ số đầu tiên"
        if reading.state.has_value is not (reading.value is not None):
            return f"'{measure.name}' của {unit.name} có trạng thái và giá trị không khớp nhau"
        if reading.value is None:
            return ""
        largest = _LARGEST.get(measure.kind)
        if reading.value < 0 or (largest is not None and reading.value > largest):
            return f"'{measure.name}' của {unit.name} là {reading.value}, ngoài khoảng cho phép"
        return self._beyond_whole(unit, measure.code, reading.value)

    def _beyond_whole(self, unit: OrgUnit, measure: str, value: int) -> str:
        for part, whole in self.pairs:
            if measure not in {part, whole}:
                continue
            smaller = value if measure == part else self.values.get((unit.code, part))
            larger = value if measure == whole else self.values.get((unit.code, whole))
            if smaller is not None and larger is not None and smaller > larger:
                names = self.catalogue.measures
                return f"{unit.name}: '{names[part].name}' ({smaller}) lớn hơn '{names[whole].name}' ({larger}); hãy hỏi lại nguồn"
        return ""

    def _refuse(self, reading: Reading, what: str) -> None:
        self.faults.append(SourceFault(reading.place, what))

    def _observation(self, unit: OrgUnit, reading: Reading) -> Observation:
        answer = self.answers[reading.raw_sha256]
        origin = Origin(self.source, answer.request, answer.fetched_at, reading.raw_sha256, reading.place)
        return Observation(
            unit.code, reading.measure, self.period, reading.value, State(reading.state), reading.as_of, origin, reading.reason
        )


class RememberingStore:
    """A raw store that also keeps this pull's answers at hand, to name each figure's request and time."""

    def __init__(self, keep: Callable[[RawAnswer], str]) -> None:
        self._keep = keep
        self.answers: dict[str, RawAnswer] = {}
        self.requests = 0

    def keep(self, answer: RawAnswer) -> str:
        """Store durably first, then remember."""
        sha256 = self._keep(answer)
        self.answers[sha256] = answer
        self.requests += 1
        return sha256


def newest(answers: Iterable[RawAnswer]) -> datetime | None:
    """When the last answer came."""
    return max((answer.fetched_at for answer in answers), default=None)
