"""Photographs and scans: walked part by part to their end, never decoded."""

from __future__ import annotations

import struct
from zlib import crc32

from hue_dti.evidence.faults import Refused

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
JPG_HEAD = b"\xff\xd8\xff"
MOST_PIXELS = 200_000_000
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BROKEN = "Ảnh bị hỏng hoặc thiếu phần cuối; hãy chụp hoặc quét lại rồi gửi lại."
_HUGE = "Ảnh có kích thước quá lớn; hãy chụp hoặc quét lại ở độ phân giải thấp hơn."


def end_of_png(body: bytes) -> int:
    """Where the picture ends; raise Refused for one that is broken or too large."""
    at, wide = len(PNG_HEAD), False
    while at + 12 <= len(body):
        length, name = struct.unpack_from(">I4s", body, at)
        if at + 12 + length > len(body):
            break
        if crc32(body[at + 4 : at + 8 + length]) != struct.unpack_from(">I", body, at + 8 + length)[0]:
            break
        if name == b"IHDR":
            _check_size(*struct.unpack_from(">II", body, at + 8))
            wide = True
        at += 12 + int(length)
        if name == b"IEND" and wide:
            return at
    raise Refused(_BROKEN)


def end_of_jpg(body: bytes) -> int:
    """Where the picture ends; raise Refused for one that is broken or too large."""
    at, framed = 2, False
    while at + 4 <= len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", body, at + 2)
        if marker in _FRAMES and at + 9 <= len(body):
            _check_size(*struct.unpack_from(">HH", body, at + 5))
            framed = True
        at += 2 if marker in _ALONE else 2 + length
        if marker == 0xDA:
            at = _after_scan(body, at)
            if body[at : at + 2] == b"\xff\xd9" and framed:
                return at + 2
    raise Refused(_BROKEN)


def _after_scan(body: bytes, at: int) -> int:
    """The next marker that does not belong to the scan's own stream."""
    while (at := body.find(b"\xff", at)) != -1 and at + 1 < len(body):
        if body[at + 1] != 0 and not 0xD0 <= body[at + 1] <= 0xD7:
            return at
        at += 2
    raise Refused(_BROKEN)


def _check_size(one: int, other: int) -> None:
    if not one or not other:
        raise Refused(_BROKEN)
    if one * other > MOST_PIXELS:
        raise Refused(_HUGE)
