"""Reads a CSV that somebody else saved, in the encodings that Excel and old consoles use; one whose marks are lost is refused."""

from __future__ import annotations

import codecs
import csv
import io
import re

from connectors.fields import shown
from connectors.http import Answer
from connectors.workbook import Sheet
from connectors.worksheets import MOST_CELLS, MOST_COLUMNS
from hue_dti.collation import nfc

SAVE_AS = "mở bằng Excel, chọn Lưu dưới dạng 'CSV UTF-8' hoặc .xlsx rồi gửi lại"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16, _UTF32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_PLAIN = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
_MARKED = {nfc(letter + mark) for letter in "aăâeêioôơuưy" for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")}
_VIETNAMESE = frozenset("".join(_MARKED | set(_PLAIN)) + "".join(_MARKED | set(_PLAIN)).upper())
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")


def csv_sheet(answer: Answer) -> Sheet:
    """The file as one sheet of its own name, separated by comma, semicolon or tab; raise SourceAnswerInvalid for what is no table."""
    text = decoded(answer)
    head = "\n".join(text.splitlines()[:20])
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True))
    except csv.Error as error:
        raise answer.invalid("không phải là CSV đúng", SAVE_AS) from error
    width = max((len(row) for row in rows), default=0)
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise answer.invalid("bảng có quá nhiều ô", "bỏ các dòng và cột thừa rồi gửi lại")
    return Sheet(answer.file_name, [[*row, *[""] * (width - len(row))] for row in rows])


def decoded(answer: Answer) -> str:
    """The text: UTF-8, UTF-16 with its mark, or windows-1258; raise SourceAnswerInvalid, with the remedy, for any other."""
    body = answer.body
    if body.startswith(_OLD_OFFICE):
        raise answer.invalid("là tệp Excel đời cũ (.xls) hoặc tệp khóa mật khẩu", "lưu lại thành .xlsx không mật khẩu rồi gửi lại")
    try:
        if body.startswith(_UTF16) and not body.startswith(_UTF32):
            return body.decode("utf-16")
        if b"\0" in body:
            raise answer.invalid("có bảng mã lạ hoặc không phải là chữ", SAVE_AS)
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if body.startswith(_UTF16):
            raise answer.invalid("bị cắt hoặc hỏng bảng mã UTF-16", SAVE_AS) from error
    return _of_windows(answer)


def _of_windows(answer: Answer) -> str:
    """Windows-1258 spells a letter and its tone apart; fonts of old (TCVN3, VNI) and lost marks look like other letters."""
    try:
        text = nfc(answer.body.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise answer.invalid("không phải bảng mã UTF-8, UTF-16 hay Windows-1258", SAVE_AS) from error
    strange = next((sign for sign in text if sign > "\x7f" and sign.isalpha() and sign not in _VIETNAMESE), None)
    if strange is not None:
        raise answer.invalid(f"có chữ lạ {shown(strange)}, có lẽ gõ bằng phông cũ (TCVN3, VNI)", f"chuyển sang Unicode, {SAVE_AS}")
    if _LOST.search(text):
        raise answer.invalid("có dấu '?' giữa chữ, dấu tiếng Việt đã mất khi lưu", SAVE_AS)
    return text
