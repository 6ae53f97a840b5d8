"""The parts of a report that a secretary may say in own words: plain text whose figures are named {so}, never typed.

A part left empty is said as the program says it. One line of text is one paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hue_dti.catalogue.model import CriteriaSet

Narrative = Mapping[str, str]
"""Own words by the part's key; what is not there is the program's."""

NOTHING: Narrative = {}
LONGEST = 20_000
"""Characters a part may have."""

LEAD, DIRECTING = "lead", "directing"
ACHIEVED, LIMITS, CAUSES, REMEDIES = "achieved", "limits", "causes", "remedies"
ASSESSED = (ACHIEVED, LIMITS, CAUSES, REMEDIES)
TASKS, RECOMMENDATIONS, CLOSING = "tasks", "recommendations", "closing"
RECIPIENTS = "recipients"
AUTHORITY, ACTING_FOR, POST, HOST_POST, SIGNER = "authority", "acting_for", "post", "host_post", "signer"
SIGNING = (AUTHORITY, ACTING_FOR, POST, HOST_POST, SIGNER)
_SPACES = re.compile(" +")
_REMARK = "group:"


class Kind(StrEnum):
    """How a part is typed: paragraphs, one thing a line, or a single line."""

    PARAGRAPHS = "paragraphs"
    LINES = "lines"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its key; `group` is the group's code for a remark on one."""

    key: str
    kind: Kind = Kind.PARAGRAPHS
    group: str = ""


def parts(criteria_set: CriteriaSet) -> tuple[Part, ...]:
    """Every part of this set's report, in the order it is printed."""
    return (
        Part(LEAD),
        Part(DIRECTING),
        *(Part(remark(group.code), group=group.code) for group in criteria_set.groups),
        *(Part(key) for key in (ACHIEVED, LIMITS, CAUSES, REMEDIES, TASKS, RECOMMENDATIONS, CLOSING)),
        Part(RECIPIENTS, Kind.LINES),
        *(Part(key, Kind.LINE) for key in SIGNING),
    )


def remark(group: str) -> str:
    """The key of the remark on a group."""
    return f"{_REMARK}{group}"


def tidy(text: str, kind: Kind = Kind.PARAGRAPHS) -> str:
    """The text as it is kept: NFC, one paragraph a line, no empty lines, no characters that cannot be seen; a single line where asked."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    seen = "".join(char for char in plain if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    lines = [_SPACES.sub(" ", line).strip() for line in seen.split("\n")]
    return (" " if kind is Kind.LINE else "\n").join(line for line in lines if line)


def lines_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a part."""
    return tuple(line for line in text.split("\n") if line)
