"""What a source's settings mean to every connector; a wrong setting fails its own source and no other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from urllib3.util import Retry

from hue_dti.errors import SettingError


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much and how often; seconds and bytes."""

    connect_timeout_s: float = 5
    read_timeout_s: float = 20
    total_timeout_s: float = 120
    max_bytes: int = 20_000_000
    attempts: int = 4
    backoff_s: float = 0.5
    retry_after_max_s: int = 60
    max_pages: int = 200

    @classmethod
    def from_settings(cls, source: str, settings: Mapping[str, str]) -> Limits:
        """Read the limits that are set; raise SettingError for one that is not a positive number."""
        default = cls()

        def number(name: str, unset: float, least: float = 0.001) -> float:
            return _number(source, name, settings[name], least) if name in settings else unset

        return cls(
            number("connect_timeout_s", default.connect_timeout_s),
            number("read_timeout_s", default.read_timeout_s),
            number("total_timeout_s", default.total_timeout_s),
            int(number("max_bytes", default.max_bytes, 1)),
            int(number("attempts", default.attempts, 1)),
            number("backoff_s", default.backoff_s, 0),
            int(number("retry_after_max_s", default.retry_after_max_s, 0)),
            int(number("max_pages", default.max_pages, 1)),
        )

    def retry(self) -> Retry:
        """The policy of urllib3 that counts tries and bounds pauses."""
        return Retry(total=self.attempts - 1, backoff_factor=self.backoff_s, backoff_max=30, retry_after_max=self.retry_after_max_s)


def checked_base(source: str, settings: Mapping[str, str]) -> str:
    """The address without a slash at its end; refuses one that carries a password or would show the token on the way."""
    base = settings.get("base", "").strip().rstrip("/")
    try:
        parts = urlsplit(base)
        host, user = parts.hostname, parts.username
        parts.port  # noqa: B018 - raises ValueError when the port is not a number
    except ValueError:
        raise _wrong(source, "base", "không phải là một địa chỉ", "viết như https://may-chu/duong-dan") from None
    if parts.scheme not in ("http", "https") or not host:
        raise _wrong(source, "base", "thiếu hoặc không phải là một địa chỉ", "viết như https://may-chu/duong-dan")
    if user is not None or parts.query or parts.fragment:
        raise _wrong(source, "base", "có mật khẩu hay tham số trong địa chỉ", "bỏ đi và đặt mã truy cập ở 'token'")
    if parts.scheme == "http" and settings.get("token") and not _is_this_machine(host):
        raise _wrong(source, "base", "dùng http nên mã truy cập sẽ đi qua mạng không được che", "dùng https")
    return base


def checked_token(source: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The header that carries the token, if there is one; the message of its error never holds the token."""
    token = settings.get("token", "")
    if not token:
        return {}
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise _wrong(source, "token", "có dấu cách, xuống dòng hoặc ký tự lạ", "chép lại mã truy cập")
    scheme = settings.get("token_scheme", "Bearer")
    return {settings.get("token_header", "Authorization"): f"{scheme} {token}".strip()}


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _number(source: str, name: str, text: str, least: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= least):
        raise _wrong(source, name, f"là '{text[:40]}', không phải một số dương", "sửa lại, chẳng hạn 20")
    return number


def _wrong(source: str, name: str, what: str, remedy: str) -> SettingError:
    return SettingError(f"Nguồn {source}, cài đặt '{name}': {what}; hãy {remedy}.")
