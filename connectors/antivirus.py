"""A console of anti-malware software: a CSV export with one row per computer, of which only counts per unit go further.

Settings beside those of `connectors.http`: `path` (default `export/may-tinh.csv`).

Comma, encoded as `connectors.csv_table` reads it. Lines that start with `#` come first: `# Số liệu đến ngày: 10/06/2024`,
`# Tổng số máy: 968`. Then the head
`Mã máy,Đơn vị,Chống mã độc,Phòng chống virus,Mã độc phát hiện` and the rows: the two software columns hold a product's name or nothing,
the last a number of detections not yet cleaned. A row that cannot be read withholds its unit; a total that differs refuses the whole.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.csv_table import decoded
from connectors.fields import Unreadable, folded_day, optional_text, stated_day, text
from connectors.files import OfFiles
from connectors.http import Answer, Asker
from hue_dti.collation import fold, spelling
from hue_dti.errors import NumeralError
from hue_dti.numerals import parse_count
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SourceFault

CSV = frozenset({"text/csv"})
HEAD = ["Mã máy", "Đơn vị", "Chống mã độc", "Phòng chống virus", "Mã độc phát hiện"]


@dataclass(slots=True)
class _Tally:
    """The counts of one unit, and the line it was first seen on."""

    unit: str
    first: int
    computers: int = 0
    malware: int = 0
    virus: int = 0
    infected: int = 0
    withheld: bool = False


@dataclass(slots=True)
class _Export:
    as_of: date | None = None
    total: int | None = None
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


class Antivirus(OfFiles):
    """Counts computers, those with each kind of software, and those infected."""

    measures = ("computers", "computers_malware", "computers_virus", "computers_infected")

    settings: tuple[str, ...] = ()

    def __init__(self, source: str = "antivirus") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """Four readings per unit the console lists; raise SourceError when the export cannot be trusted."""
        asker = Asker(self.source, request.settings, store, now)
        return self.read(asker.get(request.settings.get("path", "export/may-tinh.csv"), {}, CSV), request, now())

    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """What one file tells."""
        export = _export(answer)
        stated = stated_day(answer, export.as_of, request, now)
        if export.total is not None and export.total != len(export.rows):
            raise answer.invalid(f"ghi tổng số {export.total} máy nhưng có {len(export.rows)} dòng", "xuất lại tệp")
        faults: list[SourceFault] = []
        readings: list[Reading] = []
        for tally in _tallies(export, faults):
            if tally.withheld:
                faults.append(SourceFault(f"dòng {tally.first}", f"{tally.unit}: có dòng không đọc được nên không đếm; sửa rồi xuất lại"))
                continue
            place = f"{tally.computers} dòng của đơn vị, từ dòng {tally.first}"
            values = (tally.computers, tally.malware, tally.virus, tally.infected)
            readings += [
                Reading(tally.unit, measure, value, stated, answer.sha256, place)
                for measure, value in zip(self.measures, values, strict=True)
            ]
        return Pulled(tuple(readings), faults=tuple(faults))


def _export(answer: Answer) -> _Export:
    """The notes, the head and the rows; anything else than the declared head refuses the whole."""
    try:
        table = list(csv.reader(io.StringIO(decoded(answer), newline=""), strict=True))
    except csv.Error as error:
        raise answer.invalid("nội dung không phải là CSV đúng", "xuất lại tệp, bảng mã UTF-8") from error
    export = _Export()
    head_seen = False
    for number, cells in enumerate(table, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if not head_seen and cells[0].startswith("#"):
            _note(answer, export, ",".join(cells))
        elif not head_seen:
            if [fold(cell) for cell in cells] != [fold(cell) for cell in HEAD]:
                raise answer.invalid(f"dòng {number} không phải là tiêu đề {', '.join(HEAD)}", "xuất lại đúng mẫu")
            head_seen = True
        else:
            export.rows.append((number, cells))
    if not head_seen or not export.rows:
        raise answer.invalid("không có máy tính nào", "xuất lại tệp")
    return export


def _note(answer: Answer, export: _Export, line: str) -> None:
    if "den ngay" in fold(line):
        export.as_of = folded_day(line)
        if export.as_of is None:
            raise answer.invalid("ngày số liệu không đọc được", "ghi như '# Số liệu đến ngày: 10/06/2024'")
    elif "tong so may" in fold(line):
        try:
            export.total = parse_count(line.rpartition(":")[2])
        except NumeralError as error:
            raise answer.invalid("tổng số máy không đọc được", "xuất lại tệp") from error


def _tallies(export: _Export, faults: list[SourceFault]) -> list[_Tally]:
    tallies: dict[str, _Tally] = {}
    machines: set[str] = set()
    for number, cells in export.rows:
        try:
            unit = text(cells[1] if len(cells) > 1 else "")
        except Unreadable as error:
            faults.append(SourceFault(f"dòng {number}", f"đơn vị {error}; bỏ qua dòng này"))
            continue
        tally = tallies.setdefault(spelling(unit), _Tally(unit, number))
        try:
            machine, malware, virus, detections = _row(cells, machines)
        except (Unreadable, NumeralError) as error:
            faults.append(SourceFault(f"dòng {number}", f"{unit}: {error}"))
            tally.withheld = True
            continue
        machines.add(machine)
        tally.computers += 1
        tally.malware += malware
        tally.virus += virus
        tally.infected += detections > 0
    return list(tallies.values())


def _row(cells: list[str], machines: set[str]) -> tuple[str, bool, bool, int]:
    if len(cells) != len(HEAD):
        raise Unreadable(f"có {len(cells)} cột thay vì {len(HEAD)}")
    machine = text(cells[0])
    if machine in machines:
        raise Unreadable(f"máy {machine} có hai dòng")
    return machine, bool(optional_text(cells[2])), bool(optional_text(cells[3])), parse_count(cells[4])
