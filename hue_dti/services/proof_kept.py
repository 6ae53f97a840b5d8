"""Which evidence stays where it is: what was there when the figures were sent, or when the quarter was closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from hue_dti.appraisal.model import Move, State
from hue_dti.catalogue.model import Catalogue
from hue_dti.evidence.pieces import Piece
from hue_dti.numerals import format_moment
from hue_dti.periods import Period
from hue_dti.services.counted import ground_of
from hue_dti.services.quarter import newest_of
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit

AFTER = "muốn thay thì nộp bản đúng và giải trình."


def kept_because(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, pieces: Iterable[Piece]) -> Mapping[int, str]:
    """Why each of these pieces of the unit may not be taken back, by number; those that may are left out."""
    ground = ground_of(storage, catalogue, unit, period)
    if ground is None:
        return {}
    head = newest_of(storage, ground.host.code, period)
    moments: list[tuple[datetime, str]] = []
    if head is not None:
        moments.append((head.closed_at, f"Quý đã chốt lúc {format_moment(head.closed_at)} cùng tài liệu này nên không rút được; {AFTER}"))
    sent = _sent(storage, ground.sender, str(period))
    if sent is not None:
        moments.append((sent, f"Tài liệu này đã gửi thẩm tra lúc {format_moment(sent)} nên không rút được; {AFTER}"))
    return {
        piece.number: next(why for at, why in moments if piece.at <= at) for piece in pieces if any(piece.at <= at for at, _ in moments)
    }


def _sent(storage: Storage, sender: str, period: str) -> datetime | None:
    """When the sender's figures were last sent, while they are with the committee or approved."""
    if storage.reviews.case(sender, period).state not in {State.SENT, State.UNDER_REVIEW, State.APPROVED}:
        return None
    moves = storage.reviews.history(sender, period)
    return max((each.case.at for each in moves if each.case.move is Move.SEND and each.case.at is not None), default=None)
