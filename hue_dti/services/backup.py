"""Back the whole database up into one file, and bring it back into an empty one.

The file is a ZIP that any program opens: `manifest.json`, a text of COPY for each table, the anchors, and the files that are kept
outside the database. It appears under its name only when it is whole, its SHA-256 beside it (`sha256sum -c` reads that too).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hue_dti import __version__
from hue_dti.config import Settings
from hue_dti.errors import BackupError
from hue_dti.numerals import format_moment
from hue_dti.periods import LOCAL
from hue_dti.services.anchors import FOLDER, lines_up_to
from hue_dti.services.backup_evidence import missing_files
from hue_dti.services.backup_file import appearing, checked, remove, remove_unfinished, whole
from hue_dti.services.backup_kept import restore_kept, write_kept
from hue_dti.storage import Dump, Filling, Storage, restore
from hue_dti.trail.model import Hand

BEAT = "backup"
"""The sign of life that a backup leaves."""

BY_ITSELF = Hand("", "Lịch tự động")
"""The schedule's hand."""

_FORMAT = "hue-dti backup 1"
_MANIFEST = "manifest.json"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole: where it is, the migration it was taken at, when, and how many rows it holds.

    `missing` are the hashes of evidence files that the database knew and the disk no longer had.
    """

    path: Path
    revision: str
    made_at: datetime
    rows: int
    missing: tuple[str, ...] = ()


def back_up(storage: Storage, target: Path, home: Path, now: Callable[[], datetime], hand: Hand = BY_ITSELF) -> Backup:
    """Write the database as of one moment, with the anchors and kept files that belong to it, to a file that is not there yet.

    Whose hand it was is recorded before the file appears; where that cannot be recorded there is none.

    BackupError when the file cannot be written, StorageError from the database; then there is no file.
    """
    made_at = now()
    with appearing(target) as unfinished, storage.dumping() as dump, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = [_write_table(archive, dump, number) for number in range(len(dump.tables))]
        for unit, last in dump.ends_of_chains.items():
            archive.writestr(f"{FOLDER}/{unit}.txt", lines_up_to(home, unit, last))
        write_kept(archive, home)
        missing, revision = missing_files(dump, home), str(dump.state.current)
        about = {"format": _FORMAT, "program": __version__, "revision": revision, "made_at": made_at.isoformat(), "tables": tables}
        about |= {"evidence_missing": list(missing)}
        archive.writestr(_MANIFEST, json.dumps(about, ensure_ascii=False, indent=1))
        if dump.state.up_to_date:
            storage.trail.note(hand.did("backup.made", made_at, subject=target.name))
    if dump.state.up_to_date:
        storage.schedule.beat(BEAT, now())
    return Backup(target, revision, made_at, sum(int(str(table["rows"])) for table in tables), missing)


def back_up_tonight(storage: Storage, folder: Path, keep: int, home: Path, now: Callable[[], datetime]) -> Backup:
    """A backup named after the moment, beside the newest others: `keep` of them stay, and nothing half-written does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(folder)
    except OSError as fault:
        raise BackupError(
            f"Không dùng được thư mục sao lưu '{folder}' ({fault.strerror}); hãy sửa HUE_DTI_BACKUPS hoặc quyền ghi."
        ) from fault
    done = back_up(storage, folder / f"hue-dti-{now().astimezone(LOCAL):%Y%m%d-%H%M%S}.backup", home, now)
    for old in sorted(folder.glob("hue-dti-*.backup"), reverse=True)[keep:]:
        remove(old)
    return done


def restore_backup(settings: Settings, path: Path, home: Path, at: datetime, hand: Hand) -> Backup:
    """Bring a backup back into the empty database the settings name, and the anchors and kept files where the home folder has none.

    BackupError unless the file is the one that was written; StorageError as `storage.restore` raises it. Then nothing has changed.
    """
    with checked(path) as archive:
        try:
            about = json.loads(archive.read(_MANIFEST))
            if about["format"] != _FORMAT:
                raise BackupError(f"'{path}' là bản sao lưu kiểu '{about['format']}'; hãy dùng bản chương trình đã tạo ra nó.")
            fillings = [_filling(archive, *place) for place in enumerate(about["tables"])]
            made_at, rows = datetime.fromisoformat(about["made_at"]), sum(each["rows"] for each in about["tables"])
            backup = Backup(path, about["revision"], made_at, rows, tuple(about.get("evidence_missing", ())))
        except (KeyError, TypeError, ValueError) as fault:
            raise BackupError(f"'{path}' không phải bản sao lưu của hue-dti ({fault}); hãy chọn đúng tệp.") from fault
        done = hand.did("backup.restored", at, subject=path.name, new=f"sao lưu lúc {format_moment(backup.made_at)}")
        restore(settings, backup.revision, fillings, before_commit=lambda: _restore_files(archive, home), trail=[done])
    return backup


def newest_whole(folder: Path) -> Path | None:
    """The newest backup of the folder that has its SHA-256 beside it."""
    return next((path for path in sorted(folder.glob("hue-dti-*.backup"), reverse=True) if whole(path)), None)


def _member(number: int, name: str) -> str:
    return f"tables/{number:02d}_{name}.copy"


def _write_table(archive: zipfile.ZipFile, dump: Dump, number: int) -> dict[str, object]:
    table = dump.tables[number]
    digest, rows = hashlib.sha256(), 0
    with archive.open(_member(number, table.name), "w", force_zip64=True) as member:
        for piece in _gathered(dump.rows(table)):
            digest.update(piece)
            rows += piece.count(b"\n")  # a line feed inside a value is written \n
            member.write(piece)
    return {"name": table.name, "columns": list(table.columns), "rows": rows, "sha256": digest.hexdigest()}


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _filling(archive: zipfile.ZipFile, number: int, table: dict[str, object]) -> Filling:
    name, columns = str(table["name"]), table["columns"]
    if not isinstance(columns, list):
        raise TypeError("columns")

    def rows() -> Iterator[bytes]:
        with archive.open(_member(number, name)) as member:
            while piece := member.read(_PIECE):
                yield piece

    return Filling(name, tuple(map(str, columns)), str(table["sha256"]), rows)


def _restore_files(archive: zipfile.ZipFile, home: Path) -> None:
    restore_kept(archive, home)
    _restore_anchors(archive, home)


def _restore_anchors(archive: zipfile.ZipFile, home: Path) -> None:
    """Anchors that are there stay: they are what tells of closings that came after the backup."""
    for name in archive.namelist():
        place = Path(name)
        path = home / FOLDER / place.name
        if place.parent.name != FOLDER or path.exists():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
        except OSError as fault:
            raise BackupError(f"Không ghi được tệp neo '{path}' ({fault.strerror}); hãy sửa quyền ghi rồi phục hồi lại.") from fault
