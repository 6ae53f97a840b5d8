"""A proxy on loopback that spoils what a system answers, in each of fifteen ways a real one has failed."""

from __future__ import annotations

import gzip
import json
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hue_dti.services.sandbox import LOOPBACK, free_port

NONE = "none"
WITHOUT_PROXY = ("refused", "dns", "tls_expired")
FAULTS = (
    *WITHOUT_PROXY,
    "stall",
    "drip",
    "login",
    "empty",
    "wrong_type",
    "not_numbers",
    "ten_times",
    "ten_megabytes",
    "gzip_bomb",
    "too_many_requests",
    "server_error",
    "half",
)
STALL_S, BYTE_S, BIG, BOMB = 10.0, 1.0, 10_000_000, 40_000_000
LOGIN = "<!doctype html><title>Đăng nhập</title><form>Tên đăng nhập, mật khẩu</form>".encode()
JSON = "application/json"


class Proxy:
    """Hands calls on to `behind`; `fault` says how the answers are spoilt, and may be changed at any time."""

    def __init__(self, behind: str) -> None:
        self.behind, self.fault, self.asked, self.over = behind, NONE, 0, threading.Event()

    def fetched(self, path: str, headers: dict[str, str]) -> tuple[str, bytes]:
        """The system's own answer: content type and body."""
        with urlopen(Request(self.behind + path, headers=headers), timeout=10) as answer:  # our own loopback address
            return answer.headers.get("Content-Type", ""), answer.read()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def do_GET(self) -> None:
        proxy = self.proxy
        proxy.asked += 1
        passed_on = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "accept-encoding")}
        kind, body = proxy.fetched(self.path, passed_on)
        try:
            _SPOIL.get(proxy.fault, _well)(self, kind, body)
        except OSError:  # whoever asked has left
            self.close_connection = True

    def answer(self, status: int, kind: str, body: bytes, length: int | None = None, **headers: str) -> None:
        """One whole answer; `length` is what is announced where that is not the truth."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def _well(to: _Handler, kind: str, body: bytes) -> None:
    to.answer(200, kind, body)


def _stall(to: _Handler, kind: str, body: bytes) -> None:
    to.proxy.over.wait(STALL_S)
    to.answer(200, kind, body)


def _drip(to: _Handler, kind: str, body: bytes) -> None:
    to.answer(200, kind, b"", len(body))
    for byte in body:
        to.wfile.write(bytes([byte]))
        if to.proxy.over.wait(BYTE_S):
            break


def _half(to: _Handler, kind: str, body: bytes) -> None:
    to.answer(200, kind, body[: len(body) // 2], len(body))
    to.close_connection = True


def _bomb(to: _Handler, kind: str, body: bytes) -> None:
    to.answer(200, kind, _packed(BOMB), Content_Encoding="gzip")


@cache
def _packed(size: int) -> bytes:
    return gzip.compress(bytes(size), 6)


def _with(change: Callable[[int, int], Any]) -> Callable[[_Handler, str, bytes], None]:
    """Every whole number of a row is changed; what tells of pages and totals stays."""

    def spoil(to: _Handler, kind: str, body: bytes) -> None:
        answer = json.loads(body)
        rows = next(value for value in answer.values() if isinstance(value, list))
        for number, row in enumerate(rows):
            row.update({name: change(number, value) for name, value in row.items() if isinstance(value, int)})
        to.answer(200, kind, json.dumps(answer).encode())

    return spoil


_SPOIL: dict[str, Callable[[_Handler, str, bytes], None]] = {
    "stall": _stall,
    "drip": _drip,
    "login": lambda to, kind, body: to.answer(200, "text/html; charset=utf-8", LOGIN),
    "empty": lambda to, kind, body: to.answer(200, kind, b""),
    "wrong_type": _with(lambda number, value: [value]),
    "not_numbers": _with(lambda number, value: float("nan") if number % 2 else -value - 1),
    "ten_times": _with(lambda number, value: value * 10),
    "ten_megabytes": lambda to, kind, body: to.answer(200, kind, body[:-1] + b" " * BIG + body[-1:]),
    "gzip_bomb": _bomb,
    "too_many_requests": lambda to, kind, body: to.answer(429, JSON, b"{}", Retry_After="1"),
    "server_error": lambda to, kind, body: to.answer(500, JSON, b"{}"),
    "half": _half,
}


@contextmanager
def fault_proxy(behind: str) -> Iterator[tuple[Proxy, Callable[[str], dict[str, str]]]]:
    """The proxy, and what a source's settings must say for a fault to be met: another address for what happens before any answer."""
    proxy = Proxy(behind)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    with tempfile.TemporaryDirectory(prefix="hue-dti-proxy-") as folder, _served(handler) as plain, _served(handler, folder) as expired:
        bases = {
            "refused": {"base": f"http://{LOOPBACK}:{free_port()}"},
            "dns": {"base": "http://khong-co-may-nay.invalid"},
            "tls_expired": {"base": f"https://localhost:{expired}", "ca_file": str(Path(folder) / "certificate.pem")},
        }
        yield proxy, lambda fault: bases.get(fault, {"base": f"http://{LOOPBACK}:{plain}"})
        proxy.over.set()


@contextmanager
def _served(handler: type, certificate_in: str | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer((LOOPBACK, 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] - who asks hangs up, as it should
    if certificate_in is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*expired_certificate(Path(certificate_in)))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def expired_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost that ran out yesterday, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    built = built.not_valid_before(now - timedelta(days=30)).not_valid_after(now - timedelta(days=1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, secret
