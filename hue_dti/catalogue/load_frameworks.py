"""The framework files of a criteria folder → frameworks by code; CatalogueError has every fault of every file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.nodes import Faults, read_nodes
from hue_dti.catalogue.read_frameworks import read_framework
from hue_dti.errors import CatalogueError, Fault

FOLDER = "frameworks"
"""Files of a folder of this name are frameworks, not criteria sets."""

_MAIN_KEY = re.compile(r"^main_indices\s*:", re.MULTILINE)


def load_frameworks(folder: Path) -> Mapping[str, Framework]:
    """The frameworks of a criteria folder; empty when it has none."""
    return read_files({path.relative_to(folder).as_posix(): path for path in framework_files(folder)})


def framework_files(folder: Path) -> list[Path]:
    """The framework files below a criteria folder in order, also those with an ending the loader will refuse."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file() and in_folder(path, folder))


def in_folder(path: Path, below: Path | None = None) -> bool:
    """Whether a file stands in a folder for frameworks, or below one; only folders from `below` on count."""
    folders = path.parent.parts if below is None else (below.name, *path.relative_to(below).parent.parts)
    return FOLDER in folders


def is_framework(path: Path) -> bool:
    """Whether a file given by itself is a framework, by its folder or by its key `main_indices`."""
    if path.parent.name == FOLDER:
        return True
    try:
        return _MAIN_KEY.search(path.read_text(encoding="utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def apart(paths: Iterable[Path]) -> tuple[dict[str, Path], list[Path]]:
    """Files and folders as given → the framework files among and below them by name, and what is left for sets and measures."""
    frameworks: dict[str, Path] = {}
    rest: list[Path] = []
    for path in paths:
        inside = framework_files(path) if path.is_dir() else [path] if is_framework(path) else []
        frameworks.update({each.as_posix(): each for each in inside})
        if not inside or (path.is_dir() and not in_folder(path / "any.yaml", path)):
            rest.append(path)
    return frameworks, rest


def read_files(files: Mapping[str, Path]) -> Mapping[str, Framework]:
    """Read these files; keys are what `Framework.place` names them."""
    found: list[Fault] = []
    read: dict[str, Framework] = {}
    for name, path in files.items():
        faults = Faults(str(path))
        framework = _read(name, path, faults)
        found.extend(faults.found)
        if framework is not None and not faults.found:
            if framework.code in read:
                other = read[framework.code].place[0]
                found.append(Fault(str(path), 1, f"code là '{framework.code}', đã dùng cho khung tại {other}", "hãy đặt mã khác"))
            read.setdefault(framework.code, framework)
    if found:
        raise CatalogueError(found)
    return read


def _read(name: str, path: Path, faults: Faults) -> Framework | None:
    if path.suffix != ".yaml":
        faults.add(1, f"tệp '{path.name}' không có đuôi .yaml", "hãy đổi tên tệp thành đuôi .yaml")
        return None
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as fault:
        faults.add(fault.object.count(b"\n", 0, fault.start) + 1, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")
        return None
    except OSError as fault:
        faults.add(1, f"không đọc được tệp ({fault.strerror})", "hãy kiểm tra tệp và quyền đọc")
        return None
    root = read_nodes(text, faults)
    return None if root is None else read_framework(root, name, faults)
