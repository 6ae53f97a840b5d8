"""The {placeholders} of sentences: which ones a rule can fill, which a text uses, and filling them.

`{{` and `}}` stand for literal braces; nothing but a name may stand between braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hue_dti.catalogue.model import ShortfallSpec
from hue_dti.catalogue.rules import Count, Dated, Gate, Inverse, Judged, Ratio, Rule, Steps, Uses, Weighted

ALWAYS = frozenset({"unit", "period", "points", "max_points", "status", "reason", "deadline", "as_of", "document", "documents"})
"""Known for every criterion, with or without figures."""

NOTE = "note"
"""Where the shortfall footnote hangs; only in report sentences of a criterion that has a shortfall."""

IN_SHORTFALL = frozenset({"list_total", "list_units"})
"""Only in the sentence that opens the footnote."""

_SIGN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def of_rule(rule: Rule) -> frozenset[str]:
    """The figures a rule can print, beside those known always."""
    match rule:
        case Ratio(whole=None) | Judged() | Weighted():
            return frozenset({"share"})
        case Ratio() | Inverse():
            return frozenset({"share", "part", "whole", "rate", "missing", "missing_share"})
        case Count() | Steps():
            return frozenset({"share", "part", "at_least"})
        case Uses():
            return frozenset({"share", "part", "whole", "in_use", "not_in_use"})
        case Gate(then=inner):
            return frozenset({"gate_count", "gate_at_least"}) | of_rule(inner)
        case Dated():
            return frozenset({"date", "by"})
        case _:
            return frozenset()


def allowed(criterion_rule: Rule, shortfall: ShortfallSpec | None) -> frozenset[str]:
    """The placeholders a report sentence of this criterion may use; its shortfall text may also use IN_SHORTFALL."""
    return ALWAYS | of_rule(criterion_rule) | (frozenset({NOTE}) if shortfall else frozenset())


def used(text: str) -> tuple[str, ...]:
    """The placeholders of a text in order, with repetitions."""
    return tuple(match[1] for match in _SIGN.finditer(text) if match[1] is not None)


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """The text as pairs of plain words and the placeholder that follows them, None after the last; a stray brace is plain."""
    plain, at = "", 0
    for match in _SIGN.finditer(text):
        plain += text[at : match.start()]
        at = match.end()
        if match[1] is None:
            plain += match[0][0]
        else:
            yield plain, match[1]
            plain = ""
    yield plain + text[at:], None


def literal(text: str) -> str:
    """Plain words as they are typed, their braces doubled."""
    return text.replace("{", "{{").replace("}", "}}")


def stray_brace(text: str) -> str:
    """The first brace that neither opens nor closes a placeholder, with what follows it; empty when all is well."""
    for match in _SIGN.finditer(text):
        if match[0] in ("{", "}"):
            return text[match.start() : match.start() + 20]
    return ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled once; braces inside values stay as they are. KeyError for a value not given."""

    def replaced(match: re.Match[str]) -> str:
        if match[1] is not None:
            return values[match[1]]
        return match[0][0]

    return _SIGN.sub(replaced, text)
