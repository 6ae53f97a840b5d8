"""Returned figures before they are sent again: which of them have no new figure, no new evidence and no explanation yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from hue_dti.appraisal.cells import Key
from hue_dti.appraisal.model import Comment, Mark, Move, Verdict
from hue_dti.errors import ReviewRefused
from hue_dti.free_text import one_line
from hue_dti.services.doer import Doer
from hue_dti.services.dossier import Cell, Dossier
from hue_dti.storage import Storage

EXPLAINED = "Giải trình: "
"""How a word on a cell begins that says why the returned figure stays."""
LONGEST = 500


def unmended(storage: Storage, dossier: Dossier) -> tuple[Cell, ...]:
    """The returned cells that would be sent as they were; what was sent with an earlier sending does not count again."""
    returned = [(cell, cell.said) for cell in dossier.judged if cell.said is not None and cell.said.verdict is Verdict.RETURNED]
    same = [(cell, mark) for cell, mark in returned if not _is_new(cell, mark)]
    if not same:
        return ()
    sent = _last_sent(storage, dossier)
    attached, told = _attached(storage, dossier), explanations(storage, dossier)
    return tuple(cell for cell, mark in same if not _is_answered(cell, mark, max(sent, mark.at), attached, told))


def explanations(storage: Storage, dossier: Dossier) -> Mapping[Key, Comment]:
    """The newest explanation of each cell."""
    units = {cell.unit.code for cell in dossier.judged}
    found = storage.reviews.comments(units, str(dossier.period))
    return {(each.unit, each.measure): each for each in found if each.text.startswith(EXPLAINED)}


def answers(cells: Iterable[Cell], words: Mapping[Key, str], together: str, doer: Doer, period: str) -> tuple[Comment, ...]:
    """The explanations that a sender writes as words on the cells: each its own, else the one for all."""
    common = one_line(together, "Giải trình", LONGEST, ReviewRefused)
    said = {cell.key: one_line(words.get(cell.key, ""), f"Giải trình ô '{cell.measure.name}'", LONGEST, ReviewRefused) for cell in cells}
    return tuple(Comment(*key, period, f"{EXPLAINED}{own or common}", doer.signed, doer.at) for key, own in said.items() if own or common)


def _is_new(cell: Cell, mark: Mark) -> bool:
    """Whether another figure stands there, or the same typed again with a reason."""
    if cell.told is None or cell.told.value != mark.value:
        return True
    return not cell.returned and cell.entry is not None and bool(cell.entry.typed.reason)


def _is_answered(
    cell: Cell, mark: Mark, since: datetime, attached: Mapping[tuple[str, str], datetime], told: Mapping[Key, Comment]
) -> bool:
    explained = told.get(cell.key)
    if explained is not None and explained.at > since and explained.by.login != mark.by.login:
        return True
    return any(attached.get((cell.unit.code, code), since) > since for code in cell.criteria)


def _attached(storage: Storage, dossier: Dossier) -> Mapping[tuple[str, str], datetime]:
    """When something was last put beside each unit's criterion that is there still."""
    units = {cell.unit.code for cell in dossier.judged}
    pieces = storage.evidence.of(sorted(units), str(dossier.period))
    return {(piece.draft.unit, piece.draft.criterion): piece.at for piece in pieces if piece.withdrawn is None}


def _last_sent(storage: Storage, dossier: Dossier) -> datetime:
    moves = storage.reviews.history(dossier.unit.code, str(dossier.period))
    return max(each.case.at for each in moves if each.case.move is Move.SEND and each.case.at is not None)
