"""A million events are checked against the head outside in less than a minute: `python -m benchmarks.proofs.audit_million [EVENTS]`."""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.proofs.audit_trail import AT
from benchmarks.proofs.installation import installation
from hue_dti.numerals import decimal_text, format_count
from hue_dti.services.trail_anchors import anchor_trail, verify_trail
from hue_dti.storage import open_storage

LIMIT_S = 60.0

FILL = """
    INSERT INTO audit_event (at, act, actor, name, unit, subject, old, new, reason, address, request)
    SELECT timestamptz '2024-01-01 00:00+00' + n * interval '7 seconds', 'entry.saved',
           'can.bo.' || n %% 500, 'Nguyễn Thị Bình ' || n %% 500, '20161', 'số liệu ' || n %% 76 || ', Quý II năm 2024',
           n::text, (n + 1)::text, 'đối chiếu lại sổ thôn', '10.0.0.1', md5(n::text)
    FROM generate_series(1, %s) AS n"""


def main(count: int) -> int:
    """Fill as the application does, check, and report."""
    with installation() as place, TemporaryDirectory() as folder, open_storage(place.settings()) as storage:
        begun = time.monotonic()
        with psycopg.connect(place.settings().database_url or "") as connection:
            connection.execute(FILL, (count,))
        filled, outside = time.monotonic(), Path(folder) / "outside.log"
        anchor_trail(storage, outside, AT)
        found = verify_trail(storage, outside)
        took = time.monotonic() - filled
    good = found.flaws == () and found.head is not None and found.head.seq == count and took < LIMIT_S
    seconds = decimal_text(Fraction(round(took * 10), 10), 1).replace(".", ",")
    told = f"{format_count(count)} sự kiện kiểm hết trong {seconds} giây (giới hạn 60)"
    print(f"{told}; ghi vào mất {round(filled - begun)} giây; {len(found.flaws)} chỗ sai")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
