"""What was typed into a plain form that was sent after its sign-in had ended: carried sealed through the door, then filled in again.

Nothing of it is stored here: it goes to the browser that sent it and comes back from there, sealed, for a day and for the same person only.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, render_template, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from hue_dti.accounts.codes import key_of
from hue_dti.web.language import own_address, translate
from hue_dti.web.refill import refilled
from hue_dti.web.sessions import actor
from hue_dti.web.site import site

FIELD = "giu"
"""The field that carries it through the door."""
MOST_LETTERS, MOST_FIELDS = 100_000, 2_000
KEPT_S = 24 * 3600
NEVER = frozenset({"csrf_token", FIELD, "ve"})
PASSWORDS = frozenset({"mat-khau", "mat-khau-cu", "mat-khau-moi", "nhac-lai"})
"""Fields that hold a password; a form with one of them is not kept."""
CODES = frozenset({"second_factor", "sign_in_code", "shared_further", "accept_invitation", "first_run"})
"""Endpoints whose forms hold a code."""


def register(app: Flask) -> None:
    """Give the page that fills a form in again its address."""
    app.add_url_rule("/mo-lai", "reopen", reopen, methods=["POST"])


def sealed() -> str:
    """What this request's form holds, sealed for the way through the door; empty where there is nothing to keep, or too much."""
    fields = {name: values for name, values in request.form.lists() if name not in NEVER}
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    secret = request.endpoint in CODES or bool(PASSWORDS & fields.keys())
    if request.mimetype == "application/json" or secret or not any(any(values) for values in fields.values()):
        return ""
    if letters > MOST_LETTERS or len(fields) > MOST_FIELDS:
        return ""
    told = {"to": request.path if not request.query_string else request.full_path, "page": _page(), "typed": fields, "login": _whose()}
    return _seal().dumps(told)


def door_page(words: str) -> str:
    """The page in a form's place: what happened, the way in with what was typed, and the words themselves to copy."""
    token = sealed()
    told = {"words": words, "kept": token, "shown": _shown(opened(token)), "files": bool(request.files), "inside": actor().signed_in}
    return render_template("kept_form.html", too_long=not token and bool(request.form), **told)


def is_from_here() -> bool:
    """Whether the browser says that a page of this very site sent the form; only then is what it holds a person's own typing."""
    named = f"{request.scheme}://{request.host}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == named


def back_inside(token: str) -> str:
    """The page after the door: one button leads to the form as it was filled in."""
    return render_template("kept_form.html", words="", kept=token, shown=_shown(opened(token)), files=False, inside=True, too_long=False)


def reopen() -> str | tuple[str, int]:
    """The page the form stands on, as it is now, filled in with what was typed; the words to copy where it has no such form any more."""
    told = opened(request.form.get(FIELD, ""))
    if told is None or told["login"] not in ("", actor().login):
        abort(404)
    note = translate("Bạn vừa đăng nhập lại: phần đã gõ được điền lại ở đây và chưa gửi. Hãy xem lại rồi gửi.")
    page = _as_it_is_now(told["page"])
    filled = refilled(page, told["to"], told["page"], told["typed"], note) if page else None
    if filled is None:
        words = translate("Trang này nay không còn biểu mẫu ấy; những gì bạn gõ còn đây để chép lại.")
        return render_template("kept_form.html", words=words, kept="", shown=_shown(told), files=False, inside=True, too_long=False), 409
    return filled


def opened(token: str) -> dict[str, Any] | None:
    """What was sealed; None for what was not, or too long ago."""
    try:
        told: dict[str, Any] = _seal().loads(token, max_age=KEPT_S)
    except BadData:
        return None
    return told


def _page() -> str:
    """The address of the page the form stood on, on this site; where the browser does not say, the form's own address."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host:
        return request.path
    return own_address(f"{came.path}?{came.query}" if came.query else came.path)


def _whose() -> str:
    """The login whose sign-in has ended in this browser; empty where the browser no longer says."""
    if actor().signed_in:
        return actor().login
    found = site().storage.accounts.behind(key_of(str(session.get("_user_id", ""))))
    return found[1].login if found is not None else ""


def _as_it_is_now(address: str) -> str:
    """The page at the address as whoever asks may see it; empty where there is none."""
    environ = {"REMOTE_ADDR": request.environ.get("REMOTE_ADDR", ""), "wsgi.url_scheme": request.scheme}
    headers = {"Cookie": request.headers.get("Cookie", ""), "Host": request.host}
    with current_app.test_request_context(address, headers=headers, environ_overrides=environ):
        answer = current_app.full_dispatch_request()
        return answer.get_data(as_text=True) if answer.status_code == 200 and answer.mimetype == "text/html" else ""


def _shown(told: dict[str, Any] | None) -> list[str]:
    """The words a person typed, longest first: what is worth copying."""
    values = {text.strip() for each in (told["typed"].values() if told else ()) for text in each}
    return sorted((text for text in values if len(text) > 2 and " " in text), key=len, reverse=True)[:20]


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="bieu mau dang go")
