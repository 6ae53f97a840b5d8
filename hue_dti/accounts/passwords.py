"""Passwords: kept as Argon2id, checked with the same work whether the account is there or not, refused when easily guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from hue_dti.collation import fold, nfc

SHORTEST, LONGEST = 12, 256
_FEWEST_LEFT, _FEWEST_DIFFERENT = 6, 5
_COMMON = re.compile(
    r"matkhau|password|passw0rd|p4ssw0rd|admin|quantri|quanly|dangnhap|thuathienhue|thanhphohue|namdong|chuyendoiso|chisochuyendoiso"
    r"|uybannhandan|ubnd|tthue|vietnam|hue|dti|qwerty|qwertyuiop|asdfgh|zxcvbn|abc|letmein|welcome|iloveyou|monkey|dragon"
    r"|(?:0?123456789|12345678|1234567|123456|12345|1234|123|987654321|654321|54321|4321|321)0?|(?:19|20)\d\d"
)
_DISGUISED = str.maketrans("@4310$5!", "aaeiossi")
_GUESSED = "Mật khẩu này dễ đoán (từ hay dùng, dãy số, tên tỉnh hoặc tên của chính bạn); hãy ghép vài từ không liên quan."
_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _HASHER.hash(nfc(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; nothing kept costs the same work and is never matched."""
    try:
        found = _HASHER.verify(kept or _nobody_s(), nfc(password[:LONGEST]))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return found and kept is not None


def weakness(password: str, *own: str) -> str:
    """Why the password may not be used, empty when it may; `own` are the person's login and name."""
    if len(password) < SHORTEST:
        return f"Mật khẩu có {len(password)} ký tự, cần ít nhất {SHORTEST}; hãy ghép vài từ không liên quan."
    if len(password) > LONGEST:
        return f"Mật khẩu dài quá {LONGEST} ký tự; hãy viết ngắn hơn."
    if min(_left(fold(password), own), _left(fold(password).translate(_DISGUISED), own)) < _FEWEST_LEFT:
        return _GUESSED
    return _GUESSED if len(set(password)) < _FEWEST_DIFFERENT else ""


def _left(folded: str, own: Sequence[str]) -> int:
    """How many letters are left without the person's own words and those in every list of passwords."""
    rest = _letters(folded)
    for word in sorted(map(_letters, map(fold, own)), key=len, reverse=True):
        rest = rest.replace(word, "") if word else rest
    return len(_COMMON.sub("", rest)) + sum(not letter.isascii() for letter in folded)


def _letters(folded: str) -> str:
    return re.sub(r"[^a-z0-9]", "", folded)


def ready() -> None:
    """Make ready what the first check would otherwise have to make, and so take longer than the next."""
    _nobody_s()


@cache
def _nobody_s() -> str:
    """What is checked where there is no account, so that nobody learns it from the time."""
    return _HASHER.hash("khong co ai dung mat khau nay")
