"""The form of a quarter as a workbook: a row for each unit and measure, only the cells to fill in can be changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hue_dti.reports.form_xlsx import FormColumn, FormLine, form_workbook

SHEET = "Nhập số liệu"
COLUMNS = (
    *(FormColumn("Mã đơn vị"), FormColumn("Mã số liệu"), FormColumn("Kỳ"), FormColumn("Đơn vị", 24), FormColumn("Tiêu chí", 10)),
    *(FormColumn("Số liệu", 52), FormColumn("Tính bằng", 16), FormColumn("Quý trước", 14, right=True)),
    *(FormColumn("Số quý này", 16, open=True), FormColumn("Không có số", 20, open=True), FormColumn("Lý do", 32, open=True)),
)
VALUE, CHOICE, REASON = OPEN = tuple(at for at, column in enumerate(COLUMNS) if column.open)
_HOW = "Chỉ gõ vào ba cột tô vàng. Không có số thì chọn ở cột 'Không có số', đừng gõ 0 thay. Cột nào khóa thì số do máy lấy hoặc đã duyệt."


@dataclass(frozen=True, slots=True)
class FormRow:
    """A figure of the form: its codes, words, what stands there, what may be chosen instead, and whether it takes typing."""

    unit: str
    measure: str
    period: str
    unit_name: str
    criteria: str
    name: str
    noun: str
    before: str
    text: str
    choice: str
    reason: str
    choices: tuple[str, ...]
    values: tuple[str, ...]
    why_locked: str


def entry_workbook(title: str, rows: Iterable[FormRow]) -> bytes:
    """The workbook's bytes."""
    return form_workbook(SHEET, title, _HOW, COLUMNS, map(_line, rows))


def _line(row: FormRow) -> FormLine:
    fixed = (row.unit, row.measure, row.period, row.unit_name, row.criteria, row.name, row.noun, row.before)
    lists = {CHOICE: row.choices} | ({VALUE: row.values} if row.values else {})
    return FormLine((*fixed, row.text, row.choice, row.why_locked or row.reason), OPEN if row.why_locked else (), lists)
