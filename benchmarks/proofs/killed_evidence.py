"""Whoever takes evidence in is killed at named points: what was acknowledged is there whole, nothing is there without its event.

`python -m benchmarks.proofs.killed_evidence [KILLS AT EACH POINT]`
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benchmarks.proofs.crash import _after, _before, die
from benchmarks.proofs.installation import CLOSED_UNIT, installation
from hue_dti.accounts.model import Actor
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.evidence.pieces import Draft, Form, Paper
from hue_dti.periods import Window
from hue_dti.resources import folder
from hue_dti.services import evidence, evidence_files
from hue_dti.services.desk import Desk
from hue_dti.storage import Storage, open_storage
from hue_dti.storage import evidence as kept
from tests.evidence.papers import png

NOW = datetime(2024, 6, 5, 2, 0, tzinfo=UTC)
PERIOD, YEAR = "2024-Q2", Window(date(2024, 1, 1), date(2024, 12, 31))
POINTS: dict[str, Callable[[], None]] = {
    "before-the-file-is-on-the-disk": lambda: _before(os, "fsync", die),
    "before-the-file-has-its-name": lambda: _before(evidence, "settle", die),
    "after-the-file-has-its-name": lambda: _after(evidence, "settle", die),
    "inside-after-the-file-s-rows": lambda: _after(kept, "_keep_file", die),
    "inside-after-the-figures": lambda: _after(kept, "keep_run", die),
    "inside-after-the-event": lambda: _after(kept, "record", die),
    "after-the-commit": lambda: _after(kept.EvidenceBook, "add", die),
    "after-it-was-acknowledged": lambda: None,
}


def main(kills: int) -> int:
    """Kill, look, count."""
    told, whole = 0, 0
    catalogue = load_catalogue(folder("criteria"))
    with installation() as place:
        settings = place.settings()
        for number, point in enumerate(name for name in POINTS for _ in range(kills)):
            client, body = uuid4(), png(4 + number % 900, 4 + number // 900)
            acknowledged = _killed(point, settings, catalogue, client, body, number)
            with open_storage(settings) as storage:
                there = _look(storage, settings, client, body, number)
            assert there or not acknowledged, f"{point}: acknowledged and missing"
            told, whole = told + acknowledged, whole + there
    total = kills * len(POINTS)
    print(
        f"{total} lần kill -9 tại {len(POINTS)} điểm: {told} lần đã báo nhận, {whole} lần có đủ tệp, dòng, số và vết, "
        "0 lần báo nhận mà thiếu, 0 lần dở dang"
    )
    return 0


def _killed(point: str, settings: Settings, catalogue: Catalogue, client: UUID, body: bytes, number: int) -> bool:
    """Let a process take the file in and die at the point; whether it had said so before."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        with suppress(BaseException), open_storage(settings) as storage:
            POINTS[point]()
            _add(storage, settings, catalogue, client, body, number)
            os.write(writing, b"1")
            die()
        os._exit(1)
    os.close(writing)
    said = os.read(reading, 1) == b"1"
    os.close(reading)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), f"{point}: the process did not die as it should"
    assert os.WTERMSIG(status) == signal.SIGKILL
    return said


def _add(storage: Storage, settings: Settings, catalogue: Catalogue, client: UUID, body: bytes, number: int) -> None:
    home = settings.home or Path()
    desk = Desk(storage, catalogue, settings, home, Actor("an", "Lê Văn An", "", ()), lambda: NOW)
    paper = Paper(f"{number}/KH", date(2024, 1, 8), "", "Kế hoạch", "UBND", "issued")
    draft = Draft(client, CLOSED_UNIT, PERIOD, "II.1", "signed_file", Form.FILE, paper=paper)
    evidence.add_file(desk, draft, evidence.Upload("a.png", BytesIO(body)))


def _look(storage: Storage, settings: Settings, client: UUID, body: bytes, number: int) -> bool:
    """Whether the piece is there; with it its file, its document, its figure and its event, without it none of the last three."""
    piece = next((each for each in storage.evidence.of([CLOSED_UNIT], PERIOD) if each.draft.client == client), None)
    documents = {each.number for each in storage.documents(CLOSED_UNIT, YEAR)}
    events: list[Any] = [each for each in storage.trail.page() if piece is not None and piece.draft.sha256[:12] in each.event.new]
    assert (f"{number}/KH" in documents) is (piece is not None)
    if piece is None:
        return False
    assert evidence_files.body_of(settings.home or Path(), piece.draft.sha256) == body
    assert len(events) == 1
    assert {each.measure for each in storage.observations([CLOSED_UNIT], PERIOD)} >= {"annual_plan"}
    return True


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
