"""A folder that offices drop CSV or XLSX exports into: one row per computer (antivirus consoles), of which only counts go further.

Settings: `max_bytes` (20000000), and

- `folder`: the folder on this machine, from its root; `files`: which files in it (default `*.csv *.xlsx`); all of them are read;
- `machine`, `unit`: the headings of the columns that name the computer and its unit; `sheet`: the sheet of a workbook;
- `computers`: the measure that counts rows; `filled.<measure>`: the heading whose filled cells are counted (an installed product);
  `positive.<measure>`: the heading whose numbers above zero are counted (detections).

Without a `folder` files are only handed in (`hue-dti import`).

A CSV is UTF-8, UTF-16 or windows-1258 (as Excel saves it), separated by comma, semicolon or tab. Lines above the head may state 'Số liệu
đến ngày …'. A cell that cannot be read is a fault that names sheet, cell and problem, and withholds its unit: a count without it would be
wrong. A computer in two rows, also of two files, is one too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.cells import Cell, is_empty, read
from connectors.fields import Unreadable, shown, text
from connectors.files import FOLDER, OfFiles, dropped, folder_faults, only_handed_in, open_table
from connectors.http import Answer
from connectors.workbook import Line, as_of, find_sheet, lines_of
from hue_dti.collation import spelling
from hue_dti.errors import SettingError
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, SettingFault, SourceFault

FILLED, POSITIVE = "filled.", "positive."


@dataclass(slots=True)
class _Tally:
    """The counts of one unit, and where it was first seen."""

    unit: str
    answer: Answer
    first: str
    counts: dict[str, int]
    as_of: date
    withheld: bool = False


@dataclass(slots=True)
class _Count:
    """What all files have brought so far."""

    settings: Mapping[str, str]
    tallies: dict[str, _Tally] = field(default_factory=dict)
    machines: dict[str, str] = field(default_factory=dict)
    faults: list[SourceFault] = field(default_factory=list)


class DropFolder(OfFiles):
    """Counts the rows of dropped files per unit."""

    measures: tuple[str, ...] = ()
    """Whatever the sources file names."""
    settings = (*FOLDER, "machine", "unit", "sheet", "computers", "filled.*", "positive.*")
    asks_over_http = False
    only_handed_in = staticmethod(only_handed_in)

    def __init__(self, source: str = "drop_folder") -> None:
        self.source = source

    @staticmethod
    def faults_of(settings: Mapping[str, str]) -> Iterator[SettingFault]:
        """What cannot work in the settings."""
        for name in ("machine", "unit", "computers"):
            if not settings.get(name):
                yield SettingFault(name, "chưa được ghi", f"hãy thêm '{name}: …'")
        yield from folder_faults(settings)

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per measure and unit; raise SourceError when there is no file or one is no table."""
        self._check(request.settings)
        found = _Count(request.settings)
        for answer in dropped(self.source, request.settings, store, now):
            _add(found, answer, request, now())
        return Pulled(tuple(_readings(found)), faults=tuple(found.faults))

    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """What one file tells."""
        self._check(request.settings)
        found = _Count(request.settings)
        _add(found, answer, request, now)
        return Pulled(tuple(_readings(found)), faults=tuple(found.faults))

    def _check(self, settings: Mapping[str, str]) -> None:
        for fault in self.faults_of(settings):
            raise SettingError(f"Nguồn {self.source}, cài đặt '{fault.key}': {fault.what}; {fault.remedy}.")


def _add(found: _Count, answer: Answer, request: PullRequest, now: datetime) -> None:
    settings = found.settings
    columns = {name: settings[name] for name in settings if name in ("machine", "unit") or name.startswith((FILLED, POSITIVE))}
    headings = tuple(dict.fromkeys(columns.values()))
    sheet = find_sheet(answer, open_table(answer), settings.get("sheet"), headings)
    stated = as_of(answer, sheet, headings, request, now)
    for line in lines_of(sheet, headings):
        at = settings["unit"]
        try:
            unit = text(line.cells[at])
        except Unreadable as error:
            found.faults.append(SourceFault(line.places[at], f"đơn vị {error}; bỏ qua dòng này"))
            continue
        tally = found.tallies.setdefault(spelling(unit), _Tally(unit, answer, line.place, dict.fromkeys(_measures(settings), 0), stated))
        tally.as_of = min(tally.as_of, stated)
        _count_row(found, tally, line)


def _count_row(found: _Count, tally: _Tally, line: Line) -> None:
    settings, at = found.settings, found.settings["machine"]
    row = {settings["computers"]: True}
    try:
        found.machines[_new_machine(found, line.cells[at])] = line.places[at]
        for name, at in settings.items():
            if name.startswith(FILLED):
                row[name.removeprefix(FILLED)] = not is_empty(line.cells[at])
            elif name.startswith(POSITIVE):
                row[name.removeprefix(POSITIVE)] = _number(line.cells[at]) > 0
    except Unreadable as error:
        found.faults.append(SourceFault(line.places[at], f"{tally.unit}: {error}"))
        tally.withheld = True
        return
    for measure, counts in row.items():
        tally.counts[measure] += counts


def _new_machine(found: _Count, cell: Cell) -> str:
    machine = text(cell)
    if machine in found.machines:
        raise Unreadable(f"máy {shown(machine)} đã có ở {found.machines[machine]}")
    return machine


def _number(cell: Cell) -> int:
    if is_empty(cell):
        raise Unreadable("để trống; hãy ghi 0 nếu không có")
    return read("count", cell)


def _measures(settings: Mapping[str, str]) -> tuple[str, ...]:
    return (settings["computers"], *(name.partition(".")[2] for name in settings if name.startswith((FILLED, POSITIVE))))


def _readings(found: _Count) -> Iterator[Reading]:
    for tally in found.tallies.values():
        if tally.withheld:
            what = f"{tally.unit}: có dòng không đọc được nên không đếm; sửa rồi gửi lại tệp"
            found.faults.append(SourceFault(tally.first, what))
            continue
        place = f"{tally.counts[found.settings['computers']]} dòng của đơn vị, từ {tally.first}"
        for measure, value in tally.counts.items():
            yield Reading(tally.unit, measure, value, tally.as_of, tally.answer.sha256, place)
