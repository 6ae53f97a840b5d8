"""Registers whose rows give the counts: what a row has, and how rows are counted, whoever keeps the register.

The connectors that read an office's own tables count by the same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hue_dti.collation import fold
from hue_dti.errors import NumeralError
from hue_dti.free_text import fault_of, plain
from hue_dti.numerals import parse_count, parse_date
from hue_dti.observations.model import RegisteredDocument
from hue_dti.periods import Window

Content = Mapping[str, Any]
"""A row by column: text, whole number, ISO day, None where a cell is empty."""

DOCUMENTS = "documents"
"""The source of measures that documents prove."""

DONE = 2
LONGEST_NAME, LONGEST_TEXT = 200, 2000
EVENT_KINDS = {
    fold("Họp Ban Chỉ đạo chuyển đổi số"): "steering_meetings",
    fold("Tập huấn Tổ công nghệ số cộng đồng"): "team_conferences",
}
"""Which measure an event counts for, by its kind as offices print it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, its head, and what stands in it: text, day, count, mark (x or nothing) or one of `choices`.

    One that is not `needed` in every row may say in which it is.
    """

    code: str
    label: str
    kind: str = "text"
    needed: bool = False
    longest: int = LONGEST_NAME
    choices: tuple[tuple[str, str], ...] = ()
    needed_when: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A register: its name in addresses, its title, its columns (the first ones name a row), the measures it gives."""

    slug: str
    title: str
    row: str
    columns: tuple[Column, ...]
    measures: tuple[str, ...]

    def told_by(self, by: str) -> str:
        """How the answer that a count was made from says where it comes from."""
        return f"{self._said}{by} ghi"

    def is_told_in(self, request: str) -> bool:
        """Whether an answer says that it comes from this register."""
        return request.startswith(self._said)

    @property
    def _said(self) -> str:
        return f"sổ {self.title.removeprefix('Sổ ')}, do "


TEAMS = Spec(
    "to-cong-nghe",
    "Sổ Tổ công nghệ số cộng đồng",
    "thôn, tổ dân phố",
    (
        Column("village", "Thôn, tổ dân phố", needed=True),
        Column("members", "Số thành viên", "count"),
        Column("decision", "Quyết định thành lập", needed_when="cần khi đã có Tổ"),
        Column("decided_on", "Ngày quyết định", "day"),
        Column("strengthened_on", "Ngày kiện toàn", "day"),
        Column("trained_on", "Ngày tập huấn", "day"),
    ),
    ("villages", "teams", "teams_strengthened", "team_members"),
)
MEETINGS = Spec(
    "hop-ban-chi-dao",
    "Sổ họp Ban Chỉ đạo",
    "cuộc họp",
    (
        Column("day", "Ngày họp", "day", needed=True),
        Column("subject", "Nội dung", needed=True, longest=LONGEST_TEXT),
        Column("conclusion", "Số thông báo kết luận"),
    ),
    ("steering_meetings",),
)
TRAINING = Spec(
    "tap-huan",
    "Sổ tập huấn Tổ công nghệ số cộng đồng",
    "hội nghị",
    (
        Column("day", "Ngày tập huấn", "day", needed=True),
        Column("subject", "Nội dung", needed=True, longest=LONGEST_TEXT),
        Column("attendees", "Số người dự", "count"),
        Column("summons", "Số giấy triệu tập"),
    ),
    ("team_conferences",),
)
PAPERS = Spec(
    "van-ban",
    "Sổ văn bản đi, đến",
    "văn bản",
    (
        Column("direction", "Văn bản", "choice", needed=True, choices=(("issued", "đi"), ("received", "đến"))),
        Column("number", "Số ký hiệu", needed=True),
        Column("issued_on", "Ngày ban hành", "day", needed=True),
        Column("kind", "Loại"),
        Column("title", "Trích yếu", needed=True, longest=LONGEST_TEXT),
        Column("issuer", "Cơ quan ban hành", needed=True),
        Column("directive", "Chỉ đạo chuyển đổi số", "mark"),
        Column("criterion", "Tiêu chí"),
        Column("note", "Ghi chú", longest=LONGEST_TEXT),
    ),
    ("directives_issued", "directives_received", "annual_plan", "steering_committee"),
)
REGISTERS = {spec.slug: spec for spec in (TEAMS, MEETINGS, TRAINING, PAPERS)}


@dataclass(frozen=True, slots=True)
class Team:
    """A village's row: its team's members and dates, None for what it does not have."""

    village: str
    members: int
    decided_on: date | None
    strengthened_on: date | None


def team_figures(teams: Iterable[Team], cutoff: date, strengthened: Window) -> dict[str, int]:
    """Villages, teams founded by the cut-off, their members, and those strengthened in the days that count."""
    rows = list(teams)
    founded = [team for team in rows if team.decided_on is not None and team.decided_on <= cutoff]
    return {
        "villages": len(rows),
        "teams": len(founded),
        "teams_strengthened": sum(team.strengthened_on in strengthened for team in founded if team.strengthened_on is not None),
        "team_members": sum(team.members for team in founded),
    }


def earliest(documents: Iterable[RegisteredDocument], criterion: str, window: Window) -> RegisteredDocument | None:
    """The first issued document that proves the criterion in the window."""
    proving = (each for each in documents if each.direction == "issued" and each.criterion == criterion and each.issued_on in window)
    return min(proving, key=lambda each: each.issued_on, default=None)


def read_row(spec: Spec, texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """A row as typed → its content and, by column, what is wrong with it and what to write."""
    content: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for column in spec.columns:
        text = " ".join(plain(texts.get(column.code, "")).split())
        try:
            content[column.code] = _cell(column, text)
        except ValueError as fault:
            faults[column.code] = str(fault)
        except NumeralError as fault:
            faults[column.code] = str(fault)
    if not faults:
        faults.update(_together(spec, content))
    return content, faults


def shown(column: Column, value: Any) -> str:
    """A cell as a person types it."""
    if value is None or value == "":
        return ""
    if column.kind == "day":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return dict(column.choices).get(value, str(value)) if column.kind == "choice" else str(value)


def team_of(content: Content) -> Team:
    """A row of TEAMS as what is counted."""
    return Team(content["village"], content["members"] or 0, _day(content["decided_on"]), _day(content["strengthened_on"]))


def day_of(content: Content) -> date:
    """The day of an event's row."""
    return date.fromisoformat(content["day"])


def is_of_year(content: Content, year: int) -> bool:
    """Whether a row belongs to the year; rows without a day of their own always do."""
    day = _own_day(content)
    return day is None or day.year == year


def counts_by(content: Content, day: date) -> bool:
    """Whether a row belongs to the year up to this day of it; rows without a day of their own always do."""
    own = _own_day(content)
    return own is None or (own.year == day.year and own <= day)


def document_of(content: Content, unit: str, sha256: str = "", place: str = "") -> RegisteredDocument:
    """A row of PAPERS as the register of documents has it."""
    told = {name: content[name] or "" for name in ("direction", "number", "kind", "title", "issuer", "criterion", "note")}
    return RegisteredDocument(unit=unit, issued_on=date.fromisoformat(content["issued_on"]), raw_sha256=sha256, place=place, **told)


def _own_day(content: Content) -> date | None:
    return _day(content.get("day") or content.get("issued_on"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cell(column: Column, text: str) -> Any:
    if text:
        return _READ[column.kind](column, text)
    if column.needed:
        raise ValueError(f"{column.label} để trống; hãy điền")
    return None


def _text(column: Column, text: str) -> str:
    fault = fault_of(text, column.longest)
    if fault:
        raise ValueError(f"{column.label} {fault.rstrip('.')}")
    return text


def _choice(column: Column, text: str) -> str:
    known = {fold(word): code for code, word in column.choices} | {code: code for code, _ in column.choices}
    if fold(text) not in known:
        raise ValueError(f"{column.label} là '{text[:40]}'; hãy ghi {' hoặc '.join(word for _, word in column.choices)}")
    return known[fold(text)]


def _mark(column: Column, text: str) -> str:
    if fold(text) not in ("x", "co"):
        raise ValueError(f"{column.label} là '{text[:40]}'; hãy ghi x hoặc để trống")
    return "x"


_READ: Mapping[str, Callable[[Column, str], Any]] = {
    "text": _text,
    "day": lambda column, text: parse_date(text).isoformat(),
    "count": lambda column, text: parse_count(text),
    "choice": _choice,
    "mark": _mark,
}


def _together(spec: Spec, content: Content) -> dict[str, str]:
    """What is wrong between the cells of one row."""
    if spec is not TEAMS:
        return {}
    if not content["decision"]:
        later = [code for code in ("members", "decided_on", "strengthened_on", "trained_on") if content[code] is not None]
        return {"decision": "Thiếu số quyết định thành lập; hãy điền, hoặc xóa số thành viên và các ngày"} if later else {}
    lacking = [column.code for column in spec.columns if column.code in ("members", "decided_on") and content[column.code] is None]
    return dict.fromkeys(lacking, "Tổ đã có quyết định thì phải có số thành viên và ngày quyết định; hãy điền")
