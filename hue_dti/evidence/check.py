"""One file looked at: is it what its name says, what is inside, who signed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from asn1crypto.x509 import Certificate

from hue_dti.evidence.archive import read_package
from hue_dti.evidence.faults import Refused
from hue_dti.evidence.images import JPG_HEAD, PNG_HEAD, end_of_jpg, end_of_png
from hue_dti.evidence.model import FILE_WORDS, Checked, Kind, Seal, Signature
from hue_dti.evidence.pdf import read_pdf
from hue_dti.evidence.signature import judge

_BLANK = b"\r\n \t\0"
_TAIL = 1 << 16
_OTHERS = (
    (b"MZ", "chương trình chạy được"),
    (b"\x7fELF", "chương trình chạy được"),
    (b"#!", "chương trình chạy được"),
    (b"\x1f\x8b", "tệp nén"),
    (b"Rar!", "tệp nén"),
    (b"7z\xbc\xaf", "tệp nén"),
    (b"\xd0\xcf\x11\xe0", "tệp Word, Excel đời cũ hoặc có mật khẩu"),
    (b"%!PS", "tệp PostScript"),
    (b"{\\rtf", "tệp RTF"),
    (b"GIF8", "ảnh GIF"),
    (b"BM", "ảnh BMP"),
)
_WRITTEN = (b"<html", b"<!doctype html", b"<script", b"<svg", b"<?php", b"<?xml")
_BOTH = "Tệp là hai loại tệp ghép làm một nên không nhận; hãy xuất lại tệp rồi gửi lại."


def check(body: bytes, named: Kind, roots: Sequence[Certificate], now: datetime) -> Checked:
    """What is known of the file whose name promises this kind; what may not be kept comes back with its refusal."""
    try:
        looked = _LOOKS[_kind_of(body)](body, roots, now)
    except Refused as fault:
        return Checked(None, refusal=str(fault))
    if looked.kind is named or looked.kind is None:
        return looked
    return Checked(None, refusal=f"Tên tệp có đuôi .{named} nhưng bên trong là {FILE_WORDS[looked.kind]}; hãy gửi đúng tệp.")


def _kind_of(body: bytes) -> Kind:
    """The kind by the first bytes; a ZIP is taken for DOCX until it is walked."""
    if not body:
        raise Refused("Tệp rỗng; hãy kiểm tra lại tệp trước khi gửi.")
    for head, kind in ((b"%PDF-", Kind.PDF), (JPG_HEAD, Kind.JPG), (PNG_HEAD, Kind.PNG), (b"PK\x03\x04", Kind.DOCX)):
        if body.startswith(head):
            return kind
    raise Refused(f"Bên trong là {_named(body)}; hãy gửi tệp PDF, JPG, PNG, DOCX hoặc XLSX.")


def _named(body: bytes) -> str:
    for head, words in _OTHERS:
        if body.startswith(head):
            return words
    return "trang web hoặc ảnh SVG" if _is_written(body[:1024]) else "loại tệp không nhận hoặc tệp hỏng"


def _is_written(part: bytes) -> bool:
    low = part.lower()
    return any(word in low for word in _WRITTEN)


def _pdf(body: bytes, roots: Sequence[Certificate], now: datetime) -> Checked:
    end = body.rfind(b"%%EOF")
    if _is_written(body[:1024]) or (end != -1 and _is_other(body[end + 5 :])) or b"PK\x05\x06" in body[-_TAIL:]:
        raise Refused(_BOTH)
    papers = read_pdf(body)
    if body[end + 5 :].strip(_BLANK) if end != -1 else True:
        papers.told.add("trailing")
    return Checked(Kind.PDF, papers.pages, tuple(sorted(papers.told)), judge(papers.reader, body, roots, now))


def _is_other(tail: bytes) -> bool:
    """Whether what comes after the end of a file is another file."""
    start = tail.lstrip(_BLANK)
    return _is_written(start) or start.startswith((b"PK\x03\x04", b"%PDF-", PNG_HEAD, *(head for head, _ in _OTHERS if len(head) > 2)))


def _picture(kind: Kind, end_of: Callable[[bytes], int]) -> Callable[[bytes, Sequence[Certificate], datetime], Checked]:
    def look(body: bytes, roots: Sequence[Certificate], now: datetime) -> Checked:
        tail = body[end_of(body) :]
        if _is_other(tail) or b"PK\x05\x06" in tail[-_TAIL:]:
            raise Refused(_BOTH)
        return Checked(kind, 1, ("trailing",) if tail.strip(_BLANK) else ())

    return look


def _office(body: bytes, roots: Sequence[Certificate], now: datetime) -> Checked:
    package = read_package(body)
    if package.kind is None:
        raise Refused("Bên trong là tệp nén, không phải tệp Word hay Excel; hãy gửi từng tệp PDF, JPG, PNG, DOCX hoặc XLSX.")
    note = "chữ ký trong tệp Word, Excel không đọc được ở đây; hãy gửi bản PDF đã ký"
    signatures = (Signature(Seal.UNCHECKED, note=note),) if package.signed else ()
    return Checked(package.kind, package.pages, tuple(sorted(package.told)), signatures)


_LOOKS: dict[Kind, Callable[[bytes, Sequence[Certificate], datetime], Checked]] = {
    Kind.PDF: _pdf,
    Kind.JPG: _picture(Kind.JPG, end_of_jpg),
    Kind.PNG: _picture(Kind.PNG, end_of_png),
    Kind.DOCX: _office,
}
