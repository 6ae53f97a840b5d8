"""The fixed words of the report, from templates/report/texts.yaml, so that a secretary can change them without code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from hue_dti.resources import folder


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Any]:
    """The whole file as nested mappings."""
    loaded: Mapping[str, Any] = yaml.safe_load((folder("templates") / "report" / "texts.yaml").read_text(encoding="utf-8"))
    return loaded


def text(*path: str) -> str:
    """One text by its keys, such as `text("results", "points")`."""
    found: Any = texts()
    for key in path:
        found = found[key]
    return str(found)


def listed(*path: str) -> tuple[str, ...]:
    """A list of texts by its keys."""
    found: Any = texts()
    for key in path:
        found = found[key]
    return tuple(str(each) for each in found)
