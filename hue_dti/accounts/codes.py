"""Numbers nobody can guess: of a sign-in, and of an invitation, which a person may have to type. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

INVITED_FOR = timedelta(hours=48)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 24, 4


def new_token() -> str:
    """The number of a sign-in: 128 random bits."""
    return secrets.token_hex(16)


def new_code() -> str:
    """The code of an invitation: 120 random bits in letters that are not taken for each other, in groups of four."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def code_key(typed: str) -> str:
    """What is kept of a code, however it was typed."""
    return key_of("".join(letter for letter in typed.upper() if letter in _LETTERS))


def key_of(token: str) -> str:
    """What is kept of a number."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
