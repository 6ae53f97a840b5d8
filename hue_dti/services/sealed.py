"""Secrets of second factors as they stand in the database: which key they are under, and bring them under the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hue_dti.errors import SealBroken
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand
from hue_dti.vault import Vault, is_sealed

_MACHINE = Hand("hue-dti", "hue-dti")


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many secrets are under the newest key, under one before it, were never sealed, and whose do not open."""

    newest: int
    older: int
    plain: int
    broken: tuple[str, ...]

    @property
    def all(self) -> int:
        """How many there are."""
        return self.newest + self.older + self.plain + len(self.broken)


def how_sealed(storage: Storage, vault: Vault) -> Sealed:
    """How the secrets stand."""
    kept = storage.second_factors.secrets()
    sealed = {login: secret for login, secret in kept.items() if is_sealed(secret)}
    newest = {login for login, secret in sealed.items() if vault.is_newest(secret)}
    broken = tuple(sorted(login for login, secret in sealed.items() if not _opens(vault, login, secret)))
    return Sealed(len(newest - set(broken)), len(sealed.keys() - newest - set(broken)), len(kept) - len(sealed), broken)


def seal_plain(storage: Storage, vault: Vault, now: datetime) -> int:
    """Seal what was kept before there was a vault; how many there were. Nothing that is not sealed ever opens a sign-in."""
    plain = {login: secret for login, secret in storage.second_factors.secrets().items() if not is_sealed(secret)}
    fresh = {login: (secret, vault.seal(login, secret)) for login, secret in plain.items()}
    told = _MACHINE.did("secret.sealed", now, new=str(len(fresh)))
    return storage.second_factors.reseal(fresh, [told]) if fresh else 0


def reseal(storage: Storage, vault: Vault, hand: Hand, now: datetime) -> int:
    """Bring every secret that opens under the newest key; how many were brought."""
    kept = storage.second_factors.secrets()
    old = {login: secret for login, secret in kept.items() if not vault.is_newest(secret) and _opens(vault, login, secret)}
    plain = {login: secret for login, secret in kept.items() if not is_sealed(secret)}
    fresh = {login: (secret, vault.seal(login, vault.open(login, secret))) for login, secret in old.items()}
    fresh |= {login: (secret, vault.seal(login, secret)) for login, secret in plain.items()}
    return storage.second_factors.reseal(fresh, [hand.did("secret.resealed", now, new=str(len(fresh)))]) if fresh else 0


def _opens(vault: Vault, login: str, secret: str) -> bool:
    try:
        vault.open(login, secret)
    except SealBroken:
        return False
    return True
