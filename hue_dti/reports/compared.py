"""Two versions of a report's own words side by side: part by part, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from hue_dti.reports.narrative import Narrative, Part

SAME, GONE, NEW = "same", "gone", "new"
_ALIKE = 0.5
"""Texts less alike are told as one gone and one new: a word here and there that stayed tells nobody anything."""
_WORDS = re.compile(r"\{[^{}]*\}|\n|[^\S\n]+|[^\s{}]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, are gone, or are new."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class PartChanged:
    """A part that is not as it was; `back` when it is the program's words again."""

    part: Part
    pieces: tuple[Piece, ...]
    back: bool


def compared(parts: Iterable[Part], old: Narrative, new: Narrative, program: Narrative) -> tuple[PartChanged, ...]:
    """The parts that differ; a part without own words is compared as the program says it now."""
    return tuple(
        PartChanged(
            part,
            pieces(old.get(part.key) or program.get(part.key, ""), new.get(part.key) or program.get(part.key, "")),
            part.key not in new,
        )
        for part in parts
        if old.get(part.key, "") != new.get(part.key, "")
    )


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """What stayed, what is gone and what is new, in reading order; joined without the new ones it is the old text."""
    was, now = _WORDS.findall(old), _WORDS.findall(new)
    matched = SequenceMatcher(None, was, now, autojunk=False)
    if matched.ratio() < _ALIKE:
        return tuple(piece for piece in (Piece(GONE, old), Piece(NEW, new)) if piece.words)
    return tuple(_joined(matched, was, now))


def _joined(matched: SequenceMatcher[str], was: list[str], now: list[str]) -> Iterator[Piece]:
    for kind, first, last, start, stop in matched.get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(was[first:last]))
            continue
        if first < last:
            yield Piece(GONE, "".join(was[first:last]))
        if start < stop:
            yield Piece(NEW, "".join(now[start:stop]))
