"""What every answer obeys: loopback only, strict headers, no foreign host names, as few bytes as the line can bear."""

from __future__ import annotations

import gzip
from ipaddress import ip_address

from flask import Flask, Response, abort, request

_LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]"}
_PACKED_FROM = 1_000
_PACKED_TYPES = {"text/html", "text/css", "text/javascript", "application/javascript"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def register(app: Flask) -> None:
    """Hang the checks on the application."""
    app.before_request(_only_loopback)
    app.after_request(_packed)
    app.after_request(_headers)


def _only_loopback() -> None:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    remote = request.remote_addr or ""
    if host not in _LOCAL_HOSTS or not remote or not ip_address(remote).is_loopback:
        abort(403)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.add("Cookie")
    return response


def _packed(response: Response) -> Response:
    """Compress texts for readers that can unpack them; pages hold no secret whose length could tell anything."""
    if response.mimetype not in _PACKED_TYPES or response.status_code != 200 or "Content-Encoding" in response.headers:
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
