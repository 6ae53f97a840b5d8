"""Cases of sending and review as they are kept: moves, words on single figures, comments, lock exceptions; all of it insert-only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.appraisal.model import Case, Comment, LockException, Mark, Move, Signed, Verdict
from hue_dti.appraisal.moves import leads_to
from hue_dti.collation import nfc
from hue_dti.errors import ReviewRefused
from hue_dti.numerals import format_moment
from hue_dti.storage.cases import CaseBook, case_of, signer
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_entry import entry
from hue_dti.storage.tables_reviews import cell_comment, cell_mark, lock_exception, submission
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event


@dataclass(frozen=True, slots=True)
class Step:
    """A move about to be made: by whom, when, and what goes with it.

    `typed` is the number of the unit's newest entry that the person saw, 0 where none was: what came later is not sent or judged unseen.
    """

    move: Move
    by: Signed
    at: datetime
    reason: str = ""
    until: date | None = None
    code: str = ""
    told: Any = None
    typed: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A move that goes with another act, in that act's transaction: from which case, with which words on figures, told by which events."""

    case: Case
    step: Step
    marks: tuple[Mark, ...] = ()
    trail: tuple[Event, ...] = ()


class ReviewBook(CaseBook):
    """The reviews' page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def move(self, case: Case, step: Step, marks: Sequence[Mark] = (), trail: Sequence[Event] = (), said: Sequence[Comment] = ()) -> Case:
        """Make the move from the case as it was seen, with the marks and comments on figures that go with it, all or none.

        Raises ReviewRefused, naming who and when, where somebody moved the case or marked one of these figures first.
        """
        with transaction(self._engine) as connection:
            moved = make(connection, Made(case, step, tuple(marks)))
            for each in said:
                connection.execute(insert(cell_comment).values(_comment(each)))
            record(connection, *trail)
            return moved

    def mark(self, case: Case, marks: Sequence[Mark], trail: Sequence[Event] = (), typed: int | None = None) -> None:
        """Keep words on figures of the case as it was seen, all or none; each says which word it `follows`, `typed` as for a Step.

        Raises ReviewRefused where somebody moved the case, marked one of these figures, or typed a new one, first.
        """
        with transaction(self._engine) as connection:
            alone(connection, case)
            _must_be_newest(connection, case, typed)
            now = standing(connection, case)
            if now.version != case.version:
                raise ReviewRefused(_first(now))
            _keep_marks(connection, marks, case.unit, case.version)
            record(connection, *trail)

    def marks(self, units: Collection[str], period: str) -> tuple[Mark, ...]:
        """Every word on figures of these units, oldest first."""
        return tuple(map(_mark, self._rows(cell_mark, units, period)))

    def marked_by(self, case: Case) -> tuple[Mark, ...]:
        """The words that came with the move which led to the case as it stands."""
        which = (cell_mark.c.case_unit == case.unit, cell_mark.c.period == case.period, cell_mark.c.case_version == case.version)
        with transaction(self._engine) as connection:
            return tuple(map(_mark, connection.execute(select(cell_mark).where(*which).order_by(cell_mark.c.id))))

    def comment(self, given: Comment, trail: Sequence[Event] = ()) -> None:
        """Keep what was said on a cell."""
        with transaction(self._engine) as connection:
            connection.execute(insert(cell_comment).values(_comment(given)))
            record(connection, *trail)

    def comments(self, units: Collection[str], period: str) -> tuple[Comment, ...]:
        """What was said on cells of these units, oldest first."""
        found = self._rows(cell_comment, units, period)
        return tuple(Comment(row.unit, row.measure, row.period, row.words, signer(row), row.done_at) for row in found)

    def open_locks(self, given: Sequence[LockException], trail: Sequence[Event] = (), over: Sequence[LockException] = ()) -> int:
        """Keep lock exceptions, all or none, and tell how many are new; each takes the place of an earlier one for the same criterion.

        One that stands already word for word is kept once, and its event with it: `trail` has one for each, in their order. ReviewRefused
        where what they are to take the place of (`over`) is no longer what stands.
        """
        with transaction(self._engine) as connection:
            newest = _alone_at_locks(connection, given)
            if any(newest.get(_place(each)) != each for each in over):
                raise ReviewRefused(LOCKS_OTHERWISE)
            fresh = [at for at, each in enumerate(given) if not _stands(newest.get(_place(each)), each)]
            if fresh:
                connection.execute(insert(lock_exception), [_lock_row(given[at]) for at in fresh])
                record(connection, *(trail[at] for at in fresh if trail))
            return len(fresh)

    def exceptions(self, units: Collection[str], period: str) -> tuple[LockException, ...]:
        """The lock exceptions of these units, over or not, oldest first."""
        return tuple(map(_lock, self._rows(lock_exception, units, period)))

    def opened(self, units: Collection[str], today: date) -> tuple[LockException, ...]:
        """The exceptions of these units that stand today, of any period; of several for a criterion the newest counts."""
        row = lock_exception.c
        with transaction(self._engine) as connection:
            found = connection.execute(select(lock_exception).where(row.unit.in_([nfc(unit) for unit in units])).order_by(row.id)).all()
        newest = {_place(each): each for each in map(_lock, found)}
        return tuple(each for each in newest.values() if each.until >= today)

    def _rows(self, table: Table, units: Collection[str], period: str) -> Sequence[Row[Any]]:
        which: tuple[ColumnElement[bool], ...] = (table.c.unit.in_([nfc(unit) for unit in units]), table.c.period == period)
        with transaction(self._engine) as connection:
            return connection.execute(select(table).where(*which).order_by(table.c.id)).all()


LOCKS_OTHERWISE = "Vừa có tiêu chí được khóa lại hoặc mở lại khác với trang bạn xem; hãy xem lại rồi chọn."
"""Said to whoever closes what is no longer what the page showed."""


def _alone_at_locks(connection: Connection, given: Sequence[LockException]) -> dict[tuple[str, str, str], LockException]:
    """The newest exceptions of these units and periods; nobody else opens or closes one of theirs until the transaction ends."""
    row, at = lock_exception.c, sorted({(nfc(each.unit), each.period) for each in given})
    for unit, period in at:
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"locks {unit} {period}", 0))))
    found = connection.execute(select(lock_exception).where(tuple_(row.unit, row.period).in_(at)).order_by(row.id))
    return {_place(each): each for each in map(_lock, found)}


def _place(given: LockException) -> tuple[str, str, str]:
    return nfc(given.unit), given.period, given.criterion


def _stands(newest: LockException | None, given: LockException) -> bool:
    """Whether the same person already said the very same."""
    return newest is not None and (newest.until, newest.reason, newest.by.login) == (given.until, nfc(given.reason), given.by.login)


def _lock(row: Row[Any]) -> LockException:
    return LockException(row.unit, row.period, row.criterion, row.until, row.reason, signer(row), row.done_at)


def _lock_row(given: LockException) -> dict[str, object]:
    told = {"unit": nfc(given.unit), "period": given.period, "criterion": given.criterion, "until": given.until}
    return {**told, "reason": nfc(given.reason), **signature(given.by, given.at)}


def make(connection: Connection, move: Made) -> Case:
    """Make a move in the caller's transaction, which records its events; ReviewRefused as `ReviewBook.move`."""
    case, step = move.case, move.step
    alone(connection, case)
    _must_be_newest(connection, case, step.typed)
    made = upsert(submission).values(_row(case, step)).on_conflict_do_nothing().returning(submission)
    row = connection.execute(made).one_or_none()
    if row is None:
        raise ReviewRefused(_first(standing(connection, case)))
    _keep_marks(connection, move.marks, case.unit, row.version)
    return case_of(row)


def alone(connection: Connection, case: Case) -> None:
    """Nobody else moves or marks this case, nor types a figure of its unit, until the transaction ends."""
    for matter in ("review", "enter"):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{matter} {case.unit} {case.period}", 0))))


def _must_be_newest(connection: Connection, case: Case, typed: int | None) -> None:
    if typed is not None and typed != _newest_entry(connection, case):
        raise ReviewRefused("Vừa có số mới được nhập; hãy xem lại danh sách rồi quyết định.")


def _newest_entry(connection: Connection, case: Case) -> int:
    asked = select(func.coalesce(func.max(entry.c.id), 0)).where(entry.c.unit == case.unit, entry.c.period == case.period)
    return int(connection.execute(asked).scalar_one())


def standing(connection: Connection, case: Case) -> Case:
    """The same case as it stands now."""
    row = submission.c
    which = (row.unit == case.unit, row.period == case.period, row.workflow == case.workflow.value)
    found = connection.execute(select(submission).where(*which).order_by(row.version.desc()).limit(1)).one_or_none()
    return case_of(found) if found is not None else Case(case.unit, case.period, case.workflow)


_DONE = {
    Move.SEND: "gửi",
    Move.WITHDRAW: "rút lại",
    Move.OPEN: "mở thẩm tra",
    Move.APPROVE: "duyệt",
    Move.RETURN: "trả lại",
    Move.UNDO: "hoàn tác",
    Move.BEGIN: "mở thẩm định",
    Move.ASK: "gửi đơn vị giải trình",
    Move.SETTLE: "chốt kết quả thẩm định",
}


def _first(now: Case) -> str:
    """Who came first, for the one who came second."""
    done = f"{now.by.name} đã {_DONE[now.move]} lúc {format_moment(now.at)}" if now.move and now.at else "Hồ sơ đã khác"
    return f"{done}, trước bạn; việc của bạn chưa được ghi. Hãy xem lại rồi quyết định."


def _keep_marks(connection: Connection, marks: Sequence[Mark], case_unit: str, version: int) -> None:
    # One order for everybody, so that two who mark wait for each other instead of locking each other out.
    for mark in sorted(marks, key=lambda each: (each.unit, each.measure)):
        row = {
            **_cell(mark),
            **{name: getattr(mark, name) for name in ("value", "raw_sha256", "entered_by", "follows")},
            "verdict": mark.verdict.value,
            "reason": nfc(mark.reason),
            **signature(mark.by, mark.at),
            "case_unit": case_unit,
            "case_version": version,
        }
        fresh = upsert(cell_mark).values(row).on_conflict_do_nothing().returning(cell_mark.c.id)
        if connection.execute(fresh).one_or_none() is None:
            raise ReviewRefused("Vừa có người duyệt hoặc trả lại một số trong nhóm này, trước bạn; hãy xem lại rồi quyết định.")


def _cell(given: Mark | Comment) -> dict[str, object]:
    return {"unit": nfc(given.unit), "measure": given.measure, "period": given.period}


def _comment(given: Comment) -> dict[str, object]:
    return {**_cell(given), "words": nfc(given.text), **signature(given.by, given.at)}


def signature(by: Signed, at: datetime) -> dict[str, object]:
    """Who did it and when, as columns."""
    return {"done_by": by.login, "name": nfc(by.name), "post": nfc(by.post), "done_at": aware(at)}


def _row(case: Case, step: Step) -> dict[str, object]:
    sends = step.move is Move.SEND
    return {
        "unit": case.unit,
        "period": case.period,
        "workflow": case.workflow.value,
        "version": case.version + 1,
        "previous": case.version or None,
        "stood": case.state.value,
        "sent_before": case.sender,
        "move": step.move.value,
        "state": leads_to(case, step.move).value,
        **signature(step.by, step.at),
        "reason": nfc(step.reason),
        "until": step.until,
        "sender": step.by.login if sends else case.sender,
        "code": step.code if sends else case.code,
        "told": step.told,
    }


def _mark(row: Row[Any]) -> Mark:
    return Mark(
        unit=row.unit,
        measure=row.measure,
        period=row.period,
        verdict=Verdict(row.verdict),
        value=row.value,
        raw_sha256=row.raw_sha256,
        entered_by=row.entered_by,
        reason=row.reason,
        by=signer(row),
        at=row.done_at,
        number=row.id,
        follows=row.follows,
    )
