"""Improvement plans as they are kept: every version, and every word told of an obligation, insert-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Table, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.collation import nfc
from hue_dti.errors import PlanChanged, PlanRefused
from hue_dti.plans.model import PlanKey, PlanVersion
from hue_dti.plans.progress import Doing, Told
from hue_dti.plans.written import content_json, plan_from, standings_from, who_from
from hue_dti.snapshots.canonical import dump, sha256
from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.tables_plans import plan_report, plan_version
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event


class PlanBook:
    """The plans' page of the database; every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, version: PlanVersion, trail: Sequence[Event] = ()) -> PlanVersion:
        """Keep the next version; PlanChanged when somebody kept one of that number first."""
        content = content_json(version)
        digest = sha256(dump({"title": version.title, "framework": version.key.framework, "year": version.key.year, **content}))
        row = {**_key(version.key), "number": version.number, "title": nfc(version.title), "content": content, "sha256": digest}
        row |= {"reason": nfc(version.reason), **_person(version)}
        with transaction(self._engine) as connection:
            fresh = upsert(plan_version).values(row).on_conflict_do_nothing().returning(plan_version)
            kept = connection.execute(fresh).one_or_none()
            if kept is None:
                raise PlanChanged("Vừa có người lưu kế hoạch này, trước bạn; hãy xem bản mới rồi làm lại.")
            record(connection, *trail)
            return _version(kept)

    def newest(self) -> tuple[PlanVersion, ...]:
        """The newest version of every plan, the latest year first."""
        row = plan_version.c
        parts = (row.unit, row.framework, row.year)
        asked = select(plan_version).ext(distinct_on(*parts)).order_by(*parts, row.number.desc())
        with transaction(self._engine) as connection:
            found = [_version(each) for each in connection.execute(asked)]
        return tuple(sorted(found, key=lambda each: (-each.key.year, each.key.unit, each.key.framework)))

    def versions(self, key: PlanKey, before: int | None = None, most: int | None = None) -> tuple[PlanVersion, ...]:
        """The versions of the plan, oldest first: all, or the newest `most` of those numbered below `before`."""
        number = plan_version.c.number
        below = () if before is None else (number < before,)
        asked = select(plan_version).where(*_is(plan_version, key), *below).order_by(number.desc()).limit(most)
        with transaction(self._engine) as connection:
            return tuple(map(_version, connection.execute(asked)))[::-1]

    def version(self, key: PlanKey, number: int) -> PlanVersion | None:
        """One version of the plan."""
        asked = select(plan_version).where(*_is(plan_version, key), plan_version.c.number == number)
        with transaction(self._engine) as connection:
            row = connection.execute(asked).one_or_none()
            return _version(row) if row is not None else None

    def find(self, key: PlanKey) -> PlanVersion | None:
        """The newest version of the plan."""
        asked = select(plan_version).where(*_is(plan_version, key)).order_by(plan_version.c.number.desc()).limit(1)
        with transaction(self._engine) as connection:
            row = connection.execute(asked).one_or_none()
            return _version(row) if row is not None else None

    def tell(self, key: PlanKey, told: Told, trail: Sequence[Event] = ()) -> None:
        """Keep what was told of an obligation for a month; PlanRefused when somebody told of it first."""
        row = {**_key(key), "line": told.line, "lead": nfc(told.lead), "month": told.month, "doing": told.doing.value}
        row |= {"words": nfc(told.words), "link": told.link, "follows": told.follows, **_person(told)}
        with transaction(self._engine) as connection:
            fresh = upsert(plan_report).values(row).on_conflict_do_nothing().returning(plan_report.c.id)
            if connection.execute(fresh).one_or_none() is None:
                raise PlanRefused("Vừa có người báo tháng này, trước bạn; hãy xem lời đã báo rồi báo lại nếu cần.")
            record(connection, *trail)

    def told(self, key: PlanKey) -> tuple[Told, ...]:
        """Everything told of the plan's obligations, oldest first."""
        asked = select(plan_report).where(*_is(plan_report, key)).order_by(plan_report.c.id)
        with transaction(self._engine) as connection:
            return tuple(map(_told, connection.execute(asked)))


def _key(key: PlanKey) -> dict[str, Any]:
    return {"unit": nfc(key.unit), "framework": key.framework, "year": key.year}


def _is(table: Table, key: PlanKey) -> tuple[ColumnElement[bool], ...]:
    return tuple(table.c[name] == value for name, value in _key(key).items())


def _person(by: PlanVersion | Told) -> dict[str, Any]:
    return {"done_by": nfc(by.by), "name": nfc(by.name), "post": nfc(by.post), "done_at": aware(by.at)}


def _version(row: Row[Any]) -> PlanVersion:
    return PlanVersion(
        key=PlanKey(row.unit, row.framework, row.year),
        number=row.number,
        title=row.title,
        plan=plan_from(row.framework, row.content),
        reason=row.reason,
        by=row.done_by,
        name=row.name,
        post=row.post,
        at=row.done_at,
        who=who_from(row.content),
        standings=standings_from(row.content),
        sha256=row.sha256,
    )


def _told(row: Row[Any]) -> Told:
    return Told(
        line=row.line,
        lead=row.lead,
        month=row.month,
        doing=Doing(row.doing),
        words=row.words,
        link=row.link,
        by=row.done_by,
        name=row.name,
        post=row.post,
        at=row.done_at,
        number=row.id,
        follows=row.follows,
    )
