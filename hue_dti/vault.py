"""Seal a secret before it is kept: whoever reads the database or a backup without the installation's key learns nothing of it."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hue_dti.errors import SealBroken

_MARK = "v1:"
_PURPOSE = b"hue_dti secrets at rest, v1"


class Vault:
    """Seals under the newest of the installation's keys and opens what any of them sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(_derived(keys[0]))
        self._all = MultiFernet([Fernet(_derived(key)) for key in keys])

    def seal(self, owner: str, secret: str) -> str:
        """The secret as it may be kept; it opens for this owner only, so that nobody's row can be put in another's place."""
        return _MARK + self._newest.encrypt(f"{owner}\n{secret}".encode()).decode("ascii")

    def open(self, owner: str, kept: str) -> str:
        """The secret; SealBroken for what was never sealed, is another owner's, or was sealed under a key that is not known."""
        whose, _, secret = _text(self._all, kept).partition("\n")
        if whose != owner:
            raise SealBroken(f"Bí mật giữ cho '{owner}' là của tài khoản khác; có người đã sửa cơ sở dữ liệu.")
        return secret

    def is_newest(self, kept: str) -> bool:
        """Whether this was sealed under the newest key."""
        try:
            _text(self._newest, kept)
        except SealBroken:
            return False
        return True


def is_sealed(kept: str) -> bool:
    """Whether what is kept was ever sealed; what was kept before there was a vault was not."""
    return kept.startswith(_MARK)


def _text(fernet: Fernet | MultiFernet, kept: str) -> str:
    try:
        return fernet.decrypt(kept.removeprefix(_MARK) if is_sealed(kept) else "").decode()
    except InvalidToken:
        raise SealBroken(
            "Bí mật đang giữ không mở được bằng khóa bí mật hiện có; hãy xem mục Khóa bí mật trong docs/operations.md."
        ) from None


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, None, _PURPOSE).derive(key.encode()))
