"""Look at files of evidence again: scan those that came in while the scanner was away, judge signatures anew when trust roots changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hue_dti.config import Settings
from hue_dti.errors import EvidenceRefused, StorageError
from hue_dti.evidence.model import SEAL_WORDS, Kind
from hue_dti.services.clamav import scanned
from hue_dti.services.evidence_check import Checker
from hue_dti.services.evidence_files import body_of, place_of
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """How many files were looked at again, how many stand otherwise since, and which could not be looked at."""

    looked: int
    changed: int
    failed: tuple[str, ...]


def scan_waiting(storage: Storage, settings: Settings, home: Path, hand: Hand, now: Now) -> tuple[int, int]:
    """Scan what waits, and what came in before there was a scanner; how many there were, and how many the scanner judged."""
    if settings.clamav is None:
        return len(storage.evidence.waiting()), 0
    waiting, judged = storage.evidence.waiting(unscanned=True), 0
    for sha256 in waiting:
        verdict = scanned(settings.clamav, place_of(home, sha256))
        if verdict.is_judged:
            told = hand.did("evidence.scanned", now(), subject=sha256, new=verdict.value)
            storage.evidence.note_scan(sha256, verdict, now(), [told])
            judged += 1
    return len(waiting), judged


def judge_again(storage: Storage, settings: Settings, home: Path, hand: Hand, now: Now, everything: bool = False) -> JudgedAgain:
    """Judge the signatures of files last looked at before the trust roots changed, or of every file; what was found before is kept."""
    since = now() if everything else _changed_at(settings.trust_roots)
    files = [(sha256, before) for sha256, before in storage.evidence.looked_before(since) if before.kind is Kind.PDF] if since else []
    changed, failed = 0, []
    for sha256, before in files:
        try:
            body_of(home, sha256)
            with Checker(settings.trust_roots) as checker:
                found = checker.look(place_of(home, sha256), Kind.PDF, now()).checked
        except (EvidenceRefused, StorageError):
            failed.append(sha256)
            continue
        if found.refusal:
            failed.append(sha256)
            continue
        told = hand.did("evidence.judged", now(), subject=sha256, old=SEAL_WORDS[before.seal], new=SEAL_WORDS[found.seal])
        storage.evidence.note_look(sha256, found, now(), [told] if found.signatures != before.signatures else [])
        changed += found.signatures != before.signatures
    return JudgedAgain(len(files), changed, tuple(failed))


def _changed_at(roots: Path | None) -> datetime | None:
    """When a root was last put there, changed or taken away; None where there are none."""
    if roots is None:
        return None
    places = [roots, *(roots.iterdir() if roots.is_dir() else ())]
    return datetime.fromtimestamp(max(place.stat().st_ctime for place in places), UTC)
