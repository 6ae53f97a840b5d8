"""The roll-up maps of a criteria folder, held against its frameworks, sets and measures; CatalogueError has every fault of every file."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from hue_dti.catalogue.folders import ROLLUP, files_of, read_root
from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.nodes import Faults
from hue_dti.catalogue.read_rollups import read_rollup
from hue_dti.catalogue.rollups import RollUpMap
from hue_dti.errors import CatalogueError, Fault


def load_rollups(folder: Path, catalogue: Catalogue, frameworks: Mapping[str, Framework]) -> Mapping[str, RollUpMap]:
    """The roll-up maps of a criteria folder by code; empty when it has none."""
    return read_rollups({path.relative_to(folder).as_posix(): path for path in files_of(folder, ROLLUP)}, catalogue, frameworks)


def read_rollups(files: Mapping[str, Path], catalogue: Catalogue, frameworks: Mapping[str, Framework]) -> Mapping[str, RollUpMap]:
    """Read these files; keys are what `RollUpMap.place` names them."""
    found: list[Fault] = []
    read: dict[str, tuple[RollUpMap, str]] = {}
    for name, path in files.items():
        faults = Faults(str(path))
        root = read_root(path, faults)
        made = None if root is None else read_rollup(root, name, faults, catalogue, frameworks)
        found.extend(faults.found)
        if made is not None and not faults.found:
            if made.code in read:
                other = read[made.code][0].place[0]
                found.append(Fault(str(path), 1, f"code là '{made.code}', đã dùng cho bảng tại {other}", "hãy đặt mã khác"))
            read.setdefault(made.code, (made, str(path)))
    found.extend(_both_in_force(read))
    if found:
        raise CatalogueError(found)
    return {code: made for code, (made, _) in read.items()}


def _both_in_force(read: Mapping[str, tuple[RollUpMap, str]]) -> list[Fault]:
    """Two maps to one framework may not apply on the same day."""
    found = []
    for (first, _), (second, path) in combinations(sorted(read.values(), key=lambda each: each[0].in_force_from), 2):
        if first.framework == second.framework and (first.in_force_to is None or second.in_force_from <= first.in_force_to):
            what = f"áp dụng từ {second.in_force_from}, cùng lúc với bảng tại {first.place[0]}"
            found.append(Fault(path, second.place[1], what, "hãy ghi in_force.to của bảng cũ trước ngày đó"))
    return found
