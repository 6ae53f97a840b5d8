"""What every answer obeys: loopback only, strict headers, no foreign hosts and origins, as few bytes as the line can bear."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import Forbidden
from werkzeug.middleware.proxy_fix import ProxyFix

from hue_dti.config import Settings
from hue_dti.web.forms import LOOPBACK_NAMES, host_name
from hue_dti.web.packed import packed

_READING = {"GET", "HEAD", "OPTIONS"}
_PACKED_FROM = 1_000
_PACKED_TYPES = {"text/html", "text/css", "text/javascript", "application/javascript"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class ForeignOrigin(Forbidden):
    """A page of another site sent this."""


def register(app: Flask, settings: Settings) -> None:
    """Hang the checks on the application, before those of the forms; behind a proxy, believe what it tells of the reader."""
    hops = settings.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]
    app.before_request(_only_for(frozenset(settings.trusted_hosts)))
    app.before_request(_only_our_own_forms)
    app.after_request(_packed)
    app.after_request(_headers)


def _only_for(named: frozenset[str]) -> Callable[[], None]:
    """Only this machine under its own names, or, where hosts are named, readers of those through a proxy on this machine."""

    def check() -> None:
        if not _on_loopback(peer()):
            abort(403)
        if host_name() in LOOPBACK_NAMES and _on_loopback(request.remote_addr or ""):
            return
        if host_name().lower() not in named:
            abort(400 if named else 403)
        if not named and not _on_loopback(request.remote_addr or ""):
            abort(403)

    return check


def peer() -> str:
    """The address that the connection itself comes from, whatever a proxy tells."""
    before: dict[str, str] = request.environ.get("werkzeug.proxy_fix.orig", {})
    return before.get("REMOTE_ADDR") or request.environ.get("REMOTE_ADDR", "")


def is_this_machine() -> bool:
    """Whether somebody on this machine asks, and nobody through a proxy."""
    return _on_loopback(peer()) and not any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))


def _on_loopback(remote: str) -> bool:
    try:
        return ip_address(remote).is_loopback
    except ValueError:
        return False


def _only_our_own_forms() -> None:
    """Every browser names the page a form came from; a program that names none still needs the form's token."""
    if request.method in _READING:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if (origin is not None and origin != f"{request.scheme}://{request.host}") or site not in {"same-origin", "none"}:
        raise ForeignOrigin


def _headers(response: Response) -> Response:
    if g.get("frames_files"):
        response.headers.setdefault("Content-Security-Policy", f"{HEADERS['Content-Security-Policy']}; frame-src 'self'")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _packed(response: Response) -> Response:
    """Compress texts for readers that can unpack them; a form's token stands under a new mask each time, so its length tells nothing."""
    if response.mimetype not in _PACKED_TYPES or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip"):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _PACKED_FROM:
        response.set_data(packed(body, *g.get("shared_part", ())))
        response.headers["Content-Encoding"] = "gzip"
    return response
