"""Words that persons write: the one place that says what may stand in a reason, a comment, a name, and how long it may be.

What only disturbs (a soft hyphen, a space without width, copied from elsewhere) is left out; what could make a reader see other words than
those that are kept is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from hue_dti.collation import nfc

_LEFT_OUT = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

Refusal = Callable[[str], Exception]
"""The error of the act the words belong to."""


def one_line(text: str, what: str, longest: int, refuse: Refusal) -> str:
    """The words on one line, single spaces between them; `what` names them where they are refused. Empty stays empty."""
    return _fit(" ".join(plain(text).split()), what, longest, refuse)


def paragraphs(text: str, what: str, longest: int, refuse: Refusal) -> str:
    """The words with their line breaks, no more than one empty line between two."""
    lines = [" ".join(line.split()) for line in plain(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return _fit("\n".join(kept).strip(), what, longest, refuse, allowed="\n")


def fault_of(text: str, longest: int, allowed: str = "") -> str:
    """What is wrong with words and what to do, to be said after their name; empty when they are good."""
    if len(text) > longest:
        return f"dài quá {longest} chữ; hãy viết gọn lại."
    for at, sign in enumerate(text):
        if sign not in allowed and unicodedata.category(sign) in _REFUSED:
            which = "ký tự đảo chiều chữ" if sign in _TURNING else "ký tự điều khiển hoặc ký tự lạ"
            near = "".join(each for each in text[max(0, at - 12) : at] if each.isprintable())
            where = f"sau “{near}”" if near.strip() else "ở đầu"
            return f"có {which} {where}; hãy xoá chỗ đó rồi gõ lại."
    return ""


def parts(said: str) -> tuple[str, str]:
    """A refusal as what is wrong and what to do about it, for lists of faults that keep the two apart."""
    what, _, remedy = said.rstrip(".").rpartition("; ")
    return what, remedy


def plain(text: str) -> str:
    """The text in one spelling, without what only disturbs."""
    return nfc(text).translate(_LEFT_OUT)


def _fit(said: str, what: str, longest: int, refuse: Refusal, allowed: str = "") -> str:
    fault = fault_of(said, longest, allowed)
    if fault:
        raise refuse(f"{what} {fault}")
    return said
