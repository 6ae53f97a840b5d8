"""The hostile corpus, every file looked at by the process that may do nothing else: `python -m benchmarks.proofs.hostile_files`."""

from __future__ import annotations

import hashlib
import http.server
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from hue_dti.evidence.child import MOST_MEMORY
from hue_dti.evidence.names import clean_name, kind_named
from hue_dti.services.evidence_check import MOST_SECONDS, Checker
from hue_dti.services.evidence_files import body_of, receiving, settle
from tests.evidence.hostile import REFUSED, corpus


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address on loopback, and what was asked there."""
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/canary", asked
        server.shutdown()


def comes_back(home: Path, body: bytes) -> bool:
    """Whether a file that is kept is read back byte for byte."""
    with receiving(home, BytesIO(body), len(body)) as received:
        settle(home, received)
    return body_of(home, hashlib.sha256(body).hexdigest()) == body


def main() -> int:
    """Look at every file; keep and read back those that are taken."""
    wrong, refused, same, most, longest = [], 0, 0, 0, 0.0
    with listening() as (address, asked), tempfile.TemporaryDirectory() as folder, Checker(None) as checker:
        cases = corpus(address)
        for name, (given, body, wanted) in cases.items():
            kind, came = kind_named(clean_name(given)), REFUSED
            if kind is not None:
                path = Path(folder) / "file"
                path.write_bytes(body)
                look = checker.look(path, kind, datetime.now(UTC))
                came = REFUSED if look.checked.refusal else look.checked.told
                most, longest = max(most, look.peak_kib), max(longest, look.seconds)
            refused += came == REFUSED
            same += came != REFUSED and comes_back(Path(folder), body)
            wrong += [name] if wanted not in (("any",), came) else []
    taken = len(cases) - refused
    if wrong:
        print(f"sai: {wrong}")
    spent = f"nặng nhất {most // 1024} MB, lâu nhất {longest:.1f} s".replace(".", ",")
    print(
        f"{len(cases)} tệp: {refused} bị từ chối, {taken} nhận (kèm lời nhắc nếu có), {same}/{taken} đọc lại đúng từng byte; "
        f"{spent}; {len(asked)} lần gọi ra ngoài"
    )
    good = not wrong and not asked and same == taken and most * 1024 <= MOST_MEMORY and longest <= MOST_SECONDS + 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
