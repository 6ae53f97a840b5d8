"""A register as a workbook: out with the rows that stand, in again with what was added or changed; looked at before it is kept."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from uuid import UUID, uuid5

import xlsxwriter

from hue_dti.errors import EntryRefused, ImportRefused
from hue_dti.evidence.model import Kind
from hue_dti.observations.registers import Spec, read_row, shown
from hue_dti.services.desk import Desk
from hue_dti.services.evidence_check import Checker
from hue_dti.services.table_file import LARGEST, read_table
from hue_dti.storage.registers import Change, RegisterRow

ROW_HEADING = "Mã dòng"
_ROW = "row"
_WIDTHS = {"day": 14, "count": 12, "mark": 12, "choice": 10}
_EMPTY_ROWS = 500


@dataclass(frozen=True, slots=True)
class Proposed:
    """A row of the file: where it stands, what was typed, what is wrong by column, the version it would replace."""

    place: int
    texts: Mapping[str, str]
    content: Mapping[str, Any]
    faults: Mapping[str, str]
    standing: RegisterRow | None
    row: UUID | None

    @property
    def is_new(self) -> bool:
        """Whether no row of the register is meant."""
        return self.standing is None

    @property
    def is_changed(self) -> bool:
        """Whether keeping it would change the register."""
        return not self.faults and (self.standing is None or dict(self.standing.content) != dict(self.content))


def template(spec: Spec, rows: Iterable[RegisterRow]) -> bytes:
    """The workbook to fill in: heads, lists to choose from, the rows that stand; the last column says which row is which."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, head = book.add_worksheet("Sổ"), book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        text = book.add_format({"num_format": "@", "locked": False})
        for at, column in enumerate(spec.columns):
            sheet.write_string(0, at, column.label, head)
            sheet.set_column(at, at, _WIDTHS.get(column.kind, 40 if column.longest > 200 else 24), text)
            if column.choices:
                words = [word for _, word in column.choices]
                sheet.data_validation(1, at, _EMPTY_ROWS, at, {"validate": "list", "source": words})
        sheet.write_string(0, len(spec.columns), ROW_HEADING, head)
        sheet.set_column(len(spec.columns), len(spec.columns), 36, book.add_format({"font_color": "#9aa5b1"}), {"hidden": True})
        for line, row in enumerate(rows, start=1):
            for at, column in enumerate(spec.columns):
                sheet.write_string(line, at, shown(column, row.content.get(column.code)), text)
            sheet.write_string(line, len(spec.columns), str(row.row))
        sheet.freeze_panes(1, 0)
    return made.getvalue()


def read_file(desk: Desk, spec: Spec, stream: IO[bytes], rows: Sequence[RegisterRow]) -> tuple[Proposed, ...]:
    """What a filled workbook would bring; EntryRefused for one that cannot be read as this register."""
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(stream.read(LARGEST + 1))
        file.flush()
        path = Path(file.name)
        with Checker(None) as checker:
            looked = checker.look(path, Kind.XLSX, desk.now()).checked
        if looked.refusal:
            raise EntryRefused(looked.refusal)
        headings = {column.code: column.label for column in spec.columns} | {_ROW: ROW_HEADING}
        needed = [column.code for column in spec.columns if column.needed]
        try:
            table = read_table(path, headings, needed)
        except ImportRefused as fault:
            first = fault.faults[0]
            raise EntryRefused(f"Dòng {first.line}: {first.what}; {first.remedy}.") from fault
    return proposed(spec, ((line.line, line.cells) for line in table.lines), rows)


def proposed(spec: Spec, lines: Iterable[tuple[int, Mapping[str, str]]], rows: Sequence[RegisterRow]) -> tuple[Proposed, ...]:
    """Lines of texts against the rows that stand."""
    known = {str(row.row): row for row in rows}
    return tuple(_one(spec, place, texts, known) for place, texts in lines)


def changes_of(lines: Iterable[Proposed], client: UUID) -> list[Change]:
    """What keeping the lines changes; the same form gives the same numbers."""
    changes = []
    for at, line in enumerate(lines):
        if line.is_changed:
            own = uuid5(client, str(at))
            before = line.standing
            row, replaces = (before.row, before.number) if before is not None else (own, None)
            changes.append(Change(own, row, dict(line.content), replaces))
    return changes


def _one(spec: Spec, place: int, texts: Mapping[str, str], known: Mapping[str, RegisterRow]) -> Proposed:
    content, faults = read_row(spec, texts)
    named = texts.get(_ROW, "").strip()
    if named and named not in known:
        faults[_ROW] = "Dòng này không còn trong sổ; hãy tải biểu mẫu mới rồi điền lại"
    standing = known.get(named)
    return Proposed(place, dict(texts), content, faults, standing, standing.row if standing is not None else None)
