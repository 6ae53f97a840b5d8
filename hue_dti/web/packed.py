"""Compressed answers: a long part that many pages share is compressed once, and what stands around it each time."""

from __future__ import annotations

import gzip
import zlib

LEVEL = 6
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip, deflate, no time, no system
_RAW = -zlib.MAX_WBITS


def part(text: bytes) -> bytes:
    """The text as a piece of a compressed stream, which may stand anywhere in it: it ends at a byte and refers to nothing before it."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _RAW)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


def packed(body: bytes, shared: bytes = b"", shared_part: bytes = b"") -> bytes:
    """The body as gzip; where it holds the shared text, that is taken as it was compressed before."""
    before, found, after = body.partition(shared) if shared else (body, b"", b"")
    if not found:
        return gzip.compress(body, LEVEL, mtime=0)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _RAW)
    end = packer.compress(after) + packer.flush(zlib.Z_FINISH)
    tail = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((_HEADER, part(before), shared_part, end, tail))
