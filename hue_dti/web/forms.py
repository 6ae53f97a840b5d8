"""What every form that changes something obeys: a signed token of this browser, and cookies no script and no other site can use."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf, validate_csrf
from wtforms import ValidationError

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def register(app: Flask, keys: Sequence[str]) -> None:
    """Give the application its key, and those before it that still count, and check every POST for its token."""
    newest, *older = keys
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        WTF_CSRF_SECRET_KEY=signing_keys(keys),
        SESSION_COOKIE_NAME="hue_dti",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),  # of screens only; a person's ends with the browser
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a board stays open all day; the token ends with the browser's session
    )
    app.session_interface = _Cookies()
    _Masked(app)
    app.jinja_env.globals["csrf_token"] = masked_token
    app.context_processor(lambda: {"csrf_token": masked_token})  # after the library's own, which it replaces


def signing_keys(keys: Sequence[str]) -> list[str]:
    """As signers want them: the newest, which signs, last."""
    return [*reversed(keys)]


def host_name() -> str:
    """The name of the host the reader typed, without its port."""
    return request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host


def over_plain_loopback() -> bool:
    """Whether the reader sits at this machine and no encryption is there to ask for."""
    return not request.is_secure and host_name() in LOOPBACK_NAMES


def cookie_name(name: str) -> str:
    """The cookie's name: on encrypted lines one that browsers take from this very host only."""
    return name if over_plain_loopback() else f"__Host-{name}"


def masked_token() -> str:
    """The form's token under a new mask each time, so that a compressed page's length tells nothing of it."""
    token = generate_csrf().encode("ascii")
    mask = secrets.token_bytes(len(token))
    return urlsafe_b64encode(mask + bytes(a ^ b for a, b in zip(mask, token, strict=True))).decode("ascii")


def has_its_token() -> bool:
    """Whether the form of this request came with the token of this browser."""
    try:
        validate_csrf(_unmasked(request.form.get("csrf_token", "")))
    except ValidationError:
        return False
    return True


def _unmasked(sent: str) -> str:
    try:
        both = urlsafe_b64decode(sent.encode("ascii"))
        half = len(both) // 2
        return bytes(a ^ b for a, b in zip(both[:half], both[half:], strict=True)).decode("ascii")
    except ValueError:
        return "-"  # a token that is none


class _Masked(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's own check, of tokens under their mask."""

    def _get_csrf_token(self) -> str | None:
        sent: str | None = super()._get_csrf_token()
        return sent and _unmasked(sent)


class _Cookies(SecureCookieSessionInterface):
    """The session's cookie goes over encrypted lines only, but for this machine itself, which has none."""

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name(super().get_cookie_name(app))

    def get_cookie_secure(self, app: Flask) -> bool:
        return not over_plain_loopback()
