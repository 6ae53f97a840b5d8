"""Vietnamese text: one spelling at every border (NFC), search without marks, and the order of a Vietnamese dictionary."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_BEFORE_LETTERS = " _-‐–—,;:!?.…·'‘’\"“”«»()[]{}§@*/\\&#%‰`´^¨°©+±<=>|~$₫€0123456789"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_SHAPES = frozenset("\u0306\u0302\u031b")

_LEVEL_END = "\x01"
_PRIMARY = {char: chr(place) for place, char in enumerate(_BEFORE_LETTERS + _LETTERS, start=2)}
_OTHER_SCRIPT = chr(len(_PRIMARY) + 2)
_TONE = {mark: chr(place) for place, mark in enumerate(_TONES, start=3)}
_NO_TONE, _OTHER_MARK = "\x02", chr(len(_TONES) + 3)
_SAME_LETTER = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


def nfc(text: str) -> str:
    """The text with every letter in its composed form; what enters the program passes here."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text as a hurried person types it: lower case, no marks, single spaces (`Xã  Đồng Đăng` → `xa dong dang`).

    Old and new places of the tone mark, composed and decomposed letters and invisible characters all fall together.
    """
    bare = unicodedata.normalize("NFD", text.translate(_SAME_LETTER).lower())
    return " ".join("".join(char for char in bare if unicodedata.category(char) not in ("Mn", "Cf")).split())


def spelling(text: str) -> str:
    """A key equal for the same words with the same marks, wherever in the word the tone stands (`Hoà` and `Hòa`), in any case."""
    words = []
    for word in text.split():
        letters = [(letter, marks) for letter, marks, _ in _clusters(word)]
        words.append("".join(letter for letter, _ in letters) + "".join(mark for _, marks in letters for mark in marks))
    return " ".join(words)


@lru_cache(maxsize=65_536)
def sort_key(text: str) -> str:
    """A key whose code-point order is the Vietnamese order of the text, equal to ICU's `vi`.

    Letters decide first (A Ă Â B C D Đ E Ê …), then tones (none, huyền, hỏi, ngã, sắc, nặng), then small before capital.
    Spaces and punctuation come before digits, digits before letters.
    """
    letters, tones, cases = [], [], []
    for letter, marks, is_capital in _clusters(text):
        letters.append(_PRIMARY.get(letter) or _OTHER_SCRIPT + letter)
        tones.append("".join(_TONE.get(mark, _OTHER_MARK) for mark in marks) or _NO_TONE)
        cases.append("1" if is_capital else "0")
    return _LEVEL_END.join("".join(level) for level in (letters, tones, cases))


def _clusters(text: str) -> Iterator[tuple[str, list[str], bool]]:
    """Each letter of the Vietnamese alphabet (or other sign) with its tone marks and whether it is a capital."""
    clusters: list[tuple[str, list[str]]] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char) and clusters:
            clusters[-1][1].append(char)
        elif char.isspace():
            clusters.append((" ", []))
        elif unicodedata.category(char) not in ("Cc", "Cf"):
            clusters.append((char, []))
    for base, marks in clusters:
        small = base.lower()
        shape = next((mark for mark in marks if mark in _SHAPES and nfc(small + mark) in _PRIMARY), "")
        yield nfc(small + shape), [mark for mark in marks if mark != shape], base != small
