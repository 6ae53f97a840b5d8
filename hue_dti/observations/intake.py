"""The gate: readings as a source prints them → observations of known units, or faults that say why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.catalogue.rules import Gate, Inverse, Ratio, Rule, Weighted
from hue_dti.numerals import format_amount, format_count, format_date, format_percent
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.model import Observation, Origin, Pulled, RawAnswer, Reading, SourceFault, State
from hue_dti.periods import LOCAL, Period
from hue_dti.units.model import OrgUnit

Resolve = Callable[[str], OrgUnit | None]
"""A printed unit name or code → the unit, None when nobody knows it."""

NOT_GIVEN = "lần lấy mới nhất nguồn không trả số này"
TOLD_TWICE = "nguồn nêu hai lần cùng một đơn vị"

_MOST = 2**63 - 1
_RANGES = {
    ValueKind.PROGRESS: (0, 2),
    ValueKind.PERCENT: (0, 10_000),
    ValueKind.SHARE: (0, 10_000),
    ValueKind.DATE: (date.min.toordinal(), date.max.toordinal()),
}

_FRESH = {State.MEASURED, State.REPORTED}

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Admission:
    """What passed the gate, what did not and why, and the unit names nobody knew.

    `observations` also has, without being readings of this pull, what is carried over or missing in place of the refused, and
    the earlier parts, of this or a source still to come, that a new whole has outgrown. `second` are figures of measures for which
    another source counts.
    """

    observations: tuple[Observation, ...]
    faults: tuple[SourceFault, ...]
    unknown_names: tuple[str, ...]
    second: tuple[Observation, ...] = ()

    @property
    def fresh(self) -> tuple[Observation, ...]:
        """The figures this pull brought."""
        brought = {State.MEASURED, State.REPORTED, State.NOT_APPLICABLE}
        return tuple(each for each in (*self.observations, *self.second) if each.state in brought)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """`why` stays with the figure and is the same for every unit; `what` tells the keeper of the source all of it."""

    why: str
    what: str


def subsets(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """(part, whole) pairs of measures that some rule declares to be part and whole."""
    return frozenset(
        pair for criteria_set in catalogue.sets.values() for criterion in criteria_set.criteria for pair in subsets_of(criterion.rule)
    )


def subsets_of(rule: Rule) -> Iterable[tuple[str, str]]:
    """The (part, whole) pairs in whatever the rule is made of that let no part exceed its whole."""
    if isinstance(rule, Gate):
        yield from subsets_of(rule.then)
    elif isinstance(rule, Weighted):
        for part in rule.parts:
            yield from subsets_of(part.rule)
    elif isinstance(rule, Ratio | Inverse) and rule.subset and rule.whole is not None:
        yield rule.part, rule.whole


def printed(measure: Measure, value: int) -> str:
    """A figure as an official writes it; one that its kind cannot mean stays the bare number."""
    least, most = _RANGES.get(measure.kind, (value, value))
    match measure.kind:
        case ValueKind.AMOUNT:
            return format_amount(value)
        case ValueKind.PERCENT | ValueKind.SHARE:
            return format_percent(Fraction(value, 10_000))
        case ValueKind.DATE if least <= value <= most:
            return format_date(date.fromordinal(value))
        case _:
            return format_count(value)


class Gatekeeper:
    """Checks one source's readings: known unit, right level, right range, no two figures for one thing, part within its whole.

    A refused reading leaves the earlier figure, marked as carried over, or none, marked as missing; never a zero.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        source: str,
        period: Period,
        cutoff: date,
        resolve: Resolve,
        current: Iterable[Observation],
        answers: Mapping[str, RawAnswer],
        to_come: Collection[str] = (),
        expected: Mapping[str, tuple[int, int]] | None = None,
        approved: Mapping[_Key, int] | None = None,
    ) -> None:
        """`current` are the figures as they stand, of every source; `answers` the raw answers of this pull by hash.

        `to_come` are sources asked in the same run that have not been let in yet; `expected[measure]` are the least and the most that
        are believed of this source. `approved` are base figures that count whatever a source tells: what it tells of them is kept
        beside, holds nothing back, and everything else is held against what is approved.
        """
        self.expected, self.approved = expected or {}, approved or {}
        self.catalogue, self.source, self.period, self.cutoff = catalogue, source, period, cutoff
        self.resolve, self.answers = resolve, answers
        # A table that an office fills in is its report, although a machine fetched the file.
        self.reported = source in catalogue.sources and catalogue.sources[source].entry == "spreadsheet"
        self.current = {(each.unit, each.measure): each for each in current}
        self.telling = {source, *to_come}
        self.values: dict[_Key, int] = {}
        self.yielding: dict[_Key, Observation] = {}
        self.pairs = sorted(subsets(catalogue))
        self.observations: dict[_Key, Observation] = {}
        self.refused: dict[_Key, Observation] = {}
        self.named: dict[_Key, dict[str, None]] = {}
        self.faults: list[SourceFault] = []
        self.unknown: dict[str, None] = {}

    def admit(self, pulled: Pulled) -> Admission:
        """Check everything a connector brought; one wrong reading never stops the others."""
        self.faults.extend(pulled.faults)
        found = [(reading, self.resolve(reading.unit)) for reading in pulled.readings]
        # What the source tells anew is not held against what it told before.
        anew = {(unit.code, reading.measure) for reading, unit in found if unit is not None and self._owns(reading.measure)}
        self.values = {key: each.value for key, each in self.current.items() if each.value is not None and key not in anew}
        self.values.update(self.approved)
        parts = {part for part, _ in self.pairs}
        self.yielding = {
            key: each
            for key, each in self.current.items()
            if key in self.values and key not in self.approved and key[1] in parts and self._is_to_be_told(each)
        }
        for reading, unit in found:
            self._admit(reading, unit)
        self._fill_gaps()
        self._drop_outgrown_parts()
        return Admission(tuple(self.observations.values()), tuple(self.faults), tuple(self.unknown))

    def _admit(self, reading: Reading, unit: OrgUnit | None) -> None:
        measure = self.catalogue.measures.get(reading.measure)
        if unit is None:
            self.unknown.setdefault(reading.unit)
            self._fault(reading, f"chưa biết đơn vị '{reading.unit}'; hãy xác nhận tên này là của đơn vị nào")
        elif measure is None or not self._owns(measure.code):
            self._fault(reading, f"số liệu '{reading.measure}' không khai báo lấy từ nguồn này; hãy sửa measures.yaml hoặc nguồn")
        elif unit.level not in measure.levels:
            self._fault(reading, f"'{measure.name}' không ghi nhận ở {unit.name}; hãy sửa nguồn để trả theo đúng cấp đơn vị")
        elif reading.raw_sha256 not in self.answers:
            self._fault(reading, f"'{measure.name}' của {unit.name} không có câu trả lời gốc kèm theo; hãy sửa connector")
        else:
            self._weigh(reading, unit, measure)

    def _owns(self, code: str) -> bool:
        measure = self.catalogue.measures.get(code)
        return measure is not None and measure.source == self.source

    def _is_to_be_told(self, each: Observation) -> bool:
        """Whether its source is asked for it in this run: a new whole is not held against what is about to be told anew.

        What a person typed gives way to a whole that a source tells.
        """
        measure = self.catalogue.measures.get(each.measure)
        if each.origin.source == ENTERED:
            return self.source != ENTERED
        return measure is not None and measure.source == each.origin.source in self.telling

    def _weigh(self, reading: Reading, unit: OrgUnit, measure: Measure) -> None:
        key, observed = (unit.code, measure.code), self._observation(unit, reading)
        refusal = self._refusal(unit, measure, reading)
        self.named.setdefault(key, {})[reading.unit] = None
        if refusal is not None:
            self._fault(reading, refusal.what)
            self.refused[key] = replace(observed, value=None, state=State.MISSING, reason=refusal.why)
            self.observations.pop(key, None)
            self._know(key, None)
            return
        if observed.value is not None:
            self._know(key, observed.value)
        self.observations[key] = observed

    def _refusal(self, unit: OrgUnit, measure: Measure, reading: Reading) -> _Refusal | None:
        key = (unit.code, measure.code)
        if key in self.named:  # the same number may be two halves under two names, so it is no safer than two numbers
            names = " và ".join(f"'{name}'" for name in {**self.named[key], reading.unit: None})
            what = f"'{measure.name}' của {unit.name} có hai lần, dưới tên {names}; không dùng số nào, hãy bỏ bớt hoặc gộp dòng ở nguồn"
            return _Refusal(TOLD_TWICE, what)
        if reading.state.has_value is not (reading.value is not None):
            why = "nguồn đưa trạng thái và giá trị không khớp nhau"
            return _Refusal(why, f"'{measure.name}' của {unit.name} có trạng thái và giá trị không khớp nhau; hãy sửa connector")
        if reading.value is None:
            return None
        least, most = _RANGES.get(measure.kind, (0, _MOST))
        if not least <= reading.value <= most:
            why = "nguồn đưa số ngoài khoảng cho phép"
            what = f"'{measure.name}' của {unit.name} là {printed(measure, reading.value)}, ngoài khoảng cho phép; hãy sửa số này ở nguồn"
            return _Refusal(why, what)
        least, most = self.expected.get(measure.code, (least, most))
        if not least <= reading.value <= most:
            why = "nguồn đưa số ngoài khoảng mong đợi"
            believed = f"{printed(measure, least)}..{printed(measure, most)}"
            said = f"'{measure.name}' của {unit.name} là {printed(measure, reading.value)}"
            what = f"{said}, ngoài khoảng mong đợi {believed}; hãy hỏi lại nguồn"
            return _Refusal(why, what)
        return self._beyond_whole(unit.code, measure.code, reading.value, unit.name)

    def _know(self, key: _Key, value: int | None) -> None:
        """From here on this is the figure, None when there is none any more; an approved one stays what it is."""
        if key in self.approved:
            return
        if value is None:
            self.values.pop(key, None)
        else:
            self.values[key] = value

    def _beyond_whole(self, unit: str, measure: str, value: int, name: str) -> _Refusal | None:
        if (unit, measure) in self.approved:
            return None
        for part, whole in self.pairs:
            if measure not in {part, whole} or (measure == whole and (unit, part) in self.yielding):
                continue
            smaller = value if measure == part else self.values.get((unit, part))
            larger = value if measure == whole else self.values.get((unit, whole))
            if smaller is not None and larger is not None and smaller > larger:
                below, above = self.catalogue.measures[part], self.catalogue.measures[whole]
                said = printed(below, smaller), printed(above, larger)
                what = f"{name}: '{below.name}' ({said[0]}) lớn hơn '{above.name}' ({said[1]}); hãy hỏi lại nguồn"
                return _Refusal(f"'{below.name}' lớn hơn '{above.name}'", what)
        return None

    def _fill_gaps(self) -> None:
        """Carry over what the source gave before and failed to give now; say why a refused figure is missing."""
        for key, missing in self.refused.items():
            earlier = self.current.get(key)
            if earlier is None or earlier.value is None or self._beyond_whole(*key, earlier.value, "") is not None:
                self.observations[key] = missing
                continue
            self._know(key, earlier.value)
            if earlier.origin.source == self.source:
                self.observations[key] = replace(earlier, state=State.CARRIED_OVER, reason=missing.reason)
        told = self.observations.keys() | self.refused.keys()
        untold = (each for key, each in self.current.items() if key not in told)
        for each in carried_over(untold, self.catalogue, self.source, self.cutoff, NOT_GIVEN):
            self.observations[each.unit, each.measure] = each

    def _drop_outgrown_parts(self) -> None:
        """A part not told again stands only within the new whole; what was told before is gone, so it is missing until it comes."""
        for (unit, measure), each in self.yielding.items():
            refusal = None if each.value is None else self._beyond_whole(unit, measure, each.value, "")
            if refusal is not None:
                reason = f"số lần trước không dùng được nữa vì {refusal.why}; nguồn chưa cho số mới"
                self.observations[unit, measure] = replace(each, value=None, state=State.MISSING, reason=reason)

    def _fault(self, reading: Reading, what: str) -> None:
        self.faults.append(SourceFault(reading.place, what, reading.raw_sha256))

    def _observation(self, unit: OrgUnit, reading: Reading) -> Observation:
        answer = self.answers[reading.raw_sha256]
        origin = Origin(self.source, answer.request, answer.fetched_at, reading.raw_sha256, reading.place)
        # No figure tells of days that had not come when it was fetched.
        as_of = min(reading.as_of, answer.fetched_at.astimezone(LOCAL).date())
        state = State.REPORTED if self.reported and reading.state is State.MEASURED else reading.state
        return Observation(unit.code, reading.measure, self.period, reading.value, state, as_of, origin, reading.reason)


def carried_over(current: Iterable[Observation], catalogue: Catalogue, source: str, cutoff: date, reason: str) -> Iterator[Observation]:
    """The source's own figures that are older than the cut-off, marked as carried over since it gave no newer ones."""
    for each in current:
        measure = catalogue.measures.get(each.measure)
        if measure is not None and measure.source == source == each.origin.source and each.state in _FRESH and each.as_of < cutoff:
            yield replace(each, state=State.CARRIED_OVER, reason=reason)
