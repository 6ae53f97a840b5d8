"""A piece of evidence: a file, a link or an explanation that a unit puts beside a criterion of a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from hue_dti.collation import fold
from hue_dti.evidence.model import Checked, Seal
from hue_dti.free_text import fault_of

LONGEST_LINK, LONGEST_WORDS = 500, 2000


class Form(StrEnum):
    """What a piece is."""

    FILE = "file"
    LINK = "link"
    EXPLANATION = "explanation"


class Scan(StrEnum):
    """What the virus scanner says; nobody gets a file that waits or is infected."""

    NONE = "none"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"

    @property
    def is_open(self) -> bool:
        """Whether the file may be downloaded."""
        return self in {Scan.NONE, Scan.CLEAN}

    @property
    def is_judged(self) -> bool:
        """Whether a scanner has said what it is."""
        return self in {Scan.CLEAN, Scan.INFECTED}


SCAN_WORDS = {Scan.NONE: "", Scan.WAITING: "chờ quét vi-rút", Scan.CLEAN: "đã quét vi-rút", Scan.INFECTED: "có vi-rút, không mở được"}


@dataclass(frozen=True, slots=True)
class Paper:
    """What an office's register says of a document; `direction` is issued or received."""

    number: str
    issued_on: date
    kind: str
    summary: str
    issuer: str
    direction: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody puts beside a criterion; `client` is the number that the form gave it, `proof` which of the asked proofs it is.

    A file has `sha256`, `name` and maybe a `paper`; a link `link`; an explanation only `words`, which all may have.
    """

    client: UUID
    unit: str
    period: str
    criterion: str
    proof: str
    form: Form
    sha256: str = ""
    name: str = ""
    link: str = ""
    words: str = ""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who took a piece back, when and why."""

    by: str
    name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What looking at a file told, and when."""

    at: datetime
    checked: Checked


def otherwise(found: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """Of what was found one after another, what was found otherwise before the newest; each told once, as it was first found."""
    firsts = [each for at, each in enumerate(found) if not at or each.checked.signatures != found[at - 1].checked.signatures]
    return tuple(firsts[:-1])


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as kept; `checked`, `looked_at`, `size` and `scan` are of its file, `earlier` what was found of it otherwise before."""

    number: int
    draft: Draft
    by: str
    name: str
    at: datetime
    checked: Checked | None = None
    looked_at: datetime | None = None
    earlier: tuple[Judgement, ...] = ()
    size: int = 0
    scan: Scan = Scan.NONE
    withdrawn: Withdrawn | None = None

    @property
    def seal(self) -> Seal:
        """How its file stands as to signatures."""
        return self.checked.seal if self.checked is not None else Seal.UNSIGNED


@dataclass(frozen=True, slots=True)
class Reuse:
    """Another piece that is the same file, or says it is the same document."""

    other: Piece
    same_file: bool


def reuses(piece: Draft, others: Iterable[Piece]) -> tuple[Reuse, ...]:
    """Where the same file or document already serves another criterion, unit or period; withdrawn pieces do not count."""
    found = []
    for other in others:
        theirs = other.draft
        if other.withdrawn is not None or (theirs.unit, theirs.period, theirs.criterion) == (piece.unit, piece.period, piece.criterion):
            continue
        same_file = bool(piece.sha256) and piece.sha256 == theirs.sha256
        if same_file or _same_paper(piece, theirs):
            found.append(Reuse(other, same_file))
    return tuple(found)


def _same_paper(one: Draft, other: Draft) -> bool:
    if one.paper is None or other.paper is None or one.paper.issued_on != other.paper.issued_on:
        return False
    same_issuer = not one.paper.issuer or not other.paper.issuer or fold(one.paper.issuer) == fold(other.paper.issuer)
    return fold(one.paper.number) == fold(other.paper.number) and same_issuer


def is_web_address(text: str) -> bool:
    """Whether it is an http or https address that a browser may be led to; with a name or password in it, it is not."""
    if fault_of(text, LONGEST_LINK) or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False
