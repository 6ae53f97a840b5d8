"""An improvement plan comes in as CSV or XLSX and goes out as XLSX with the same columns, so that it can come in again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from hue_dti.catalogue.outline import Outline
from hue_dti.catalogue.scalars import nearest
from hue_dti.collation import fold
from hue_dti.errors import Fault, ImportRefused, NumeralError
from hue_dti.free_text import plain
from hue_dti.numerals import parse_date
from hue_dti.plans.cells import HEADINGS, RANK, goal_cells, line_cells
from hue_dti.plans.model import GroupTarget, Plan, PlanLine
from hue_dti.plans.targets import TargetKind, rank_target, target_of
from hue_dti.reports.xlsx import book_of
from hue_dti.reports.xlsx_sheets import Sheet, SheetColumn
from hue_dti.services.table_file import Line, TableFile, read_table, table_of, table_text

T = TypeVar("T")

_NEEDED = ("group", "name", "target")
_WITH_A_TARGET = ("lead", "coordinating", "due", "tasks", "deferral")
"""What only a line with a target has."""
LONGEST = dict.fromkeys(HEADINGS, 500) | {"number": 20, "code": 60, "due": 20, "tasks": 2000}
"""Letters that a cell may have."""
LONGEST_UNIT = 200
"""Letters that one unit's name may have."""
MOST_LINES = 300
"""Lines of one plan; the largest framework has 98 components. Its paper must be written while somebody waits."""
_WIDTHS = (22, 6, 8, 44, 26, 26, 30, 30, 12, 36, 26, 30)


def read_plan(path: Path, outline: Outline) -> Plan:
    """The plan of a file; ImportRefused with every fault, each with file, line and cell.

    A row without name and number wants something of its whole group, or of the rank. A line whose name is a component's own gets its code.
    """
    return _plan(read_table(path, HEADINGS, _NEEDED), path.as_posix(), outline)


def plan_of(body: bytes, name: str, outline: Outline) -> Plan:
    """The same of a file's bytes; `name` names it in faults."""
    return _plan(table_of(body, Path(name), HEADINGS, _NEEDED), name, outline)


def plan_book(plan: Plan, outline: Outline) -> bytes:
    """The plan as a workbook."""
    return _book(_rows(plan, outline))


def plan_table(plan: Plan, outline: Outline) -> bytes:
    """The plan as CSV."""
    return table_text(HEADINGS, _rows(plan, outline))


def _book(rows: Iterable[Mapping[str, str]]) -> bytes:
    columns = tuple(SheetColumn(heading, width) for heading, width in zip(HEADINGS.values(), _WIDTHS, strict=True))
    cells = tuple(tuple(row.get(name) or None for name in HEADINGS) for row in rows)
    return book_of([Sheet("Kế hoạch", columns, cells, frozen_columns=4)], "Kế hoạch cải thiện chỉ số chuyển đổi số")


def _plan(table: TableFile, name: str, outline: Outline) -> Plan:
    reader = _reader(outline)
    if len(table.lines) > MOST_LINES:
        over = f"kế hoạch có {len(table.lines)} dòng, nhiều hơn {MOST_LINES}"
        raise ImportRefused([Fault(name, table.lines[MOST_LINES].line, over, "hãy bỏ dòng thừa, hoặc gộp các việc cùng một chỉ tiêu")])
    for row in table.lines:
        reader.row(row)
    if not reader.faults and not reader.lines:
        reader.faults.append(Fault(name, 1, "kế hoạch không có dòng nào", "hãy ghi mỗi chỉ tiêu một dòng"))
    if reader.faults:
        raise ImportRefused(reader.faults)
    return Plan(outline.code, tuple(reader.lines), tuple(reader.groups))


def line_of(row: Line, outline: Outline, others: Iterable[PlanLine]) -> PlanLine:
    """One row as a line beside the others of its plan; ImportRefused with every fault of it, as of a file with all of them."""
    reader = _reader(outline)
    for line in others:
        where = f"chỉ tiêu “{line.name}”"
        reader.keys[line.key] = where
        if line.code:
            reader.seen[line.code] = where
    if cells := reader.cells(row):
        reader.line(row, cells)
    return _only(reader, reader.lines)


def goal_of(row: Line, outline: Outline) -> GroupTarget:
    """One row as what its group wants, or the rank; ImportRefused with every fault of it."""
    reader = _reader(outline)
    if cells := reader.cells(row):
        reader.goal(row, cells)
    return _only(reader, reader.groups)


def _only(reader: _Reader, found: list[T]) -> T:
    if reader.faults:
        raise ImportRefused(reader.faults)
    return found[0]


def _reader(outline: Outline) -> _Reader:
    mains = {fold(text): group.code for group in outline.groups for text in (group.code, group.name, *group.aliases)}
    return _Reader(outline, mains, {fold(line.name): line.code for _, line in outline.lines()})


@dataclass(slots=True)
class _Reader:
    """Reads rows; `mains` and `names` are the outline's folded names with their codes, `seen` and `keys` where each code and key stood."""

    outline: Outline
    mains: Mapping[str, str]
    names: Mapping[str, str]
    lines: list[PlanLine] = field(default_factory=list)
    groups: list[GroupTarget] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def row(self, row: Line) -> None:
        """One line of the plan, or the target of a group or the rank."""
        cells = self.cells(row)
        if not cells:
            return
        if cells["name"] or cells["number"] or cells["code"]:
            self.line(row, cells)
        else:
            self.goal(row, cells)

    def line(self, row: Line, cells: Mapping[str, str]) -> None:
        """One line of the plan; nobody is to work on one without a target, which is still to be set."""
        if not cells["target"] and any(cells[name] for name in _WITH_A_TARGET):
            self._fault(row, "chưa ghi phấn đấu", "hãy ghi chỉ tiêu phấn đấu, bằng số hoặc bằng lời như 'Duy trì'", "target")
        if not cells["name"]:
            self._fault(row, "chưa ghi tên chỉ tiêu", "hãy ghi tên chỉ tiêu", "name")
        line = PlanLine(
            number=cells["number"],
            group=self._main(row, cells["group"]),
            name=cells["name"],
            result=cells["result"],
            target=target_of(cells["target"]),
            code=self._code(row, cells),
            lead=_units(cells["lead"]),
            coordinating=_units(cells["coordinating"]),
            due=self._due(row, cells["due"]),
            tasks=cells["tasks"],
            deferral=cells["deferral"],
            note=cells["note"],
        )
        if not line.lead and not line.deferral and line.target.kind not in (TargetKind.NOT_AIMED, TargetKind.OPEN):
            self._fault(row, f"'{line.name}' chưa có đơn vị chủ trì", "hãy ghi đơn vị chủ trì, hoặc lý do hoãn", "lead")
        self._once(row, line)
        self.lines.append(line)

    def cells(self, row: Line) -> dict[str, str]:
        """The row's cells on one line each; nothing where one holds what may not stand there."""
        cells = {name: " ".join(plain(text).split()) for name, text in row.cells.items()}
        return {} if self._unsayable(row, cells) else cells

    def _unsayable(self, row: Line, cells: Mapping[str, str]) -> bool:
        """Whether a cell holds what may not stand in any words, or too much of it."""
        whole = [row.unsayable(name, text, LONGEST[name]) for name, text in cells.items()]
        units = ((name, each) for name in ("lead", "coordinating") for each in _units(cells[name]))
        each = whole if any(whole) else [row.unsayable(name, unit, LONGEST_UNIT, "tên đơn vị") for name, unit in units]
        faults = [fault for fault in each if fault is not None]
        self.faults.extend(faults)
        return bool(faults)

    def goal(self, row: Line, cells: Mapping[str, str]) -> None:
        """What a whole group wants, or the rank."""
        for name in HEADINGS:
            if cells[name] and name not in ("group", "result", "target"):
                self._fault(row, f"dòng của cả nhóm có ô '{HEADINGS[name]}'", "hãy ghi tên chỉ tiêu, hoặc để trống ô đó", name)
        if fold(cells["group"]) == fold(RANK):
            self.groups.append(GroupTarget("", rank_target(cells["target"]), cells["result"]))
        else:
            self.groups.append(GroupTarget(self._main(row, cells["group"]), target_of(cells["target"]), cells["result"]))

    def _main(self, row: Line, text: str) -> str:
        """The code of the main index a row belongs to."""
        code = self.mains.get(fold(text))
        if code is not None:
            return code
        names = tuple(main.name for main in self.outline.groups)
        what = f"nhóm '{text}' không có trong khung {self.outline.code}" if text else "chưa ghi nhóm"
        self._fault(row, what, nearest(text, names), "group")
        return ""

    def _code(self, row: Line, cells: Mapping[str, str]) -> str:
        """The component: the code as written, else that of the component of exactly this name, else none."""
        known = self.names.values()
        code = cells["code"] or self.names.get(fold(cells["name"]), "")
        if code and code not in known:
            self._fault(row, f"mã '{code}' không có trong khung {self.outline.code}", nearest(code, tuple(known)), "code")
        elif code and code in self.seen and cells["code"]:
            self._fault(row, f"mã '{code}' đã có ở {self.seen[code]}", "hãy bỏ một dòng, hoặc để trống mã của dòng phụ", "code")
        elif code in self.seen:
            return ""
        elif code:
            self.seen[code] = f"dòng {row.line}"
        return code

    def _due(self, row: Line, text: str) -> date | None:
        try:
            return parse_date(text) if text else None
        except NumeralError as fault:
            self._fault(row, f"hạn: {fault.parts[0]}", fault.parts[1], "due")
            return None

    def _once(self, row: Line, line: PlanLine) -> None:
        """What names a line in every version may name no second one."""
        here = f"dòng {row.line}"
        if line.name and self.keys.setdefault(line.key, here) != here:
            self._fault(row, f"'{line.name}' đã có ở {self.keys[line.key]}", "hãy bỏ một dòng, hoặc ghi tên khác", "name")

    def _fault(self, row: Line, what: str, remedy: str, of: str = "") -> None:
        self.faults.append(row.fault(what, remedy, of))


def _units(text: str) -> tuple[str, ...]:
    """Several units are separated by semicolons: names of groups hold commas ("Các sở, ban, ngành Tỉnh")."""
    return tuple(dict.fromkeys(name for each in text.split(";") if (name := each.strip())))


def _rows(plan: Plan, outline: Outline) -> Iterator[dict[str, str]]:
    names = outline.names
    yield from (goal_cells(wanted, names) for wanted in plan.groups)
    yield from (line_cells(line, names) for line in plan.lines)
