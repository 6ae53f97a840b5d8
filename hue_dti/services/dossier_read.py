"""Read the dossiers of units: figures beside the quarter before and the mean, who typed them, words on them, what catches the eye."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from hue_dti.appraisal.cells import Key, holds, standing_marks
from hue_dti.appraisal.model import Case, Mark, Verdict, Workflow
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Measure
from hue_dti.evidence.asked import Answered, Standing, doubts, whole
from hue_dti.numerals import format_count, format_date, format_growth, format_moment
from hue_dti.observations.entered import Entry, is_from_a_person
from hue_dti.observations.intake import printed
from hue_dti.observations.model import Observation, State
from hue_dti.observations.registers import Spec
from hue_dti.periods import LOCAL, Period
from hue_dti.scoring.model import with_value
from hue_dti.services.behind import Behind
from hue_dti.services.dossier import Cell, Dossier, Flag, answered_for
from hue_dti.services.evidence_overview import answers
from hue_dti.services.jumps import jumps
from hue_dti.services.quarter import frozen, newest_of
from hue_dti.services.register_state import RegisterState, filling
from hue_dti.services.registers import register_counts
from hue_dti.services.reused import served_elsewhere
from hue_dti.snapshots.checks import remarks
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import FrozenFigure, Snapshot
from hue_dti.storage import Storage
from hue_dti.storage.notes import FigureNote
from hue_dti.units.model import Level, OrgUnit


def dossiers(storage: Storage, catalogue: Catalogue, snapshot: Snapshot, units: Sequence[OrgUnit]) -> tuple[Dossier, ...]:
    """The dossiers of several units of the quarter, read at once."""
    period = snapshot.head.period
    covered = {unit.code: answered_for(snapshot.tree, unit.code) for unit in units}
    kept = _Kept(storage, catalogue, snapshot, tuple(each.code for part in covered.values() for each in part), tuple(units))
    cases = storage.reviews.cases([unit.code for unit in units], period)
    opened = storage.reviews.exceptions([unit.code for unit in units], period)
    behind = Behind(storage, Period.parse(period))
    return tuple(
        Dossier(
            unit=unit,
            host=snapshot.tree.units[0],
            period=Period.parse(period),
            case=cases.get(unit.code, Case(unit.code, period, Workflow.FIGURES)),
            snapshot=snapshot,
            cells=tuple(kept.cells(covered[unit.code])),
            exceptions=tuple(each for each in opened if each.unit == unit.code),
            follows=kept.follows,
            proofs={criterion: standing for (code, criterion), standing in kept.proofs.items() if code == unit.code},
            hands=lambda cell: behind.hands(cell.told, cell.entry, cell.criteria),
            newest_entry=max((each.number for (code, _), each in kept.entries.items() if code == unit.code), default=0),
        )
        for unit in units
    )


@dataclass(frozen=True)
class _Kept:
    """What is kept of these units' figures, read once."""

    storage: Storage
    catalogue: Catalogue
    snapshot: Snapshot
    codes: tuple[str, ...]
    units: tuple[OrgUnit, ...]

    @cached_property
    def _criteria(self) -> Mapping[tuple[Level, str], tuple[str, ...]]:
        """The opened criteria that each measure is for at a level: of the level's own set, else of the quarter's."""
        sets = [self.catalogue.sets[code] for code in (self.snapshot.sheet.criteria_set, self.snapshot.lower_set) if code]
        found: dict[tuple[Level, str], tuple[str, ...]] = {}
        for code, measure in self.catalogue.measures.items():
            for level in measure.levels:
                wanted = (_criteria_for(each, code) for each in sorted(sets, key=lambda each: each.level is not level))
                found[level, code] = next((criteria for criteria in wanted if criteria), ())
        return found

    @cached_property
    def _told(self) -> Mapping[Key, Observation]:
        period = Period.parse(self.snapshot.head.period)
        return {(each.unit, each.measure): each for each in self.storage.observations(self.codes, period)}

    @cached_property
    def entries(self) -> Mapping[Key, Entry]:
        """The newest entry of each cell."""
        kept = self.storage.entries.newest(self.codes, self.snapshot.head.period)
        return {(each.typed.unit, each.typed.measure): each for each in kept}

    @cached_property
    def _marks(self) -> tuple[Mark, ...]:
        return self.storage.reviews.marks(self.codes, self.snapshot.head.period)

    @cached_property
    def _standing(self) -> Mapping[Key, Mark]:
        return standing_marks(self._marks)

    @cached_property
    def follows(self) -> Mapping[Key, int]:
        """The newest word on each cell, by number."""
        return {(mark.unit, mark.measure): mark.number for mark in self._marks}

    @cached_property
    def _before(self) -> Snapshot | None:
        period = Period.parse(self.snapshot.head.period).previous()
        head = newest_of(self.storage, self.snapshot.head.unit, period)
        return frozen(self.storage, head.sha256) if head is not None else None

    @cached_property
    def _great(self) -> Mapping[Key, str]:
        """Great changes, with the reason somebody gave."""
        found = jumps(self.storage, self.snapshot, self.catalogue).found
        return {(each.unit, each.measure): _change(each.change, each.reason.reason if each.reason else "") for each in found}

    @cached_property
    def _contradicted(self) -> Mapping[Key, str]:
        """Failed cross checks, at both figures they compare."""
        found: dict[Key, str] = {}
        for each in remarks(self.snapshot, self.catalogue):
            words = f"{each.check.name}: {format_count(each.part)} lớn hơn {format_count(each.whole)}"
            found |= {(each.unit, measure): words for measure in (each.check.part, each.check.whole)}
        return found

    @cached_property
    def _answers(self) -> Mapping[Key, tuple[Answered, ...]]:
        """How the proof that criteria ask for is answered, by unit and criterion."""
        return answers(self.storage, self.catalogue, self.units, Period.parse(self.snapshot.head.period))

    @cached_property
    def _elsewhere(self) -> Mapping[int, tuple[str, ...]]:
        """Where the evidence of these units also serves, by the number of the piece."""
        return served_elsewhere(self.storage, [each for found in self._answers.values() for answer in found for each in answer.pieces])

    @cached_property
    def proofs(self) -> Mapping[Key, Standing]:
        """How criteria that ask for proof stand, by unit and criterion."""
        return {key: whole(found) for key, found in self._answers.items()}

    @cached_property
    def _objections(self) -> Mapping[Key, FigureNote]:
        """The newest word on each figure of a machine that it is not right."""
        found = self.storage.notes.of_units(self.codes, self.snapshot.head.period)
        return {(each.unit, each.measure): each for each in reversed(found)}

    @cached_property
    def _registers(self) -> Mapping[Key, tuple[Spec, int]]:
        """What the units' registers count to."""
        period = Period.parse(self.snapshot.head.period)
        keepers = self.storage.registers.keepers([unit.code for unit in self.units])
        kept = {unit.code: register_counts(self.storage, self.catalogue, unit, period) for unit in self.units if unit.code in keepers}
        return {(code, measure): count for code, counts in kept.items() for measure, count in counts.items()}

    @cached_property
    def _filling(self) -> Mapping[str, tuple[RegisterState, ...]]:
        """The units' registers that are still being written."""
        return filling(self.storage, [unit.code for unit in self.units], Period.parse(self.snapshot.head.period))

    @cached_property
    def _means(self) -> Mapping[tuple[Level, str], Fraction]:
        """The mean of each measure over the units of a level that told it, where at least two did."""
        table, found = table_of(self.snapshot.figures, self.snapshot.tree), dict[tuple[Level, str], Fraction]()
        levels = np.array([unit.level.value for unit in self.snapshot.tree.units])
        for code, measure in self.catalogue.measures.items():
            for level in measure.levels if code in table.measures and measure.kind.is_quantity else ():
                records = table.measures[code].records
                values = records["value"][with_value(records["state"]) & (levels == level.value)].tolist()
                if len(values) > 1:
                    found[level, code] = Fraction(sum(values), len(values))
        return found

    def cells(self, units: Sequence[OrgUnit]) -> Iterator[Cell]:
        """Every figure these units answer for, by unit, in the catalogue's order."""
        for unit in units:
            for measure in self.catalogue.measures.values():
                criteria = self._criteria.get((unit.level, measure.code), ())
                figure = self.snapshot.figure(unit.code, measure.code) if criteria else None
                if figure is not None:
                    yield self._cell(unit, measure, criteria, figure)

    def _cell(self, unit: OrgUnit, measure: Measure, criteria: tuple[str, ...], figure: FrozenFigure) -> Cell:
        key = (unit.code, measure.code)
        told, mark = self._told.get(key), self._standing.get(key)
        entry = self.entries.get(key)
        held = mark if told is not None and holds(mark, told.value, told.origin.raw_sha256) else None
        before = self._before.figure(*key) if self._before is not None else None
        return Cell(
            unit=unit,
            measure=measure,
            criteria=criteria,
            figure=figure,
            told=told,
            entry=entry if told is not None and entry is not None and entry.raw_sha256 == told.origin.raw_sha256 else None,
            mark=held,
            before=before.value if before is not None else None,
            mean=self._means.get((unit.level, measure.code)),
            flags=tuple(self._flags(key, criteria, figure, told, held)),
            said=mark,
            reported=self.catalogue.sources[measure.source].entry == "spreadsheet",
        )

    def _flags(
        self, key: Key, criteria: Sequence[str], figure: FrozenFigure, told: Observation | None, held: Mark | None
    ) -> Iterator[tuple[Flag, str]]:
        if held is not None and held.verdict is Verdict.RETURNED:
            yield Flag.RETURNED, held.reason
        word = self._standing.get(key)
        if word is not None and held is None and told is not None and word.verdict is Verdict.RETURNED:
            yield Flag.MENDED, self._answered(key, word, told)
        if key in self._contradicted:
            yield Flag.CHECK, self._contradicted[key]
        if key in self._great:
            yield Flag.JUMP, self._great[key]
        if told is not None:
            yield from self._of_hands(key, criteria, told) if is_from_a_person(told.origin) else self._of_machines(key, told)
        if figure.state is State.CARRIED_OVER and held is None:
            yield Flag.CARRIED, figure.reason

    def _of_machines(self, key: Key, told: Observation) -> Iterator[tuple[Flag, str]]:
        """That another figure was approved before the machine told this one; that the unit says this very figure is not right."""
        word = self._standing.get(key)
        if word is not None and word.verdict is Verdict.APPROVED and word.value not in {None, told.value}:
            yield Flag.REPLACED, f"{word.by.name} đã duyệt {printed(self.catalogue.measures[key[1]], word.value or 0)}"
        note = self._objections.get(key)
        if note is not None and note.value == told.value:
            answer = f"; {note.answered_by} đáp: {note.answer}" if note.answer else ""
            yield Flag.OBJECTED, f"{note.by.name}: {note.note}{answer}"

    def _answered(self, key: Key, word: Mark, told: Observation) -> str:
        """The reason it was returned for, and what its unit wrote beside the figure told since."""
        entry = self.entries.get(key)
        mine = entry is not None and entry.raw_sha256 == told.origin.raw_sha256 and entry.typed.reason
        return f"{word.reason.rstrip('.')}; đơn vị trả lời: {mine}" if mine else word.reason

    def _of_hands(self, key: Key, criteria: Sequence[str], told: Observation) -> Iterator[tuple[Flag, str]]:
        """What a figure that a person told lacks: agreement with the register, proof, time."""
        counted = self._registers.get(key)
        if counted is not None and told.value is not None and told.value != counted[1]:
            yield Flag.REGISTER, f"{counted[0].title.removeprefix('Sổ ')} đếm được {printed(self.catalogue.measures[key[1]], counted[1])}"
        for book in self._filling.get(key[0], ()):
            if book.spec.is_told_in(told.origin.request):
                yield Flag.FILLING, book.explained or book.since or book.spec.title
        proving = [code for code in criteria if self._counts(key, code)]
        missing = [code for code in proving if self.proofs[key[0], code] in {Standing.MISSING, Standing.EXPLAINED}]
        if missing:
            yield Flag.EVIDENCE, ", ".join(missing)
        doubted = [f"{code}: {', '.join(found)}" for code in proving if (found := doubts(self._answers[key[0], code]))]
        if doubted:
            yield Flag.PROOF, "; ".join(doubted)
        again = [self._elsewhere[piece.number] for code in proving for answer in self._answers[key[0], code] for piece in answer.pieces]
        if any(again):
            yield Flag.REUSED, "; ".join(dict.fromkeys(words for each in again for words in each))
        if self._is_late(told):
            yield Flag.LATE, f"lúc {format_moment(told.origin.fetched_at)}, sau ngày {format_date(self.snapshot.head.cutoff)}"

    def _counts(self, key: Key, code: str) -> bool:
        """Whether the criterion asks for proof and this is the figure it counts."""
        if (key[0], code) not in self.proofs:
            return False
        sets = (self.snapshot.lower_set, self.snapshot.sheet.criteria_set)
        known = (each for name in sets if name for each in self.catalogue.sets[name].criteria if each.code == code)
        return any(each.rule.measures()[0] == key[1] for each in known)

    def _is_late(self, told: Observation) -> bool:
        return told.origin.fetched_at.astimezone(LOCAL).date() > self.snapshot.head.cutoff


def _criteria_for(criteria_set: CriteriaSet, measure: str) -> tuple[str, ...]:
    """The opened criteria of the set that the measure is for."""
    return tuple(each.code for each in criteria_set.criteria if each.status.opened and measure in each.rule.measures())


def _change(share: Fraction | None, reason: str) -> str:
    """`tăng 45% so với kỳ trước: thêm hai trường`."""
    told = format_growth(share, 0).replace("+", "tăng ").replace("−", "giảm ") if share is not None else ""
    words = (f"{told} kỳ trước" if told.startswith("gấp") else f"{told} so với kỳ trước") if told else "kỳ trước là 0"
    return f"{words}: {reason}" if reason else f"{words}, chưa có lý do"
