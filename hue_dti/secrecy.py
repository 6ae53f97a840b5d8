"""Keeps secrets out of what is kept and shown: whatever a system or a message repeats of them is blotted out."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

SECRET_HEADER = "secret_header."  # noqa: S105 - the name of a setting
HIDDEN = "[đã che]"
SHORTEST_HIDDEN = 4
"""A shorter secret would blot out half of every answer."""


@dataclass(frozen=True, slots=True)
class Hiding:
    """Blots out secrets that a system repeats in its answer or its address."""

    secrets: tuple[str, ...] = field(repr=False)

    def text(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def bytes(self, body: bytes) -> bytes:
        """The body without the secrets."""
        for secret in self.secrets:
            body = body.replace(secret.encode(), HIDDEN.encode())
        return body


def secrets_of(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Every value that must not be seen: the token, the password, and the headers that came from the environment or a secret file."""
    return tuple(value for name, value in settings.items() if value and (name in ("token", "password") or name.startswith(SECRET_HEADER)))


def hiding(settings: Mapping[str, str]) -> Hiding:
    """What blots out this source's secrets, also as they stand in an address, in JSON and in basic authentication."""
    secrets = secrets_of(settings)
    if settings.get("password"):
        secrets = (*secrets, basic(settings.get("user", ""), settings["password"]))
    spelt = {
        form for secret in secrets if len(secret) >= SHORTEST_HIDDEN for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
    }
    return Hiding(tuple(sorted(spelt, key=lambda secret: (-len(secret), secret))))


def basic(user: str, password: str) -> str:
    """What basic authentication sends for a user and a password."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()
