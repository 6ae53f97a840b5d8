"""The values that the province gives, as a workbook: out as they stand, in to be looked at, kept only when confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from uuid import NAMESPACE_URL, UUID, uuid5

from hue_dti.catalogue.frameworks import ComponentKind, Framework
from hue_dti.errors import EntryRefused, HueDtiError, NumeralError
from hue_dti.numerals import POINT, format_percent, format_points
from hue_dti.reports.form_xlsx import FormColumn, FormLine, form_workbook
from hue_dti.rollup.given import LONGEST, Given, check, read_points, read_result
from hue_dti.rollup.province import Line, ProvincialValue
from hue_dti.services.desk import Desk
from hue_dti.services.filled_form import Change, FilledRow, Preview, filled_rows
from hue_dti.services.provincial import give
from hue_dti.services.roll_up import ProvinceQuarter
from hue_dti.storage import Storage

COLUMNS = (
    *(FormColumn("Khung"), FormColumn("Kỳ"), FormColumn("Số đang có"), FormColumn("Mã", 8), FormColumn("Chỉ số thành phần", 52)),
    *(FormColumn("Chỉ số chính", 24), FormColumn("Nơi giữ số", 26), FormColumn("Kết quả", 16, open=True)),
    *(FormColumn("Điểm tối đa", 12, open=True), FormColumn("Tài liệu kiểm chứng", 44, open=True), FormColumn("Ghi chú", 28, open=True)),
)
FRAMEWORK, PERIOD, SEEN, CODE = range(4)
RESULT, MOST, DOCUMENT, REASON = (at for at, column in enumerate(COLUMNS) if column.open)
_HOW = (
    "Chỉ gõ vào các cột tô vàng. Kết quả viết 85,71%, 6/7, có hoặc chưa; phải ghi tài liệu kiểm chứng (số ký hiệu, ngày, tên văn bản). "
    "Dòng để trống thì giữ nguyên."
)
_YES_NO = ("có", "chưa")


def form_of(storage: Storage, found: ProvinceQuarter, framework: Framework) -> bytes:
    """The workbook of every component that no unit tells, with the values as they stand."""
    standing, lasts = _known(storage, found)
    most = {line.code: line.max_points for _, line in framework.lines()}
    each = ((main, line, line.component.code) for main, line in offered(found))
    lines = (_line(found, main, line, standing.get(code), lasts.get(code, 0), most.get(code)) for main, line, code in each)
    return form_workbook("Kết quả do tỉnh nhập", f"{found.province.name}, {found.period.label}: kết quả do tỉnh nhập", _HOW, COLUMNS, lines)


def offered(found: ProvinceQuarter) -> Iterator[tuple[str, Line]]:
    """The components and parts that no local count feeds, each with the name of its main index."""
    for main in found.roll_up.mains:
        for line in (each for whole in main.lines for each in (whole.parts or (whole,))):
            if line.local is None:
                yield main.main.name, line


def read_form(storage: Storage, found: ProvinceQuarter, framework: Framework, body: bytes, by: str) -> Preview[Given]:
    """What the workbook would change; SettingError for a file that is not this form."""
    standing, lasts = _known(storage, found)
    maxima = {code: value.max_points for code, value in standing.items()}
    names = {line.component.code: line.component.name for _, line in offered(found)}
    changes: list[Change[Given]] = []
    sha256, same, seen = hashlib.sha256(body).hexdigest(), 0, set[str]()
    for row in filled_rows(body, COLUMNS, "kết quả do tỉnh nhập", (RESULT, DOCUMENT)):
        code = row.texts[CODE]
        before = standing.get(code)
        try:
            _known_line(row, found, names, seen)
            given = _given(row, found, framework, uuid5(NAMESPACE_URL, f"{sha256} {found.province.code} {found.period} {code} {by}"))
            if before is not None and _says_the_same(given, before):
                same += 1
                continue
            _check(row, given, framework, maxima, lasts.get(code, 0))
        except _WrongCell as wrong:
            changes.append(Change(row.place(wrong.column), code, names.get(code, ""), fault=str(wrong)))
            continue
        maxima[code] = given.max_points
        changes.append(Change(row.place(RESULT), code, names[code], given, _words(before, given)))
    return Preview(tuple(changes), same)


def store_form(desk: Desk, framework: Framework, given: Sequence[Given]) -> Mapping[Given, str]:
    """Keep what was confirmed, each value by itself; what could not be kept, with why. Confirming again keeps nothing twice."""
    refused: dict[Given, str] = {}
    for each in given:
        try:
            give(desk, framework, each)
        except EntryRefused as fault:
            refused[each] = str(fault)
    return refused


class _WrongCell(HueDtiError):
    """What is wrong in which column."""

    def __init__(self, column: int, words: str) -> None:
        super().__init__(words)
        self.column = column


def _line(found: ProvinceQuarter, main: str, line: Line, value: ProvincialValue | None, last: int, known: Fraction | None) -> FormLine:
    """A component's line; its maximum is shut where the framework knows it."""
    component, held = line.component, line.not_local.held_by if line.not_local is not None else ""
    most = known if known is not None else value.max_points if value is not None else None
    told = (value.result, value.document) if value is not None else ("", "")
    fixed = (found.framework.code, str(found.period), str(last), component.code, component.name, main, held)
    cells = (*fixed, told[0], format_points(most * POINT) if most is not None else "", told[1], "")
    lists = {RESULT: _YES_NO} if component.kind is ComponentKind.YES_NO else {}
    return FormLine(cells, (MOST,) if known is not None else (), lists)


def _known(storage: Storage, found: ProvinceQuarter) -> tuple[Mapping[str, ProvincialValue], Mapping[str, int]]:
    """What stands, and the number of the last row of each code."""
    of = (found.province.code, str(found.period), found.framework.code)
    return storage.provincial.newest(*of), storage.provincial.lasts(*of)


def _known_line(row: FilledRow, found: ProvinceQuarter, names: Mapping[str, str], seen: set[str]) -> None:
    code = row.texts[CODE]
    if (row.texts[FRAMEWORK], row.texts[PERIOD]) != (found.framework.code, str(found.period)):
        raise _WrongCell(CODE, f"Dòng này không phải của {found.period.label}; hãy tải mẫu của đúng kỳ.")
    if code not in names:
        raise _WrongCell(CODE, f"Không có chỉ số thành phần '{code[:40]}' do tỉnh nhập; hãy dùng mẫu tải từ trang này.")
    if code in seen:
        raise _WrongCell(CODE, f"'{code}' đã có ở dòng trên; hãy bỏ một dòng.")
    seen.add(code)


def _given(row: FilledRow, found: ProvinceQuarter, framework: Framework, client: UUID) -> Given:
    try:
        share = read_result(row.texts[RESULT])
    except EntryRefused as fault:
        raise _WrongCell(RESULT, str(fault)) from None
    code = row.texts[CODE]
    known = {line.code: line.max_points for _, line in framework.lines()}.get(code)
    try:
        most = read_points(row.texts[MOST]) if known is None else None
    except NumeralError as fault:
        raise _WrongCell(MOST, str(fault)) from None
    seen = row.texts[SEEN]
    of = (client, found.province.code, str(found.period), found.framework.code, code)
    replaces = int(seen) if seen.isascii() and seen.isdigit() else -1
    return Given(*of, share, most, row.texts[RESULT], row.texts[DOCUMENT], reason=row.texts[REASON], replaces=replaces)


def _says_the_same(given: Given, before: ProvincialValue) -> bool:
    told = (given.share, given.max_points, given.result, given.document)
    return told == (before.share, before.max_points, before.result, before.document)


def _check(row: FilledRow, given: Given, framework: Framework, maxima: Mapping[str, Fraction | None], last: int) -> None:
    if given.replaces != last:
        raise _WrongCell(RESULT, "Chỉ số này đã có người ghi sau khi tải mẫu; hãy tải mẫu mới để thấy số đó rồi ghi lại nếu cần.")
    try:
        check(given, framework, maxima)
    except EntryRefused as fault:
        longest = max((RESULT, DOCUMENT, REASON), key=lambda column: len(row.texts[column]))
        too_long = len(row.texts[longest]) > LONGEST
        column = DOCUMENT if not given.document else longest if too_long else MOST if given.max_points is not None else RESULT
        raise _WrongCell(column, str(fault)) from None


def _words(before: ProvincialValue | None, given: Given) -> str:
    """`6/7 → 100%; Báo cáo 12/BC`."""
    old = (before.result or format_percent(before.share)) if before is not None else "chưa có"
    return f"{old} → {given.result}; {given.document}"
