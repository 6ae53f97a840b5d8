"""Mail servers on loopback: one that takes mail, and ones that misbehave."""

from __future__ import annotations

import email
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from hue_dti.config import Smtp
from hue_dti.services.sandbox import LOOPBACK, free_port

SENDER = "Ban Chỉ đạo <nhac@dti.example>"


class Box:
    """Keeps what is delivered; `refuse` is answered to a recipient or to the text, by the command's name."""

    def __init__(self, **refuse: str) -> None:
        self.refuse = refuse
        self.recipients: list[list[str]] = []
        self.wire: list[bytes] = []

    @property
    def letters(self):
        """The mail as a reader's program understands it."""
        return [email.message_from_bytes(content, policy=default) for content in self.wire]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's name
        if "RCPT" in self.refuse:
            return self.refuse["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" in self.refuse:
            return self.refuse["DATA"]
        self.recipients.append(list(envelope.rcpt_tos))
        self.wire.append(envelope.content)
        return "250 OK"


@contextmanager
def post_office(box: Box, tls: str = "none", **options) -> Iterator[Smtp]:
    """A server that puts mail into the box; gives the settings that lead to it."""
    controller = Controller(box, hostname=LOOPBACK, port=free_port(), **options)
    controller.start()
    try:
        yield Smtp(LOOPBACK, controller.port, SENDER, tls)
    finally:
        controller.stop()


def asks_for(user: str, password: str):
    """What the server checks a login with; a wrong one is answered with 535."""

    def check(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=right)

    return check


def hangs_up(server, session, envelope, mechanism, data):
    """What goes away at the login without a word."""
    server.transport.abort()
    return AuthResult(success=False)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that only its own key vouches for."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    alternative = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*words, *alternative, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return key, cert


@contextmanager
def silent_after_the_text() -> Iterator[tuple[Smtp, list[bytes]]]:
    """A server that takes the whole text and hangs up without a word."""
    got: list[bytes] = []
    listening = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        while True:
            try:
                talk, _ = listening.accept()
            except OSError:
                return
            with talk, talk.makefile("rwb") as lines:
                _take(lines, got)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Smtp(LOOPBACK, listening.getsockname()[1], SENDER, "none"), got
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _take(lines, got: list[bytes]) -> None:
    def say(words: bytes) -> None:
        lines.write(words + b"\r\n")
        lines.flush()

    say(b"220 here")
    for line in lines:
        if line.upper().startswith(b"DATA"):
            say(b"354 go on")
            text = b""
            while not text.endswith(b"\r\n.\r\n"):
                text += lines.readline()
            got.append(text)
            return
        say(b"250 OK")
