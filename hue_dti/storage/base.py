"""Base figures: proposals, the acts that settled them, and what is approved for a year; all of it insert-only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.errors import ApprovalRefused
from hue_dti.numerals import format_moment
from hue_dti.observations.base import (
    APPROVED,
    BASE_SOURCE,
    REJECTED,
    ApprovedFigure,
    Decision,
    Draft,
    Effect,
    Moved,
    Proposal,
    place_of,
)
from hue_dti.observations.model import Origin, RawAnswer
from hue_dti.storage import pulls
from hue_dti.storage.engine import aware, glance, transaction
from hue_dti.storage.model import Ended, Way
from hue_dti.storage.tables import raw_answer, raw_request
from hue_dti.storage.tables_aside import base_decision, base_proposal, base_settlement
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_ONCE = "đã có người xử lý trước, hoặc số được duyệt vừa đổi"


class BaseBook:
    """The pages of the database for base figures; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def propose(self, drafts: Sequence[Draft], by: str, at: datetime, trail: Sequence[Event] = ()) -> tuple[int, ...]:
        """Keep proposals, all or none, and return their numbers; none of them counts yet."""
        rows = [{**_told(draft), "proposed_by": nfc(by), "proposed_at": aware(at)} for draft in drafts]
        if not rows:
            return ()
        statement = insert(base_proposal).returning(base_proposal.c.id, sort_by_parameter_order=True)
        with transaction(self._engine) as connection:
            numbers = tuple(connection.execute(statement, rows).scalars())
            record(connection, *trail)
            return numbers

    def proposals(
        self, units: Collection[str] | None = None, year: int | None = None, numbers: Collection[int] | None = None
    ) -> tuple[Proposal, ...]:
        """Proposals with how they were settled, oldest first; each argument narrows them down."""
        with transaction(self._engine) as connection:
            return _proposals(connection, *_narrowed(units, year, numbers))

    def approved(self, units: Collection[str], year: int) -> tuple[ApprovedFigure, ...]:
        """What is approved for the year, by unit and measure: of each chain of approvals the last."""
        with glance(self._engine) as connection:
            rows = connection.execute(_standing(units, year))
            return tuple(map(_approved, rows))

    def approve(
        self,
        settled: Sequence[Proposal],
        by: str,
        at: datetime,
        reason: str,
        kept: RawAnswer,
        effects: Sequence[Effect],
        trail: Sequence[Event] = (),
    ) -> int:
        """Approve proposals in one act, all or none, and return its number; each says what it `replaces` and its `old_value`.

        Raises ApprovalRefused when another act came first.
        """
        with transaction(self._engine) as connection:
            first = settled[0].draft
            run = pulls.begin(connection, BASE_SOURCE, first.unit, str(first.year), at, way=Way.ENTERED)
            _keep(connection, run, kept)
            pulls.finish(connection, [Ended(run, "ok", "", 1, len(settled), (), at)])
            number = _settle(connection, APPROVED, settled, by, at, reason, kept.sha256, effects)
            record(connection, *trail)
            return number

    def reject(self, settled: Sequence[Proposal], by: str, at: datetime, reason: str, trail: Sequence[Event] = ()) -> int:
        """Reject proposals in one act, all or none, and return its number; ApprovalRefused when another act came first."""
        with transaction(self._engine) as connection:
            number = _settle(connection, REJECTED, settled, by, at, reason, None, ())
            record(connection, *trail)
            return number

    def decisions(self, units: Collection[str] | None = None, year: int | None = None) -> tuple[Decision, ...]:
        """The acts that settled proposals of these units and this year, newest first, each with all that it settled."""
        with transaction(self._engine) as connection:
            touched = _proposals(connection, *_narrowed(units, year, None))
            numbers = sorted({each.decision for each in touched if each.decision is not None})
            whole = _proposals(connection, base_settlement.c.decision_id.in_(numbers)) if numbers else ()
            acts = connection.execute(select(base_decision).where(base_decision.c.id.in_(numbers)).order_by(base_decision.c.id.desc()))
            return tuple(_decision(row, [each for each in whole if each.decision == row.id]) for row in acts)


def _told(draft: Draft) -> dict[str, object]:
    return {name: nfc(value) if isinstance(value, str) else value for name, value in asdict(draft).items()}


def _keep(connection: Connection, run: int, kept: RawAnswer) -> None:
    """Store the record of an approval as the raw answer that its figures point at."""
    connection.execute(upsert(raw_answer).values(sha256=kept.sha256, body=kept.body).on_conflict_do_nothing())
    row = {"request": nfc(kept.request), "status": kept.status, "content_type": kept.content_type, "sha256": kept.sha256}
    connection.execute(insert(raw_request).values({**row, "run_id": run, "fetched_at": aware(kept.fetched_at)}))


def _settle(
    connection: Connection,
    verdict: str,
    settled: Sequence[Proposal],
    by: str,
    at: datetime,
    reason: str,
    sha256: str | None,
    effects: Sequence[Effect],
) -> int:
    act = {"verdict": verdict, "decided_by": nfc(by), "decided_at": aware(at), "reason": nfc(reason), "raw_sha256": sha256}
    told = [asdict(effect) for effect in effects]
    number = int(connection.execute(insert(base_decision).values({**act, "effects": told}).returning(base_decision.c.id)).scalar_one())
    rows = [
        {
            "proposal_id": each.number,
            "decision_id": number,
            "position": position,
            "verdict": verdict,
            "decided_by": nfc(by),
            **{name: getattr(each.draft, name) for name in ("unit", "valid_from", "measure", "year")},
            "proposed_by": each.by,
            "replaces": each.replaces,
            "old_value": each.old_value,
        }
        for position, each in enumerate(settled)
    ]
    # One order for everybody, so that two acts wait for each other instead of locking each other out.
    for row in sorted(rows, key=lambda each: tuple(str(each[name]) for name in ("unit", "valid_from", "measure", "year", "proposal_id"))):
        fresh = upsert(base_settlement).values(row).on_conflict_do_nothing().returning(base_settlement.c.proposal_id)
        if connection.execute(fresh).one_or_none() is None:
            raise ApprovalRefused(f"Đề nghị số {row['proposal_id']}: {_ONCE}; hãy xem lại bằng 'hue-dti base list'.")
    return number


def _narrowed(units: Collection[str] | None, year: int | None, numbers: Collection[int] | None) -> list[ColumnElement[bool]]:
    row = base_proposal.c
    narrowed: list[ColumnElement[bool]] = [row.unit.in_([nfc(unit) for unit in units])] if units is not None else []
    narrowed += [row.year == year] if year is not None else []
    narrowed += [row.id.in_(list(numbers))] if numbers is not None else []
    return narrowed


def _joined() -> Select[Any]:
    row, settled, act = base_proposal.c, base_settlement.c, base_decision.c
    columns = (base_proposal, settled.verdict, settled.replaces, settled.old_value, settled.decision_id, settled.position)
    decided = (act.decided_by, act.decided_at, act.reason.label("why"), act.raw_sha256)
    from_ = base_proposal.outerjoin(base_settlement, settled.proposal_id == row.id)
    return select(*columns, *decided).select_from(from_.outerjoin(base_decision, act.id == settled.decision_id))


def _proposals(connection: Connection, *narrowed: ColumnElement[bool]) -> tuple[Proposal, ...]:
    return tuple(map(_proposal, connection.execute(_joined().where(*narrowed).order_by(base_proposal.c.id))))


def _standing(units: Collection[str], year: int) -> Select[Any]:
    settled, later = base_settlement.c, base_settlement.alias("later")
    followed = select(later.c.proposal_id).where(later.c.replaces == settled.proposal_id).exists()
    wanted = settled.unit.in_([nfc(unit) for unit in units])
    narrowed = _joined().where(settled.verdict == APPROVED, settled.year == year, wanted, ~followed)
    request = select(func.min(raw_request.c.request)).where(raw_request.c.sha256 == base_decision.c.raw_sha256).scalar_subquery()
    return narrowed.add_columns(request.label("request")).order_by(settled.unit, settled.measure, settled.proposal_id)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        number=row.id,
        draft=Draft(row.unit, row.valid_from, row.measure, row.year, row.value, row.as_of, row.document, row.reason),
        by=row.proposed_by,
        at=row.proposed_at,
        verdict=row.verdict or "",
        decided_by=row.decided_by or "",
        decided_at=row.decided_at,
        why=row.why or "",
        decision=row.decision_id,
        replaces=row.replaces,
        old_value=row.old_value,
    )


def _approved(row: Row[Any]) -> ApprovedFigure:
    origin = Origin(BASE_SOURCE, row.request, row.decided_at, row.raw_sha256, place_of(row.position))
    reason = f"{row.document}; {row.decided_by} duyệt lúc {format_moment(row.decided_at)}"
    return ApprovedFigure(row.id, row.unit, row.valid_from, row.measure, row.year, row.value, origin, reason)


def _decision(row: Row[Any], settled: Sequence[Proposal]) -> Decision:
    effects = tuple(Effect(**{**each, "criteria": tuple(Moved(**moved) for moved in each["criteria"])}) for each in row.effects)
    return Decision(row.id, row.verdict, row.decided_by, row.decided_at, row.reason, tuple(settled), effects)
