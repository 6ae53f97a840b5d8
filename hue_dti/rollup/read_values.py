"""A CSV of index values → rows, exact; whatever would have to be guessed is a fault with its line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.scalars import nearest
from hue_dti.collation import fold
from hue_dti.errors import CellFault, ValuesRefused
from hue_dti.free_text import fault_of, parts, plain
from hue_dti.numerals import decimal_text
from hue_dti.rollup.assess import same_unit
from hue_dti.rollup.model import INDEX, UnitValues, pillar_key

UNIT = "unit"
_UNIT_NAMES = frozenset({"unit", "don vi"})
_INDEX_NAMES = frozenset({"index", "dti"})
_DELIMITERS = (",", ";", "\t")
_MOST_DIGITS = 12
_LONGEST_UNIT = 200


class DecimalSign(StrEnum):
    """What stands before the decimals in a file; said by who gives it, never guessed."""

    DOT = "dot"
    COMMA = "comma"

    @property
    def sign(self) -> str:
        """`.` or `,`."""
        return "." if self is DecimalSign.DOT else ","

    @property
    def other(self) -> DecimalSign:
        """The one that was not chosen."""
        return DecimalSign.COMMA if self is DecimalSign.DOT else DecimalSign.DOT


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the numbers of a file are written: the decimal sign, and whether they are points instead of values from 0 to 1."""

    decimal: DecimalSign = DecimalSign.DOT
    points: bool = False


@dataclass(slots=True)
class Sheet:
    """A table as written: its header, and each row with its line; faults are gathered in `faults`."""

    path: str
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)

    def fault(self, line: int, column: int, what: str, remedy: str) -> None:
        """Note a fault; columns count from 1."""
        self.faults.append(CellFault(self.path, line, column, what, remedy))

    def done(self) -> None:
        """Raise ValuesRefused if anything was noted."""
        if self.faults:
            raise ValuesRefused(self.faults)


def read_values(text: str, path: str, framework: Framework, spelt: Spelling, published_alone: bool = False) -> tuple[UnitValues, ...]:
    """The rows of a values file; ValuesRefused with all faults. With `published_alone` the main indices may be left out (a year before);
    of a framework of which too little is known to compute anything, only the published index is read.
    """
    sheet = read_sheet(text, path, _UNIT_NAMES)
    _unsayable(sheet, text)
    columns = _columns(sheet, framework)
    if not framework.computable:
        _only_published(sheet, columns, framework)
    wanted = [main for main in framework.scored if main.code not in columns.values()] if framework.computable else []
    alone = published_alone and len(wanted) == len(framework.scored) and INDEX in columns.values()
    if wanted and not alone:
        missing = ", ".join(f"{main.code} ({main.name})" for main in wanted)
        sheet.fault(1, max(1, len(sheet.header)), f"thiếu cột {missing}", "hãy thêm mỗi chỉ số chính một cột")
    sheet.done()
    most = {main.code: main.max_points or Fraction(1) for main in framework.main}
    rows = [_row(sheet, line, cells, columns, spelt, most) for line, cells in sheet.rows]
    _check_units(sheet, columns)
    if not rows:
        sheet.fault(1, 1, "không có dòng số liệu nào", "hãy thêm mỗi đơn vị một dòng dưới dòng tên cột")
    sheet.done()
    return tuple(rows)


def _only_published(sheet: Sheet, columns: Mapping[int, str], framework: Framework) -> None:
    for place, key in columns.items():
        if key not in (UNIT, INDEX):
            what = f"cột '{sheet.header[place]}' chưa dùng được: khung {framework.code} chưa biết điểm của các chỉ số chính"
            sheet.fault(1, place + 1, what, "hãy bỏ cột này, chỉ để unit và index")
    if INDEX not in columns.values():
        what = f"thiếu cột index (DTI đã công bố): khung {framework.code} chưa biết điểm nên chưa tính được DTI"
        sheet.fault(1, max(1, len(sheet.header)), what, "hãy thêm cột index")


def _unsayable(sheet: Sheet, text: str) -> None:
    """Note each line that holds what no reader sees: the file is kept as it is written, its names are shown to everybody."""
    sheet.done()
    for line, words in enumerate(plain(text).split("\n"), start=1):
        if fault := fault_of(words, len(words), allowed="\r\t"):
            sheet.fault(line, 1, *parts(fault))
    sheet.done()


def read_sheet(text: str, path: str, first: frozenset[str]) -> Sheet:
    """Split a CSV whose header has a column named as `first` says (folded); comma, semicolon or tab, whichever gives that column.

    Lines that begin with # may stand before the header.
    """
    sheet = Sheet(path)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(plain(text), newline=""), delimiter=delimiter, strict=True)
        try:
            header = next((cells for cells in reader if cells and not cells[0].startswith("#")), [])
            if not first & {fold(name) for name in header}:
                continue
            sheet.header = [" ".join(name.split()) for name in header]
            _take_rows(sheet, reader)
        except csv.Error:
            sheet.fault(reader.line_num, 1, "không đọc được dòng này", "hãy xem lại dấu nháy kép của dòng")
        return sheet
    sheet.fault(1, 1, f"không có cột '{min(first, key=len)}'", f"hãy đặt dòng đầu là tên cột, có cột '{min(first, key=len)}'")
    return sheet


def _take_rows(sheet: Sheet, reader: csv._reader) -> None:  # type: ignore[name-defined]
    """Keep the rows that are as wide as the header; blank lines are passed over."""
    last = reader.line_num
    for cells in reader:
        line, last = last + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(sheet.header):
            what = f"dòng có {len(cells)} ô, dòng tên cột có {len(sheet.header)} ô"
            sheet.fault(
                line, min(len(cells), len(sheet.header)) + 1, what, "hãy thêm hoặc bỏ ô cho khớp; số có dấu phẩy thì cho vào nháy kép"
            )
            continue
        sheet.rows.append((line, [" ".join(cell.split()) for cell in cells]))


def _columns(sheet: Sheet, framework: Framework) -> Mapping[int, str]:
    """Column from 0 → what it holds: `unit`, a main index's code, `index` or a pillar key; what fits nothing or twice is a fault."""
    names = {fold(name): main.code for main in framework.main for name in (main.code, main.name, *main.aliases)}
    ambiguous = {fold(pillar.name) for pillar in framework.pillars} & {fold(alias) for alias in names}
    names |= {fold(pillar_key(pillar.code)): pillar_key(pillar.code) for pillar in framework.pillars}
    names |= {fold(pillar.name): pillar_key(pillar.code) for pillar in framework.pillars if fold(pillar.name) not in ambiguous}
    names |= dict.fromkeys(_UNIT_NAMES, UNIT) | dict.fromkeys(_INDEX_NAMES, INDEX)
    found: dict[int, str] = {}
    for place, name in enumerate(sheet.header):
        key = names.get(fold(name))
        if key is None:
            known = (UNIT, *(main.code for main in framework.main), *(main.name for main in framework.main))
            sheet.fault(1, place + 1, f"cột '{name}' không có trong khung {framework.code}", f"{nearest(name, known)}, hoặc bỏ cột")
        elif key in found.values():
            sheet.fault(1, place + 1, f"cột '{name}' trùng với một cột trước", "hãy bỏ một cột")
        else:
            found[place] = key
    return found


def _row(
    sheet: Sheet, line: int, cells: list[str], columns: Mapping[int, str], spelt: Spelling, most: Mapping[str, Fraction]
) -> UnitValues:
    """One unit; `most` are the maximum points of main indices. What was published is always a value."""
    values: dict[str, Fraction] = {}
    unit = ""
    for place, key in columns.items():
        if key == UNIT:
            unit = cells[place]
            if not unit:
                sheet.fault(line, place + 1, "tên đơn vị để trống", "hãy ghi tên đơn vị")
            elif len(unit) > _LONGEST_UNIT:
                sheet.fault(line, place + 1, f"tên đơn vị dài quá {_LONGEST_UNIT} chữ", "hãy viết gọn lại")
            continue
        value = _number(cells[place], spelt, most.get(key))
        if isinstance(value, Fraction):
            values[key] = value
        else:
            sheet.fault(line, place + 1, f"{sheet.header[place]} của {unit or 'dòng này'} {value[0]}", value[1])
    main = {key: value for key, value in values.items() if key in most}
    return UnitValues(unit, main, {key: value for key, value in values.items() if key not in most})


def _number(text: str, spelt: Spelling, most: Fraction | None) -> Fraction | tuple[str, str]:
    """The value as a share of 1, or what is wrong and what to write."""
    sign, other = spelt.decimal.sign, spelt.decimal.other
    if not text:
        return "để trống", "hãy điền giá trị, hoặc bỏ dòng của đơn vị chưa có số liệu"
    if re.fullmatch(rf"[0-9]{{1,{_MOST_DIGITS}}}{re.escape(other.sign)}[0-9]{{1,{_MOST_DIGITS}}}", text):
        return f"là '{text}', dùng dấu '{other.sign}' cho phần lẻ", f"hãy viết dấu '{sign}', hoặc chọn '{other.sign}' làm dấu của phần lẻ"
    if not re.fullmatch(rf"[0-9]{{1,{_MOST_DIGITS}}}(?:{re.escape(sign)}[0-9]{{1,{_MOST_DIGITS}}})?", text):
        return f"là '{text}', không phải số", f"hãy viết một số, chẳng hạn 0{sign}5872"
    value = Fraction(text.replace(sign, "."))
    if spelt.points and most is not None:
        return value / most if value <= most else (f"là '{text}', quá điểm tối đa {decimal_text(most, 4, trim=True)}", "hãy sửa điểm")
    return value if value <= 1 else (f"là '{text}', lớn hơn 1", "hãy viết giá trị từ 0 đến 1, hoặc chọn tệp ghi điểm nếu đó là điểm")


def _check_units(sheet: Sheet, columns: Mapping[int, str]) -> None:
    place = next(place for place, key in columns.items() if key == UNIT)
    first: dict[str, int] = {}
    for line, cells in sheet.rows:
        earlier = first.setdefault(same_unit(cells[place]), line)
        if earlier != line and cells[place]:
            sheet.fault(line, place + 1, f"đơn vị '{cells[place]}' đã có ở dòng {earlier}", "hãy bỏ một dòng")
