"""Which addresses take more than a form, and how much, from whoever may open them; all others stay small."""

from __future__ import annotations

from flask import Flask, request

from hue_dti.web.access import opens

LARGER: dict[str, int] = {}
"""Bytes a body may have, by endpoint."""


def register(app: Flask) -> None:
    """Hang the check on the application, before anything reads a body."""
    app.before_request(_allow)


def _allow() -> None:
    if request.endpoint in LARGER and opens(request.endpoint, **(request.view_args or {})):
        request.max_content_length = LARGER[request.endpoint]
