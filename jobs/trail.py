"""Let the audit trail's head out of the database, where its owner cannot change it."""

from __future__ import annotations

from hue_dti.services.trail_anchors import anchor_trail, mail_head, trail_anchors
from hue_dti.services.workbench import Workbench


def anchor_the_trail(bench: Workbench) -> None:
    """Add the head to the anchors' file and, where an address is set, send it."""
    at = bench.now()
    head = anchor_trail(bench.storage, trail_anchors(bench.settings), at)
    if head is not None:
        mail_head(bench.settings, head, at)
