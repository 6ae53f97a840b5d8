"""Where files of each kind stand in a criteria folder, and how any of them is opened: sets and measures anywhere, others in their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from hue_dti.catalogue.nodes import Faults, Table, read_nodes

FRAMEWORKS = "frameworks"
ROLLUP = "rollup"
APART = {FRAMEWORKS: re.compile(r"^main_indices\s*:", re.MULTILINE), ROLLUP: re.compile(r"^feeds\s*:", re.MULTILINE)}
"""Folders whose files are no sets, and the key by which such a file is known wherever it lies."""


def in_folder(path: Path, below: Path | None = None, names: Collection[str] = tuple(APART)) -> bool:
    """Whether a file stands in a folder of one of these names, or below one; only folders from `below` on count."""
    folders = path.parent.parts if below is None else (below.name, *path.relative_to(below).parent.parts)
    return any(name in folders for name in names)


def files_of(folder: Path, name: str) -> list[Path]:
    """The files of this kind below a criteria folder in order, also those with an ending the loader will refuse."""
    found = (path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
    return sorted(path for path in found if in_folder(path, folder, (name,)))


def is_of(path: Path, name: str) -> bool:
    """Whether a file given by itself is of this kind, by its folder or by the key that only such files have."""
    if path.parent.name in APART:
        return path.parent.name == name
    try:
        return APART[name].search(path.read_text(encoding="utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def apart(paths: Iterable[Path], name: str) -> tuple[dict[str, Path], list[Path]]:
    """Files and folders as given → the files of this kind among and below them by name, and what is left for the others."""
    found: dict[str, Path] = {}
    rest: list[Path] = []
    for path in paths:
        inside = files_of(path, name) if path.is_dir() else [path] if is_of(path, name) else []
        found.update({each.as_posix(): each for each in inside})
        if not inside or (path.is_dir() and not in_folder(path / "any.yaml", path, (name,))):
            rest.append(path)
    return found, rest


def read_root(path: Path, faults: Faults) -> Table | None:
    """The mapping a file holds; None, with the fault noted, when it cannot be read."""
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
    return read_nodes(text, faults)
