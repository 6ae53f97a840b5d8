"""The proofs that a criterion asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProofKind(StrEnum):
    """What a proof has to be."""

    SIGNED_FILE = "signed_file"
    FILE = "file"
    LINK = "link"

    @property
    def words(self) -> str:
        """As an official says it."""
        return {"signed_file": "tệp điện tử có ký số", "file": "tệp hoặc ảnh chụp", "link": "đường dẫn tới trang web"}[self.value]


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof that a criterion asks for; `name` says which document or page, empty where the decision does not."""

    kind: ProofKind
    name: str = ""

    @property
    def words(self) -> str:
        """Kind and name in one line."""
        return f"{self.name} ({self.kind.words})" if self.name else f"{self.kind.words[0].upper()}{self.kind.words[1:]}"
