"""A unit's evidence of a period as one ZIP with a list of what is in it: the same pieces give the same bytes, however large."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from hue_dti.errors import StorageError
from hue_dti.evidence.model import SEAL_WORDS
from hue_dti.evidence.pieces import SCAN_WORDS, Form, Piece
from hue_dti.numerals import format_count, format_date, format_moment
from hue_dti.services.evidence_files import body_of
from hue_dti.services.evidence_overview import Shown

INDEX = "muc-luc.html"
_PIECE = 1 << 18
_HEAD = (
    '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
    "<style>body{{font:16px/1.5 system-ui,sans-serif;margin:32px;max-width:72rem}}table{{border-collapse:collapse;width:100%}}"
    "th,td{{text-align:left;vertical-align:top;padding:8px;border-bottom:1px solid #e4e7eb}}code{{font-size:.8em}}</style></head>"
    "<body><h1>{title}</h1><table><thead><tr><th>Tiêu chí</th><th>Minh chứng</th><th>Tài liệu</th><th>Chữ ký số</th>"
    "<th>Người nộp</th><th>SHA-256</th></tr></thead><tbody>\n"
)


class _Pipe:
    """Takes what the archive writes and hands it on; nothing is ever held but the piece under way."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, piece: bytes | bytearray | memoryview, /) -> int:
        self.held += piece
        return len(piece)

    def close(self) -> None:
        """There is nothing to close."""

    def flush(self) -> None:
        """Nothing is kept back."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self.held)
        self.held.clear()
        return piece


def pack(title: str, rows: Sequence[Shown], home: Path) -> Iterator[bytes]:
    """The archive in pieces; a file that cannot be given out is named in the list with the reason."""
    pipe, lines = _Pipe(), list[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for row in rows:
            for proof, piece in _named(row):
                yield from _file(archive, pipe, piece, home)
                lines.append(_line(row, proof, piece, home))
            lines.extend(_lacking(row))
        with archive.open(_entry(INDEX), "w") as index:
            index.write(_HEAD.format(title=escape(title)).encode())
            index.write(("\n".join(lines) + "\n</tbody></table></body></html>\n").encode())
    yield pipe.taken()


def _named(row: Shown) -> Iterator[tuple[str, Piece]]:
    for answer in row.answers:
        for piece in answer.pieces:
            yield answer.proof.words, piece
    for piece in row.others:
        yield "tài liệu khác", piece


def _lacking(row: Shown) -> Iterator[str]:
    for answer in row.answers:
        if not answer.pieces:
            code, proof = escape(row.criterion.code), escape(answer.proof.words)
            yield f"<tr><td>{code}</td><td>{proof}</td><td>thiếu</td><td></td><td></td><td></td></tr>"


def _place(piece: Piece) -> str:
    return f"{piece.draft.criterion}/{piece.number} {piece.draft.name}"


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o600 << 16
    return entry


def _file(archive: zipfile.ZipFile, pipe: _Pipe, piece: Piece, home: Path) -> Iterator[bytes]:
    body = _body(piece, home)
    if body is None:
        return
    with archive.open(_entry(_place(piece)), "w") as member:
        for start in range(0, len(body), _PIECE):
            member.write(body[start : start + _PIECE])
            yield pipe.taken()


def _body(piece: Piece, home: Path) -> bytes | None:
    if piece.draft.form is not Form.FILE or not piece.scan.is_open:
        return None
    try:
        return body_of(home, piece.draft.sha256)
    except StorageError:
        return None


def _line(row: Shown, proof: str, piece: Piece, home: Path) -> str:
    draft = piece.draft
    match draft.form:
        case Form.FILE if _body(piece, home) is not None:
            what = f'<a href="{quote(_place(piece))}">{escape(draft.name)}</a> ({format_count(piece.size)} byte)'
        case Form.FILE:
            what = f"{escape(draft.name)}: {SCAN_WORDS[piece.scan] or 'không đọc được, hãy báo quản trị'}"
        case Form.LINK:
            what = f'<a href="{escape(draft.link)}" rel="noreferrer">{escape(draft.link)}</a>'
        case _:
            what = "Giải trình"
    if draft.paper is not None:
        what += f"<br>{escape(draft.paper.number)} ngày {format_date(draft.paper.issued_on)}: {escape(draft.paper.summary)}"
    if draft.words:
        what += f"<br>{escape(draft.words)}"
    lead = piece.checked.lead if piece.checked is not None else None
    signed = SEAL_WORDS[piece.seal] if draft.form is Form.FILE else ""
    if lead is not None and lead.signer:
        signed += f"<br>{escape(lead.signer)}, {escape(lead.organisation)}"
        signed += f"<br>{format_moment(lead.signed_at)}" if lead.signed_at is not None else ""
    by = f"{escape(piece.name or piece.by)}<br>{format_moment(piece.at)}"
    cells = (escape(row.criterion.code), escape(proof), what, signed, by, f"<code>{draft.sha256}</code>")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
