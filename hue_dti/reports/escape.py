"""The one door through which words reach a page: normalised, nothing invisible, nothing read as markup."""

from __future__ import annotations

import html
import re
import unicodedata

_SHAPELESS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_SPACES = re.compile(r"[\t\v\f\r\x85\u2028\u2029]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """Return the words in NFC; a line feed stays as a line break, other line ends and tabs become spaces.

    Soft hyphens and zero-width spaces are left out, since they have no shape; any other character that cannot be seen
    (controls, direction marks, lone surrogates) stands there by its number, as `[U+202E]`.
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text).translate(_SHAPELESS).replace("\r\n", "\n")
    text = _SPACES.sub(" ", text)
    if text.isprintable():
        return text
    return "".join(_seen(char) for char in text)


def on_one_line(text: str) -> str:
    """The printable words with spaces for line breaks, for titles and file properties."""
    return " ".join(printable(text).split())


def _seen(char: str) -> str:
    return code_point(char) if char != "\n" and unicodedata.category(char) in _INVISIBLE else char


def code_point(char: str) -> str:
    """A character by its number, for one that cannot be shown: `[U+1F600]`."""
    return f"[U+{ord(char):04X}]"


def esc(text: str) -> str:
    """Return the words so that markup (HTML, ReportLab's paragraphs) shows them literally."""
    return html.escape(printable(text), quote=True)
