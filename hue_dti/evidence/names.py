"""The name a person's file has: only for people to read, never a place on a disk."""

from __future__ import annotations

import re
import unicodedata

from hue_dti.evidence.model import Kind

SUFFIXES = {".pdf": Kind.PDF, ".jpg": Kind.JPG, ".jpeg": Kind.JPG, ".png": Kind.PNG, ".docx": Kind.DOCX, ".xlsx": Kind.XLSX}
MOST_CHARACTERS, MOST_BYTES = 150, 200
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_STEM = "tai-lieu"


def clean_name(given: str) -> str:
    """A name any system can save a file under: no folder, no unseen or turning characters, no device's name, not too long."""
    own = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign if sign != "\t" else " " for sign in own if sign == "\t" or unicodedata.category(sign)[0] != "C")
    plain = " ".join(_FORBIDDEN.sub("-", seen).split()).rstrip(". ")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, suffix = plain, ""
    stem = stem.strip(". ") or _STEM
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return _shortened(stem, f".{suffix}" if suffix else "")


def kind_named(name: str) -> Kind | None:
    """The kind a name's ending promises, None for one that is not taken."""
    return SUFFIXES.get(f".{name.rpartition('.')[2].lower()}") if "." in name else None


def _shortened(stem: str, suffix: str) -> str:
    while stem and (len(stem) + len(suffix) > MOST_CHARACTERS or len(f"{stem}{suffix}".encode()) > MOST_BYTES):
        stem = stem[:-1]
    return f"{stem.strip() or _STEM}{suffix}"
