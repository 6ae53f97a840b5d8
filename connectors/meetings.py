"""The register of meetings and training: an XLSX with one row per event.

Settings beside those of `connectors.http`: `path`, `sheet` (default: the first with the columns below).

Columns: `Ngày`, `Đơn vị`, `Loại`, `Nội dung`. Steering meetings and training conferences for community teams are counted by their kind
as printed; other kinds are left aside. An event counts when its day lies in the days of the measure (`until` already in them). A row that
cannot be read withholds the counts it could have raised, as far as its unit, kind and day can be told: a count without it could be short.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connectors.fields import Unreadable, day, legible, text, window_of
from connectors.files import OfBooks, open_table
from connectors.http import Answer
from connectors.workbook import Line, as_of, find_sheet, lines_of
from hue_dti.collation import fold, spelling
from hue_dti.observations.model import Pulled, PullRequest, Reading, SourceFault
from hue_dti.observations.registers import EVENT_KINDS

DAY, UNIT, KIND, SUBJECT = "Ngày", "Đơn vị", "Loại", "Nội dung"
HEADINGS = (DAY, UNIT, KIND, SUBJECT)
NOUNS = {"steering_meetings": "cuộc họp Ban Chỉ đạo", "team_conferences": "hội nghị tập huấn"}


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit as the register first spells it, the places of its events by measure, and the measures no longer sure."""

    printed: str
    rows: dict[str, list[str]] = field(default_factory=lambda: {measure: [] for measure in EVENT_KINDS.values()})
    doubtful: set[str] = field(default_factory=set)


class Meetings(OfBooks):
    """Counts the district's steering meetings and training conferences."""

    measures = tuple(EVENT_KINDS.values())

    settings = ("sheet",)

    def __init__(self, source: str = "meetings") -> None:
        super().__init__(source)

    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """One reading per unit and measure not in doubt; a kind without events counts zero, for the register was read to its end."""
        sheet = find_sheet(answer, open_table(answer), request.settings.get("sheet"), HEADINGS)
        stated = as_of(answer, sheet, HEADINGS, request, now)
        faults: list[SourceFault] = []
        counted: dict[str, _Unit] = {}
        doubtful: set[str] = set()
        for line in lines_of(sheet, HEADINGS):
            try:
                _count(line, request, counted)
            except Unreadable as error:
                faults.append(SourceFault(line.place, f"{error}; bỏ qua dòng này"))
                doubtful |= _doubt(line, request, counted)
        readings: list[Reading] = []
        for each in counted.values():
            for measure, rows in each.rows.items():
                if measure in each.doubtful | doubtful:
                    what = f"{each.printed}: có dòng không đọc được nên không đếm {NOUNS[measure]}; sửa dòng đó rồi gửi lại"
                    faults.append(SourceFault(sheet.name, what))
                    continue
                place = "; ".join(rows) or f"{sheet.name}, không có dòng nào"
                readings.append(Reading(each.printed, measure, len(rows), stated, answer.sha256, place))
        return Pulled(tuple(readings), faults=tuple(faults))


def _doubt(line: Line, request: PullRequest, counted: dict[str, _Unit]) -> set[str]:
    """Put in doubt what an unreadable row could have counted for: its unit's, or every unit's where that cannot be told."""
    unit, on, kind = legible(text, line.cells[UNIT]), legible(day, line.cells[DAY]), legible(text, line.cells[KIND])
    asked = [measure for printed, measure in EVENT_KINDS.items() if kind is None or printed == fold(kind)]
    could = {measure for measure in asked if on is None or on in window_of(request, measure)}
    if unit is None:
        return could
    counted.setdefault(spelling(unit), _Unit(unit)).doubtful.update(could)
    return set()


def _count(line: Line, request: PullRequest, counted: dict[str, _Unit]) -> None:
    unit, on, kind = text(line.cells[UNIT]), day(line.cells[DAY]), fold(text(line.cells[KIND]))
    rows = counted.setdefault(spelling(unit), _Unit(unit)).rows
    measure = EVENT_KINDS.get(kind)
    if measure is not None and on in window_of(request, measure):
        rows[measure].append(line.place)
