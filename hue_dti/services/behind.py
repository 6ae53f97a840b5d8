"""Whose hands a figure comes from: who typed it, kept the register it is counted from, attached its document, handed in its file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from hue_dti.collation import fold
from hue_dti.evidence.pieces import Piece
from hue_dti.observations.entered import ENTERED, Entry, hander_in
from hue_dti.observations.model import Observation
from hue_dti.observations.registers import PAPERS, REGISTERS, Spec
from hue_dti.periods import LOCAL, Period
from hue_dti.storage import Storage
from hue_dti.storage.registers import RegisterRow

Hands = Mapping[str, str]
"""Login → what that person did for the figure, as it is told to that person: `bạn đã ghi sổ họp Ban Chỉ đạo`."""

TYPED, COUNTED, EVIDENCE = "bạn đã nhập số này", "bạn đã lấy số này từ sổ", "văn bản trong minh chứng"
ACCOUNT = "tài khoản"
"""Where the record of a count names the login that counted."""

_SLUGS = frozenset(spec.slug for spec in REGISTERS.values())


class Behind:
    """Reads whose hands the figures of a period come from; what several figures rest on is read once."""

    def __init__(self, storage: Storage, period: Period) -> None:
        self._storage, self._period = storage, period
        self._history = cache(storage.registers.history)
        self._papers = cache(storage.evidence.with_papers)
        self._answer = cache(storage.raw_answer)
        self._accounts = cache(storage.accounts.all)

    def hands(self, told: Observation | None, entry: Entry | None, criteria: Collection[str]) -> Hands:
        """Everybody the figure comes from; nobody for what a machine told."""
        if told is None:
            return {}
        if entry is not None:
            return {entry.typed.login: TYPED}
        if told.origin.source != ENTERED:
            return self._of_file(hander_in(told.origin.request))
        spec = _register_of(told.origin.request)
        attached = self._of_evidence(told.unit, criteria) if spec is PAPERS else {}
        written = self._of_rows(told.unit, spec) if spec is not None else {}
        return {**self._counted(told.origin.raw_sha256), **attached, **written}

    def everybody(self, units: Iterable[str]) -> frozenset[str]:
        """All who kept a register or attached a document of these units for the period."""
        codes, registers = list(units), defaultdict(list)
        for version in self._storage.registers.histories(codes):
            registers[version.unit, version.register].append(version)
        writers = {by for (_, slug), versions in registers.items() if slug in _SLUGS for by in self._writers(versions)}
        return frozenset(writers | {by for by, _, _ in self._hands_of(self._storage.evidence.with_papers(*codes))})

    def _counted(self, sha256: str) -> Hands:
        kept = self._answer(sha256)
        login = json.loads(kept.body).get(ACCOUNT, "") if kept is not None else ""
        return {login: COUNTED} if login else {}

    def _of_rows(self, unit: str, spec: Spec) -> Hands:
        """Who wrote a version of a row that stands, or changed the register since the period began."""
        told = f"bạn đã ghi {spec.title[0].lower()}{spec.title[1:]}"
        return dict.fromkeys(self._writers(self._history(unit, spec.slug)), told)

    def _writers(self, versions: Sequence[RegisterRow]) -> Iterator[str]:
        """The same by login, from all versions of one register of a unit."""
        standing = _standing(versions)
        return (each.by for each in versions if each.row in standing or self._is_since(each))

    def _is_since(self, version: RegisterRow) -> bool:
        return version.at.astimezone(LOCAL).date() >= self._period.start

    def _of_evidence(self, unit: str, criteria: Collection[str]) -> Hands:
        """Who attached a document of the period's year to one of the criteria, or took one back."""
        hands = self._hands_of(self._papers(unit))
        return {by: f"bạn đã {did} văn bản của tiêu chí {criterion}" for by, did, criterion in hands if criterion in criteria}

    def _hands_of(self, pieces: Iterable[Piece]) -> Iterator[tuple[str, str, str]]:
        """Who attached or took back which criterion's document, of those of the period's year."""
        for piece in pieces:
            if Period.parse(piece.draft.period).year == self._period.year:
                by, did = (piece.by, "đính kèm") if piece.withdrawn is None else (piece.withdrawn.by, "rút")
                yield by, did, piece.draft.criterion

    def _of_file(self, name: str) -> Hands:
        """The accounts that bear the name, or are it; there it is what somebody wrote on the command line."""
        wanted = {fold(name), fold(name.partition(",")[0])} - {""}
        return {each.login: "bạn đã nộp tệp có số này" for each in self._accounts() if wanted & {fold(each.login), fold(each.name)}}


def _register_of(request: str) -> Spec | None:
    """The register that a count's record names; evidence of documents is counted with the register of documents."""
    if request.startswith(EVIDENCE):
        return PAPERS
    return next((spec for spec in REGISTERS.values() if spec.is_told_in(request)), None)


def _standing(versions: Iterable[RegisterRow]) -> set[object]:
    """The rows that are there still."""
    newest = {each.row: each for each in versions}
    return {row for row, each in newest.items() if not each.withdrawn}
