"""Figures that a person types into a cell: what was typed, what is kept of it, and what it means."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hue_dti.collation import nfc
from hue_dti.observations.model import Origin, RawAnswer

ENTERED = "entered"
"""The source of a typed figure; no connector may bear this name."""

PLACE = "$.giá trị"
"""Where the value stands in the record of an entry."""

_HANDED_IN = re.compile(r"tệp (?P<name>.+\.(?:csv|xlsx)) do (?P<by>.+) nộp lúc .+", re.IGNORECASE)


def file_handed_in(request: str) -> str:
    """The name of the file that a person handed in, by how its answer is kept; empty for any other answer."""
    found = _HANDED_IN.fullmatch(request)
    return found["name"] if found is not None else ""


def hander_in(request: str) -> str:
    """Who handed the file in, as that person is written there; empty for any other answer."""
    found = _HANDED_IN.fullmatch(request)
    return found["by"] if found is not None else ""


def is_from_a_person(origin: Origin) -> bool:
    """Whether a person told the figure: typed it, or what it is counted from, or handed in a file with it."""
    return origin.source == ENTERED or bool(file_handed_in(origin.request))


class Choice(StrEnum):
    """What a person says of a cell; only the first two are a figure, and an empty cell is none of them."""

    VALUE = "value"
    NONE_OCCURRED = "none_occurred"
    NOT_YET = "not_yet"
    NO_DATA = "no_data"

    @property
    def words(self) -> str:
        """As the menu of a cell says it; empty for a value."""
        return {"value": "", "none_occurred": "không phát sinh (0)", "not_yet": "chưa có", "no_data": "không có số liệu"}[self.value]


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a cell; `client` is the number that the page gave it, `replaces` that of the entry the page knew there.

    `value` is there for a value and for none occurred (then it is 0); an empty `login` is nobody's. `replaces` is None where the page
    does not tell, which puts the entry over whatever is there.
    """

    client: UUID
    unit: str
    measure: str
    period: str
    choice: Choice
    value: int | None
    reason: str
    login: str
    replaces: UUID | None = None

    @property
    def sha256(self) -> str:
        """The same for the same body and person, whenever it is sent."""
        return hashlib.sha256(self._canonical()).hexdigest()

    def _canonical(self) -> bytes:
        told = {
            "client": str(self.client),
            "unit": nfc(self.unit),
            "measure": nfc(self.measure),
            "period": self.period,
            "choice": self.choice.value,
            "value": self.value,
            "reason": nfc(self.reason),
            "login": nfc(self.login),
            "replaces": str(self.replaces) if self.replaces else "",
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Writer:
    """Who types, as that person is named at the time."""

    login: str
    name: str
    post: str

    @property
    def words(self) -> str:
        """Name and post in one line."""
        return f"{self.name}, {self.post}" if self.post else self.name


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as kept: what was typed, by whom and when; `old` is the value that stood there before, None where there was none.

    `compared` is the value of the quarter before where the change asks for a line, None where it does not.
    """

    number: int
    typed: Typed
    by: Writer
    at: datetime
    raw_sha256: str
    old: int | None
    compared: int | None

    @property
    def needs_reason(self) -> bool:
        """Whether a line on the great change is still asked for."""
        return self.compared is not None and not self.typed.reason


def record(typed: Typed, by: Writer, at: datetime) -> RawAnswer:
    """The record of an entry, kept as the raw answer behind its figure; the value stands at PLACE."""
    told = {
        "ô nhập": str(typed.client),
        "đơn vị": nfc(typed.unit),
        "số liệu": nfc(typed.measure),
        "kỳ": typed.period,
        "lựa chọn": typed.choice.words or "giá trị",
        "giá trị": typed.value,
        "lý do": nfc(typed.reason),
        "người nhập": nfc(by.name),
        "chức vụ": nfc(by.post),
        "tài khoản": nfc(by.login),
        "lúc nhập": at.isoformat(),
        "thay cho ô nhập": str(typed.replaces) if typed.replaces else None,
    }
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return RawAnswer(hashlib.sha256(body).hexdigest(), f"ô nhập của {by.words}", 200, "application/json", at, body)
