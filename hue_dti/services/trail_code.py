"""The trail's code on official papers: a head outside the database in every reader's hand."""

from __future__ import annotations

from dataclasses import replace

from hue_dti.reports.model import Report
from hue_dti.storage import Storage
from hue_dti.trail.chain import code


def coded(storage: Storage, report: Report) -> Report:
    """The report of a closed quarter with the code of its closing, the same each time.

    A draft, and a quarter closed before there was a trail, stay as they are.
    """
    head = storage.trail.closing(report.snapshot_sha256) if report.snapshot_sha256 else None
    return report if head is None else replace(report, trail=code(head))


def coded_now(storage: Storage, report: Report) -> Report:
    """The paper with the code of the trail as it is now."""
    head = storage.trail.head()
    return report if head is None else replace(report, trail=code(head))
