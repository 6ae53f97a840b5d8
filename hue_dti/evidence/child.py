"""The process that looks at files and tells what they are.

    python -I -m hue_dti.evidence.child [folder of trust roots]

A line that comes in is `{"path": …, "kind": …, "now": …, "within_s": …}`; one goes out: what was found.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.keys import load_certs_from_pemder_data

from hue_dti.evidence.apart import MOST_MEMORY, each_apart
from hue_dti.evidence.check import check
from hue_dti.evidence.model import Checked, Kind, to_json

__all__ = ["MOST_MEMORY", "TOO_HEAVY", "main", "trust_roots"]

TOO_HEAVY = "Tệp không xem được trong giới hạn bộ nhớ và thời gian, có thể bị hỏng hoặc cố ý làm nặng; hãy xuất lại tệp rồi gửi lại."


def main(arguments: list[str]) -> None:
    """Answer line by line until the asker closes."""
    roots = trust_roots(Path(arguments[0])) if arguments else []

    def look(body: bytes, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        return to_json(check(body, Kind(asked["kind"]), roots, datetime.fromisoformat(asked["now"])))

    each_apart(look, to_json(Checked(None, refusal=TOO_HEAVY)))


def trust_roots(folder: Path) -> list[Certificate]:
    """The certificates of the folder's .pem, .crt, .cer and .der files; one that cannot be read is left out."""
    found: list[Certificate] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".pem", ".crt", ".cer", ".der"):
            try:
                found.extend(load_certs_from_pemder_data(path.read_bytes()))
            except (ValueError, TypeError, OSError):
                continue
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
