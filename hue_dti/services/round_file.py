"""A unit's own marks in a round as a workbook to fill in, and the whole round as a workbook to look at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from hue_dti.appraisal.rounds import Participant, Round, RoundLine, UnitSheet
from hue_dti.collation import fold
from hue_dti.errors import Fault, ImportRefused, NumeralError
from hue_dti.free_text import plain
from hue_dti.numerals import POINT, format_points, parse_points
from hue_dti.reports.form_xlsx import FormColumn, FormLine, form_workbook
from hue_dti.reports.xlsx import book_of
from hue_dti.reports.xlsx_sheets import Cell, Points, Sheet, SheetColumn
from hue_dti.rollup.offered import Offer, Offers
from hue_dti.services.round_opening import MOST_UNITS
from hue_dti.services.rounds import Given, RoundDesk
from hue_dti.services.table_file import table_of

HEADINGS = {
    "line": "Mã",
    "name": "Tên",
    "most": "Điểm tối đa",
    "points": "Điểm tự đánh giá",
    "result": "Kết quả",
    "link": "Tài liệu",
    "system": "Hệ thống tính",
    "figures": "Số liệu của hệ thống",
}
"""Field → column of a unit's form."""

_NEEDED = ("line", "points")
_OPEN = ("points", "result", "link")
_HOW = "Chỉ gõ vào ba cột tô vàng: điểm từ 0 đến điểm tối đa, kết quả, liên kết tài liệu. Dòng chưa có điểm thì để trống."
_UNITS = {"code": "Mã", "name": "Tên"}
LONGEST_CODE, LONGEST_NAME = 40, 200
_CODE = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
_WIDTHS = (10, 60, 12, 16, 40, 40, 14, 44)


def form_of(sheet: UnitSheet, offers: Offers) -> bytes:
    """The unit's marks as a workbook to fill in and bring back; only points, results and links can be typed.

    Beside them stands what the platform's figures give, to be read.
    """
    columns = tuple(
        FormColumn(heading, width, open=name in _OPEN, right=name in {"most", "system"})
        for (name, heading), width in zip(HEADINGS.items(), _WIDTHS, strict=True)
    )
    title = f"{sheet.round.title}, {sheet.unit.name}: tự đánh giá"
    how = f"{_HOW} Hệ thống tính theo {offers.basis.words}." if offers.basis is not None else _HOW
    return form_workbook("Tự đánh giá", title, how, columns, (_form_line(sheet, line, offers) for line in sheet.round.lines))


def _form_line(sheet: UnitSheet, line: RoundLine, offers: Offers) -> FormLine:
    own, offer = sheet.own.get(line.code), offers.of(line.code)
    marked = (format_points(own.points), own.result, own.link) if own else ("", "", "")
    points = format_points(offer.points) if offer.points is not None else ""
    return FormLine((line.code, line.name, format_points(line.max_points), *marked, points, figure_of(offer)))


def figure_of(offer: Offer) -> str:
    """The figure behind an offer and the standing of its proof, or why there is none, in one cell."""
    proof = f"minh chứng: {offer.proof}" if offer.proof else ""
    return "; ".join(filter(None, (offer.figure, offer.why, proof)))


def read_form(body: bytes, name: str, of: Round) -> tuple[Given, ...]:
    """The marks of a filled form; lines left empty are left out. ImportRefused with every fault, each naming its cell."""
    found: list[Given] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row in table_of(body, Path(name), HEADINGS, _NEEDED).lines:
        code, text = row.cells["line"].strip(), row.cells["points"].strip()
        line = of.line(code)
        if line is None:
            faults.append(row.fault(f"đợt đánh giá không có dòng '{code}'", "hãy dùng mẫu tải từ trang này", "line"))
        elif seen.setdefault(code, row.line) != row.line:
            faults.append(row.fault(f"'{code}' đã có ở dòng {seen[code]}", "hãy bỏ một dòng", "line"))
        elif text:
            points = read_mark(text)
            if points is None or points > line.max_points:
                faults.append(row.fault(f"'{text}' không phải điểm từ 0 đến {format_points(line.max_points)}", "hãy sửa điểm", "points"))
            else:
                found.append(Given(code, points, row.cells["result"].strip(), row.cells["link"].strip()))
    if not found and not faults:
        faults.append(Fault(name, 1, "không có dòng nào có điểm", "hãy ghi điểm vào cột Điểm tự đánh giá"))
    if faults:
        raise ImportRefused(faults)
    return tuple(found)


def read_mark(text: str) -> int | None:
    """`9,5` → 95000 ten-thousandths; None for what is no number of points."""
    try:
        points = parse_points(text)
    except NumeralError:
        return None
    return points if points >= 0 else None


def round_book(desk: RoundDesk) -> bytes:
    """Results by rank, and every mark with its reasons."""
    ranks = ("Hạng", 8), ("Đơn vị", 36), ("Điểm", 12), ("Tự đánh giá", 12), ("Giá trị", 12), ("Chưa tự đánh giá", 12), ("Nộp muộn", 12)
    rows: list[tuple[Cell, ...]] = []
    for row in desk.results:
        value = Points(int(row.value * POINT + Fraction(1, 2)))
        rows.append((row.rank, row.name, Points(row.points), Points(row.self_points), value, row.missing, row.late))
    heads = ("Đơn vị", 30), ("Mã", 10), ("Tên", 50), ("Tối đa", 10), ("Tự đánh giá", 12), ("Thẩm định", 12), ("Kết quả", 12)
    more = ("Căn cứ thẩm định", 40), ("Giải trình", 40), ("Căn cứ kết luận", 40)
    marks = [row for sheet in desk.sheets for row in _marks(sheet)]
    sheets = [Sheet("Kết quả", _columns(*ranks), tuple(rows)), Sheet("Từng dòng", _columns(*heads, *more), tuple(marks), frozen_columns=3)]
    return book_of(sheets, desk.round.title)


def _marks(sheet: UnitSheet) -> list[tuple[Cell, ...]]:
    words = sheet.words
    rows: list[tuple[Cell, ...]] = []
    for line in sheet.round.lines:
        said = words[line.code]
        own = Points(said.self_points) if line.code in sheet.own else None
        given = Points(said.appraised.points or 0) if said.appraised else None
        reasons = tuple(mark.reason if mark else None for mark in (said.appraised, said.explained, said.final))
        rows.append((sheet.unit.name, line.code, line.name, Points(line.max_points), own, given, Points(said.points), *reasons))
    return rows


def published_book(told: Mapping[str, object]) -> bytes:
    """A published result as a workbook, out of its frozen content."""
    ranks = ("Hạng", 8), ("Đơn vị", 36), ("Điểm", 12), ("Tự đánh giá", 12), ("Chưa tự đánh giá", 12), ("Nộp muộn", 12)
    rows: list[tuple[Cell, ...]] = []
    results = told["results"]
    for row in results if isinstance(results, list) else ():
        rows.append((row["rank"], row["name"], Points(row["points"]), Points(row["self_points"]), row["missing"], row["late"]))
    return book_of([Sheet("Kết quả công bố", _columns(*ranks), tuple(rows))], str(told["title"]))


def _columns(*titles: tuple[str, float]) -> tuple[SheetColumn, ...]:
    return tuple(SheetColumn(title, width) for title, width in titles)


def read_units(body: bytes, name: str, known: Mapping[str, str]) -> tuple[Participant, ...]:
    """The units of a list with the columns Mã and Tên; ImportRefused with every fault.

    `known` has the names of the units of the unit list by code: whoever bears such a code is that unit, under its own name.
    """
    found: list[Participant] = []
    faults: list[Fault] = []
    table = table_of(body, Path(name), _UNITS, tuple(_UNITS)).lines
    if len(table) > MOST_UNITS:
        over = f"danh sách có {len(table)} đơn vị, nhiều hơn {MOST_UNITS}"
        raise ImportRefused([table[MOST_UNITS].fault(over, "hãy bỏ dòng thừa, hoặc chia thành nhiều đợt")])
    for row in table:
        code, title = row.cells["code"].strip(), " ".join(plain(row.cells["name"]).split())
        fault = row.unsayable("code", code, LONGEST_CODE) or row.unsayable("name", title, LONGEST_NAME)
        if fault is not None:
            faults.append(fault)
        elif not _CODE.fullmatch(code):
            remedy = "mã gồm chữ không dấu, số, chấm và gạch nối, ví dụ 483 hoặc dong-thap"
            faults.append(row.fault(f"mã '{code}' không hợp lệ", remedy, "code"))
        elif not title:
            faults.append(row.fault("chưa ghi tên đơn vị", "hãy ghi tên", "name"))
        elif fold(title) != fold(known.get(code, title)):
            remedy = "hãy ghi đúng tên ấy, hoặc mã khác cho đơn vị ngoài danh sách"
            faults.append(row.fault(f"mã {code} là của '{known[code]}' trong danh sách đơn vị", remedy, "name"))
        else:
            found.append(Participant(code, known.get(code, title)))
    if faults:
        raise ImportRefused(faults)
    return tuple(found)
