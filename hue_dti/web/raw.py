"""A stored raw answer, shown as text that cannot run, or downloaded as it came."""

from __future__ import annotations

import json
import re
from io import BytesIO

from flask import Response, abort, render_template, request, send_file
from python_calamine import CalamineError, CalamineWorkbook

from hue_dti.web.site import site

SHOWN_CHARACTERS = 60_000
SHOWN_ROWS = 200


def show_raw(sha256: str) -> Response | str:
    """The answer with its request, time and hash; `?tai=1` gives the bytes."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        abort(404)
    answer = site().storage.raw_answer(sha256)
    if answer is None:
        abort(404)
    if request.args.get("tai"):
        name = f"cau-tra-loi-goc-{sha256[:12]}.bin"
        return send_file(BytesIO(answer.body), mimetype="application/octet-stream", as_attachment=True, download_name=name)
    sheets = _sheets(answer.body) if answer.body[:2] == b"PK" else []
    text = "" if sheets else _text(answer.body, answer.content_type)
    return render_template(
        "raw.html",
        answer=answer,
        text=text[:SHOWN_CHARACTERS],
        cut=len(text) > SHOWN_CHARACTERS,
        sheets=sheets,
        at=request.args.get("vi-tri", ""),
    )


def _text(body: bytes, content_type: str) -> str:
    text = body.decode("utf-8", "replace")
    if "json" in content_type:
        try:
            return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        except ValueError:
            return text
    return text


def _sheets(body: bytes) -> list[tuple[str, list[list[str]]]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(body))
        return [
            (name, [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)[:SHOWN_ROWS]])
            for name in book.sheet_names
        ]
    except (CalamineError, ValueError, OSError):
        return []
