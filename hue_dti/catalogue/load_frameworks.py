"""The framework files of a criteria folder → frameworks by code; CatalogueError has every fault of every file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hue_dti.catalogue.folders import FRAMEWORKS, files_of, read_root
from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.nodes import Faults
from hue_dti.catalogue.read_frameworks import read_framework
from hue_dti.errors import CatalogueError, Fault


def load_frameworks(folder: Path) -> Mapping[str, Framework]:
    """The frameworks of a criteria folder; empty when it has none."""
    return read_files({path.relative_to(folder).as_posix(): path for path in files_of(folder, FRAMEWORKS)})


def read_files(files: Mapping[str, Path]) -> Mapping[str, Framework]:
    """Read these files; keys are what `Framework.place` names them."""
    found: list[Fault] = []
    read: dict[str, Framework] = {}
    for name, path in files.items():
        faults = Faults(str(path))
        root = read_root(path, faults)
        framework = None if root is None else read_framework(root, name, faults)
        found.extend(faults.found)
        if framework is not None and not faults.found:
            if framework.code in read:
                other = read[framework.code].place[0]
                found.append(Fault(str(path), 1, f"code là '{framework.code}', đã dùng cho khung tại {other}", "hãy đặt mã khác"))
            read.setdefault(framework.code, framework)
    if found:
        raise CatalogueError(found)
    return read
