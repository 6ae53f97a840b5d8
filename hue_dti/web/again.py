"""A form that could not be taken in: the page that says so keeps what was typed and sends it again with one button."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from hue_dti.web.access import matrix
from hue_dti.web.forms import has_its_token
from hue_dti.web.kept_form import CODES, PASSWORDS

PASSING = "503"
"""What may go better in a moment."""


@dataclass(frozen=True, slots=True)
class Again:
    """What was typed, by the names of its fields, and the files that have to be chosen anew."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


def register(app: Flask) -> None:
    """Let nobody keep a page that has what somebody typed."""
    app.after_request(_kept_by_nobody)


def again(code: str) -> Again | None:
    """The form of this request, where it came from our own page and may go better in a moment; never one with a password or a code."""
    line = matrix().get(request.endpoint or "")
    if code != PASSING or request.method != "POST" or line is None or not line.acts:
        return None
    try:
        if request.endpoint in CODES or PASSWORDS & set(request.form) or not has_its_token():
            return None
    except (HTTPException, OSError):  # the form itself could not be read
        return None
    g.typed = Again(
        tuple((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"),
        tuple((name, file.filename or "") for name, file in request.files.items(multi=True)),
    )
    return g.typed  # type: ignore[no-any-return]


def _kept_by_nobody(answer: Response) -> Response:
    if "typed" in g:
        answer.headers["Cache-Control"] = "no-store"
    return answer
