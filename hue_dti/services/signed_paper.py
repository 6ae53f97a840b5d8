"""A signed paper as it comes in: looked at by the process that looks at evidence, kept by its SHA-256, described for the record."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from hue_dti.config import Settings
from hue_dti.errors import CaseRefused, EvidenceRefused
from hue_dti.evidence.model import SEAL_WORDS, Checked, Kind
from hue_dti.evidence.names import clean_name
from hue_dti.evidence.pieces import Scan
from hue_dti.numerals import format_moment
from hue_dti.reports.editions import SignedFile
from hue_dti.services import issued_files
from hue_dti.services.clamav import scanned
from hue_dti.services.evidence_check import Checker
from hue_dti.services.evidence_files import receiving
from hue_dti.services.report_moves import ReportHand

FIELD = "signed"


def receive(settings: Settings, home: Path, stream: IO[bytes], name: str, hand: ReportHand) -> SignedFile:
    """Keep the file and say what its signatures tell; CaseRefused for what is no PDF, was changed after signing, or is infected.

    A scan of a paper signed by hand has no digital signature and is taken, which the record says.
    """
    try:
        with receiving(home, stream, issued_files.LARGEST) as came:
            with Checker(settings.trust_roots) as checker:
                checked = checker.look(came.path, Kind.PDF, hand.at).checked
            _refuse(checked, scanned(settings.clamav, came.path))
            sha256 = issued_files.keep(home, came.path.read_bytes())
    except EvidenceRefused as told:
        raise CaseRefused(f"Chưa nhận bản đã ký. {told}", [(FIELD, str(told))]) from told
    return SignedFile(sha256, clean_name(name), came.size, _told(checked), hand.by, hand.at)


def _refuse(checked: Checked, scan: Scan) -> None:
    """Raise for a file that may not be kept."""
    if checked.refusal:
        raise EvidenceRefused(checked.refusal)
    if checked.seal.is_broken:
        raise EvidenceRefused(f"{SEAL_WORDS[checked.seal]}; hãy lấy đúng tệp mà lãnh đạo đã ký.")
    if scan is Scan.INFECTED:
        raise EvidenceRefused("Tệp có vi-rút; hãy quét vi-rút máy của bạn rồi gửi bản sạch.")


def _told(checked: Checked) -> str:
    """The signatures in one line."""
    lead = checked.lead
    if lead is None:
        return SEAL_WORDS[checked.seal]
    who = ", ".join(words for words in (lead.signer, lead.organisation) if words)
    when = f" lúc {format_moment(lead.signed_at)}" if lead.signed_at is not None else ""
    return f"{SEAL_WORDS[checked.seal]}: {who}{when}"
