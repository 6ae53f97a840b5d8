"""A person's act is killed at every named point of saving a figure, handing evidence in and approving, 50 times each, and sent again.

`python -m benchmarks.proofs.killed_acts [TIMES]`. Nothing that was acknowledged is missing, nothing is there without its event, and what
is sent again with the same number is there once.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import format_exc
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection

from benchmarks.proofs.crash import Act, die
from benchmarks.proofs.crash import _after as after
from benchmarks.proofs.crash import _before as before
from benchmarks.proofs.installation import installation
from hue_dti.accounts.model import Actor
from hue_dti.appraisal.model import Case, Move, Signed, Workflow
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.numerals import format_count
from hue_dti.observations.entered import Choice, Typed, Writer
from hue_dti.resources import folder
from hue_dti.services import evidence as handing_in
from hue_dti.services.doer import Doer
from hue_dti.services.enter import save_cell
from hue_dti.storage import Storage, entries, open_storage, reviews, trail
from hue_dti.storage import evidence as evidence_book
from hue_dti.storage.reviews import Step

NOW = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
OFFICER = Actor("hoa", "Hồ Thị Hoa", "Cán bộ", ())
LEADER = Signed("nam", "Lê Nam", "Chủ tịch")


@dataclass
class Place:
    """An installation as one process has it."""

    settings: Settings
    storage: Storage
    catalogue: Catalogue


def save(place: Place, number: int) -> None:
    """Type a figure into a cell."""
    typed = Typed(UUID(int=number), "20161", "shops", "2024-Q2", Choice.VALUE, 100 + number, "lý do", OFFICER.login)
    save_cell(place.storage, place.catalogue, typed, Writer(OFFICER.login, OFFICER.name, OFFICER.post), NOW)


def hand_in(place: Place, number: int) -> None:
    """Hand a picture in as evidence."""
    desk = handing_in.Desk(place.storage, place.catalogue, place.settings, place.settings.home or Path(), OFFICER, lambda: NOW)
    draft = Draft(UUID(int=number), "483", "2024-Q2", "II.1", "signed_file", Form.FILE)
    handing_in.add_file(desk, draft, handing_in.Upload(f"anh-{number}.png", BytesIO(picture(number))))


def approve(place: Place, number: int) -> None:
    """Approve a unit's figures; what somebody approved already stays."""
    case = place.storage.reviews.case(f"x{number}", "2024-Q2")
    if case.state.value != "approved":
        told = Doer(Actor(LEADER.login, LEADER.name, LEADER.post, ()), NOW).event("submission.approved", case.unit, f"{number:032x}")
        place.storage.reviews.move(case, Step(Move.APPROVE, LEADER, NOW), (), [told])


def ready_to_approve(place: Place, number: int) -> None:
    """A case that was sent and opened."""
    case = Case(f"x{number}", "2024-Q2", Workflow.FIGURES)
    sent = place.storage.reviews.move(case, Step(Move.SEND, Signed(OFFICER.login, OFFICER.name, OFFICER.post), NOW, code="A", told=[]))
    place.storage.reviews.move(sent, Step(Move.OPEN, LEADER, NOW, until=date(2024, 6, 15)))


def picture(number: int) -> bytes:
    """A small grey PNG, another one for each number."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = zlib.compress(b"".join(b"\0" + bytes([number % 256, number // 256 % 256, 128, 7]) for _ in range(4)))
    head = struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def before_commit(book: Any) -> Callable[[Act], None]:
    """Die when everything is written and nothing committed."""

    def set_up(act: Act) -> None:
        written: list[bool] = []
        after(book, "record", lambda: written.append(True))
        real = book.transaction

        @contextmanager
        def dying(*arguments: Any, **named: Any) -> Iterator[Any]:
            with real(*arguments, **named) as connection:
                yield connection
                if written:
                    act()

        book.transaction = dying

    return set_up


@dataclass(frozen=True)
class Deed:
    """An act, how often it is there by its own table, its events, and the points at which it is killed."""

    do: Callable[[Place, int], None]
    rows: str
    event: str
    points: dict[str, Callable[[Act], None]]
    prepare: Callable[[Place, int], None] = lambda place, number: None


DEEDS = {
    "nhập": Deed(
        save,
        "SELECT count(*) FROM entry WHERE client_id = %(id)s AND EXISTS (SELECT FROM observation JOIN origin ON origin.id = origin_id "
        "WHERE origin.raw_sha256 = entry.raw_sha256)",
        "SELECT count(*) FROM audit_event WHERE act = 'entry.saved' AND new LIKE %(value)s",
        {
            "before-the-transaction": lambda act: before(entries.EntryBook, "save", act),
            "after-figure-row": lambda act: after(entries, "_keep", act),
            "after-event": lambda act: after(trail, "record", act),
            "before-commit": lambda act: before(Connection, "commit", act),
            "after-commit": lambda act: after(entries.EntryBook, "save", act),
        },
    ),
    "nộp tài liệu": Deed(
        hand_in,
        "SELECT count(*) FROM evidence WHERE client_id = %(id)s",
        "SELECT count(*) FROM audit_event WHERE act = 'evidence.added' AND new LIKE %(name)s",
        {
            "before-file-rename": lambda act: before(handing_in, "settle", act),
            "after-file-rename": lambda act: after(handing_in, "settle", act),
            "after-file-row": lambda act: after(evidence_book, "_keep_file", act),
            "after-event": lambda act: after(evidence_book, "record", act),
            "before-commit": before_commit(evidence_book),
            "after-commit": lambda act: after(evidence_book.EvidenceBook, "add", act),
        },
    ),
    "duyệt": Deed(
        approve,
        "SELECT count(*) FROM submission WHERE unit = %(unit)s AND move = 'approve'",
        "SELECT count(*) FROM audit_event WHERE act = 'submission.approved' AND unit = %(unit)s",
        {
            "after-approval-row": lambda act: after(reviews, "_keep_marks", act),
            "after-event": lambda act: after(reviews, "record", act),
            "before-commit": before_commit(reviews),
            "after-commit": lambda act: after(reviews.ReviewBook, "move", act),
        },
        ready_to_approve,
    ),
}
AFTER_ACK, ACKNOWLEDGED = "after-ack", b"1"


def killed(settings: Settings, catalogue: Catalogue, deed: Deed, point: str, number: int) -> bool:
    """Do the deed in a process of its own that dies at the point; whether it was acknowledged before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - this process does not come back
        try:
            with open_storage(settings) as storage:
                if point != AFTER_ACK:
                    deed.points[point](die)
                deed.do(Place(settings, storage, catalogue), number)
                os.write(writing, ACKNOWLEDGED)
                if point == AFTER_ACK:
                    die()
        except BaseException:
            os.write(writing, format_exc().encode())
        os._exit(3)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor has no path
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{point}, {number}: nobody died there\n{told.decode()}"
    assert os.WTERMSIG(status) == signal.SIGKILL
    return told == ACKNOWLEDGED


def counted(url: str, deed: Deed, number: int) -> tuple[int, int]:
    """How often the act is there, and how many events tell of it."""
    about = {"id": UUID(int=number), "value": f"%{format_count(100 + number)}%", "name": f"%anh-{number}.png%", "unit": f"x{number}"}
    with psycopg.connect(url) as connection:
        rows, told = (connection.execute(asked, about).fetchone() for asked in (deed.rows, deed.event))
    return (rows or (0,))[0], (told or (0,))[0]


def prove(settings: Settings, times: int) -> tuple[Counter[str], int]:
    """Kill each deed at each of its points so many times; what was found wrong, and how many kills there were."""
    catalogue, numbers = load_catalogue(folder("criteria")), count(1001)
    wrong: Counter[str] = Counter()
    kills = 0
    with open_storage(settings) as storage:
        place = Place(settings, storage, catalogue)
        for deed in DEEDS.values():
            for point in (*deed.points, AFTER_ACK) * times:
                kills += 1
                wrong.update(kill_and_send_again(place, deed, point, next(numbers)))
    return wrong, kills


def kill_and_send_again(place: Place, deed: Deed, point: str, number: int) -> dict[str, bool]:
    """What is wrong after a deed was killed at the point, and after it was sent again."""
    url = place.settings.database_url or ""
    deed.prepare(place, number)
    acknowledged = killed(place.settings, place.catalogue, deed, point, number)
    rows, told = counted(url, deed, number)
    deed.do(place, number)
    return {
        "đã báo lưu mà mất": acknowledged and rows != 1,
        "có mà không có sự kiện, hoặc ngược lại": rows != told,
        "gửi lại mà không đúng một lần": counted(url, deed, number) != (1, 1),
    }


def main(times: int) -> int:
    """Run the proof and report."""
    with installation() as place, place.copy() as settings, TemporaryDirectory() as home:
        wrong, kills = prove(replace(settings, home=Path(home)), times)
    told = ", ".join(f"{times_wrong} lần {what}" for what, times_wrong in wrong.items())
    points = sum(len(deed.points) + 1 for deed in DEEDS.values())
    print(f"{kills} lần kill -9 tại {points} điểm của việc nhập, nộp tài liệu, duyệt: {told}")
    return 1 if wrong.total() else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
