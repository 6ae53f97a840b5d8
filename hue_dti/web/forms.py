"""What every form that changes something obeys: a signed token of this browser, and cookies no script and no other site can use."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from hue_dti.config import Settings
from hue_dti.web.secret import secret_key

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def register(app: Flask, settings: Settings) -> None:
    """Give the application its key and check every POST for its token."""
    app.config.update(
        SECRET_KEY=secret_key(settings),
        SESSION_COOKIE_NAME="hue_dti",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a board stays open all day; the token ends with the browser's session
    )
    app.session_interface = _Cookies()
    CSRFProtect(app)


def host_name() -> str:
    """The name of the host the reader typed, without its port."""
    return request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host


def over_plain_loopback() -> bool:
    """Whether the reader sits at this machine and no encryption is there to ask for."""
    return not request.is_secure and host_name() in LOOPBACK_NAMES


class _Cookies(SecureCookieSessionInterface):
    """The session's cookie goes over encrypted lines only, but for this machine itself, which has none."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return not over_plain_loopback()
