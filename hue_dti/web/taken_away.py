"""Whoever is signed in and takes a file away leaves an event, whatever page gave the file."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.http import parse_options_header

from hue_dti.web.access import event
from hue_dti.web.places import code_of
from hue_dti.web.sessions import actor
from hue_dti.web.site import site

TOLD_BY_ITSELF = frozenset({"evidence_file", "evidence_pack", "value_file"})
"""Endpoints that say more of the file than its name."""


def register(app: Flask) -> None:
    """Look at every answer before it goes; what cannot be recorded is not given."""
    app.after_request(_note)


def _note(answer: Response) -> Response:
    how, about = parse_options_header(answer.headers.get("Content-Disposition", ""))
    told = request.endpoint in TOLD_BY_ITSELF
    if how == "attachment" and not told and answer.status_code == 200 and actor().signed_in:
        values = {**request.args.to_dict(), **{name: str(value) for name, value in (request.view_args or {}).items()}}
        unit = values.get("code") or code_of(values)
        site().storage.trail.note(event("export.made", unit, about.get("filename", request.path)))
    return answer
