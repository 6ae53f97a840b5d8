"""A criteria folder, or the texts of one as frozen, → the catalogue; CatalogueError has every fault of every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

from hue_dti.catalogue.folders import in_folder
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.nodes import Faults, Table, read_nodes
from hue_dti.catalogue.read_checks import Checks, read_checks
from hue_dti.catalogue.read_measures import Known, read_measures
from hue_dti.catalogue.read_sets import compare_sets, read_set
from hue_dti.errors import CatalogueError, Fault

MEASURES, CHECKS = "measures.yaml", "checks.yaml"
_KEPT = 4
"""Catalogues remembered by their exact texts: what was read from the same files before is the same, and nobody can change it."""


def load_catalogue(folder: Path) -> Catalogue:
    """Read measures.yaml (or *.measures.yaml), checks.yaml and the sets below `folder`: all YAML files but frameworks and roll-up maps.

    `Catalogue.texts` keys are paths relative to `folder` ("hue/measures.yaml"); faults carry the path below `folder` as it was given.
    """
    return _load_files({path.relative_to(folder).as_posix(): path for path in yaml_files(folder)}, folder)


def load_paths(paths: Sequence[Path], home: Path) -> tuple[Catalogue, Mapping[str, Path]]:
    """Read these files and folders; returns the catalogue and what was read by name in it.

    A set needs measures: those given, else those beside it, else those of the installation's folder `home`. It is compared to
    the sound sets beside it; faults of files that were not given are not told, except in measures.
    """
    given = {path.as_posix(): path for each in paths for path in (yaml_files(each) if each.is_dir() else [each])}
    folders = {path.parent for name, path in given.items() if not is_measures(name)}
    beside = {path.as_posix(): path for folder in folders for path in sorted(folder.glob("*.yaml"))}
    aside = frozenset(name for name in beside if name not in given and not is_measures(name))
    measures = {name: path for name, path in beside.items() if is_measures(name)}
    if any(is_measures(name) for name in given) or not given:
        measures = {}
    elif not measures:
        measures = {path.as_posix(): path for path in yaml_files(home) if is_measures(path.name)}
    return _load_files({**{name: beside[name] for name in aside}, **measures, **given}, paths[0], aside), given


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files of sets and measures below a folder in order, also those with an ending the loader will refuse."""
    found = (path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
    return sorted(path for path in found if not in_folder(path, folder))


def load_texts(texts: Mapping[str, str]) -> Catalogue:
    """Read the same files from memory, such as those frozen in a snapshot; keys are relative names."""
    return _load(texts, {name: name for name in texts}, [], ".")


def _load_files(files: Mapping[str, Path], folder: Path, aside: frozenset[str] = frozenset()) -> Catalogue:
    texts: dict[str, str] = {}
    unreadable: list[Fault] = []
    for name, path in files.items():
        try:
            texts[name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as fault:
            line = fault.object.count(b"\n", 0, fault.start) + 1
            unreadable.append(Fault(str(path), line, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8"))
        except OSError as fault:
            unreadable.append(Fault(str(path), 1, f"không đọc được tệp ({fault.strerror})", "hãy kiểm tra tệp và quyền đọc"))
    hidden = {str(files[name]) for name in aside}
    told = [fault for fault in unreadable if fault.path not in hidden]
    return _load(texts, {name: str(path) for name, path in files.items()}, told, str(folder), aside)


def _load(
    texts: Mapping[str, str], shown: Mapping[str, str], unreadable: list[Fault], folder: str, aside: frozenset[str] = frozenset()
) -> Catalogue:
    if unreadable:
        return _read(texts, shown, unreadable, folder, aside)
    return _read_once(tuple(texts.items()), tuple(shown.items()), folder, aside)


@lru_cache(maxsize=_KEPT)
def _read_once(texts: tuple[tuple[str, str], ...], shown: tuple[tuple[str, str], ...], folder: str, aside: frozenset[str]) -> Catalogue:
    return _read(dict(texts), dict(shown), [], folder, aside)


def _read(texts: Mapping[str, str], shown: Mapping[str, str], unreadable: list[Fault], folder: str, aside: frozenset[str]) -> Catalogue:
    """`shown` has every file's name and the path faults are told at; `aside` are files only compared to, if sound."""
    found = list(unreadable)
    roots: dict[str, tuple[Table, Faults]] = {}
    for name in sorted(shown):
        faults = Faults(shown[name], None if name in aside else found)
        if not name.endswith(".yaml"):
            faults.add(1, f"tệp '{PurePosixPath(name).name}' không có đuôi .yaml", "hãy đổi tên tệp thành đuôi .yaml")
        elif name in texts and (root := read_nodes(texts[name], faults)) is not None:
            roots[name] = root, faults
    known = _read_known(roots, [name for name in shown if is_measures(name)])
    if not any(is_measures(name) for name in shown):
        found.append(Fault(folder, 1, f"không có tệp {MEASURES}", f"hãy đặt {MEASURES} (nguồn và số liệu) cạnh các bộ chỉ số"))
    checks = Checks()
    for name in roots:
        if is_checks(name):
            read_checks(*roots[name], known, checks)
    sets = [read_set(root, name, faults, known) for name, (root, faults) in roots.items() if not is_shared(name)]
    sets = [each for each in sets if each.value.place[0] not in aside or not each.fields.faults.found]
    compare_sets(sets, aside)
    found.extend(fault for each in sets if each.value.place[0] in aside for fault in each.fields.faults.found)
    if found:
        raise CatalogueError(found)
    by_code = {each.value.code: each.value for each in sets}
    return Catalogue(known.sources, known.measures, by_code, dict(texts), checks.found, checks.jump)


def _read_known(roots: Mapping[str, tuple[Table, Faults]], files: list[str]) -> Known:
    whole = bool(files) and all(name in roots for name in files)
    known = Known(all_sources=whole, all_measures=whole)
    for name in files:
        if name in roots:
            read_measures(*roots[name], known)
    return known


def is_measures(name: str) -> bool:
    """Whether a file of this name declares sources and measures."""
    return PurePosixPath(name).name == MEASURES or name.endswith(f".{MEASURES}")


def is_checks(name: str) -> bool:
    """Whether a file of this name declares checks between measures."""
    return PurePosixPath(name).name == CHECKS


def is_shared(name: str) -> bool:
    """Whether a file of this name is for all sets; every other file is a set."""
    return is_measures(name) or is_checks(name)
