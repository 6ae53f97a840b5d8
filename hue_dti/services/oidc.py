"""Sign-in at another organisation's door (OpenID Connect): code flow with PKCE; who came is the issuer and the subject, nothing else.

Authlib is read in by the first who goes that way: most installations have no other door, and start sooner without it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hue_dti.config import Oidc
from hue_dti.errors import AccountRefused

TIMEOUT_S = 10
LEEWAY_S = 60
ALGORITHMS = ["RS256", "PS256", "ES256"]
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the other door is, as it says of itself."""

    issuer: str
    authorize: str
    token: str
    keys: str


@dataclass(frozen=True, slots=True)
class Pending:
    """What a browser was sent off with, to be compared when it comes back."""

    state: str
    nonce: str
    verifier: str


def discover(told: Oidc) -> Provider:
    """Ask the issuer where its pages are; AccountRefused when it does not answer as itself."""
    known = _fetched(f"{told.issuer.rstrip('/')}/.well-known/openid-configuration")
    if known.get("issuer") != told.issuer:
        raise _refused("nhà cung cấp tự xưng tên khác")
    places = [str(known.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(map(_safe, places)):
        raise _refused("địa chỉ của nhà cung cấp không an toàn")
    return Provider(told.issuer, *places)


def begin(told: Oidc, provider: Provider, back: str) -> tuple[str, Pending]:
    """The address to send the browser to, and what to remember meanwhile."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    pending = Pending(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    asked = {
        "response_type": "code",
        "client_id": told.client_id,
        "redirect_uri": back,
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": create_s256_code_challenge(pending.verifier),
        "code_challenge_method": "S256",
    }
    return f"{provider.authorize}{'&' if '?' in provider.authorize else '?'}{urlencode(asked)}", pending


def finish(told: Oidc, provider: Provider, pending: Pending, code: str, back: str, now: datetime) -> str:
    """Exchange the code and return the subject; AccountRefused for whatever is not as it should be."""
    from authlib.integrations.requests_client import OAuth2Session

    with OAuth2Session(told.client_id, told.client_secret, redirect_uri=back) as asking:
        try:
            answer = asking.fetch_token(provider.token, code=code, code_verifier=pending.verifier, timeout=TIMEOUT_S, allow_redirects=False)
        except Exception as fault:  # the library raises what it likes for answers of others; all of it means the same here
            raise _refused(f"không đổi được mã ({type(fault).__name__})") from None
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise _refused("không có thẻ định danh")
    return subject_of(token, _fetched(provider.keys), told, pending.nonce, now)


def subject_of(token: str, keys: Mapping[str, Any], told: Oidc, nonce: str, now: datetime) -> str:
    """Whom a token names; AccountRefused unless the issuer signed it for us, now, and for this very sign-in."""
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError):
        raise _refused("chữ ký của thẻ định danh không đúng") from None
    moment, audience = now.timestamp(), claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    numbers = [claims.get(name) for name in ("exp", "iat", "nbf") if name in claims]
    subject = claims.get("sub")
    checks = {
        "nhà cung cấp khác": claims.get("iss") == told.issuer,
        "thẻ cấp cho nơi khác": told.client_id in audiences and (len(audiences) == 1 or claims.get("azp") == told.client_id),
        "thẻ của ứng dụng khác": claims.get("azp", told.client_id) == told.client_id,
        "thời hạn không đọc được": "exp" in claims and "iat" in claims and all(type(each) in (int, float) for each in numbers),
        "không phải lần đăng nhập này": secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
        "không có tên chủ thẻ": isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT and subject.isprintable(),
    }
    wrong = next((why for why, fine in checks.items() if not fine), "")
    if not wrong and not (claims["exp"] > moment - LEEWAY_S and max(claims["iat"], claims.get("nbf", 0)) <= moment + LEEWAY_S):
        wrong = "thẻ đã quá hạn hoặc chưa tới hạn"
    if wrong:
        raise _refused(wrong)
    return str(subject)


def _fetched(address: str) -> Mapping[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT_S, allow_redirects=False)
        told = answer.json() if answer.status_code == requests.codes.ok and len(answer.content) < 1_000_000 else None
    except (requests.RequestException, ValueError):
        told = None
    if not isinstance(told, dict):
        raise _refused("nhà cung cấp không trả lời")
    return told


def _safe(address: str) -> bool:
    """Encrypted, or on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def _refused(why: str) -> AccountRefused:
    return AccountRefused(f"Không đăng nhập được bằng tài khoản dùng chung: {why}. Hãy thử lại, hoặc báo quản trị.")
