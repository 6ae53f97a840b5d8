"""Targets as officials write them: a number to reach, or words. Words stay words; a number is read only where it can mean one thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from hue_dti.collation import nfc
from hue_dti.errors import NumeralError
from hue_dti.numerals import POINT, parse_amount, parse_count, parse_percent, parse_points


class TargetKind(StrEnum):
    """What a target asks for."""

    AT_LEAST = "at_least"  # a number, or more
    RANK = "rank"  # this place or a better one
    KEEP = "keep"  # not less than before: "Duy trì"
    GROW = "grow"  # more than before: "Có tăng trưởng"
    DONE = "done"  # there or not: "Có"
    NOT_AIMED = "not_aimed"  # given up for the period: "Không đạt chỉ tiêu"
    WORDS = "words"  # only a person can say whether it is reached
    OPEN = "open"  # not set yet


class In(StrEnum):
    """What a number counts."""

    SHARE = "share"
    COUNT = "count"
    POINTS = "points"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: a share of 1, things, points, đồng."""

    unit: In
    value: Fraction


@dataclass(frozen=True, slots=True)
class Target:
    """A target: the words as written and what can be told from them; `strict` where the number itself is not enough ("Trên 50%")."""

    words: str
    kind: TargetKind
    quantity: Quantity | None = None
    strict: bool = False

    def met(self, now: Quantity | None, before: Quantity | None = None) -> bool | None:
        """Whether a result reaches it; None where that cannot be told from numbers."""
        if self.kind is TargetKind.AT_LEAST:
            return _beats(now, self.quantity, self.strict)
        if self.kind in (TargetKind.KEEP, TargetKind.GROW):
            return _beats(now, before, self.kind is TargetKind.GROW)
        return None


_BEFORE = r"(?P<before>duy trì(?: từ)?|trên|từ|tối thiểu|nhân rộng)?"
_TARGET = re.compile(rf"{_BEFORE}\s*(?P<number>[0-9][^()]*?)\s*(?:số điểm)?\s*(?:trở lên)?\s*(?:\([^()0-9]*\))?", re.IGNORECASE)
_RANK = re.compile(r"(?:hạng|thứ)?\s*(?P<place>[1-9][0-9]{0,3})\s*(?:trở lên)?", re.IGNORECASE)
_RATIO = re.compile(r"([0-9]{1,9})/([1-9][0-9]{0,8})(?: (?P<noun>điểm|cuộc))?")
_KEEP = re.compile(r"duy trì(?:$|[,;].*)", re.IGNORECASE)


def target_of(words: str) -> Target:
    """Read a target; whatever is not surely a number stays words."""
    said = _clean(words)
    match said.lower():
        case "":
            return Target("", TargetKind.OPEN)
        case "có tăng trưởng":
            return Target(said, TargetKind.GROW)
        case "có":
            return Target(said, TargetKind.DONE)
        case "không đạt chỉ tiêu":
            return Target(said, TargetKind.NOT_AIMED)
    if _KEEP.fullmatch(said):
        return Target(said, TargetKind.KEEP)
    found = _TARGET.fullmatch(said)
    quantity = _number(found["number"]) if found else None
    if found is None or quantity is None:
        return Target(said, TargetKind.WORDS)
    return Target(said, TargetKind.AT_LEAST, quantity, (found["before"] or "").lower() == "trên")


def rank_target(words: str) -> Target:
    """Read a target for the rank, such as `29 trở lên`."""
    said = _clean(words)
    if not said:
        return Target("", TargetKind.OPEN)
    found = _RANK.fullmatch(said)
    place = Quantity(In.COUNT, Fraction(int(found["place"]))) if found else None
    return Target(said, TargetKind.RANK if place else TargetKind.WORDS, place)


def quantity_of(words: str) -> Quantity | None:
    """The number a result states, such as `41,67%`, `5/7` or `77 (Tổng cục Thuế cung cấp)`; None where it states none or several."""
    found = re.fullmatch(r"(?P<number>[0-9][^()]*?)\s*(?:\([^()0-9]*\))?", _clean(words))
    return _number(found["number"]) if found else None


def _number(text: str) -> Quantity | None:
    ratio = _RATIO.fullmatch(text.strip())
    if ratio is not None:
        part, whole = Fraction(ratio[1]), Fraction(ratio[2])
        if part > whole:
            return None
        return Quantity(In.POINTS, part) if ratio["noun"] == "điểm" else Quantity(In.SHARE, part / whole)
    try:
        if text.rstrip().endswith("%"):
            return Quantity(In.SHARE, Fraction(parse_percent(text), 10_000))
        if text.rstrip().endswith("điểm"):
            return Quantity(In.POINTS, Fraction(parse_points(text), POINT))
        if re.search(r"(?:tỷ|tỉ|triệu|đồng)$", text.rstrip()):
            return Quantity(In.MONEY, Fraction(parse_amount(text)))
        return Quantity(In.COUNT, Fraction(parse_count(text)))
    except NumeralError:
        return None


def _beats(now: Quantity | None, wanted: Quantity | None, strict: bool) -> bool | None:
    if now is None or wanted is None or now.unit is not wanted.unit:
        return None
    return now.value > wanted.value if strict else now.value >= wanted.value


def _clean(words: str) -> str:
    return " ".join(nfc(words).split())
