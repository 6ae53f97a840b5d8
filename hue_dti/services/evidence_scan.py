"""Have the files scanned that came in while the scanner was away."""

from __future__ import annotations

from hue_dti.services.clamav import scanned
from hue_dti.services.desk import Desk
from hue_dti.services.evidence_files import place_of


def scan_waiting(desk: Desk) -> tuple[int, int]:
    """Scan what waits; how many there were, and how many the scanner judged."""
    waiting, judged = desk.storage.evidence.waiting(), 0
    for sha256 in waiting:
        verdict = scanned(desk.settings.clamav, place_of(desk.home, sha256))
        if verdict.is_judged:
            desk.storage.evidence.note_scan(sha256, verdict, desk.now())
            judged += 1
    return len(waiting), judged
