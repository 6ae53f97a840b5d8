"""What every answer obeys: loopback only, strict headers, no foreign hosts and origins, as few bytes as the line can bear."""

from __future__ import annotations

import gzip
from ipaddress import ip_address

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import Forbidden

from hue_dti.web.forms import LOOPBACK_NAMES, host_name

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


def register(app: Flask) -> None:
    """Hang the checks on the application, before those of the forms."""
    app.before_request(_only_loopback)
    app.before_request(_only_our_own_forms)
    app.after_request(_packed)
    app.after_request(_headers)


def _only_loopback() -> None:
    remote = request.remote_addr or ""
    if host_name() not in LOOPBACK_NAMES or not remote or not ip_address(remote).is_loopback:
        abort(403)


def _only_our_own_forms() -> None:
    """Every browser names the page a form came from; a program that names none still needs the form's token."""
    if request.method in _READING:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if (origin is not None and origin != f"{request.scheme}://{request.host}") or site not in {"same-origin", "none"}:
        raise ForeignOrigin


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
    return response


def _packed(response: Response) -> Response:
    """Compress texts for readers that can unpack them; not a page with a form's token, whose length would tell of the token."""
    if "csrf_token" in g or response.mimetype not in _PACKED_TYPES or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip"):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _PACKED_FROM:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
