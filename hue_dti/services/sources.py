"""Which connector asks which source, from the province's sources file; secrets come from the environment only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

import yaml

from hue_dti.errors import SettingError
from hue_dti.observations.model import Connector

GROUP = "hue_dti.connectors"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How one source is asked: the connector's entry-point name and what it needs; never printed, it may hold a token."""

    connector: str
    settings: Mapping[str, str] = field(repr=False)


def load_sources(path: Path, environ: Mapping[str, str]) -> dict[str, SourceSettings]:
    """Read a sources file: source code → connector and settings; `…_env: NAME` takes a secret from the environment."""
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text only
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise SettingError(f"{path}: không đọc được tệp nguồn số liệu ({fault}); hãy xem connectors/sources.example.yaml.") from fault
    if not isinstance(loaded, dict):
        raise SettingError(f"{path}: tệp nguồn số liệu phải là danh mục 'mã nguồn: …'; hãy xem connectors/sources.example.yaml.")
    return {code: _source(path, code, entry, environ) for code, entry in loaded.items()}


def _source(path: Path, code: str, entry: object, environ: Mapping[str, str]) -> SourceSettings:
    if not isinstance(entry, dict) or "connector" not in entry:
        raise SettingError(f"{path}: nguồn '{code}' chưa ghi connector; hãy thêm dòng 'connector: …'.")
    settings: dict[str, str] = {}
    for key, value in entry.items():
        if not isinstance(value, str):
            raise SettingError(f"{path}: nguồn '{code}', mục '{key}' phải là một dòng chữ.")
        if key.endswith("_env"):
            if value not in environ:
                raise SettingError(f"{path}: nguồn '{code}' cần biến môi trường {value}; hãy đặt biến này rồi chạy lại.")
            settings[key.removesuffix("_env")] = environ[value]
        elif key != "connector":
            settings[key] = value
    return SourceSettings(entry["connector"], settings)


def find_connector(name: str, source: str) -> Connector:
    """The installed connector of that name; SettingError names the installed ones when there is none."""
    installed = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in installed:
        raise SettingError(
            f"Nguồn '{source}' dùng connector '{name}' nhưng chưa cài connector nào tên đó; đang có: {', '.join(sorted(installed))}."
        )
    connector: Connector = installed[name].load()(source)
    return connector
