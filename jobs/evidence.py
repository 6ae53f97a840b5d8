"""Look at files of evidence again, without anybody asking."""

from __future__ import annotations

from hue_dti.services.evidence_scan import judge_again
from hue_dti.services.evidence_scan import scan_waiting as scan
from hue_dti.services.workbench import Workbench
from hue_dti.trail.model import Hand

BY = Hand("Lịch tự động", "Lịch tự động")


def scan_waiting(bench: Workbench) -> None:
    """Scan the files that came in while the scanner was away."""
    scan(bench.storage, bench.settings, bench.home, BY, bench.now)


def judge_signatures(bench: Workbench) -> None:
    """Judge the signatures of files last looked at before the trust roots changed."""
    judge_again(bench.storage, bench.settings, bench.home, BY, bench.now)
