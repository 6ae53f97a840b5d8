"""Which addresses take more than a form, from persons who are signed in, and how much; all others stay small."""

from __future__ import annotations

from flask import Flask, request

from hue_dti.web.sessions import actor

LARGER: dict[str, int] = {}
"""Bytes a body may have, by endpoint."""


def register(app: Flask) -> None:
    """Hang the check on the application, before anything reads a body."""
    app.before_request(_allow)


def _allow() -> None:
    if request.endpoint in LARGER and actor().signed_in:
        request.max_content_length = LARGER[request.endpoint]
