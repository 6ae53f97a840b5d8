"""A CSV of component results → values by code, exact; whatever would have to be guessed is a fault with its line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.scalars import nearest
from hue_dti.rollup.components import ComponentValue
from hue_dti.rollup.read_values import DecimalSign, Sheet, read_sheet
from hue_dti.scoring.model import Status

COLUMNS = ("code", "result", "share", "status", "recommendation", "points")
_NEEDED = ("code", "share")
_STATUSES = {status.slug: status for status in Status}


@dataclass(frozen=True, slots=True)
class ComponentsFile:
    """What a file tells: results by component code, published points by main-index code."""

    values: dict[str, ComponentValue]
    published: dict[str, Fraction]


def read_components(text: str, path: str, framework: Framework, decimal: DecimalSign = DecimalSign.DOT) -> ComponentsFile:
    """The rows of a components file; a row whose code is a main index gives its published points. ValuesRefused with all faults."""
    sheet = read_sheet(text, path, frozenset({"code"}))
    places = {name: place for place, name in enumerate(sheet.header)}
    for place, name in enumerate(sheet.header):
        if name not in COLUMNS:
            sheet.fault(1, place + 1, f"cột '{name}' không dùng ở đây", f"{nearest(name, COLUMNS)}, hoặc bỏ cột")
    for name in _NEEDED:
        if sheet.header and name not in places:
            sheet.fault(1, len(sheet.header), f"thiếu cột {name}", f"hãy thêm cột {name}")
    sheet.done()
    reader = _Reader(sheet, framework, decimal, places, ComponentsFile({}, {}))
    for line, cells in sheet.rows:
        reader.row(line, cells)
    sheet.done()
    return reader.found


@dataclass(frozen=True, slots=True)
class _Reader:
    sheet: Sheet
    framework: Framework
    decimal: DecimalSign
    places: dict[str, int]
    found: ComponentsFile

    def row(self, line: int, cells: list[str]) -> None:
        """One component, or one main index with its published points."""
        said = {name: cells[place] for name, place in self.places.items()}
        code = said["code"]
        main = next((each for each in self.framework.main if each.code == code), None)
        if code in self.found.values or code in self.found.published:
            self._fault(line, "code", f"mã '{code}' viết hai lần", "hãy bỏ một dòng")
        elif main is not None:
            points = self._points(line, said.get("points", ""), main.max_points)
            if points is not None:
                self.found.published[code] = points
        elif code in {component.code for _, component in self.framework.lines()}:
            self.found.values[code] = self._value(line, said)
        else:
            codes = tuple(component.code for _, component in self.framework.lines())
            self._fault(line, "code", f"mã '{code}' không có trong khung {self.framework.code}", nearest(code, codes))

    def _value(self, line: int, said: dict[str, str]) -> ComponentValue:
        share = self._share(line, said["share"])
        status = said.get("status", "")
        if status and status not in _STATUSES:
            self._fault(line, "status", f"tình trạng là '{status}'", nearest(status, tuple(_STATUSES)))
        if said.get("points"):
            self._fault(line, "points", "điểm của chỉ số thành phần được tính, không nhập", "hãy để trống; chỉ dòng chỉ số chính có điểm")
        return ComponentValue(said.get("result", ""), share, _STATUSES.get(status), said.get("recommendation", ""))

    def _share(self, line: int, text: str) -> Fraction | None:
        """`85.71%` (or `85,71%` as said) or `6/7`; None where the cell is empty."""
        if not text:
            return None
        percent = re.fullmatch(rf"([0-9]{{1,3}}(?:{re.escape(self.decimal.sign)}[0-9]{{1,6}})?)%", text)
        share: Fraction | None = None
        if percent:
            share = Fraction(percent[1].replace(",", ".")) / 100
        elif re.fullmatch(r"[0-9]{1,9}/[1-9][0-9]{0,8}", text):
            share = Fraction(text)
        if share is None:
            remedy = f"hãy viết như 85{self.decimal.sign}71% hoặc 6/7; phần lẻ có dấu khác thì đổi --decimal"
            self._fault(line, "share", f"tỷ lệ là '{text}'", remedy)
        elif share > 1:
            self._fault(line, "share", f"tỷ lệ là '{text}', lớn hơn 100%", "hãy viết tỷ lệ từ 0% đến 100%")
        return share

    def _points(self, line: int, text: str, most: Fraction | None) -> Fraction | None:
        if not text:
            return None
        if re.fullmatch(rf"[0-9]{{1,6}}(?:{re.escape(self.decimal.sign)}[0-9]{{1,6}})?", text) is None:
            self._fault(line, "points", f"điểm là '{text}', không phải số", f"hãy viết như 72{self.decimal.sign}73")
            return None
        points = Fraction(text.replace(",", "."))
        if most is not None and points > most:
            self._fault(line, "points", f"điểm là '{text}', quá điểm tối đa", "hãy sửa điểm")
        return points

    def _fault(self, line: int, column: str, what: str, remedy: str) -> None:
        self.sheet.fault(line, self.places[column] + 1, what, remedy)
