"""PDF: its objects walked one by one, whatever refers to whatever; streams are not unpacked, actions not run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader

from hue_dti.evidence.faults import Refused

MOST_OBJECTS = 300_000
_FAULTS = (Exception, RecursionError)
"""What reading a hostile PDF may raise: the library promises nothing."""
_BROKEN = "Tệp PDF bị hỏng hoặc thiếu phần cuối; hãy xuất lại PDF rồi gửi lại."
_LAUNCHES = "Tệp PDF có lệnh chạy chương trình khác nên không nhận; hãy xuất lại PDF từ văn bản gốc."
_HARMLESS = frozenset({"/GoTo", "/Named", "/URI"})


@dataclass
class Papers:
    """A PDF that could be read: the reader, its pages, what is to be told."""

    reader: PdfFileReader
    pages: int | None = None
    told: set[str] = field(default_factory=set)


def read_pdf(body: bytes) -> Papers:
    """Walk all objects; raise Refused for what cannot be read, is locked with a password, or starts a program."""
    if b"%%EOF" not in body:
        raise Refused(_BROKEN)
    try:
        reader = PdfFileReader(BytesIO(body), strict=False)
        papers = Papers(reader)
        if reader.encrypted:
            papers.told.add("locked")
            _unlock(reader)
        papers.pages = sum(1 for _ in _pages(reader.root.raw_get("/Pages"), set()))
        for found in _dictionaries(reader):
            _look(found, papers.told)
    except Refused:
        raise
    except _FAULTS as fault:
        raise Refused(_BROKEN) from fault
    if not papers.pages:
        raise Refused(_BROKEN)
    return papers


def _unlock(reader: PdfFileReader) -> None:
    if reader.decrypt(b"").status == AuthStatus.FAILED:
        raise Refused("Tệp PDF có mật khẩu nên không xem được; hãy gửi bản không đặt mật khẩu.")


def _pages(start: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """The leaves of the page tree, each reference once."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if isinstance(node, generic.IndirectObject):
            key = (node.idnum, node.generation)
            if key in seen:
                continue
            seen.add(key)
            node = node.get_object()  # type: ignore[no-untyped-call]
        if len(seen) > MOST_OBJECTS:
            raise Refused(_BROKEN)
        if not isinstance(node, generic.DictionaryObject):
            continue
        if "/Kids" in node:
            waiting.extend(list.__iter__(node["/Kids"]))
        elif node.get("/Type") == "/Page":
            yield node


def _dictionaries(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    """Every dictionary that the trailer leads to, however deep, each object once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.trailer.raw_get(key) for key in ("/Root", "/Info") if key in reader.trailer]
    steps = 0
    while waiting:
        node = waiting.pop()
        steps += 1
        if steps > MOST_OBJECTS:
            raise Refused("Tệp PDF có quá nhiều phần bên trong; hãy in lại ra PDF rồi gửi lại.")
        if isinstance(node, generic.IndirectObject):
            key = (node.idnum, node.generation)
            if key in seen:
                continue
            seen.add(key)
            node = node.get_object()  # type: ignore[no-untyped-call]
        if isinstance(node, generic.DictionaryObject):
            yield node
            waiting.extend(node.raw_get(name) for name in node)
        elif isinstance(node, generic.ArrayObject):
            waiting.extend(list.__iter__(node))


def _look(found: generic.DictionaryObject, told: set[str]) -> None:
    action = found.get("/S") if "/S" in found else None
    if action == "/Launch":
        raise Refused(_LAUNCHES)
    if action == "/JavaScript" or "/JS" in found or "/JavaScript" in found:
        told.add("javascript")
    if action in ("/SubmitForm", "/ImportData"):
        told.add("form")
    if action in ("/GoToR", "/GoToE", "/Rendition", "/Movie"):
        told.add("external")
    if "/AA" in found or _is_action(found.get("/OpenAction") if "/OpenAction" in found else None):
        told.add("action")
    if "/EmbeddedFiles" in found or "/EF" in found or found.get("/Type") == "/EmbeddedFile" or "/RichMedia" in found:
        told.add("embedded")


def _is_action(opening: Any) -> bool:
    """Whether what a document does when opened is more than going to a page."""
    return isinstance(opening, generic.DictionaryObject) and opening.get("/S") not in _HARMLESS
