"""Pulls and the answers they brought, kept as they came before anybody reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, RowMapping, and_, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.errors import StorageError
from hue_dti.observations.model import RawAnswer, SourceFault
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.model import PullRun, Way
from hue_dti.storage.tables import pull_run, raw_answer, raw_request

ASKED = and_(pull_run.c.replays.is_(None), pull_run.c.way == Way.ASKED)
"""Of pulls that asked a source: neither answers read again, nor files handed in, nor what was typed or approved."""

CAME = and_(pull_run.c.replays.is_(None), pull_run.c.way.in_((Way.ASKED, Way.FILE)))
"""Of pulls that brought a unit's figures of a period, a whole source's at a time."""


def begin(
    connection: Connection, source: str, unit: str, period: str, at: datetime, replays: int | None = None, way: Way = Way.ASKED
) -> int:
    """Open a pull and return its number; `replays` is the pull whose stored answers it reads again."""
    row = {"source": nfc(source), "unit": nfc(unit), "period": period, "started_at": aware(at), "replays": replays, "way": way}
    statement = insert(pull_run).values(row | {"reason": "", "requests": 0, "observations": 0, "faults": []})
    return int(connection.execute(statement.returning(pull_run.c.id)).scalar_one())


def finish(
    connection: Connection,
    run: int,
    outcome: str,
    reason: str,
    requests: int,
    observations: int,
    faults: Sequence[SourceFault],
    at: datetime,
) -> tuple[str, str, str, bool]:
    """Close a pull and return its source, unit, period and whether it asked; raise StorageError when it is not open."""
    statement = update(pull_run).where(pull_run.c.id == run, pull_run.c.outcome.is_(None))
    done = connection.execute(
        statement.values(
            outcome=outcome,
            reason=nfc(reason),
            requests=requests,
            observations=observations,
            faults=[{"place": nfc(fault.place), "what": nfc(fault.what), "raw_sha256": fault.raw_sha256} for fault in faults],
            finished_at=aware(at),
        ).returning(pull_run.c.source, pull_run.c.unit, pull_run.c.period, ASKED.label("asked"))
    ).one_or_none()
    if done is None:
        raise StorageError(f"Lượt lấy số liệu {run} không có hoặc đã kết thúc; hãy chạy lại: hue-dti pull")
    return done.source, done.unit, done.period, done.asked


def last(
    connection: Connection, unit: str, period: str | None, outcomes: Collection[str] = (), ways: Collection[Way] = ()
) -> tuple[PullRun, ...]:
    """The newest pull of each source for the unit and period (None: whatever period), by source; of those that ended so or came
    in these ways, where said.
    """
    statement = select(pull_run).where(pull_run.c.unit == unit)
    if period is not None:
        statement = statement.where(pull_run.c.period == period)
    if outcomes:
        statement = statement.where(pull_run.c.outcome.in_(outcomes))
    if ways:
        statement = statement.where(pull_run.c.way.in_(ways))
    newest = statement.ext(distinct_on(pull_run.c.source)).order_by(pull_run.c.source, pull_run.c.id.desc())
    return tuple(map(read_run, connection.execute(newest).mappings()))


def one(connection: Connection, run: int) -> PullRun:
    """The pull of this number; raise StorageError when there is none."""
    row = connection.execute(select(pull_run).where(pull_run.c.id == run)).mappings().one_or_none()
    if row is None:
        raise StorageError(f"Không có lượt lấy số liệu {run}; hãy chạy: hue-dti pull")
    return read_run(row)


def read_run(row: RowMapping) -> PullRun:
    """The pull in a row of its table."""
    return PullRun(**{**row, "faults": tuple(SourceFault(**fault) for fault in row["faults"]), "way": Way(row["way"])})


class DatabaseRawStore:
    """Keeps the answers of one pull; each is committed before `keep` returns, so no parser can lose it. Safe in threads.

    What was read in an answer is never on disk without it: the pull is finished by a later commit, which takes this one along.
    """

    def __init__(self, engine: Engine, run: int) -> None:
        self._engine = engine
        self._run = run

    def keep(self, answer: RawAnswer) -> str:
        """Store the answer and return its SHA-256; raise StorageError when the given one is not its own."""
        digest = hashlib.sha256(answer.body).hexdigest()
        if answer.sha256 != digest:
            raise StorageError(f"Câu trả lời của '{answer.request}' mang mã {answer.sha256}, mã đúng của nội dung là {digest}.")
        with transaction(self._engine, awaited=False) as connection:
            connection.execute(upsert(raw_answer).values(sha256=digest, body=answer.body).on_conflict_do_nothing(index_elements=["sha256"]))
            connection.execute(
                insert(raw_request).values(
                    run_id=self._run,
                    request=nfc(answer.request),
                    status=answer.status,
                    content_type=nfc(answer.content_type),
                    fetched_at=aware(answer.fetched_at),
                    sha256=digest,
                )
            )
        return digest


def answer(connection: Connection, sha256: str) -> RawAnswer | None:
    """The answer with this hash, told as it was first fetched; None when there is none, StorageError when its body was altered."""
    statement = select(raw_request, raw_answer.c.body).join(raw_answer, raw_answer.c.sha256 == raw_request.c.sha256)
    row = connection.execute(statement.where(raw_request.c.sha256 == sha256).order_by(raw_request.c.id).limit(1)).one_or_none()
    return None if row is None else _answer(row)


def answers_of(connection: Connection, run: int) -> tuple[RawAnswer, ...]:
    """The answers a pull kept, in the order they came."""
    statement = select(raw_request, raw_answer.c.body).join(raw_answer, raw_answer.c.sha256 == raw_request.c.sha256)
    return tuple(map(_answer, connection.execute(statement.where(raw_request.c.run_id == run).order_by(raw_request.c.id))))


def _answer(row: Row[Any]) -> RawAnswer:
    digest = hashlib.sha256(row.body).hexdigest()
    if digest != row.sha256:
        raise StorageError(
            f"Câu trả lời gốc {row.sha256} đã bị sửa trong cơ sở dữ liệu (nội dung nay có mã {digest}); hãy khôi phục từ bản sao lưu."
        )
    return RawAnswer(row.sha256, row.request, row.status, row.content_type, row.fetched_at, row.body)
