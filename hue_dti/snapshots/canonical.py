"""One spelling of JSON, so that the same content always has the same bytes and the same SHA-256."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any
from zlib import crc32

Json = Any
"""What `json` reads and writes: None, bool, int, str, list and dict (no float ever)."""


def dump(value: Json) -> bytes:
    """Write sorted keys, no spaces, UTF-8, NFC; raise TypeError or ValueError for what has no single spelling."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    if not unicodedata.is_normalized("NFC", text):
        text = json.dumps(_normalised(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def sha256(content: bytes | memoryview) -> str:
    """The SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def row_checks(section: Json) -> list[int]:
    """CRC-32 of each row of a section (a list's elements, an object's key and value in key order), to name the row that changed."""
    rows = [[key, section[key]] for key in sorted(section, key=_normalised)] if isinstance(section, dict) else section
    return [crc32(dump(row)) for row in rows]


def _normalised(value: Json) -> Json:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_normalised(key): _normalised(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(inner) for inner in value]
    return value
