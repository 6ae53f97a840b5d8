"""Pictures of the pages of a PDF that nobody should open as it is, drawn by a process that is started for it and may do nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, cast

PROGRAM = "hue_dti.evidence.draw"
MOST_SECONDS = 10.0
_AT_ONCE = BoundedSemaphore(2)
"""Each drawing may take 512 MB; more of them wait."""


class Drawer:
    """The process as long as the block lasts; one page after the other, each in a fork of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def draw(self, path: Path, page: int, within_s: float = MOST_SECONDS) -> bytes | None:
        """The page (from 1) as a JPEG; None where it cannot be drawn within memory and time."""
        asked = json.dumps({"path": str(path.resolve()), "page": page, "within_s": within_s})
        stdin, stdout = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        try:
            stdin.write(asked.encode() + b"\n")
            stdin.flush()
            return b64decode(json.loads(stdout.readline())["picture"]) or None
        except (OSError, ValueError, KeyError, TypeError):
            return None


@contextmanager
def drawing() -> Iterator[Drawer]:
    """A process that draws, while the block lasts."""
    command = [sys.executable, "-I", "-m", PROGRAM]
    with (
        _AT_ONCE,
        subprocess.Popen(  # noqa: S603 - our own program, no word of it comes from outside
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env={"LC_ALL": "C.UTF-8"}
        ) as process,
    ):
        yield Drawer(process)
