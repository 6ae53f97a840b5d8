"""The offices that report by file: XLSX workbooks made on the fly, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from flask import Blueprint, Response, abort

from connectors import documents, hamlet_teams, meetings
from connectors.sandbox import invented
from connectors.sandbox.golden import AS_OF, DISTRICT, World, table, world
from connectors.workbook import XLSX
from hue_dti.units.model import OrgUnit

files = Blueprint("files", __name__)

Value = str | int | float | date | None
UNITS_OF_MONEY = {"budget": "tỷ đồng", "budget_digital": "tỷ đồng"}
DECISION = "45/QĐ-UBND"
DECIDED_ON = date(2022, 9, 12)


class Workbook:
    """An XLSX in memory; dates are stored as dates, everything else as written."""

    def __init__(self) -> None:
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self._book.set_properties({"created": datetime(AS_OF.year, AS_OF.month, AS_OF.day), "comments": f"nguon_goc: {invented.MARK}"})  # noqa: DTZ001
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._date = self._book.add_format({"num_format": "dd/mm/yyyy"})

    def sheet(self, name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Add a table under its title, the date of its figures and the mark of what is invented."""
        page = self._book.add_worksheet(name)
        page.write(0, 0, title, self._bold)
        page.write(1, 0, f"Số liệu đến ngày {AS_OF:%d/%m/%Y}")
        page.write(2, 0, f"nguon_goc: {invented.MARK}")
        page.write_row(4, 0, head, self._bold)
        page.set_column(0, len(head) - 1, 22)
        for at, row in enumerate(rows, start=5):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, datetime(value.year, value.month, value.day), self._date)  # noqa: DTZ001
                elif value is not None:
                    page.write(at, column, value)

    def response(self) -> Response:
        """The finished file."""
        self._book.close()
        return Response(self._stream.getvalue(), mimetype=next(iter(XLSX)))


@files.get("/<source>/so-lieu.xlsx")
def declared_table(source: str) -> Response:
    """The table an office declares: one row per unit, one column per measure."""
    known = world()
    figures = [figure for figure in known.figures if figure.source == source]
    if source not in ("police", "telecom", "operations_centre", "district"):
        abort(404)
    head = ["Mã đơn vị", "Tên đơn vị", *(f"Số liệu [{figure.measure}]" for figure in figures)]
    units_of_count: list[Value] = [None, "Đơn vị tính", *(UNITS_OF_MONEY.get(figure.measure) for figure in figures)]
    rows: list[Sequence[Value]] = [units_of_count]
    for unit in (known.district, *known.offices):
        cells = [_cell(known, unit, figure.measure) for figure in figures]
        if any(cell is not None for cell in cells):
            rows.append([unit.code, unit.name, *cells])
    book = Workbook()
    book.sheet("Số liệu", f"Số liệu chuyển đổi số huyện Nam Đông ({source})", head, rows)
    return book.response()


@files.get("/hamlet_teams/to-cong-nghe-so.xlsx")
def hamlet_register() -> Response:
    """One row per village with its team."""
    communes = table("communes.csv")
    villages = [(row, number) for row in communes for number in range(1, int(row["villages"]) + 1)]
    total = next(int(row["count"]) for row in table("totals.csv") if row["measure"] == "team_members")
    codes = [f"{row['unit']}:{number:02}" for row, number in villages]
    members = invented.spread(total, invented.weights("members", codes, dict.fromkeys(codes, 10)), dict.fromkeys(codes, 3), {})
    rows: list[list[Value]] = []
    for at, ((row, number), code) in enumerate(zip(villages, codes, strict=True), start=1):
        strengthened = date.fromisoformat(row["strengthened_on"]) if row["strengthened_on"] else None
        kind = "Tổ dân phố" if row["unit"] == "20161" else "Thôn"
        rows.append([at, f"{kind} {number}", row["printed"], members[code], DECISION, DECIDED_ON, strengthened])
    book = Workbook()
    book.sheet("Tổ CNSCĐ", "Sổ theo dõi Tổ công nghệ số cộng đồng", ["STT", *hamlet_teams.HEADINGS], rows)
    return book.response()


@files.get("/meetings/so-hop.xlsx")
def meeting_register() -> Response:
    """One row per meeting or training."""
    name = world().district.name
    rows: list[list[Value]] = [
        [date.fromisoformat(row["day"]), name, row["kind"], row["subject"], int(row["attended"])] for row in table("meetings.csv")
    ]
    book = Workbook()
    book.sheet("Họp, tập huấn", "Sổ họp và tập huấn", [*meetings.HEADINGS, "Số người dự"], rows)
    return book.response()


@files.get("/documents/so-van-ban.xlsx")
def document_register() -> Response:
    """Issued and received documents, a sheet each."""
    book = Workbook()
    for direction, sheet in (("issued", "Văn bản đi"), ("received", "Văn bản đến")):
        rows: list[list[Value]] = [
            [
                at,
                row["number"],
                date.fromisoformat(row["issued_on"]),
                *(row[key] or None for key in ("kind", "title", "issuer", "directive", "criterion", "note")),
            ]
            for at, row in enumerate((row for row in table("documents.csv") if row["direction"] == direction), start=1)
        ]
        book.sheet(sheet, f"Sổ {sheet.lower()} năm {AS_OF.year}", ["STT", *documents.HEADINGS], rows)
    return book.response()


def _cell(known: World, unit: OrgUnit, measure: str) -> Value:
    """A number as a number; percentages, progress and decimals as the office wrote them."""
    if unit.code in known.values[measure]:
        return known.values[measure][unit.code]
    if unit.code == DISTRICT and not known.values[measure]:
        return known.text(measure)
    return None
