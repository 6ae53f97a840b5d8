"""Second factors of persons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, false, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hue_dti.storage.engine import aware, transaction
from hue_dti.storage.queue import Deferred, defer
from hue_dti.storage.sessions import end_all
from hue_dti.storage.tables_accounts import recovery_code, second_factor
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

_ROW = second_factor.c


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A person's second factor; `codes` is how many recovery codes are left."""

    secret: str
    since: datetime
    last_step: int
    codes: int


class SecondFactorBook:
    """Every method is one transaction and raises StorageError as `Storage` does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, login: str) -> SecondFactor | None:
        """The person's second factor, if there is one."""
        left = select(func.count()).select_from(recovery_code).where(recovery_code.c.login == login).scalar_subquery()
        with transaction(self._engine) as connection:
            row = connection.execute(select(second_factor, left.label("codes")).where(_ROW.login == login)).one_or_none()
            return None if row is None else SecondFactor(row.secret, row.since, row.last_step, row.codes)

    def set(
        self,
        login: str,
        secret: str,
        step: int,
        codes: Collection[str],
        at: datetime,
        keep: str,
        trail: Sequence[Event] = (),
        jobs: Sequence[Deferred] = (),
        before: SecondFactor | None = None,
    ) -> bool:
        """Set a second factor whose first code was used in this step, with the hashes of its recovery codes; other sign-ins end.

        False, and nothing changed, when the one there is not the one of `before`: somebody else was faster.
        """
        told = {"secret": secret, "since": aware(at), "last_step": step}
        fresh = upsert(second_factor).values(login=login, **told)
        with transaction(self._engine) as connection:
            same = _ROW.secret == before.secret if before is not None else false()
            done = fresh.on_conflict_do_update(index_elements=["login"], set_=told, where=same).returning(_ROW.login)
            if connection.execute(done).first() is None:
                return False
            connection.execute(delete(recovery_code).where(recovery_code.c.login == login))
            connection.execute(insert(recovery_code), [{"login": login, "code_sha256": each} for each in codes])
            end_all(connection, login, "second factor", at, keep)
            defer(connection, jobs)
            record(connection, *trail)
            return True

    def secrets(self) -> dict[str, str]:
        """Every secret as it is kept, by login."""
        with transaction(self._engine) as connection:
            return {row.login: row.secret for row in connection.execute(select(_ROW.login, _ROW.secret).order_by(_ROW.login))}

    def reseal(self, changed: Mapping[str, tuple[str, str]], trail: Sequence[Event]) -> int:
        """Put another sealing of the same secrets, by login the one there and the new one; how many were still there."""
        with transaction(self._engine) as connection:
            done = 0
            for login, (old, new) in changed.items():
                same = update(second_factor).where(_ROW.login == login, _ROW.secret == old).values(secret=new)
                done += connection.execute(same.returning(_ROW.login)).first() is not None
            record(connection, *(trail if done else ()))
            return done

    def use(self, login: str, step: int) -> bool:
        """Use up a step's code; False when this or a later one was used before."""
        used = update(second_factor).where(_ROW.login == login, _ROW.last_step < step).values(last_step=step)
        with transaction(self._engine) as connection:
            return connection.execute(used.returning(_ROW.login)).first() is not None

    def recover(self, login: str, key: str) -> bool:
        """Use up a recovery code; False when there is none such."""
        row = recovery_code.c
        with transaction(self._engine) as connection:
            used = delete(recovery_code).where(row.login == login, row.code_sha256 == key).returning(row.login)
            return connection.execute(used).first() is not None

    def remove(self, login: str, at: datetime, trail: Sequence[Event] = (), jobs: Sequence[Deferred] = (), keep: str = "") -> bool:
        """Take the second factor away, as when the phone is lost; every sign-in ends but the one to `keep`."""
        with transaction(self._engine) as connection:
            gone = connection.execute(delete(second_factor).where(_ROW.login == login).returning(_ROW.login)).first() is not None
            if gone:
                end_all(connection, login, "second factor", at, keep)
                defer(connection, jobs)
                record(connection, *trail)
            return gone
