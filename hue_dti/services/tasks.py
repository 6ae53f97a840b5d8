"""An officer's tasks: what is left of a unit's quarter, and what each is worth by scoring it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from hue_dti.accounts.model import Actor
from hue_dti.appraisal.cells import holds, standing_marks
from hue_dti.appraisal.model import Verdict
from hue_dti.catalogue.model import Catalogue, CriteriaSet, Criterion
from hue_dti.errors import ScoringError
from hue_dti.observations.entered import Choice
from hue_dti.periods import LOCAL, Period
from hue_dti.scoring.model import Column, with_value
from hue_dti.scoring.reach import Goal, Scorer, best_together, goals
from hue_dti.services.assignments import assigned
from hue_dti.services.cells import EntryCell, UnitCells, sets_of, wanted
from hue_dti.services.hosts import host_in, line_of
from hue_dti.services.quarter import current_figures
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree


class Progress(IntEnum):
    """How far a task is."""

    NOT_BEGUN = 1
    BEGUN = 2
    DONE = 3


@dataclass(frozen=True, slots=True)
class Task:
    """Criteria that wait for the same figures of the unit: the cells that take typing, what they are worth at most once all are there.

    `gain` is in ten-thousandths of a point; `goal` is the figure that could be better, `goal_gain` what reaching it is worth over all
    criteria that use the figure, `also` the others of these.
    `scored` is the unit whose points these are. Criteria whose figures are there stand alone.
    """

    scored: OrgUnit
    criteria: tuple[Criterion, ...]
    cells: tuple[EntryCell, ...]
    gain: int
    goal: Goal | None
    goal_gain: int
    also: tuple[Criterion, ...] = ()

    @property
    def waiting(self) -> tuple[EntryCell, ...]:
        return tuple(cell for cell in self.cells if cell.waits)

    @property
    def progress(self) -> Progress:
        if not self.waiting:
            return Progress.DONE
        return Progress.BEGUN if len(self.waiting) < len(self.cells) else Progress.NOT_BEGUN


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """How many of a unit's figures are there, of those it gives."""

    unit: OrgUnit
    present: int
    expected: int

    @property
    def progress(self) -> Progress:
        return Progress.DONE if self.present >= self.expected else Progress.BEGUN if self.present else Progress.NOT_BEGUN


Mine = Callable[[OrgUnit, str], bool]
"""The scored unit and the code of a criterion of its set → whether it falls to the person."""


def tasks_of(
    storage: Storage, catalogue: Catalogue, found: UnitCells, at: datetime, mine: Mine = lambda scored, code: True
) -> tuple[Task, ...]:
    """The unit's tasks that fall to the person, those worth most first; done ones last, by what a better figure would be worth."""
    told: set[str] = set()
    tasks: list[Task] = []
    for scored, criteria_set in found.sets:
        scorer = _scorer(storage, catalogue, found, scored, criteria_set, at)
        tasks_here = [each for each in _tasks(found, scored, criteria_set, scorer) if _tells_more(each, told)]
        fresh = [each for each in tasks_here if mine(scored, each.criteria[0].code)]
        told |= {cell.measure.code for task in tasks_here for cell in task.cells}
        tasks += _merged(fresh)
    return tuple(sorted(tasks, key=lambda task: (task.progress is Progress.DONE, -(task.gain if task.waiting else task.goal_gain))))


def _merged(tasks: Sequence[Task]) -> Iterator[Task]:
    """Those that wait for the very same cells as one; points of different criteria add up exactly."""
    alike: dict[tuple[str, ...], Task] = {}
    for task in tasks:
        waits = tuple(sorted(cell.measure.code for cell in task.waiting))
        if not waits:
            yield task
        elif waits in alike:
            first = alike[waits]
            alike[waits] = replace(first, criteria=(*first.criteria, *task.criteria), gain=first.gain + task.gain)
        else:
            alike[waits] = task
    yield from alike.values()


def falls_to(storage: Storage, catalogue: Catalogue, person: Actor, found: UnitCells) -> Mine:
    """What of the unit's quarter falls to the person: of its own set as it was given out, of the set above what was given to no other."""
    codes: dict[str, frozenset[str]] = {}
    for scored, criteria_set in found.sets:
        if scored.code == found.unit.code:
            codes[scored.code] = assigned(storage, catalogue, person, scored, found.period)
        else:
            given = storage.assignments.of(scored.code, criteria_set.code)
            others = {code for code, each in given.items() if each.login not in {"", person.login}}
            codes[scored.code] = frozenset(each.code for each in criteria_set.criteria) - others
    return lambda scored, code: code in codes[scored.code]


def progress_of(storage: Storage, catalogue: Catalogue, codes: Sequence[str], period: Period) -> tuple[UnitProgress, ...]:
    """How far each of these units is with its figures of the quarter, in the order given; what was returned is not there."""
    units = storage.units()
    present: dict[str, set[str]] = {}
    marks = standing_marks(storage.reviews.marks(codes, str(period)))
    back = {key: mark for key, mark in marks.items() if mark.verdict is Verdict.RETURNED}
    for each in storage.observations(codes, period):
        if each.state.has_value and not holds(back.get((each.unit, each.measure)), each.value, each.origin.raw_sha256):
            present.setdefault(each.unit, set()).add(each.measure)
    for figure in storage.base.approved(codes, period.year):
        present.setdefault(figure.unit, set()).add(figure.measure)
    for entry in storage.entries.newest(codes, str(period)):
        if entry.typed.choice is Choice.NO_DATA:
            present.setdefault(entry.typed.unit, set()).add(entry.typed.measure)
    return tuple(_progress(catalogue, line_of(units, code, period.end), period, present.get(code, set())) for code in codes)


def _progress(catalogue: Catalogue, line: Sequence[OrgUnit], period: Period, present: set[str]) -> UnitProgress:
    host = host_in(catalogue, line, period.end)
    sets = tuple(sets_of(catalogue, line[0], host, period)) if host is not None else ()
    expected = {measure.code for measure, _ in wanted(catalogue, sets, line[0])}
    return UnitProgress(line[0], len(expected & present), len(expected))


def _tells_more(task: Task, told: set[str]) -> bool:
    """Whether the task has a cell that no task before it had."""
    return any(cell.measure.code not in told for cell in task.cells)


def _scorer(storage: Storage, catalogue: Catalogue, found: UnitCells, scored: OrgUnit, criteria_set: CriteriaSet, at: datetime) -> Scorer:
    tree = build_tree(storage.units(), found.cutoff, scored.code)
    day = min(found.cutoff, at.astimezone(LOCAL).date())
    table = current_figures(storage, catalogue, tree, found.period, (), day)
    return Scorer(criteria_set, catalogue.measures, table.frame(tree, catalogue.measures), found.period, tree.as_of, scored.code)


def _tasks(found: UnitCells, scored: OrgUnit, criteria_set: CriteriaSet, scorer: Scorer) -> Iterator[Task]:
    cells, lines = {cell.measure.code: cell for cell in found.cells}, []
    for criterion in criteria_set.criteria:
        own = tuple(cells[code] for code in dict.fromkeys(criterion.rule.measures()) if code in cells)
        if criterion.status.opened and own:
            lines.append((criterion, own, _known(scorer, found.unit, scored, criterion)))
    supposed = best_together(((criterion.rule, known) for criterion, _, known in lines), found.period.year)
    for criterion, own, known in lines:
        codes = {cell.measure.code for cell in own}
        absent = {code: supposed[code] for code in codes & supposed.keys() - known.keys()}
        beside = [each for each, _, _ in lines if each is not criterion]
        yield _task(found, scored, criterion, own, known, absent, scorer, beside)


def _task(
    found: UnitCells,
    scored: OrgUnit,
    criterion: Criterion,
    own: tuple[EntryCell, ...],
    known: Mapping[str, int],
    supposed: Mapping[str, int],
    scorer: Scorer,
    beside: Sequence[Criterion],
) -> Task:
    """The task of a criterion, with exact points: nothing is estimated, everything is scored again, the criteria `beside` it too."""
    unit, codes = found.unit.code, {cell.measure.code for cell in own}
    cells = tuple(cell for cell in own if not cell.why_locked)
    now = _points(scorer, criterion, unit, {}) or 0
    gain = max((_points(scorer, criterion, unit, supposed) or 0) - now, 0) if supposed else 0
    for goal in goals(criterion.rule, known, found.period.year):
        changes = _changes(scorer, [criterion, *beside], unit, goal) if goal.measure in codes else ()
        if changes and changes[0][1] > 0:
            also = tuple(each for each, change in changes[1:] if change)
            return Task(scored, (criterion,), cells, gain, goal, sum(change for _, change in changes), also)
    return Task(scored, (criterion,), cells, gain, None, 0)


def _changes(scorer: Scorer, criteria: Sequence[Criterion], unit: str, goal: Goal) -> tuple[tuple[Criterion, int], ...]:
    """What reaching the goal changes at each of the criteria that use its figure; nothing where one of them would be contradicted."""
    using = [each for each in criteria if goal.measure in each.rule.measures()]
    then = [_points(scorer, each, unit, {goal.measure: goal.then}) for each in using]
    now = [_points(scorer, each, unit, {}) for each in using]
    if None in then:
        return ()
    return tuple((each, (after or 0) - (before or 0)) for each, after, before in zip(using, then, now, strict=True))


def _points(scorer: Scorer, criterion: Criterion, unit: str, figures: Mapping[str, int]) -> int | None:
    """The points with these figures; None where the figures contradict each other, which is told where they stand."""
    try:
        return scorer.points(criterion, unit, figures)
    except ScoringError:
        return None


def _known(scorer: Scorer, unit: OrgUnit, scored: OrgUnit, criterion: Criterion) -> dict[str, int]:
    """The figures behind the criterion: the unit's own, else those of the unit that is scored."""
    tree, known = scorer.frame.tree, {}
    for code in criterion.rule.measures():
        column: Column = scorer.frame.columns[code]
        here = unit if unit.level in scorer.measures[code].levels else scored
        at = tree.index[here.code]
        if with_value(column.state)[at]:
            known[code] = int(column.value[at])
    return known
