"""A worker that kills itself at a named point of a close: `python -m benchmarks.proofs.crash POINT`, settings from the environment."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.services import close
from hue_dti.services.anchors import anchor_file
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.storage import Storage, facade, open_storage, work
from jobs import close as close_job

NOW = datetime(2024, 6, 10, 23, 0, tzinfo=UTC)
"""06:00 on the day after the cut-off, in local time."""


def die(*_: object, **__: object) -> None:
    """As `kill -9` from outside."""
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: Any, name: str) -> None:
    setattr(owner, name, die)


def _after(owner: Any, name: str) -> None:
    act: Callable[..., object] = getattr(owner, name)

    def act_and_die(*arguments: Any, **named: Any) -> None:
        act(*arguments, **named)
        die()

    setattr(owner, name, act_and_die)


def _half_an_anchor(home: Path, unit: str, _chain: object) -> None:
    path = anchor_file(home, unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1 0123abc", encoding="ascii")
    die()


POINTS: dict[str, Callable[[], None]] = {
    "before-the-draft": lambda: _before(close, "draft"),
    "after-the-draft": lambda: _after(close, "draft"),
    "before-the-transaction": lambda: _before(Storage, "save_snapshot"),
    "inside-after-the-snapshot-s-rows": lambda: _after(facade.snapshots, "save"),
    "inside-after-the-report-is-queued": lambda: _after(facade, "defer"),
    "after-the-commit": lambda: _after(Storage, "save_snapshot"),
    "in-the-middle-of-the-anchor": lambda: setattr(close, "anchor", _half_an_anchor),
    "after-the-job-before-it-is-ticked-off": lambda: _after(close_job, "close_once"),
}
"""Where the worker dies, in the order of a close."""


def bench_of(storage: Storage, settings: Settings) -> Workbench:
    """The installation on the morning after the cut-off."""
    return Workbench(settings, load_catalogue(folder("criteria")), storage, lambda: NOW)


def main(point: str) -> None:
    """Work off the queue, and die at the point."""
    POINTS[point]()
    settings = Settings.from_environment(os.environ)
    with open_storage(settings) as storage:
        work(storage, at_the_bench(bench_of(storage, settings), installed_jobs()), until_empty=True)


if __name__ == "__main__":
    main(sys.argv[1])
