"""Files instead of answers: dropped into a folder of this machine, or handed in by a person; CSV or XLSX by what they hold."""

from __future__ import annotations

import hashlib
import stat
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from connectors.csv_table import csv_sheet
from connectors.http import Answer, Asker
from connectors.settings import Limits
from connectors.workbook import XLSX, Sheet, open_sheets
from hue_dti.errors import SourceUnreachable
from hue_dti.observations.model import Pulled, PullRequest, RawAnswer, RawStore, RecordedAnswers, SettingFault

TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
FOLDER = ("folder", "files")
UNFINISHED = (".", "~$")


class OfFiles(ABC):
    """A connector whose answers are files: it also reads one that a person hands in."""

    source: str

    @abstractmethod
    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """What one kept file tells; raise SourceError when it is not the declared table."""

    def read_file(self, request: PullRequest, kept: RawAnswer, name: str, now: Callable[[], datetime]) -> Pulled:
        """What a file handed in by a person tells, kept already; raise SourceError when it is not the declared table."""
        return self.read(Answer(self.source, kept.request, kept.sha256, kept.body, name), request, now())


class OfBooks(OfFiles):
    """A connector that fetches its one workbook at `path`."""

    def __init__(self, source: str) -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """What the workbook tells; raise SourceError when it is not the declared one."""
        asker = Asker(self.source, request.settings, store, now)
        return self.read(asker.get(request.settings.get("path", ""), {}, XLSX), request, now())


def open_table(answer: Answer) -> tuple[Sheet, ...]:
    """The sheets of a workbook; a file that is a CSV is one sheet of its own name. What a system answers is the workbook it promised."""
    return open_sheets(answer) if answer.host or answer.body[:2] == b"PK" else (csv_sheet(answer),)


def only_handed_in(settings: Mapping[str, str]) -> bool:
    """Whether nobody can be asked for these files: without a folder they only come from persons."""
    return not settings.get("folder")


def folder_faults(settings: Mapping[str, str]) -> Iterator[SettingFault]:
    """A folder is written from the root, or not at all where files are only handed in."""
    if settings.get("folder") and not Path(settings["folder"]).is_absolute():
        yield SettingFault("folder", "không phải đường dẫn đầy đủ", "hãy viết từ gốc, chẳng hạn /srv/hue-dti/chong-ma-doc")


def dropped(source: str, settings: Mapping[str, str], store: RawStore, now: Callable[[], datetime]) -> Iterator[Answer]:
    """Every finished file of the folder, each kept before it is given; raise SourceUnreachable when there is none.

    Of recorded answers: the files that were there when they were kept.
    """
    if isinstance(store, RecordedAnswers):
        for asked in store.asked():
            kept = store.recorded(asked)
            yield Answer(source, asked, kept.sha256, kept.body, asked.partition(" ")[2])
        return
    limits = Limits.from_settings(source, settings)
    if not settings.get("folder"):
        raise SourceUnreachable(f"Nguồn {source} không có thư mục thả tệp; hãy nộp tệp bằng 'hue-dti import', hoặc thêm 'folder'.")
    for path in _files(source, settings):
        yield _kept(source, path, limits.max_bytes, store, now())


def _files(source: str, settings: Mapping[str, str]) -> list[Path]:
    """The finished plain files of the folder; a link could lead out of it, so it is none."""
    folder = Path(settings["folder"])
    try:
        patterns = settings.get("files", "*.csv *.xlsx").split()
        listed = {path for pattern in patterns for path in folder.glob(pattern) if path.parent == folder}
        files = sorted(path for path in listed if stat.S_ISREG(path.lstat().st_mode) and not path.name.startswith(UNFINISHED))
    except (OSError, ValueError, NotImplementedError) as error:
        raise SourceUnreachable(f"Nguồn {source}, thư mục {folder}: không đọc được; hãy kiểm tra thư mục và quyền đọc.") from error
    if not files:
        raise SourceUnreachable(f"Nguồn {source}, thư mục {folder}: không có tệp nào; hãy nhắc đơn vị gửi tệp, hoặc kiểm tra 'files'.")
    return files


def _kept(source: str, path: Path, most: int, store: RawStore, moment: datetime) -> Answer:
    """The file as it lies there, kept before it is read."""
    try:
        with path.open("rb") as stream:
            body = stream.read(most + 1)
    except OSError as error:
        raise SourceUnreachable(f"Nguồn {source}, tệp {path.name}: không đọc được; hãy kiểm tra quyền đọc.") from error
    request = f"FILE {path.name}"
    if len(body) > most:
        raise Answer(source, request, "", b"").invalid(f"tệp dài quá {most} byte", "bỏ phần thừa, hoặc tăng 'max_bytes'")
    kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
    sha256 = store.keep(RawAnswer(hashlib.sha256(body).hexdigest(), request, 200, kind, moment, body))
    return Answer(source, request, sha256, body, path.name)
