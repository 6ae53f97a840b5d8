"""What every answer obeys: loopback only, strict headers, no foreign host names."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, Response, abort, request

_LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def register(app: Flask) -> None:
    """Hang the checks on the application."""
    app.before_request(_only_loopback)
    app.after_request(_headers)


def _only_loopback() -> None:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    remote = request.remote_addr or ""
    if host not in _LOCAL_HOSTS or not remote or not ip_address(remote).is_loopback:
        abort(403)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
