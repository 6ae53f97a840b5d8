"""The fixed words of the report, from templates/report/texts.yaml, so that a secretary can change them without code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from hue_dti.errors import ReportError
from hue_dti.resources import folder

FILE = "templates/report/texts.yaml"


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Any]:
    """The whole file as nested mappings; ReportError when it is not YAML."""
    try:
        loaded: Mapping[str, Any] = yaml.safe_load((folder("templates") / "report" / "texts.yaml").read_text(encoding="utf-8"))
    except yaml.YAMLError as fault:
        raise ReportError(f"{FILE}: không phải YAML đúng cách viết; hãy xem lại chỗ này: {fault}") from fault
    return loaded


def text(*path: str, **words: str) -> str:
    """One text by its keys, such as `text("results", "points")`, its {placeholders} filled where words are given; else ReportError."""
    return _filled(str(_at(path)), path, words)


def listed(*path: str, **words: str) -> tuple[str, ...]:
    """A list of texts by its keys, each filled alike."""
    return tuple(_filled(str(each), path, words) for each in _at(path))


def _at(path: tuple[str, ...]) -> Any:
    found: Any = texts()
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            raise ReportError(f"{FILE}: thiếu mục '{'.'.join(path)}'; hãy chép lại mục này từ bản gốc của tệp.")
        found = found[key]
    return found


def _filled(template: str, path: tuple[str, ...], words: Mapping[str, str]) -> str:
    if not words:
        return template
    try:
        return template.format_map(words)
    except (KeyError, ValueError, IndexError, AttributeError) as fault:
        known = ", ".join(f"{{{word}}}" for word in sorted(words))
        raise ReportError(
            f"{FILE}, mục '{'.'.join(path)}': '{template}' có chỗ điền không đúng ({fault}); ở đây dùng được: {known}."
        ) from fault
