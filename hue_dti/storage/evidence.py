"""Evidence as the database keeps it: pieces, what is known of their files, what was taken back; insert-only, each with its event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, insert, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.errors import EvidenceRefused
from hue_dti.evidence.model import Checked, from_json, to_json
from hue_dti.evidence.pieces import Draft, Form, Judgement, Paper, Piece, Scan, Withdrawn, otherwise
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.entered_run import EnteredRun, keep_run
from hue_dti.storage.tables_evidence import evidence, evidence_file, evidence_look, evidence_scan, evidence_withdrawal
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_TEXTS = ("unit", "period", "criterion", "proof", "name", "link", "words")
_PAPER = ("number", "kind", "summary", "issuer", "direction")


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A file that stands in its place on the disk: its hash and size, what it is, what the scanner said."""

    sha256: str
    size: int
    checked: Checked
    scan: Scan


class EvidenceBook:
    """The book of evidence; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        draft: Draft,
        file: LookedAt | None,
        by: str,
        name: str,
        at: datetime,
        most_bytes: int,
        run: EnteredRun | None = None,
        trail: Sequence[Event] = (),
    ) -> tuple[Piece, bool]:
        """Keep a piece and return it, and whether it is new: the same form sent twice is one piece.

        `most_bytes` is what the unit's files of the period may take. EvidenceRefused beyond it, and for a number used for something else.
        """
        with transaction(self._engine) as connection:
            _alone(connection, draft)
            known = connection.execute(select(evidence).where(evidence.c.client_id == draft.client)).one_or_none()
            if known is not None:
                return _read(connection, evidence.c.id == _the_same(known, draft))[0], False
            if file is not None:
                _keep_file(connection, draft, file, at, most_bytes)
            row = _row(draft) | {"added_by": nfc(by), "added_name": nfc(name), "added_at": aware(at)}
            number = int(connection.execute(insert(evidence).values(row).returning(evidence.c.id)).scalar_one())
            keep_run(connection, run, at)
            record(connection, *trail)
            return _read(connection, evidence.c.id == number)[0], True

    def withdraw(
        self,
        number: int,
        by: str,
        name: str,
        reason: str,
        at: datetime,
        run: EnteredRun | None = None,
        trail: Sequence[Event] = (),
    ) -> bool:
        """Take a piece back; False when somebody already did. The file stays where it is."""
        row = {
            "evidence_id": number,
            "withdrawn_by": nfc(by),
            "withdrawn_name": nfc(name),
            "reason": nfc(reason),
            "withdrawn_at": aware(at),
        }
        fresh = upsert(evidence_withdrawal).values(row).on_conflict_do_nothing().returning(evidence_withdrawal.c.evidence_id)
        with transaction(self._engine) as connection:
            if connection.execute(fresh).one_or_none() is None:
                return False
            keep_run(connection, run, at)
            record(connection, *trail)
            return True

    def of(self, units: Collection[str], period: str) -> tuple[Piece, ...]:
        """Every piece of the units in the period, oldest first, with what was taken back."""
        return self._pieces(evidence.c.unit.in_([nfc(unit) for unit in units]), evidence.c.period == period)

    def one(self, number: int) -> Piece | None:
        """The piece of this number."""
        return next(iter(self._pieces(evidence.c.id == number)), None)

    def with_papers(self, *units: str) -> tuple[Piece, ...]:
        """The units' pieces that stand for a document of a register."""
        return self._pieces(evidence.c.unit.in_([nfc(unit) for unit in units]), evidence.c.issued_on.is_not(None))

    def like(self, drafts: Collection[Draft]) -> tuple[Piece, ...]:
        """Pieces anywhere that are the file of one of these, or a document of its day."""
        same = evidence.c.sha256.in_({each.sha256 for each in drafts if each.sha256})
        dated = evidence.c.issued_on.in_({each.paper.issued_on for each in drafts if each.paper is not None})
        return self._pieces(or_(same, dated)) if drafts else ()

    def note_scan(self, sha256: str, verdict: Scan, at: datetime, trail: Sequence[Event] = ()) -> None:
        """Keep what the scanner says of a file now."""
        with transaction(self._engine) as connection:
            connection.execute(insert(evidence_scan).values(sha256=sha256, verdict=verdict.value, scanned_at=aware(at)))
            record(connection, *trail)

    def note_look(self, sha256: str, found: Checked, at: datetime, trail: Sequence[Event] = ()) -> None:
        """Keep what looking at a file again told."""
        with transaction(self._engine) as connection:
            connection.execute(insert(evidence_look).values(sha256=sha256, told=to_json(found), looked_at=aware(at)))
            record(connection, *trail)

    def looked_before(self, moment: datetime) -> tuple[tuple[str, Checked], ...]:
        """The files that were last looked at before this, with what was found."""
        newest = _newest_look()
        with transaction(self._engine) as connection:
            rows = connection.execute(select(newest.c.sha256, newest.c.told).where(newest.c.looked_at < aware(moment)))
            return tuple((row.sha256, from_json(row.told)) for row in rows)

    def waiting(self, unscanned: bool = False) -> tuple[str, ...]:
        """The files nobody may open before they are scanned; with `unscanned`, those that no scanner ever saw as well."""
        newest, wanted = _newest_scan(), [Scan.WAITING.value] + [Scan.NONE.value] * unscanned
        with transaction(self._engine) as connection:
            return tuple(connection.execute(select(newest.c.sha256).where(newest.c.verdict.in_(wanted))).scalars())

    def files(self) -> dict[str, int]:
        """The size of every file that must be on the disk, by hash."""
        with glance(self._engine) as connection:
            rows = connection.execute(select(evidence_file.c.sha256, evidence_file.c.size).order_by(evidence_file.c.sha256))
            return {row.sha256: row.size for row in rows}

    def _pieces(self, *narrowed: ColumnElement[bool]) -> tuple[Piece, ...]:
        with glance(self._engine) as connection:
            return _read(connection, *narrowed)


def _read(connection: Connection, *narrowed: ColumnElement[bool]) -> tuple[Piece, ...]:
    pieces = [_piece(row) for row in connection.execute(_joined().where(*narrowed).order_by(evidence.c.id))]
    earlier = _earlier(connection, {each.draft.sha256 for each in pieces if each.checked is not None and each.checked.signatures})
    return tuple(replace(each, earlier=earlier.get(each.draft.sha256, ())) for each in pieces)


def _alone(connection: Connection, draft: Draft) -> None:
    """One at a time for a unit and period, so that two cannot share the last of its room."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(nfc(f"evidence {draft.unit} {draft.period}"), 0))))


def _the_same(known: Row[Any], draft: Draft) -> int:
    row = _row(draft)
    if any(known._mapping[name] != row[name] for name in ("unit", "period", "criterion", "proof", "form", "sha256", "link", "words")):
        raise EvidenceRefused("Mã của lần gửi này đã dùng cho minh chứng khác; hãy tải lại trang rồi gửi lại.")
    return int(known.id)


def _row(draft: Draft) -> dict[str, Any]:
    row: dict[str, Any] = {name: nfc(getattr(draft, name)) for name in _TEXTS}
    paper = draft.paper
    row |= {name: nfc(getattr(paper, name)) if paper is not None else "" for name in _PAPER}
    row |= {"client_id": draft.client, "form": draft.form.value, "sha256": draft.sha256 or None}
    return row | {"issued_on": paper.issued_on if paper is not None else None}


def _keep_file(connection: Connection, draft: Draft, file: LookedAt, at: datetime, most_bytes: int) -> None:
    taken = select(evidence_file.c.sha256, evidence_file.c.size).join(evidence, evidence.c.sha256 == evidence_file.c.sha256)
    own = connection.execute(taken.where(evidence.c.unit == nfc(draft.unit), evidence.c.period == draft.period).distinct()).all()
    if file.sha256 not in {row.sha256 for row in own} and sum(row.size for row in own) + file.size > most_bytes:
        raise EvidenceRefused(
            f"Các tệp của đơn vị trong kỳ này đã dùng hết {most_bytes // 1_000_000} MB được dành; "
            "hãy gửi bản quét nhẹ hơn, hoặc nhờ quản trị tăng HUE_DTI_EVIDENCE_QUOTA_MB."
        )
    row = {"sha256": file.sha256, "size": file.size, "kept_at": aware(at)}
    connection.execute(upsert(evidence_file).values(row).on_conflict_do_nothing())
    connection.execute(insert(evidence_look).values(sha256=file.sha256, told=to_json(file.checked), looked_at=aware(at)))
    connection.execute(insert(evidence_scan).values(sha256=file.sha256, verdict=file.scan.value, scanned_at=aware(at)))


def _newest_scan() -> Any:
    row = evidence_scan.c
    return select(row.sha256, row.verdict).ext(distinct_on(row.sha256)).order_by(row.sha256, row.id.desc()).subquery()


def _newest_look() -> Any:
    look = evidence_look.c
    return select(look.sha256, look.told, look.looked_at).ext(distinct_on(look.sha256)).order_by(look.sha256, look.id.desc()).subquery()


def _earlier(connection: Connection, files: Collection[str]) -> dict[str, tuple[Judgement, ...]]:
    """What was found of each file before it was looked at last, where that was otherwise; the oldest first."""
    look = evidence_look.c
    told: dict[str, list[Judgement]] = {}
    for row in connection.execute(select(evidence_look).where(look.sha256.in_(files)).order_by(look.id)) if files else ():
        told.setdefault(row.sha256, []).append(Judgement(row.looked_at, from_json(row.told)))
    return {sha256: otherwise(found) for sha256, found in told.items()}


def _joined() -> Select[Any]:
    row, newest, scan = evidence.c, _newest_look(), _newest_scan()
    back = evidence_withdrawal.c
    taken = (back.withdrawn_by, back.withdrawn_name, back.reason.label("why"), back.withdrawn_at)
    from_ = (
        evidence.outerjoin(evidence_withdrawal, back.evidence_id == row.id)
        .outerjoin(evidence_file, evidence_file.c.sha256 == row.sha256)
        .outerjoin(newest, newest.c.sha256 == row.sha256)
        .outerjoin(scan, scan.c.sha256 == row.sha256)
    )
    return select(evidence, *taken, evidence_file.c.size, newest.c.told, newest.c.looked_at, scan.c.verdict).select_from(from_)


def _piece(row: Row[Any]) -> Piece:
    paper = None
    if row.issued_on is not None:
        paper = Paper(row.number, row.issued_on, row.kind, row.summary, row.issuer, row.direction)
    draft = Draft(
        row.client_id,
        row.unit,
        row.period,
        row.criterion,
        row.proof,
        Form(row.form),
        row.sha256 or "",
        row.name,
        row.link,
        row.words,
        paper,
    )
    piece = Piece(row.id, draft, row.added_by, row.added_name, row.added_at)
    if row.sha256 is not None:
        piece = replace(piece, checked=from_json(row.told), looked_at=row.looked_at, size=row.size, scan=Scan(row.verdict))
    if row.withdrawn_by is not None:
        piece = replace(piece, withdrawn=Withdrawn(row.withdrawn_by, row.withdrawn_name, row.withdrawn_at, row.why))
    return piece
