"""A plan changed line by line: each change is checked as a file's rows are and kept as the plan's next version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hue_dti.catalogue.outline import Outline
from hue_dti.errors import Fault, ImportRefused, PlanChanged, PlanRefused
from hue_dti.plans.cells import HEADINGS
from hue_dti.plans.model import GroupTarget, Plan, PlanLine, PlanVersion
from hue_dti.services.doer import Doer
from hue_dti.services.plan_file import MOST_LINES, goal_of, line_of
from hue_dti.services.plans import NEWER, keep_plan
from hue_dti.services.table_file import Line
from hue_dti.storage import Storage


@dataclass(frozen=True, slots=True)
class FormRow(Line):
    """A row that was typed into a form: its faults are filed under the field they are about."""

    def fault(self, what: str, remedy: str, of: str = "") -> Fault:
        """Something wrong in the field `of`."""
        return Fault(of, self.line, what, remedy)


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes a plan and why; `seen` is the number of the version that the person looked at."""

    doer: Doer
    reason: str
    seen: int

    def because(self, why: str) -> Change:
        """The same with a reason where the person gave none."""
        return self if self.reason.strip() else replace(self, reason=why)


def form_row(cells: Mapping[str, str]) -> FormRow:
    """What a form sent, with nothing in the cells it has no field for."""
    return FormRow("", 0, {name: cells.get(name, "") for name in HEADINGS})


def put_line(storage: Storage, version: PlanVersion, outline: Outline, cells: Mapping[str, str], key: str, change: Change) -> PlanVersion:
    """Keep a line as its form says it, in place of the line of this key, else as a new one after the last of its group.

    ImportRefused with every fault, each filed under its field; PlanChanged where somebody changed this very line first;
    PlanRefused where the plan has no line of this key.
    """
    _untouched(storage, version, change, lambda of: of.plan.line(key) if key else None)
    old = version.plan.line(key) if key else None
    if key and old is None:
        raise PlanRefused("Kế hoạch không có chỉ tiêu này; hãy xem lại kế hoạch, hoặc lưu lại ở đây để thêm thành chỉ tiêu mới.")
    others = [line for line in version.plan.lines if line is not old]
    line = line_of(form_row(cells), outline, others)
    lines = _placed(others, line) if old is None else [line if each is old else each for each in version.plan.lines]
    if len(lines) > MOST_LINES:
        raise PlanRefused(f"Kế hoạch nhiều nhất {MOST_LINES} chỉ tiêu; hãy bỏ bớt, hoặc gộp các việc cùng một chỉ tiêu.")
    why = f"đặt phấn đấu: {line.code or line.name}" if old is not None and old.is_open and not line.is_open else ""
    return _keep(storage, version, replace(version.plan, lines=tuple(lines)), change.because(why))


def take_out(storage: Storage, version: PlanVersion, keys: Collection[str], change: Change) -> PlanVersion:
    """Keep the plan without these lines; what is not set yet may go without a reason. PlanChanged where one of them reads otherwise."""
    there = [key for key in keys if version.plan.line(key) is not None]
    _untouched(storage, version, change, lambda of: [of.plan.line(key) for key in there])
    gone = [line for line in version.plan.lines if line.key in keys]
    left = tuple(line for line in version.plan.lines if line.key not in keys)
    if not gone:
        raise PlanRefused("Các chỉ tiêu này không còn trong kế hoạch.")
    if not left:
        raise PlanRefused("Kế hoạch phải còn ít nhất một chỉ tiêu.")
    why = "bỏ chỉ tiêu chưa đặt phấn đấu" if all(line.is_open for line in gone) else ""
    return _keep(storage, version, replace(version.plan, lines=left), change.because(why))


def put_goals(
    storage: Storage, version: PlanVersion, outline: Outline, title: str, rows: Mapping[str, Mapping[str, str]], change: Change
) -> PlanVersion:
    """Keep the plan's name and what its groups and the rank want; `rows` are cells by the group's code, empty for the rank.

    ImportRefused with every fault, each filed under `<code>.<field>`; PlanChanged where somebody changed one of these first.
    """
    _untouched(storage, version, change, goals_of)
    goals: list[GroupTarget] = []
    faults: list[Fault] = []
    for code, cells in rows.items():
        try:
            goals.append(goal_of(form_row(cells), outline))
        except ImportRefused as refused:
            faults += [replace(fault, path=f"{code}.{fault.path}") for fault in refused.faults]
    if faults:
        raise ImportRefused(faults)
    told = {each.group for each in version.plan.groups}
    kept = [each for each in goals if each.target.words or each.result or each.group in told]
    return _keep(storage, version, replace(version.plan, groups=tuple(kept)), change, title)


def goals_of(version: PlanVersion) -> tuple[str, tuple[GroupTarget, ...]]:
    """What the form of the plan's name and goals is about."""
    return version.title, version.plan.groups


def _untouched(storage: Storage, version: PlanVersion, change: Change, part: Callable[[PlanVersion], object]) -> None:
    """Raise PlanChanged where the part reads otherwise in this version than in the one that the person looked at."""
    seen = version if version.number == change.seen else storage.plans.version(version.key, change.seen)
    if seen is None or part(seen) != part(version):
        raise PlanChanged(NEWER)


def _placed(lines: Sequence[PlanLine], line: PlanLine) -> list[PlanLine]:
    """The lines with a new one after the last of its group."""
    places = [at for at, each in enumerate(lines, start=1) if each.group == line.group]
    at = places[-1] if places else len(lines)
    return [*lines[:at], line, *lines[at:]]


def _keep(storage: Storage, version: PlanVersion, plan: Plan, change: Change, title: str = "") -> PlanVersion:
    return keep_plan(storage, version.key, title or version.title, plan, change.reason, change.doer, version.number)
