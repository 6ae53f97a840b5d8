"""The form of a quarter out to Excel and back in: looked at first, stored cell by cell when confirmed, through the same gate."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from hue_dti.catalogue.model import Catalogue, ValueKind
from hue_dti.collation import fold
from hue_dti.errors import EntryRefused, HueDtiError, SettingError, StorageError
from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.observations.model import Observation
from hue_dti.observations.typed_text import PROGRESS, field_text, read_typed
from hue_dti.periods import Period
from hue_dti.reports.entry_xlsx import CHOICE, COLUMNS, REASON, VALUE, FormRow, entry_workbook
from hue_dti.services.cells import EntryCell, UnitCells, unit_cells
from hue_dti.services.enter import save_cell, try_cell
from hue_dti.services.filled_form import filled_rows
from hue_dti.storage import Storage

_CHOICES = (Choice.NONE_OCCURRED, Choice.NOT_YET, Choice.NO_DATA)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of a workbook as read: where it stands, of what, what it says, what it would change, or why it may not."""

    place: str
    unit: str
    measure: str
    typed: Typed | None
    old: int | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a workbook would store, cell by cell; `same` counts the cells that say what stands there already."""

    sha256: str
    cells: tuple[SheetCell, ...]
    same: int

    @property
    def good(self) -> tuple[SheetCell, ...]:
        return tuple(cell for cell in self.cells if not cell.fault)

    @property
    def faulty(self) -> tuple[SheetCell, ...]:
        return tuple(cell for cell in self.cells if cell.fault)


def form_of(storage: Storage, catalogue: Catalogue, codes: Iterable[str], period: Period, at: datetime) -> bytes:
    """The workbook of these units' cells, as they stand; SettingError when there is nothing to fill in."""
    found = [cells for code in codes if (cells := unit_cells(storage, catalogue, code, period, at)) is not None and cells.cells]
    if not found:
        raise SettingError(f"Không có ô nào phải nhập trong {period.label} cho đơn vị này; hãy kiểm tra mã đơn vị và kỳ.")
    title = f"Nhập số liệu {period.label}: {found[0].unit.name}{f' và {len(found) - 1} đơn vị' if len(found) > 1 else ''}"
    return entry_workbook(title, (_form_row(cells, cell) for cells in found for cell in cells.cells))


def read_form(
    storage: Storage, catalogue: Catalogue, body: bytes, period: Period, may: Callable[[str], bool], by: Writer, at: datetime
) -> SheetPreview:
    """What the workbook would change; SettingError for a file that is not this form. `may` says whose cells the person may type."""
    told, faults, same = [], [], 0
    current: dict[str, list[Observation]] = {}
    for place, row in _rows(body):
        try:
            typed = _typed(catalogue, row, period, may, by, hashlib.sha256(body).hexdigest())
        except HueDtiError as fault:
            faults.append(SheetCell(place, row[0], row[1], None, None, str(fault)))
            continue
        if typed is not None:
            known = current.setdefault(typed.unit, storage.observations([typed.unit], period))
            if _says_the_same(typed, known):
                same += 1
            else:
                told.append(SheetCell(place, typed.unit, typed.measure, typed, None))
    return SheetPreview(hashlib.sha256(body).hexdigest(), (*_tried(storage, catalogue, told, current, by, at), *faults), same)


def store_form(
    storage: Storage, catalogue: Catalogue, cells: Sequence[Typed], by: Writer, at: datetime, address: str = "", request: str = ""
) -> Mapping[Typed, str]:
    """Store what was confirmed, each cell by itself; what could not be stored, with why. Confirming again stores nothing twice."""
    refused: dict[Typed, str] = {}
    for _ in range(2):  # a part and its whole stand in either order
        waiting, refused = (list(refused) or list(cells)), {}
        for typed in waiting:
            try:
                save_cell(storage, catalogue, typed, by, at, address, request)
            except EntryRefused as fault:
                refused[typed] = str(fault)
        if not refused:
            break
    return refused


def _form_row(found: UnitCells, cell: EntryCell) -> FormRow:
    measure, mine = cell.measure, cell.choice
    before = cell.earlier[0][1]
    chosen = mine.words if mine is not None else ""
    return FormRow(
        unit=found.unit.code,
        measure=measure.code,
        period=str(found.period),
        unit_name=found.unit.name,
        criteria=", ".join(cell.criteria),
        name=measure.name,
        noun=measure.noun,
        before=field_text(measure, before),
        text=cell.text,
        choice=chosen,
        reason=cell.entry.typed.reason if cell.entry is not None and mine is not None else "",
        choices=tuple(each.words for each in _CHOICES if measure.kind.is_quantity or each is not Choice.NONE_OCCURRED),
        values=PROGRESS if measure.kind is ValueKind.PROGRESS else (),
        why_locked=cell.why_locked,
    )


def _rows(body: bytes) -> Iterator[tuple[str, Sequence[str]]]:
    """The rows that were filled in, each with the place of its value."""
    for row in filled_rows(body, COLUMNS, "nhập số liệu", (VALUE, CHOICE)):
        yield row.place(VALUE if row.texts[VALUE] else CHOICE), row.texts


def _typed(catalogue: Catalogue, row: Sequence[str], period: Period, may: Callable[[str], bool], by: Writer, sha256: str) -> Typed | None:
    """What a row says; None for one that says nothing new to be read, a fault for what cannot be."""
    unit, code, spelt = row[:3]
    measure = catalogue.measures.get(code)
    if measure is None or spelt != str(period) or not may(unit):
        raise EntryRefused(f"Dòng này không phải của bạn hoặc không phải của {period.label}; hãy dùng mẫu của đúng đơn vị và kỳ.")
    chosen = next((each for each in _CHOICES if fold(each.words) == fold(row[CHOICE])), None)
    if row[CHOICE] and chosen is None:
        raise EntryRefused(f"'{row[CHOICE][:40]}' không có trong danh sách; hãy chọn lại ở cột '{COLUMNS[CHOICE].name}'.")
    if row[VALUE] and chosen not in {None, Choice.NONE_OCCURRED}:
        raise EntryRefused(f"Vừa có số vừa chọn '{row[CHOICE]}'; hãy bỏ một trong hai.")
    choice = chosen or Choice.VALUE
    value = read_typed(measure, row[VALUE]) if choice is Choice.VALUE else 0 if choice is Choice.NONE_OCCURRED else None
    client = uuid5(NAMESPACE_URL, f"{sha256} {unit} {code} {period} {by.login}")
    return Typed(client, unit, code, str(period), choice, value, row[REASON], by.login)


def _says_the_same(typed: Typed, known: Sequence[Observation]) -> bool:
    standing = next((each for each in known if each.measure == typed.measure), None)
    if standing is None:
        return False
    words = typed.choice.words
    return standing.value == typed.value and (typed.value is not None or standing.reason == words)


def _tried(
    storage: Storage, catalogue: Catalogue, told: Sequence[SheetCell], current: dict[str, list[Observation]], by: Writer, at: datetime
) -> Iterator[SheetCell]:
    """Each cell weighed beside what stands and what the cells before it would store; a part may come before its whole."""
    waiting = list(told)
    for last in (False, True):
        refused = []
        for cell in waiting:
            if cell.typed is None:
                continue
            try:
                weighed = try_cell(storage, catalogue, cell.typed, by, at, current[cell.unit])
            except StorageError:
                raise
            except HueDtiError as fault:
                refused.append(replace(cell, fault=str(fault)))
                continue
            current[cell.unit] = [*(each for each in current[cell.unit] if each.measure != cell.measure), weighed.figure]
            yield replace(cell, old=weighed.old)
        waiting = refused
        if last:
            yield from refused
