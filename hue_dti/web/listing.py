"""The table of criteria: which rows a reader asked for, by group, status and words, gathered under their groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from hue_dti.catalogue.model import Criterion, Group
from hue_dti.collation import fold
from hue_dti.scoring.model import CriterionScore, GroupScore, Status
from hue_dti.web.site import Quarter

LONGEST_WORDS = 80
Pair = tuple[Criterion, CriterionScore]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; empty means all. A group or status nobody knows simply keeps no row."""

    group: str = ""
    status: str = ""
    words: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Choice:
        """The choice in an address."""
        return cls(args.get("nhom", ""), args.get("tinh-trang", ""), args.get("q", "").strip()[:LONGEST_WORDS])

    def keeps(self, criterion: Criterion, line: CriterionScore) -> bool:
        """Whether a row is wanted, its status aside."""
        return self.group in {"", line.group} and matches(fold(self.words), f"{criterion.code} {criterion.name}")


@dataclass(frozen=True, slots=True)
class Section:
    """A group with its wanted rows."""

    group: Group
    score: GroupScore
    rows: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The wanted rows by group; `tally` counts the statuses among the rows that the rest of the choice keeps."""

    choice: Choice
    sections: tuple[Section, ...]
    tally: Mapping[Status, int]

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return sum(len(section.rows) for section in self.sections)

    @property
    def assumed(self) -> bool:
        """Whether a shown row has assumed points."""
        return any(line.assumed for section in self.sections for _, line in section.rows)


def listing(shown: Quarter, choice: Choice) -> Listing:
    """The rows of a quarter that a choice keeps."""
    kept = [pair for pair in shown.lines if choice.keeps(*pair)]
    tally = Counter(line.status for _, line in kept)
    wanted = [pair for pair in kept if choice.status in {"", pair[1].status.slug}]
    sections = (
        Section(group, score, tuple(pair for pair in wanted if pair[1].group == group.code))
        for group, score in zip(shown.criteria_set.groups, shown.snapshot.sheet.groups, strict=True)
    )
    return Listing(choice, tuple(section for section in sections if section.rows), tally)


_BETWEEN = re.compile(r"[\s\-()\[\],;:/“”\"]+")
"""What stands between words: a word in brackets is a word."""


APART = 3


def closeness(wanted: str, name: str) -> int:
    """How near a name that matches is to the folded words asked for: 0 the name itself, 1 its own part, 2 the words in a row, 3 apart."""
    words = " ".join(_BETWEEN.split(fold(name)))
    if words == wanted:
        return 0
    return 1 if words.endswith(f" {wanted}") else 2 if f" {wanted} " in f" {words} " else APART


def matches(wanted: str, name: str) -> bool:
    """Whether every folded word asked for begins a word of the name: `huong` is in Hương Sơn, not in Phường."""
    words = _BETWEEN.split(fold(name))
    return all(any(word.startswith(part) for word in words) for part in wanted.split())


def most_lost(shown: Quarter, most: int) -> list[Pair]:
    """The criteria that lose most points, of those the unit can do something about."""
    open_ = [(criterion, line) for criterion, line in shown.lines if criterion.status.opened and line.status is not Status.NOT_APPLICABLE]
    losing = [pair for pair in open_ if pair[1].points < pair[1].max_points]
    return sorted(losing, key=lambda pair: pair[1].points - pair[1].max_points)[:most]
