"""Files as people and attackers make them, each from a few lines: PDF, pictures, office files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache

TEXT = b"BT /F1 12 Tf 72 720 Td (Ke hoach) Tj ET"


def pdf(pages: int = 1, extra: dict[int, bytes] | None = None, catalog: bytes = b"", page: bytes = b"") -> bytes:
    """A small PDF; `extra` are more objects by number, `catalog` and `page` more entries of these."""
    first = 4
    kids = b" ".join(b"%d 0 R" % (first + at) for at in range(pages))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        3: b"<</Length %d>>\nstream\n%s\nendstream" % (len(TEXT), TEXT),
    }
    for at in range(pages):
        objects[first + at] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 3 0 R" + page + b">>"
    return assembled(objects | (extra or {}))


def assembled(objects: dict[int, bytes], head: bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", trailer: bytes = b"") -> bytes:
    """Objects with their table of places."""
    body, places = bytearray(head), {}
    for number, content in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(body), max(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    body += b"".join(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n" for number in range(1, size))
    return bytes(body) + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def png(width: int = 4, height: int = 4, chunks: tuple[tuple[bytes, bytes], ...] = ()) -> bytes:
    """A grey picture; `chunks` go before its end."""
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * min(width, 64) for _ in range(min(height, 64))))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", rows), *chunks, (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def jpg(width: int = 8, height: int = 8, comment: bytes = b"") -> bytes:
    """The frame of a JPG: nobody decodes it."""
    frame = struct.pack(">BBHBHHBBBB", 0xFF, 0xC0, 11, 8, height, width, 1, 1, 0x11, 0)
    said = struct.pack(">BBH", 0xFF, 0xFE, len(comment) + 2) + comment if comment else b""
    scan = struct.pack(">BBHBBBBBB", 0xFF, 0xDA, 8, 1, 1, 0, 0, 63, 0) + b"\x12\x34\xff\x00\x56\xff\xd0\x78"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + said + frame + scan + b"\xff\xd9"


_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD = f"{_OFFICE}wordprocessingml.document.main+xml"
_SHEET = f"{_OFFICE}spreadsheetml.sheet.main+xml"


def zipped(parts: dict[str, str | bytes], level: int = 6) -> bytes:
    """A ZIP of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def types(part: str, kind: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{part}" ContentType="{kind}"/>{more}</Types>'
    )


def docx(body: str = "<w:p/>", more: dict[str, str | bytes] | None = None, head: str = "", kind: str = _WORD, listed: str = "") -> bytes:
    """A Word file; `head` comes before its root, `more` are more parts."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    pages = "<Properties><Pages>3</Pages></Properties>"
    parts = {"[Content_Types].xml": types("word/document.xml", kind, listed), "word/document.xml": document, "docProps/app.xml": pages}
    return zipped(parts | (more or {}))


def xlsx(more: dict[str, str | bytes] | None = None, head: str = "", kind: str = _SHEET) -> bytes:
    """An Excel file with two sheets."""
    book = f'<?xml version="1.0"?>{head}<workbook><sheets><sheet name="A"/><sheet name="B"/></sheets></workbook>'
    return zipped({"[Content_Types].xml": types("xl/workbook.xml", kind), "xl/workbook.xml": book} | (more or {}))


def relations(target: str, kind: str) -> str:
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="http://schemas/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


@cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing."""
    return bytes(megabytes * 1_000_000)
