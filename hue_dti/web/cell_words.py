"""A cell in words: what stands in its field, how it is read back, what a great change asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.model import Criterion, Measure, ValueKind
from hue_dti.numerals import decimal_text, format_count, format_growth
from hue_dti.observations.entered import Choice, Entry
from hue_dti.observations.typed_text import PROGRESS
from hue_dti.scoring.reach import Goal
from hue_dti.services.cells import EntryCell, UnitCells
from hue_dti.services.tasks import Task
from hue_dti.web.formats import figure_words
from hue_dti.web.language import translate

NAMED = 2
"""How many figures a task names before it counts the others."""


@dataclass(frozen=True, slots=True)
class CellGroup:
    """Cells under one heading of the form."""

    title: str
    cells: tuple[EntryCell, ...]


def reading(measure: Measure, value: int | None, choice: Choice | None = None) -> str:
    """The figure read back: `1.627 hồ sơ`, `97,84%`, `chưa có`."""
    if choice is not None and choice is not Choice.VALUE:
        return translate(choice.words)
    if value is None:
        return ""
    said = figure_words(value, measure)
    return f"{said} {measure.noun}" if measure.kind is ValueKind.COUNT else said


def example_of(measure: Measure) -> str:
    """How a figure of this kind is written, with digits: `1.627 hộ`."""
    match measure.kind:
        case ValueKind.AMOUNT:
            return "1.950.000.000 đồng"
        case ValueKind.PERCENT | ValueKind.SHARE:
            return "97,84%"
        case ValueKind.DATE:
            return "08/01/2024"
        case ValueKind.PROGRESS:
            return translate(PROGRESS[1])
        case _:
            return f"1.627 {measure.noun}"


def change_words(measure: Measure, before: int, value: int) -> str:
    """What a great change asks: `Quý trước 100 cơ sở, nay 231 cơ sở (+131,00%). Vì sao?`."""
    grown = format_growth(Fraction(value - before, before)) if before else ""
    share = f" ({translate('gấp %(n)s lần', n=grown.split()[1]) if ' ' in grown else grown})" if grown else ""
    then, now = reading(measure, before), reading(measure, value)
    return translate("Quý trước %(then)s, nay %(now)s%(share)s. Vì sao?", then=then, now=now, share=share)


def asked_of(cell: EntryCell) -> str:
    """What the cell still asks a line on; empty where it does not."""
    entry = cell.entry
    if entry is None or cell.choice is None or not entry.needs_reason or entry.compared is None or entry.typed.value is None:
        return ""
    return change_words(cell.measure, entry.compared, entry.typed.value)


def entry_words(measure: Measure, entry: Entry) -> str:
    """An entry in a history: `100 → 231 cơ sở`."""
    old = translate("trống") if entry.old is None else figure_words(entry.old, measure)
    return f"{old} → {reading(measure, entry.typed.value, entry.typed.choice)}"


def groups_of(found: UnitCells) -> Iterator[CellGroup]:
    """The cells under the headings of the criteria's groups, base figures first."""
    placed: dict[str, list[EntryCell]] = {}
    for cell in found.cells:
        placed.setdefault(_title(found, cell), []).append(cell)
    order = [translate("Số liệu nền của năm"), *(f"{group.code}. {group.name}" for _, each in found.sets for group in each.groups)]
    for title in sorted(placed, key=order.index):
        yield CellGroup(title, tuple(placed[title]))


def criteria_of(found: UnitCells, cell: EntryCell) -> tuple[Criterion, ...]:
    """The criteria that use the cell, of the unit's own set where that has them."""
    known = {each.code: each for _, criteria_set in reversed(found.sets) for each in criteria_set.criteria}
    return tuple(known[code] for code in cell.criteria)


def task_words(task: Task) -> str:
    """What a task asks for: the figures left to type, or the one that could be better."""
    if task.waiting:
        names = [cell.measure.name for cell in task.waiting]
        rest = len(names) - NAMED
        more = f"; {translate('và %(n)s số nữa', n=format_count(rest))}" if rest > 0 else ""
        return translate("Nhập: %(names)s", names="; ".join(map(_lower, names[:NAMED]))) + more
    return task.criteria[0].name


def goal_words(task: Task, measures: dict[str, Measure]) -> str:
    """What would be worth points: `thêm 12 hộ có địa chỉ số đã xác nhận`."""
    if task.goal is None:
        return ""
    return _goal_words(task.goal, measures[task.goal.measure])


def _goal_words(goal: Goal, measure: Measure) -> str:
    name = _lower(measure.name)
    if measure.kind is ValueKind.PROGRESS:
        return translate("hoàn thành: %(name)s", name=name)
    if measure.kind is ValueKind.DATE:
        return translate("có %(name)s", name=name)
    by = abs(goal.then - goal.now)
    if measure.kind is ValueKind.PERCENT:
        said = f"{decimal_text(Fraction(by, 100), 2, trim=True).replace('.', ',')}%"
    else:
        said = figure_words(by, measure)
    text = "thêm %(n)s %(name)s" if goal.then > goal.now else "bớt %(n)s %(name)s"
    return translate(text, n=said, name=name)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _title(found: UnitCells, cell: EntryCell) -> str:
    if cell.measure.base:
        return translate("Số liệu nền của năm")
    for _, criteria_set in found.sets:
        for criterion in criteria_set.criteria:
            if criterion.status.opened and cell.measure.code in criterion.rule.measures():
                group = criteria_set.group_of(criterion.code)
                return f"{group.code}. {group.name}"
    raise KeyError(cell.measure.code)
