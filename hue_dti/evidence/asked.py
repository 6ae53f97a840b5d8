"""What proof a criterion asks for, and how far what a unit put there answers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from hue_dti.catalogue.model import Criterion
from hue_dti.catalogue.proofs import Proof, ProofKind
from hue_dti.evidence.model import SEAL_WORDS, Seal
from hue_dti.evidence.pieces import SCAN_WORDS, Form, Piece, Scan


class Standing(IntEnum):
    """How far an asked proof is there, the worst first."""

    MISSING = 0
    UNPROVEN = 1
    EXPLAINED = 2
    DOUBTFUL = 3
    PROVEN = 4

    @property
    def proves(self) -> bool:
        """Whether it counts as shown: in doubt is for the appraiser to judge, not for the program to refuse."""
        return self >= Standing.DOUBTFUL


STANDING_WORDS = {
    Standing.MISSING: "thiếu",
    Standing.UNPROVEN: "có nhưng chưa chứng minh được",
    Standing.EXPLAINED: "giải trình",
    Standing.DOUBTFUL: "có, cần người thẩm định xem",
    Standing.PROVEN: "có",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """One asked proof with the pieces put there for it; `slug` names it in forms and rows."""

    proof: Proof
    slug: str
    pieces: tuple[Piece, ...]
    standing: Standing


def slugs(proofs: Sequence[Proof]) -> tuple[str, ...]:
    """The name of each asked proof: its kind, numbered from the second of a kind on."""
    found: list[str] = []
    for at, proof in enumerate(proofs):
        before = sum(1 for earlier in proofs[:at] if earlier.kind is proof.kind)
        found.append(proof.kind.value if not before else f"{proof.kind.value}-{before + 1}")
    return tuple(found)


def answered(criterion: Criterion, pieces: Iterable[Piece]) -> tuple[Answered, ...]:
    """Each asked proof in order; withdrawn pieces answer nothing."""
    there = [piece for piece in pieces if piece.withdrawn is None and piece.draft.criterion == criterion.code]
    found = []
    for proof, slug in zip(criterion.proof, slugs(criterion.proof), strict=True):
        own = tuple(piece for piece in there if piece.draft.proof == slug)
        found.append(Answered(proof, slug, own, max((_standing(proof, piece) for piece in own), default=Standing.MISSING)))
    return tuple(found)


def others(criterion: Criterion, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces of the criterion that answer none of its asked proofs."""
    known = slugs(criterion.proof)
    return tuple(
        piece for piece in pieces if piece.withdrawn is None and piece.draft.criterion == criterion.code and piece.draft.proof not in known
    )


def whole(answers: Sequence[Answered]) -> Standing:
    """How a criterion stands: as its worst asked proof; PROVEN where nothing is asked."""
    return min((each.standing for each in answers), default=Standing.PROVEN)


def doubts(answers: Iterable[Answered]) -> tuple[str, ...]:
    """What is wrong or unsure about the pieces put there, in words, each once; of a proof that is there only what was changed."""
    found: dict[str, None] = {}
    for answer in answers:
        for piece in answer.pieces:
            told = _doubt(answer, piece)
            found |= {told[0].lower() + told[1:]: None} if told else {}
    return tuple(found)


def _doubt(answer: Answered, piece: Piece) -> str:
    own = _standing(answer.proof, piece)
    signed = answer.proof.kind is ProofKind.SIGNED_FILE and piece.draft.form is Form.FILE
    if own in {Standing.PROVEN, Standing.EXPLAINED}:
        return ""
    if signed and piece.seal.is_broken:
        return SEAL_WORDS[piece.seal]
    if answer.standing is Standing.PROVEN:
        return ""
    if piece.scan in {Scan.WAITING, Scan.INFECTED}:
        return SCAN_WORDS[piece.scan]
    return SEAL_WORDS[piece.seal] if signed else STANDING_WORDS[Standing.UNPROVEN]


def _standing(proof: Proof, piece: Piece) -> Standing:
    if piece.draft.form is Form.EXPLANATION:
        return Standing.EXPLAINED
    if proof.kind is ProofKind.LINK:
        return Standing.PROVEN if piece.draft.form is Form.LINK else Standing.UNPROVEN
    if piece.draft.form is not Form.FILE or piece.scan is Scan.INFECTED:
        return Standing.UNPROVEN
    if proof.kind is ProofKind.SIGNED_FILE and (piece.seal is Seal.UNSIGNED or piece.seal.is_broken):
        return Standing.UNPROVEN
    doubtful = piece.scan is Scan.WAITING or (proof.kind is ProofKind.SIGNED_FILE and piece.seal is not Seal.VALID)
    return Standing.DOUBTFUL if doubtful else Standing.PROVEN
