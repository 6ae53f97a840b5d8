"""Base figures (số liệu nền): proposed by one, approved by another, and only then counted for the whole year."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.collation import fold
from hue_dti.observations.model import Origin, RawAnswer

BASE_SOURCE = "base_figures"
"""The source of an approved base figure; no connector may bear this name."""

APPROVED, REJECTED = "approved", "rejected"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody proposes: a unit (code and first day), a base measure, a year, a value, and the document it stands in."""

    unit: str
    valid_from: date
    measure: str
    year: int
    value: int
    as_of: date
    document: str
    reason: str = ""

    @property
    def key(self) -> tuple[str, date, str, int]:
        """What the value is of."""
        return self.unit, self.valid_from, self.measure, self.year


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed value as stored, and how it was settled; `verdict` is empty while it waits.

    `old_value` is the value it took the place of, approved or not, None where there was none.
    """

    number: int
    draft: Draft
    by: str
    at: datetime
    verdict: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    why: str = ""
    decision: int | None = None
    replaces: int | None = None
    old_value: int | None = None

    @property
    def waiting(self) -> bool:
        """Whether nobody has approved or rejected it."""
        return not self.verdict


@dataclass(frozen=True, slots=True)
class ApprovedFigure:
    """The approved value of a unit, measure and year, with the record of its approval as its origin."""

    proposal: int
    unit: str
    valid_from: date
    measure: str
    year: int
    value: int
    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One criterion's points, in ten-thousandths, before and after."""

    code: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an approval does to one unit's quarter: points and the most there can be in ten-thousandths, and the criteria that move.

    A frozen quarter keeps its points; `changed` counts its figures that differ since. `lower` where the unit was scored below another.
    """

    unit: str
    name: str
    period: str
    before: int
    after: int
    max_points: int
    lower: bool = False
    frozen: bool = False
    changed: int = 0
    criteria: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """An act of approving or rejecting: who, when, why, what it settled and, for approvals, what it did to the points."""

    number: int
    verdict: str
    by: str
    at: datetime
    reason: str
    proposals: tuple[Proposal, ...]
    effects: tuple[Effect, ...]


def same_person(one: str, other: str) -> bool:
    """Whether two names are of one person as far as a program can tell: case, marks and spaces do not make two."""
    return fold(one) == fold(other)


def record(proposals: Sequence[Proposal], olds: Sequence[int | None], by: str, at: datetime, reason: str) -> RawAnswer:
    """The record of an approval, kept as the raw answer behind its figures; the i-th proposal stands at `place_of(i)`."""
    told = {
        "phê duyệt": "số liệu nền",
        "người duyệt": by,
        "lúc duyệt": at.isoformat(),
        "lý do": reason,
        "số liệu": [_recorded(proposal, old) for proposal, old in zip(proposals, olds, strict=True)],
    }
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    documents = "; ".join(dict.fromkeys(proposal.draft.document for proposal in proposals))
    request = f"Phê duyệt số liệu nền của {by}: {documents[:200]}"
    return RawAnswer(hashlib.sha256(body).hexdigest(), request, 200, "application/json", at, body)


def place_of(position: int) -> str:
    """Where the value of a proposal stands in the record of its approval."""
    return f"$.số liệu[{position}].giá trị"


def _recorded(proposal: Proposal, old: int | None) -> dict[str, object]:
    draft = proposal.draft
    return {
        "đề nghị số": proposal.number,
        "đơn vị": draft.unit,
        "đơn vị từ ngày": draft.valid_from.isoformat(),
        "số liệu": draft.measure,
        "năm": draft.year,
        "giá trị": draft.value,
        "thay cho": old,
        "số liệu đến ngày": draft.as_of.isoformat(),
        "văn bản": draft.document,
        "lý do": draft.reason,
        "người đề nghị": proposal.by,
        "lúc đề nghị": proposal.at.isoformat(),
    }
