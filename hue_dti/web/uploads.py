"""Which addresses take more than a form, and how much, from whoever may open them; all others stay small."""

from __future__ import annotations

from flask import Flask, request

from hue_dti.web.access import can_anywhere, matrix, opens

LARGER: dict[str, int] = {}
"""Bytes a body may have, by endpoint."""


def register(app: Flask) -> None:
    """Hang the check on the application, before anything reads a body."""
    app.before_request(_allow)


def _allow() -> None:
    if request.endpoint in LARGER and _may_send(request.endpoint):
        request.max_content_length = LARGER[request.endpoint]


def _may_send(endpoint: str) -> bool:
    """Whether the page opens for whoever asks; where only the form says for which unit, whether it does for any."""
    line = matrix()[endpoint]
    return opens(endpoint, **(request.view_args or {})) or (line.unit == "asked" and any(can_anywhere(act) for act in line.acts))
