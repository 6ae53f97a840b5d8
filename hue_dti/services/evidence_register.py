"""The register of documents that evidence makes: number, date and summary of every paper a unit put there, year by year."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from hue_dti.accounts.model import Actor
from hue_dti.collation import fold
from hue_dti.evidence.pieces import Draft, Paper, Piece
from hue_dti.observations.model import RawAnswer, RegisteredDocument
from hue_dti.periods import Period
from hue_dti.storage import Storage
from hue_dti.storage.evidence import Register


def register_with(storage: Storage, draft: Draft, actor: Actor, at: datetime) -> Register:
    """The unit's register of the draft's year with the draft in it."""
    standing = [each.draft for each in _standing(storage, draft) if each.draft.client != draft.client]
    return _register([*standing, draft], draft, actor, at)


def register_without(storage: Storage, piece: Piece, actor: Actor, at: datetime) -> Register:
    """The unit's register of the piece's year once the piece is taken back."""
    standing = [each.draft for each in _standing(storage, piece.draft) if each.number != piece.number]
    return _register(standing, piece.draft, actor, at)


def _standing(storage: Storage, draft: Draft) -> list[Piece]:
    year = Period.parse(draft.period).year
    pieces = storage.evidence.with_papers(draft.unit)
    return [each for each in pieces if each.withdrawn is None and Period.parse(each.draft.period).year == year]


def _register(drafts: Iterable[Draft], of: Draft, actor: Actor, at: datetime) -> Register:
    """Each document once, as it was told last."""
    papers: dict[tuple[object, ...], tuple[Draft, Paper]] = {}
    for draft in drafts:
        paper = draft.paper
        if paper is not None:
            papers[paper.direction, fold(paper.number), paper.issued_on, fold(paper.issuer)] = draft, paper
    year, written = Period.parse(of.period).year, {"người ghi": actor.name, "lúc ghi": at.isoformat()}
    about = {"sổ": "văn bản của minh chứng", "đơn vị": of.unit, "năm": year, **written}
    body = json.dumps(about | {"văn bản": [_told(*each) for each in papers.values()]}, ensure_ascii=False, indent=1).encode()
    by = f"{actor.name}, {actor.post}" if actor.post else actor.name
    record = RawAnswer(hashlib.sha256(body).hexdigest(), f"văn bản trong minh chứng, do {by} ghi", 200, "application/json", at, body)
    documents = tuple(_document(*each, record.sha256, place) for place, each in enumerate(papers.values()))
    return Register(of.unit, year, record, documents)


def _document(draft: Draft, paper: Paper, sha256: str, place: int) -> RegisteredDocument:
    return RegisteredDocument(
        unit=draft.unit,
        direction=paper.direction,
        number=paper.number,
        issued_on=paper.issued_on,
        kind=paper.kind,
        title=paper.summary,
        issuer=paper.issuer,
        criterion=draft.criterion,
        raw_sha256=sha256,
        place=f"$.văn bản[{place}]",
    )


def _told(draft: Draft, paper: Paper) -> dict[str, object]:
    return {
        "số ký hiệu": paper.number,
        "ngày ban hành": paper.issued_on.isoformat(),
        "loại": paper.kind,
        "trích yếu": paper.summary,
        "cơ quan ban hành": paper.issuer,
        "văn bản": "đi" if paper.direction == "issued" else "đến",
        "tiêu chí": draft.criterion,
        "tệp": draft.sha256,
    }
