"""Have files looked at by a process that is started for it and may do nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from hue_dti.errors import EvidenceRefused
from hue_dti.evidence.model import Checked, Kind, from_json

CHILD = "hue_dti.evidence.child"
MOST_SECONDS = 10.0
_STOPPED = "Chương trình kiểm tra tệp dừng giữa chừng nên chưa nhận tệp; hãy gửi lại, nếu còn gặp hãy báo quản trị."


@dataclass(frozen=True, slots=True)
class Look:
    """What looking at one file told, and what it took."""

    checked: Checked
    peak_kib: int
    seconds: float


class Checker:
    """The process as long as the block lasts; one file after the other, each in a fork of its own."""

    def __init__(self, trust_roots: Path | None) -> None:
        self._roots = trust_roots

    def __enter__(self) -> Checker:
        command = [sys.executable, "-I", "-m", CHILD, *([str(self._roots.resolve())] if self._roots is not None else [])]
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no word of it comes from outside
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env={"LC_ALL": "C.UTF-8"}
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            cast(IO[bytes], stream).close()
        self._process.wait()

    def look(self, path: Path, kind: Kind, now: datetime, within_s: float = MOST_SECONDS) -> Look:
        """What the file is, as of now; one that takes longer is refused. EvidenceRefused when the process itself does not answer."""
        asked = json.dumps({"path": str(path.resolve()), "kind": kind, "now": now.isoformat(), "within_s": within_s})
        try:
            stdin = cast(IO[bytes], self._process.stdin)
            stdin.write(asked.encode() + b"\n")
            stdin.flush()
            told = json.loads(cast(IO[bytes], self._process.stdout).readline())
            return Look(from_json(told), int(told["peak_kib"]), float(told["seconds"]))
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise EvidenceRefused(_STOPPED) from fault
