"""The official regions of a criteria folder: checked files for every ranking of provinces, one for each time that had its own provinces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hue_dti.errors import CellFault, ValuesRefused
from hue_dti.rollup.assess import Regions
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.read_regions import Lists, fitting, read_official_regions, whole_regions

FOLDER = "regions"


def region_files(criteria: Path) -> Mapping[str, Path]:
    """The lists of the folder by name, such as `provinces-63`."""
    return {path.stem: path for path in sorted((criteria / FOLDER).glob("*.csv"))}


def official_regions(criteria: Path) -> tuple[Lists, ...]:
    """Every list of the folder, region → its units; ValuesRefused with the line of every fault."""
    return tuple(read_list(path) for path in region_files(criteria).values())


def read_list(path: Path) -> Lists:
    """One list; ValuesRefused with the line of every fault."""
    return read_official_regions(text_of(path), str(path))


def regions_among(known: Sequence[Lists], units: Sequence[UnitValues]) -> Regions:
    """The regions these units are ranked in: of the list that fits them, those that are whole among them."""
    return whole_regions(fitting(known, units), units)


def text_of(path: Path) -> str:
    """The text of a file of values or regions; ValuesRefused with its line where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise ValuesRefused([CellFault(str(path), line, 1, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")]) from None
