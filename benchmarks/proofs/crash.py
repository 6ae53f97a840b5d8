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
from hue_dti.storage import Storage, closed, open_storage, work
from jobs import close as close_job

NOW = datetime(2024, 6, 10, 23, 0, tzinfo=UTC)
"""06:00 on the day after the cut-off, in local time."""


def die() -> None:
    """As `kill -9` from outside."""
    os.kill(os.getpid(), signal.SIGKILL)


Act = Callable[[], None]


def _before(owner: Any, name: str, act: Act) -> None:
    done: Callable[..., object] = getattr(owner, name)

    def act_and_do(*arguments: Any, **named: Any) -> object:
        act()
        return done(*arguments, **named)

    setattr(owner, name, act_and_do)


def _after(owner: Any, name: str, act: Act) -> None:
    done: Callable[..., object] = getattr(owner, name)

    def do_and_act(*arguments: Any, **named: Any) -> object:
        found = done(*arguments, **named)
        act()
        return found

    setattr(owner, name, do_and_act)


def _half_an_anchor(home: Path, unit: str, act: Act) -> None:
    path = anchor_file(home, unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1 0123abc", encoding="ascii")
    act()


POINTS: dict[str, Callable[[Act], None]] = {
    "before-the-draft": lambda act: _before(close, "draft", act),
    "after-the-draft": lambda act: _after(close, "draft", act),
    "before-the-transaction": lambda act: _before(Storage, "save_snapshot", act),
    "inside-after-the-snapshot-s-rows": lambda act: _after(closed.snapshots, "save", act),
    "inside-after-the-report-is-queued": lambda act: _after(closed, "defer", act),
    "after-the-commit": lambda act: _after(Storage, "save_snapshot", act),
    "in-the-middle-of-the-anchor": lambda act: setattr(close, "anchor", lambda home, unit, chain: _half_an_anchor(home, unit, act)),
    "after-the-job-before-it-is-ticked-off": lambda act: _after(close_job, "close_once", act),
}
"""Where something happens to the worker, in the order of a close."""


def bench_of(storage: Storage, settings: Settings) -> Workbench:
    """The installation on the morning after the cut-off."""
    return Workbench(settings, load_catalogue(folder("criteria")), storage, lambda: NOW)


def main(point: str) -> None:
    """Work off the queue, and die at the point."""
    POINTS[point](die)
    settings = Settings.from_environment(os.environ)
    with open_storage(settings) as storage:
        work(storage, at_the_bench(bench_of(storage, settings), installed_jobs()), until_empty=True)


if __name__ == "__main__":
    main(sys.argv[1])
