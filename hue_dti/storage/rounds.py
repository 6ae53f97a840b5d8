"""Assessment rounds as they are kept: the round, its marks, more time for single units, published results; all of it insert-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Table, func, insert, select, true
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.appraisal.model import AppraisalMark, Signed
from hue_dti.appraisal.rounds import Extension, Participant, Phase, Round, RoundLine, SelfMark, Window
from hue_dti.appraisal.windows import Fixed, Windows
from hue_dti.collation import nfc
from hue_dti.errors import RoundRefused
from hue_dti.rollup.rounds import Publication
from hue_dti.storage.appraisals import mark_of
from hue_dti.storage.cases import signer
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.reviews import signature
from hue_dti.storage.round_hands import other_hand
from hue_dti.storage.round_notices import EXTENDED, MOVED, Addressee, announce
from hue_dti.storage.tables_rounds import assessment_round, round_days, round_extension, round_mark, round_publication, round_self_mark
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_FIRST = "Vừa có người ghi điểm một dòng này, trước bạn; chưa dòng nào được ghi. Hãy xem lại rồi ghi lại."
_MOVED = "Ngày của đợt vừa được dời, chưa có gì được ghi. Hãy tải lại trang, xem các ngày mới rồi làm lại."
_MARKED = "Vừa có người ghi điểm trong đợt này, chưa ngày nào được dời. Hãy tải lại trang, xem lại rồi dời."

Seen = tuple[int, int, int]
"""The newest mark of a unit, word on a mark, and publication that somebody saw in a round; 0 for none."""


class RoundBook:
    """The rounds' page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, given: Round, trail: Sequence[Event] = ()) -> None:
        """Keep a new round; RoundRefused when its code is taken."""
        row = {"code": given.code, "host": nfc(given.host), "content": _content(given), **signature(given.by, aware(given.at))}
        with transaction(self._engine) as connection:
            made = upsert(assessment_round).values(row).on_conflict_do_nothing().returning(assessment_round.c.code)
            if connection.execute(made).one_or_none() is None:
                raise RoundRefused(f"Đã có đợt đánh giá mang mã '{given.code}'; hãy đặt mã khác.")
            record(connection, *trail)

    def all(self) -> tuple[Round, ...]:
        """Every round, the newest first."""
        with transaction(self._engine) as connection:
            return tuple(map(_round, connection.execute(_asked().order_by(assessment_round.c.done_at.desc()))))

    def find(self, code: str) -> Round | None:
        """The round of this code."""
        with transaction(self._engine) as connection:
            row = connection.execute(_asked().where(assessment_round.c.code == code)).one_or_none()
            return _round(row) if row is not None else None

    def move(self, code: str, given: Fixed, seen: Seen, trail: Sequence[Event] = (), tell: Sequence[Addressee] = ()) -> None:
        """Fix other days; RoundRefused when somebody moved them first, or wrote anything that was not `seen`. Letters `tell` of it."""
        row = {"round": code, "number": given.number, "windows": _days(given.windows), "reason": nfc(given.reason)}
        with transaction(self._engine) as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_lock(code))))
            if _number_of_days(connection, code) != given.number - 1:
                raise RoundRefused(_MOVED)
            if _seen(connection, code) != seen:
                raise RoundRefused(_MARKED)
            connection.execute(insert(round_days).values(row | signature(given.by, aware(given.at))))
            announce(connection, code, f"{MOVED}-{given.number}", tell, given.at)
            record(connection, *trail)

    def fixed(self, code: str) -> tuple[Fixed, ...]:
        """The days as they were fixed when the round was opened and each time they were moved, oldest first."""
        days, opened = round_days.c, select(assessment_round).where(assessment_round.c.code == code)
        with transaction(self._engine) as connection:
            first = connection.execute(opened).one()
            later = connection.execute(select(round_days).where(days.round == code).order_by(days.number)).all()
        begun = Fixed(0, _windows(first.content["windows"]), "", signer(first), first.done_at)
        return begun, *(Fixed(row.number, _windows(row.windows), row.reason, signer(row), row.done_at) for row in later)

    def extend(self, code: str, given: Extension, trail: Sequence[Event] = (), tell: Sequence[Addressee] = ()) -> None:
        """Keep more time for one unit; letters `tell` of it."""
        told = {"round": code, "unit": nfc(given.unit), "phase": given.phase.value, "until": given.until, "reason": nfc(given.reason)}
        with transaction(self._engine) as connection:
            made = insert(round_extension).values(told | signature(given.by, aware(given.at))).returning(round_extension.c.id)
            announce(connection, code, f"{EXTENDED}-{connection.execute(made).scalar_one()}", tell, given.at)
            record(connection, *trail)

    def extensions(self, code: str) -> tuple[Extension, ...]:
        """Every extension of the round, oldest first."""
        return tuple(
            Extension(row.unit, Phase(row.phase), row.until, row.reason, signer(row), row.done_at, row.id)
            for row in self._rows(round_extension, code)
        )

    def enter(
        self, code: str, marks: Sequence[SelfMark], follows: Sequence[int | None], trail: Sequence[Event] = (), moved: int = 0
    ) -> None:
        """Keep what a unit gives itself, all or none, each after the mark it `follows`; RoundRefused when somebody was first,
        or the days were moved more often than `moved`.
        """
        rows = [
            {
                "round": code,
                "unit": nfc(mark.unit),
                "line": mark.line,
                "points": mark.points,
                "follows": before,
                "result": nfc(mark.result),
                "link": mark.link,
                **signature(mark.by, aware(mark.at)),
            }
            for mark, before in zip(marks, follows, strict=True)
        ]
        self._keep(round_self_mark, code, rows, trail, moved)

    def mark(self, code: str, marks: Sequence[AppraisalMark], trail: Sequence[Event] = (), moved: int = 0) -> None:
        """Keep words on units' marks, all or none, each after the word it follows; RoundRefused as `enter`."""
        rows = [
            {
                "round": code,
                "unit": nfc(mark.unit),
                "line": mark.criterion,
                "stage": mark.stage.value,
                "points": mark.points,
                "self_points": mark.self_points,
                "reason": nfc(mark.reason),
                "follows": mark.follows,
                **signature(mark.by, aware(mark.at)),
            }
            for mark in marks
        ]
        self._keep(round_mark, code, rows, trail, moved)

    def self_marks(self, code: str, unit: str | None = None) -> tuple[SelfMark, ...]:
        """What units gave themselves, every version, oldest first."""
        return tuple(
            SelfMark(row.unit, row.line, row.points, row.result, row.link, signer(row), row.done_at, row.id)
            for row in self._rows(round_self_mark, code, unit)
        )

    def marks(self, code: str, unit: str | None = None) -> tuple[AppraisalMark, ...]:
        """Every word on units' marks, oldest first; its period is the round's code."""
        return tuple(mark_of(row, row.round, row.line) for row in self._rows(round_mark, code, unit))

    def publish(self, given: Publication, bundle: bytes, by: Signed, trail: Sequence[Event] = (), moved: int = 0) -> None:
        """Keep a published result; RoundRefused when one of that number was published first, or the days were moved meanwhile."""
        row = {"round": given.round, "number": given.number, "sha256": given.sha256, "bundle": bundle, "reason": nfc(given.reason)}
        with transaction(self._engine) as connection:
            _unmoved(connection, given.round, moved)
            made = upsert(round_publication).values(row | signature(by, aware(given.at))).on_conflict_do_nothing()
            if connection.execute(made.returning(round_publication.c.number)).one_or_none() is None:
                raise RoundRefused("Vừa có người công bố kết quả đợt này, trước bạn; hãy xem lại.")
            record(connection, *trail)

    def publications(self, code: str | None = None) -> tuple[Publication, ...]:
        """What was published, without the bytes, oldest first."""
        row = round_publication.c
        wanted = [row.round, row.number, row.sha256, row.reason, row.done_by, row.name, row.post, row.done_at]
        asked = select(*wanted).order_by(row.round, row.number)
        with transaction(self._engine) as connection:
            found = connection.execute(asked if code is None else asked.where(row.round == code))
            return tuple(
                Publication(each.round, each.number, each.sha256, each.reason, each.done_by, each.name, each.post, each.done_at)
                for each in found
            )

    def bundle(self, code: str, number: int) -> bytes | None:
        """The bytes of a published result."""
        row = round_publication.c
        with transaction(self._engine) as connection:
            found = connection.execute(select(row.bundle).where(row.round == code, row.number == number)).scalar_one_or_none()
            return bytes(found) if found is not None else None

    def _keep(self, table: Table, code: str, rows: Sequence[dict[str, Any]], trail: Sequence[Event], moved: int) -> None:
        with transaction(self._engine) as connection:
            _unmoved(connection, code, moved)
            for _, one in sorted({row["unit"]: row for row in rows}.items()):
                other_hand(connection, table, one)
            for row in rows:
                _insert(connection, table, row)
            record(connection, *trail)

    def _rows(self, table: Table, code: str, unit: str | None = None) -> Sequence[Row[Any]]:
        asked = select(table).where(table.c.round == code).order_by(table.c.id)
        with transaction(self._engine) as connection:
            return connection.execute(asked if unit is None else asked.where(table.c.unit == nfc(unit))).all()


def _insert(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    if connection.execute(upsert(table).values(row).on_conflict_do_nothing().returning(table.c.id)).one_or_none() is None:
        raise RoundRefused(_FIRST)


def _lock(code: str) -> Any:
    """Who writes in a round shares it, who moves its days holds it alone."""
    return func.hashtextextended(f"round {code}", 0)


def _unmoved(connection: Connection, code: str, moved: int) -> None:
    connection.execute(select(func.pg_advisory_xact_lock_shared(_lock(code))))
    if _number_of_days(connection, code) != moved:
        raise RoundRefused(_MOVED)


def _number_of_days(connection: Connection, code: str) -> int:
    """How often the days were moved."""
    counted = select(func.count()).select_from(round_days).where(round_days.c.round == code)
    return int(connection.execute(counted).scalar_one())


def _seen(connection: Connection, code: str) -> Seen:
    numbers = ((round_self_mark, round_self_mark.c.id), (round_mark, round_mark.c.id), (round_publication, round_publication.c.number))
    newest = (select(func.coalesce(func.max(number), 0)).where(table.c.round == code).scalar_subquery() for table, number in numbers)
    own, words, published = connection.execute(select(*newest)).one()
    return int(own), int(words), int(published)


def _asked() -> Select[Any]:
    """Rounds with the days fixed last."""
    days = round_days.c
    newest = select(days.number, days.windows).where(days.round == assessment_round.c.code).order_by(days.number.desc()).limit(1)
    last = newest.lateral("last_days")
    return select(assessment_round, last.c.number.label("moved"), last.c.windows).outerjoin(last, true())


def _content(of: Round) -> dict[str, Any]:
    return {
        "title": nfc(of.title),
        "outline": of.outline,
        "year": of.year,
        "units": [[unit.code, nfc(unit.name)] for unit in of.units],
        "lines": [[line.code, line.name, line.group, line.max_points] for line in of.lines],
        "windows": _days(of.windows),
        "period": of.period,
    }


def _days(windows: Windows) -> dict[str, list[str]]:
    return {phase.value: [window.first.isoformat(), window.last.isoformat()] for phase, window in windows.items()}


def _windows(told: Mapping[str, Sequence[str]]) -> dict[Phase, Window]:
    return {Phase(name): Window(*map(date.fromisoformat, days)) for name, days in told.items()}


def _round(row: Row[Any]) -> Round:
    told = row.content
    return Round(
        code=row.code,
        title=told["title"],
        outline=told["outline"],
        host=row.host,
        year=told["year"],
        units=tuple(Participant(*each) for each in told["units"]),
        lines=tuple(RoundLine(*each) for each in told["lines"]),
        windows=_windows(row.windows or told["windows"]),
        by=signer(row),
        at=row.done_at,
        moved=row.moved or 0,
        period=told.get("period", ""),
    )
