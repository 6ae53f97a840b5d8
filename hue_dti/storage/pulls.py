"""Pulls and the answers they brought, kept as they came before anybody reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, RowMapping, and_, func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from hue_dti.collation import nfc
from hue_dti.errors import StorageError
from hue_dti.observations.model import RawAnswer, SourceFault
from hue_dti.storage.engine import QUICK, aware, glance
from hue_dti.storage.model import Ended, PullRun, Way
from hue_dti.storage.tables import pull_run, raw_answer, raw_request

ASKED = and_(pull_run.c.replays.is_(None), pull_run.c.way == Way.ASKED)
"""Of pulls that asked a source: neither answers read again, nor files handed in, nor what was typed or approved."""

CAME = and_(pull_run.c.replays.is_(None), pull_run.c.way.in_((Way.ASKED, Way.FILE)))
"""Of pulls that brought a unit's figures of a period, a whole source's at a time."""

_BEGIN = text(f"""
    INSERT INTO pull_run (source, unit, period, started_at, replays, way, reason, requests, observations, faults)
    SELECT cast(:source AS text), cast(:unit AS text), cast(:period AS text), cast(:at AS timestamptz), cast(:replays AS bigint),
        cast(:way AS text), '', 0, 0, '[]'
    FROM {QUICK} WHERE quick.how = 'off' RETURNING id""")  # noqa: S608 - our own words

_KEEP = text(f"""
    WITH kept AS (INSERT INTO raw_answer (sha256, body) VALUES (:sha256, :body) ON CONFLICT (sha256) DO NOTHING)
    INSERT INTO raw_request (run_id, request, status, content_type, fetched_at, sha256)
    SELECT cast(:run AS bigint), cast(:request AS text), cast(:status AS integer), cast(:content_type AS text),
        cast(:fetched_at AS timestamptz), cast(:sha256 AS text)
    FROM {QUICK} WHERE quick.how = 'off'""")  # noqa: S608 - our own words

_FINISH = text("""
    UPDATE pull_run AS run SET outcome = given.outcome, reason = given.reason, requests = given.requests,
        observations = given.observations, faults = given.faults, finished_at = given.finished_at
    FROM jsonb_to_recordset(cast(:ended AS jsonb)) AS given(id bigint, outcome text, reason text, requests integer, observations integer,
        faults jsonb, finished_at timestamptz)
    WHERE run.id = given.id AND run.outcome IS NULL
    RETURNING run.id, run.source, run.unit, run.period, run.replays IS NULL AND run.way = 'asked' AS asked""")


def begin(
    connection: Connection, source: str, unit: str, period: str, at: datetime, replays: int | None = None, way: Way = Way.ASKED
) -> int:
    """Open a pull and return its number; `replays` is the pull whose stored answers it reads again."""
    row = {"source": nfc(source), "unit": nfc(unit), "period": period, "started_at": aware(at), "replays": replays, "way": way}
    statement = insert(pull_run).values(row | {"reason": "", "requests": 0, "observations": 0, "faults": []})
    return int(connection.execute(statement.returning(pull_run.c.id)).scalar_one())


def begin_quickly(engine: Engine, source: str, unit: str, period: str, at: datetime, replays: int | None, way: Way) -> int:
    """The same in a transaction of its own, whose commit is not waited for."""
    row = {"source": nfc(source), "unit": nfc(unit), "period": period, "at": aware(at), "replays": replays, "way": way.value}
    with glance(engine) as connection:
        return int(connection.execute(_BEGIN, row).scalar_one())


@dataclass(frozen=True, slots=True)
class Closed:
    """A pull that was closed just now; `asked` where it asked its source."""

    source: str
    unit: str
    period: str
    asked: bool


def finish(connection: Connection, ended: Collection[Ended]) -> Mapping[int, Closed]:
    """Close pulls and return them by number; raise StorageError when one is not open."""
    rows = [
        {
            "id": each.run,
            "outcome": each.outcome,
            "reason": nfc(each.reason),
            "requests": each.requests,
            "observations": each.observed,
            "faults": [{"place": nfc(fault.place), "what": nfc(fault.what), "raw_sha256": fault.raw_sha256} for fault in each.faults],
            "finished_at": aware(each.at).isoformat(),
        }
        for each in ended
    ]
    closed = connection.execute(_FINISH, {"ended": json.dumps(rows, ensure_ascii=False)}).all()
    found = {each.id: Closed(each.source, each.unit, each.period, each.asked) for each in closed}
    for each in ended:
        if each.run not in found:
            raise StorageError(f"Lượt lấy số liệu {each.run} không có hoặc đã kết thúc; hãy chạy lại: hue-dti pull")
    return found


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
        row = {
            "sha256": digest,
            "body": answer.body,
            "run": self._run,
            "request": nfc(answer.request),
            "status": answer.status,
            "content_type": nfc(answer.content_type),
            "fetched_at": aware(answer.fetched_at),
        }
        with glance(self._engine) as connection:
            connection.execute(_KEEP, row)
        return digest


def answer(connection: Connection, sha256: str) -> RawAnswer | None:
    """The answer with this hash, told as it was first fetched; None when there is none, StorageError when its body was altered."""
    statement = select(raw_request, raw_answer.c.body).join(raw_answer, raw_answer.c.sha256 == raw_request.c.sha256)
    row = connection.execute(statement.where(raw_request.c.sha256 == sha256).order_by(raw_request.c.id).limit(1)).one_or_none()
    return None if row is None else _answer(row)


def answer_hashes(connection: Connection) -> tuple[str, ...]:
    """The hash of every answer that a request names."""
    return tuple(connection.execute(select(raw_request.c.sha256).distinct().order_by(raw_request.c.sha256)).scalars())


def altered(connection: Connection, of: Collection[str] | None = None) -> dict[str, str]:
    """What is wrong with the answers that requests name, of these or of all, by hash."""
    named, kept = raw_request.c.sha256, raw_answer.c
    now = func.encode(func.sha256(kept.body), "hex")
    asked = select(named, kept.sha256.is_(None).label("gone")).distinct().outerjoin_from(raw_request, raw_answer, kept.sha256 == named)
    which = asked.where((kept.sha256.is_(None)) | (now != named), *([named.in_(of)] if of is not None else []))
    return {
        row.sha256: "không còn trong cơ sở dữ liệu" if row.gone else "đã bị sửa trong cơ sở dữ liệu" for row in connection.execute(which)
    }


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
