"""The trail's head kept outside the database: what shows that somebody who owns the tables cut the chain or computed it anew."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from hue_dti.config import Settings
from hue_dti.errors import TrailError
from hue_dti.numerals import format_count, format_moment
from hue_dti.services.anchors import FOLDER
from hue_dti.services.mail import send
from hue_dti.storage import Storage, home_folder
from hue_dti.trail.chain import code, flaws
from hue_dti.trail.model import Head, Kept

FILE = "nhat-ky.log"
_LINE = re.compile(r"(?P<seq>\d{1,18}) (?P<hash>[0-9a-f]{64}) \S+")


@dataclass(frozen=True, slots=True)
class TrailVerified:
    """What a check of the whole trail found: its end, how many heads outside it was held against, and every flaw in words."""

    head: Head | None
    anchors: int
    flaws: tuple[str, ...]


def trail_anchors(settings: Settings) -> Path:
    """The file that the heads are added to: HUE_DTI_TRAIL_ANCHORS, else beside the anchors of snapshots."""
    return settings.trail_anchors or home_folder(settings) / FOLDER / FILE


def anchor_trail(storage: Storage, path: Path, at: datetime) -> Head | None:
    """Add the trail's head to the file unless it ends with it; None while nothing has happened yet.

    TrailError when the file cannot be written, or when the chain does not hold the head that the file told last: then nothing is added.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+", encoding="ascii", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            written = file.read()
            head, last = storage.trail.head(), _last(written)
            if head is None and last is None:
                return None
            if last is not None and storage.trail.at(last.seq) != last:
                raise TrailError(f"Nhật ký không còn sự kiện số {last.seq} như '{path}' đã ghi; hãy chạy: hue-dti audit verify")
            if head is not None and head != last:
                file.write(f"{_torn(written)}{head.seq} {head.hash} {at.astimezone(UTC).isoformat()}\n")
            return head
    except OSError as fault:
        raise TrailError(
            f"Không ghi được tệp neo nhật ký '{path}' ({fault.strerror}); hãy sửa HUE_DTI_TRAIL_ANCHORS hoặc quyền ghi."
        ) from fault


def mail_head(settings: Settings, head: Head, at: datetime) -> bool:
    """Send the head to HUE_DTI_TRAIL_MAIL; False where no address or no mail server is set. MailUnsent when it did not go out."""
    if settings.smtp is None or not settings.trail_mail:
        return False
    message = EmailMessage()
    message["From"], message["To"] = settings.smtp.sender, settings.trail_mail
    message["Subject"] = f"Mã nhật ký {code(head)}"
    message["Date"] = at.astimezone(UTC)
    message.set_content(
        f"Đến {format_moment(at)} nhật ký có {format_count(head.seq)} sự kiện, mã {code(head)}.\n{head.seq} {head.hash}\n\n"
        "Hãy giữ thư này. Khi cần kiểm tra nhật ký có bị sửa không:\n"
        f"hue-dti audit verify --code {code(head)}\n"
    )
    send(settings.smtp, message, settings.trail_mail)
    return True


def verify_trail(storage: Storage, path: Path, told: Sequence[Head] = ()) -> TrailVerified:
    """Read the whole chain and hold it against the heads of the file and those told besides."""
    found = [f"{path}:{number}: không phải một dòng neo; tệp đã bị sửa" for number in _strange(path)]
    outside = [*read_anchors(path), *told]
    last: list[Head] = []

    def remembering() -> Iterator[Kept]:
        for kept in storage.trail.every():
            last[:] = [kept.head]
            yield kept

    found += [f"Nhật ký, {flaw}" for flaw in flaws(remembering(), outside)]
    return TrailVerified(last[0] if last else None, len(outside), tuple(found))


def read_anchors(path: Path) -> tuple[Head, ...]:
    """The heads of the file, oldest first; none without a file."""
    return tuple(Head(int(match["seq"]), match["hash"]) for line in _lines(path) if (match := _LINE.fullmatch(line)))


def _strange(path: Path) -> list[int]:
    return [number for number, line in enumerate(_lines(path), start=1) if not _LINE.fullmatch(line)]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []


def _last(written: str) -> Head | None:
    found = [match for match in map(_LINE.fullmatch, written.splitlines()) if match]
    return Head(int(found[-1]["seq"]), found[-1]["hash"]) if found else None


def _torn(written: str) -> str:
    """Ends a line that a crash tore; it stays as one that the check names."""
    return "\n" if written and not written.endswith("\n") else ""
