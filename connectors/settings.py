"""What a source's settings mean to every connector; a wrong setting fails its own source and no other."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from urllib3.util import Retry

from hue_dti.addresses import AddressRefused, Network, check_path, read_address
from hue_dti.certificates import belong_together, holds_authorities
from hue_dti.errors import SettingError
from hue_dti.secrecy import SECRET_HEADER, basic, secrets_of

HEADER = "header."
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "user-agent", "accept-encoding", "proxy-authorization"})


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
    pause_s: float = 0

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
            number("pause_s", default.pause_s, 0),
        )

    def retry(self) -> Retry:
        """The policy of urllib3 that counts tries and bounds pauses."""
        return Retry(total=self.attempts - 1, backoff_factor=self.backoff_s, backoff_max=30, retry_after_max=self.retry_after_max_s)


def checked_base(source: str, settings: Mapping[str, str]) -> str:
    """The address without a slash at its end; refuses one that leads where nobody may ask or would show a secret on the way."""
    try:
        address = read_address(settings.get("base", "").strip().rstrip("/"), Network.from_settings(settings))
    except AddressRefused as error:
        raise _wrong(source, "base", error.what, error.remedy) from None
    if address.scheme == "http" and secrets_of(settings) and not (address.host == "localhost" or is_loopback(address.host)):
        raise _wrong(source, "base", "dùng http nên mã truy cập sẽ đi qua mạng không được che", "dùng https")
    return address.text


def checked_path(source: str, path: str) -> str:
    """A path under the base address, without a slash at its start; the part after `?` is not a path."""
    try:
        check_path(path.lstrip("/").partition("?")[0])
    except AddressRefused as error:
        raise _wrong(source, "path", error.what, error.remedy) from None
    return path.lstrip("/")


def checked_headers(source: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The headers that carry the secrets and what a gateway asks for; the message of an error never holds their values."""
    given = (HEADER, SECRET_HEADER)
    headers = {name.partition(".")[2]: value for name, value in settings.items() if name.startswith(given)}
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS or not (value.isascii() and value.isprintable() and value.strip()):
            raise _wrong(source, f"{HEADER}{name}", "không phải là một đầu mục HTTP đúng", "kiểm tra tên và giá trị")
    if settings.get("token") and settings.get("password"):
        raise _wrong(source, "token", "đi cùng 'password'", "chỉ giữ một cách đăng nhập")
    return {**headers, **_checked_token(source, settings), **_checked_password(source, settings)}


def client_certificate(source: str, settings: Mapping[str, str]) -> tuple[str, str] | None:
    """The files of our own certificate and its key, None without one."""
    files = tuple(settings.get(name, "") for name in ("certificate_file", "key_file"))
    if not any(files):
        return None
    for name, file in zip(("certificate_file", "key_file"), files, strict=True):
        if not file or not Path(file).is_file():
            raise _wrong(source, name, "không có tệp này", "ghi đường dẫn tới tệp PEM; cần cả certificate_file và key_file")
    if not belong_together(Path(files[0]), Path(files[1])):
        raise _wrong(source, "key_file", "không phải khóa của 'certificate_file', hoặc đòi mật khẩu", "dùng một cặp PEM không đặt mật khẩu")
    return files[0], files[1]


def trusted_authorities(source: str, settings: Mapping[str, str]) -> str | bool:
    """The file of the authorities to trust; True for those of the installation."""
    file = settings.get("ca_file")
    if file and not holds_authorities(Path(file)):
        raise _wrong(source, "ca_file", "không có chứng thư gốc nào đọc được", "chép chứng thư gốc dạng PEM vào tệp này")
    return file or True


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, written as an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_token(source: str, settings: Mapping[str, str]) -> dict[str, str]:
    token = settings.get("token", "")
    if not token:
        return {}
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise _wrong(source, "token", "có dấu cách, xuống dòng hoặc ký tự lạ", "chép lại mã truy cập")
    scheme = settings.get("token_scheme", "Bearer")
    return {settings.get("token_header", "Authorization"): f"{scheme} {token}".strip()}


def _checked_password(source: str, settings: Mapping[str, str]) -> dict[str, str]:
    user, password = settings.get("user", ""), settings.get("password", "")
    if not password and not user:
        return {}
    if not user or not password or ":" in user or not (user + password).isprintable():
        raise _wrong(source, "password", "cần cả user và password, không có ký tự lạ", "kiểm tra hai mục này")
    return {"Authorization": f"Basic {basic(user, password)}"}


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
