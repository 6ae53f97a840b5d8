"""Settings, read once from the environment; every one is named in docs/settings.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hue_dti.errors import SettingError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a province sets for its installation.

    `database_url` is the application's role, `owner_url` the schema owner's (migrations only); both None means the embedded server.
    `sandbox` lets sources be asked on this very machine.
    """

    database_url: str | None = None
    owner_url: str | None = None
    home: Path | None = None
    sources: Path | None = None
    criteria: Path | None = None
    report_fonts: Path | None = None
    schedule: Path | None = None
    sandbox: bool = False

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
            sandbox=_switched_on(environ, "HUE_DTI_SANDBOX"),
        )


def _existing(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name)
    if not text:
        return None
    path = Path(text).expanduser()
    if not path.exists():
        raise SettingError(f"Biến môi trường {name} chỉ tới '{text}', nơi đó không có gì; hãy sửa đường dẫn hoặc bỏ biến này.")
    return path


def _switched_on(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "")
    if text not in ("", "0", "1"):
        raise SettingError(f"Biến môi trường {name} là '{text}'; hãy đặt 1 để bật, 0 hoặc bỏ trống để tắt.")
    return text == "1"
