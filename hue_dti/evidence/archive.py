"""DOCX and XLSX as what they are, ZIP archives of XML: within limits, without entities, macros told apart."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from hue_dti.evidence.faults import Refused
from hue_dti.evidence.model import Kind

MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO, DEEPEST = 2_000, 100_000_000, 100, 200
_PIECE = 1 << 16
_MAIN = {"wordprocessingml.document.main+xml": Kind.DOCX, "spreadsheetml.sheet.main+xml": Kind.XLSX}
_MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/", re.IGNORECASE)
_INSIDE = re.compile(r"/embeddings/|\.(?:zip|exe|dll|js|vbs|bat|cmd|ps1|jar|ole|bin)$", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_ODD = "Tệp nén bên trong có tên lạ hoặc trùng nhau; hãy mở tệp bằng Word, Excel, lưu lại rồi gửi lại."
_BROKEN = "Tệp Word, Excel bị hỏng hoặc thiếu phần cuối; hãy mở tệp, lưu lại rồi gửi lại."
_TOO_MUCH = "Tệp giải nén ra quá lớn; hãy bỏ ảnh, trang thừa, lưu lại rồi gửi lại."
_ENTITIES = "Tệp có khai báo thực thể XML, loại tệp Word, Excel thật không có; hãy lưu lại tệp rồi gửi lại."
_WITH_MACROS = "Tệp có macro; hãy lưu lại thành .docx hoặc .xlsx không có macro rồi gửi lại."


@dataclass
class Package:
    """What walking the archive found."""

    kind: Kind | None = None
    pages: int | None = None
    told: set[str] = field(default_factory=set)
    signed: bool = False


def read_package(body: bytes) -> Package:
    """Walk the whole archive once; raise Refused for what no office program writes."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(body))
            found, unpacked = Package(), 0
            for entry in entries:
                unpacked += _walk(archive, entry, found, MOST_UNPACKED - unpacked)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, LookupError) as fault:
        raise Refused(_BROKEN) from fault
    except DefusedXmlException as fault:
        raise Refused(_ENTITIES) from fault
    except SAXException as fault:
        raise Refused(_BROKEN) from fault
    return found


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused(_TOO_MUCH)
    declared = sum(entry.file_size for entry in entries)
    if declared > MOST_UNPACKED or declared > MOST_RATIO * max(size, _PIECE):
        raise Refused(_TOO_MUCH)
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names) or any(_is_odd(name) for name in names):
        raise Refused(_ODD)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("Tệp có mật khẩu nên không xem được; hãy bỏ mật khẩu, lưu lại rồi gửi lại.")
    if any(_MACROS.search(f"/{name}") for name in names):
        raise Refused(_WITH_MACROS)


def _is_odd(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or not name.isprintable()


def _walk(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: Package, room: int) -> int:
    """Read one entry to its end, by pieces; what it really holds counts, not what it says."""
    if _INSIDE.search(f"/{entry.filename}"):
        found.told.add("embedded")
    found.signed |= entry.filename.lower().startswith("_xmlsignatures/")
    reader = _reader(entry.filename, found) if entry.filename.lower().endswith(_XML) else None
    unpacked = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            unpacked += len(piece)
            if unpacked > room:
                raise Refused(_TOO_MUCH)
            if reader is not None:
                reader.feed(piece)
    if reader is not None and unpacked:
        reader.close()
    return unpacked


def _reader(name: str, found: Package) -> DefusedExpatParser:
    reader = DefusedExpatParser(forbid_dtd=True)
    reader.setContentHandler(_Parts(name, found))
    return reader


class _Parts(ContentHandler):
    """Notes what the parts say of themselves; keeps no tree."""

    def __init__(self, name: str, found: Package) -> None:
        super().__init__()
        self.name, self.found, self.depth, self.text = name.lower(), found, 0, ""
        self.sheets = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the library's own name
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(_BROKEN)
        self.text = ""
        bare = name.rpartition(":")[2]
        if bare in ("Override", "Default"):
            self._content_type(attrs.get("ContentType", "") or "")
        elif bare == "Relationship" and attrs.get("TargetMode", "") == "External":
            if not (attrs.get("Type", "") or "").endswith("/hyperlink"):
                self.found.told.add("external")
        elif bare == "ddeLink":
            self.found.told.add("action")
        elif bare == "sheet" and self.name == "xl/workbook.xml":
            self.sheets += 1
            self.found.pages = self.sheets

    def characters(self, content: str) -> None:
        if len(self.text) < 200:
            self.text += content

    def endElement(self, name: str) -> None:  # noqa: N802 - the library's own name
        self.depth -= 1
        bare = name.rpartition(":")[2]
        if bare == "instrText" and self.text.strip().upper().startswith("DDE"):
            self.found.told.add("action")
        if bare == "Pages" and self.name == "docprops/app.xml" and self.text.strip().isascii() and self.text.strip().isdecimal():
            self.found.pages = int(self.text.strip()[:6])
        self.text = ""

    def _content_type(self, told: str) -> None:
        if "macroEnabled" in told or "vbaProject" in told:
            raise Refused(_WITH_MACROS)
        for ending, kind in _MAIN.items():
            if told.endswith(ending):
                self.found.kind = kind
