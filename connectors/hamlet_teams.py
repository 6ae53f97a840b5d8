"""The register of community digital teams: an XLSX with one row per village.

Settings beside those of `connectors.http`: `path`, `sheet` (default: the first with the columns below).

Columns: `Thôn, tổ dân phố`, `Xã, thị trấn`, `Số thành viên`, `Quyết định thành lập`, `Ngày quyết định`, `Ngày kiện toàn`. A village
without a team leaves the last four empty. Per commune: villages, teams (rows with a decision dated by the cut-off), members of these
teams, and teams strengthened in the days of the measure (`until` already in them). A row that cannot be read withholds its commune: a
count without it would be wrong.
"""

from __future__ import annotations

from datetime import datetime

from connectors.cells import is_empty, read
from connectors.fields import Unreadable, day, text, window_of
from connectors.files import OfBooks, open_table
from connectors.http import Answer
from connectors.workbook import Line, as_of, find_sheet, lines_of
from hue_dti.collation import spelling
from hue_dti.observations.model import Pulled, PullRequest, Reading, SourceFault
from hue_dti.observations.registers import Team, team_figures

VILLAGE, COMMUNE, MEMBERS = "Thôn, tổ dân phố", "Xã, thị trấn", "Số thành viên"
DECISION, DECIDED_ON, STRENGTHENED_ON = "Quyết định thành lập", "Ngày quyết định", "Ngày kiện toàn"
HEADINGS = (VILLAGE, COMMUNE, MEMBERS, DECISION, DECIDED_ON, STRENGTHENED_ON)


class HamletTeams(OfBooks):
    """Counts villages and teams per commune."""

    measures = ("villages", "teams", "teams_strengthened", "team_members")

    settings = ("sheet",)

    def __init__(self, source: str = "hamlet_teams") -> None:
        super().__init__(source)

    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """Four readings per commune the register lists; raise SourceError when the file is not the declared one."""
        sheet = find_sheet(answer, open_table(answer), request.settings.get("sheet"), HEADINGS)
        stated = as_of(answer, sheet, HEADINGS, request, now)
        faults: list[SourceFault] = []
        teams = _by_commune(list(lines_of(sheet, HEADINGS)), faults)
        readings: list[Reading] = []
        for commune, (rows, withheld) in teams.items():
            if withheld:
                faults.append(SourceFault(sheet.name, f"{commune}: có dòng không đọc được nên không đếm; sửa dòng đó rồi gửi lại"))
                continue
            place = f"{sheet.name}, {len(rows)} dòng của {commune}"
            figures = team_figures(rows, request.cutoff, window_of(request, "teams_strengthened"))
            readings += [Reading(commune, measure, value, stated, answer.sha256, place) for measure, value in figures.items()]
        return Pulled(tuple(readings), faults=tuple(faults))


def _by_commune(lines: list[Line], faults: list[SourceFault]) -> dict[str, tuple[list[Team], bool]]:
    """Rows per commune as first printed, and whether the commune is withheld."""
    printed: dict[str, str] = {}
    teams: dict[str, list[Team]] = {}
    withheld: set[str] = set()
    for line in lines:
        try:
            commune = text(line.cells[COMMUNE])
        except Unreadable as error:
            faults.append(SourceFault(line.places[COMMUNE], f"xã, thị trấn {error}; bỏ qua dòng này"))
            continue
        key = spelling(commune)
        printed.setdefault(key, commune)
        rows = teams.setdefault(key, [])
        try:
            rows.append(_team(line, rows))
        except Unreadable as error:
            faults.append(SourceFault(line.place, f"{commune}: {error}"))
            withheld.add(key)
    return {printed[key]: (rows, key in withheld) for key, rows in teams.items()}


def _team(line: Line, others: list[Team]) -> Team:
    village = text(line.cells[VILLAGE])
    if spelling(village) in {spelling(other.village) for other in others}:
        raise Unreadable(f"{village} có hai dòng")
    if is_empty(line.cells[DECISION]):
        if not all(is_empty(line.cells[heading]) for heading in (MEMBERS, DECIDED_ON, STRENGTHENED_ON)):
            raise Unreadable(f"{village} thiếu số quyết định thành lập")
        return Team(village, 0, None, None)
    strengthened = None if is_empty(line.cells[STRENGTHENED_ON]) else day(line.cells[STRENGTHENED_ON])
    return Team(village, read("count", line.cells[MEMBERS]), day(line.cells[DECIDED_ON]), strengthened)
