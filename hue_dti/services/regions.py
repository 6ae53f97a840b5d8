"""The official regions of a criteria folder: one checked file for every ranking of provinces."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hue_dti.errors import CellFault, ValuesRefused
from hue_dti.rollup.read_regions import read_official_regions

FOLDER = "regions"
PROVINCES = "provinces-63"


def regions_file(criteria: Path, code: str = PROVINCES) -> Path:
    """Where the list of this name stands."""
    return criteria / FOLDER / f"{code}.csv"


def official_regions(file: Path) -> Mapping[str, tuple[str, ...]]:
    """Region → its units; ValuesRefused with the line of every fault, empty where the folder has no such list."""
    if not file.is_file():
        return {}
    return read_official_regions(text_of(file), str(file))


def text_of(path: Path) -> str:
    """The text of a file of values or regions; ValuesRefused with its line where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise ValuesRefused([CellFault(str(path), line, 1, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")]) from None
