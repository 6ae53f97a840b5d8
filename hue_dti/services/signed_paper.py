"""A signed paper as it comes in: looked at, kept by its SHA-256, described for the record."""

from __future__ import annotations

from pathlib import Path

from hue_dti.reports.editions import SignedFile
from hue_dti.services import issued_files
from hue_dti.services.report_moves import Hand

LONGEST_NAME = 120


def receive(home: Path, content: bytes, name: str, hand: Hand) -> SignedFile:
    """Keep the bytes and say what they are; CaseRefused for what is no signed PDF."""
    sha256 = issued_files.keep(home, content)
    plain = "".join(char for char in name.replace("\\", "/").rpartition("/")[2] if char.isprintable())
    return SignedFile(sha256, plain[-LONGEST_NAME:], len(content), "", hand.by, hand.at)
