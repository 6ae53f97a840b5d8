"""Evidence that serves in two places: told to whoever judges a figure, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hue_dti.evidence.pieces import Piece, Reuse, reuses
from hue_dti.periods import Period
from hue_dti.storage import Storage


def served_elsewhere(storage: Storage, pieces: Sequence[Piece]) -> Mapping[int, tuple[str, ...]]:
    """By the piece's number, where its file or document also serves; nothing of what serves its own criterion in the same year."""
    alike = storage.evidence.like([each.draft for each in pieces])
    return {each.number: tuple(filter(None, (_words(each, other) for other in reuses(each.draft, alike)))) for each in pieces}


def _words(piece: Piece, reuse: Reuse) -> str:
    """Which criterion and period; of another unit only that there is one."""
    mine, theirs = piece.draft, reuse.other.draft
    what = f"{mine.criterion}: {'tệp' if reuse.same_file else 'văn bản'} cũng dùng"
    if theirs.unit != mine.unit:
        return f"{what} ở một đơn vị khác"
    then = Period.parse(theirs.period)
    if theirs.criterion == mine.criterion and then.year == Period.parse(mine.period).year:
        return ""
    return f"{what} cho {theirs.criterion}, {then.short_label}"
