"""Settings, read once from the environment; every one is named in docs/settings.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path

from hue_dti.errors import SettingError

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_SITE = re.compile(rf"(?:https://{_HOST.pattern}|http://(?:127\.0\.0\.1|localhost))(?::[0-9]{{1,5}})?")
_MOST_HOPS, _SHORTEST_TOKEN = 4, 24
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that reminders go out by; `tls` is starttls, tls (from the first byte) or none, which only loopback may have."""

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Smtp | None:
        """The mail server, None when none is set; SettingError for what cannot be one. The password's own words are never told."""
        host = environ.get("HUE_DTI_SMTP_HOST", "").strip()
        if not host:
            return None
        tls = environ.get("HUE_DTI_SMTP_TLS", "").strip().lower() or "starttls"
        if tls not in _PORTS:
            raise SettingError(f"Biến môi trường HUE_DTI_SMTP_TLS là '{tls}'; hãy viết starttls, tls hoặc none.")
        if tls == "none" and not _on_loopback(host):
            raise SettingError("HUE_DTI_SMTP_TLS là none nhưng máy chủ thư không ở trên máy này; hãy viết starttls hoặc tls.")
        port = environ.get("HUE_DTI_SMTP_PORT", "").strip() or str(_PORTS[tls])
        if not port.isascii() or not port.isdecimal() or not 1 <= int(port) <= 65535:
            raise SettingError(f"Biến môi trường HUE_DTI_SMTP_PORT là '{port}'; hãy viết số cổng từ 1 đến 65535.")
        sender = environ.get("HUE_DTI_SMTP_FROM", "").strip()
        if not sender.isprintable() or "@" not in parseaddr(sender)[1]:
            raise SettingError("Đã đặt HUE_DTI_SMTP_HOST mà HUE_DTI_SMTP_FROM chưa phải địa chỉ thư; hãy viết như dti@thuathienhue.gov.vn")
        user, password = environ.get("HUE_DTI_SMTP_USER", ""), _secret(environ, "HUE_DTI_SMTP_PASSWORD")
        if bool(user) != bool(password):
            raise SettingError(
                "HUE_DTI_SMTP_USER và HUE_DTI_SMTP_PASSWORD (hoặc HUE_DTI_SMTP_PASSWORD_FILE) phải đặt cả hai hoặc không đặt."
            )
        if not (user + password).isascii():
            raise SettingError("HUE_DTI_SMTP_USER và HUE_DTI_SMTP_PASSWORD có chữ có dấu, máy chủ thư không nhận; hãy đổi chữ không dấu.")
        return cls(host, int(port), sender, tls, user, password)


@dataclass(frozen=True, slots=True)
class Oidc:
    """The door of another organisation at which persons may sign in (OpenID Connect)."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Oidc | None:
        """The other door, None when none is set; SettingError for what cannot be one."""
        issuer, client = environ.get("HUE_DTI_OIDC_ISSUER", "").strip(), environ.get("HUE_DTI_OIDC_CLIENT_ID", "").strip()
        if not issuer:
            return None
        if not client or not issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise SettingError("HUE_DTI_OIDC_ISSUER phải bắt đầu bằng https:// và phải có HUE_DTI_OIDC_CLIENT_ID; hãy sửa hoặc bỏ cả hai.")
        return cls(issuer, client, _secret(environ, "HUE_DTI_OIDC_CLIENT_SECRET"))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a province sets for its installation.

    `database_url` is the application's role, `owner_url` the schema owner's (migrations only); both None means the embedded server.
    `sandbox` lets sources be asked on this very machine, `demo` lets the accounts of the demonstration in.
    `trusted_hosts` are the names the site answers to behind a reverse proxy, `proxy_hops` how many proxies tell the reader's address,
    `public_url` is the site's address in what is sent by mail.
    """

    database_url: str | None = None
    owner_url: str | None = None
    home: Path | None = None
    sources: Path | None = None
    criteria: Path | None = None
    report_fonts: Path | None = None
    schedule: Path | None = None
    alerts: Path | None = None
    secret_key: str | None = field(default=None, repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    backups: Path | None = None
    trail_anchors: Path | None = None
    trail_mail: str = ""
    smtp: Smtp | None = None
    sandbox: bool = False
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    metrics_token: str = field(default="", repr=False)
    demo: bool = False
    second_factor: str = "admins"
    oidc: Oidc | None = None
    evidence_max_mb: int = 20
    evidence_quota_mb: int = 500
    trust_roots: Path | None = None
    clamav: str | None = None
    public_url: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; raise SettingError when one names a place that is not there."""
        return cls(
            database_url=environ.get("DATABASE_URL") or None,
            owner_url=environ.get("HUE_DTI_OWNER_URL") or None,
            home=Path(environ["HUE_DTI_HOME"]).expanduser() if environ.get("HUE_DTI_HOME") else None,
            sources=_existing(environ, "HUE_DTI_SOURCES"),
            criteria=_existing(environ, "HUE_DTI_CRITERIA"),
            report_fonts=_existing(environ, "REPORT_FONT_DIR"),
            schedule=_existing(environ, "HUE_DTI_SCHEDULE"),
            alerts=_existing(environ, "HUE_DTI_ALERTS"),
            secret_key=environ.get("HUE_DTI_SECRET_KEY") or None,
            secret_key_fallbacks=tuple(filter(None, map(str.strip, environ.get("HUE_DTI_SECRET_KEY_FALLBACKS", "").split(",")))),
            backups=Path(environ["HUE_DTI_BACKUPS"]).expanduser() if environ.get("HUE_DTI_BACKUPS") else None,
            trail_anchors=Path(environ["HUE_DTI_TRAIL_ANCHORS"]).expanduser() if environ.get("HUE_DTI_TRAIL_ANCHORS") else None,
            trail_mail=_mail_address(environ, "HUE_DTI_TRAIL_MAIL"),
            smtp=Smtp.from_environment(environ),
            sandbox=_switched_on(environ, "HUE_DTI_SANDBOX"),
            trusted_hosts=_hosts(environ.get("HUE_DTI_TRUSTED_HOSTS", "")),
            proxy_hops=_hops(environ.get("HUE_DTI_PROXY_HOPS", "")),
            metrics_token=_token(_secret(environ, "HUE_DTI_METRICS_TOKEN")),
            demo=_switched_on(environ, "HUE_DTI_DEMO"),
            second_factor=_one_of(environ, "HUE_DTI_SECOND_FACTOR", ("admins", "approvers")),
            oidc=Oidc.from_environment(environ),
            evidence_max_mb=_megabytes(environ, "HUE_DTI_EVIDENCE_MAX_MB", 20),
            evidence_quota_mb=_megabytes(environ, "HUE_DTI_EVIDENCE_QUOTA_MB", 500),
            trust_roots=_existing(environ, "HUE_DTI_TRUST_ROOTS"),
            clamav=environ.get("HUE_DTI_CLAMAV", "").strip() or None,
            public_url=_site_address(environ.get("HUE_DTI_PUBLIC_URL", "")),
        )


def _existing(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name)
    if not text:
        return None
    path = Path(text).expanduser()
    if not path.exists():
        raise SettingError(f"Biến môi trường {name} chỉ tới '{text}', nơi đó không có gì; hãy sửa đường dẫn hoặc bỏ biến này.")
    return path


def _mail_address(environ: Mapping[str, str], name: str) -> str:
    text = environ.get(name, "").strip()
    if text and ("@" not in parseaddr(text)[1] or not text.isprintable() or not text.isascii()):
        raise SettingError(f"Biến môi trường {name} là '{text}', không phải địa chỉ thư; hãy viết như thanh-tra@thuathienhue.gov.vn")
    return text


def _secret(environ: Mapping[str, str], name: str) -> str:
    """The secret of this name, or the first line of the file that its name with _FILE gives."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise SettingError(
            f"Biến môi trường {name}_FILE chỉ tới '{path}', tệp đó không đọc được; hãy sửa đường dẫn hoặc quyền đọc."
        ) from None


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    for name in names:
        if not _HOST.fullmatch(name):
            raise SettingError(
                f"Biến môi trường HUE_DTI_TRUSTED_HOSTS có '{name}', không phải tên máy chủ; hãy viết như dti.thuathienhue.gov.vn, "
                "nhiều tên ngăn bằng dấu phẩy, không có http:// và không có cổng."
            )
    return names


def _site_address(text: str) -> str:
    """The site's address as readers type it, without the stroke at its end."""
    address = text.strip().removesuffix("/")
    if address and not _SITE.fullmatch(address):
        raise SettingError(
            f"Biến môi trường HUE_DTI_PUBLIC_URL là '{address}'; hãy viết địa chỉ trang web như https://dti.thuathienhue.gov.vn, "
            "không có gì sau tên máy chủ và cổng; http:// chỉ khi trang ở ngay trên máy này."
        )
    return address


def _hops(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and int(text) <= _MOST_HOPS):
        raise SettingError(f"Biến môi trường HUE_DTI_PROXY_HOPS là '{text}'; hãy viết số máy chủ trung gian, từ 0 đến {_MOST_HOPS}.")
    return int(text or 0)


def _token(text: str) -> str:
    if text and (len(text) < _SHORTEST_TOKEN or not text.isascii()):
        raise SettingError(f"HUE_DTI_METRICS_TOKEN ngắn quá; hãy đặt ít nhất {_SHORTEST_TOKEN} ký tự ngẫu nhiên không dấu.")
    return text


def _on_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _megabytes(environ: Mapping[str, str], name: str, usual: int) -> int:
    text = environ.get(name, "").strip() or str(usual)
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise SettingError(f"Biến môi trường {name} là '{text}'; hãy viết số MB nguyên, từ 1 trở lên.")
    return int(text)


def _one_of(environ: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """One of these words, the first where nothing is said."""
    text = environ.get(name, "").strip().lower() or words[0]
    if text not in words:
        raise SettingError(f"Biến môi trường {name} là '{text}'; hãy viết một trong: {', '.join(words)}.")
    return text


def _switched_on(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "")
    if text not in ("", "0", "1"):
        raise SettingError(f"Biến môi trường {name} là '{text}'; hãy đặt 1 để bật, 0 hoặc bỏ trống để tắt.")
    return text == "1"
