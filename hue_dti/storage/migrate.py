"""Bring the database's tables up or down; needs the owner's role, which the running application does not have.

Alembic is read in by who migrates: every process of the application starts sooner without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, NullPool, create_engine, text

from hue_dti.config import Settings
from hue_dti.errors import SettingError, StorageError
from hue_dti.resources import folder
from hue_dti.storage import embedded, roles
from hue_dti.storage.engine import OLDEST_SERVER, driver, parse_url, transaction
from hue_dti.storage.grants import grant
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event, Hand

if TYPE_CHECKING:
    from alembic.config import Config

_ONE_AT_A_TIME = 0x48_55_45  # advisory lock: two processes that upgrade at once do it one after the other


Telling = Callable[[str | None, str | None], Event]
"""Makes an event of the revision before and the one after."""


@dataclass(frozen=True, slots=True)
class Migration:
    """Where the database stands: `current` None when it has no tables of ours, `head` the newest the program knows."""

    current: str | None
    head: str

    @property
    def up_to_date(self) -> bool:
        return self.current == self.head

    @property
    def newer_than_program(self) -> bool:
        """Whether a later version of the program has been here."""
        return self.current is not None and self.current > self.head


def head() -> str:
    """The number of the newest migration."""
    return max(path.name[:4] for path in (folder("migrations") / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def upgrade(settings: Settings, by: Hand | None = None, at: datetime | None = None) -> None:
    """Bring the tables to the newest migration and renew the application's privileges; nothing to do is fine.

    What changed joins the trail in the name of `by`, where there is a trail.
    """
    from alembic import command

    migrate(settings, lambda config, _: command.upgrade(config, "head"), _telling("db.upgraded", by, at))


def downgrade(settings: Settings, revision: str, by: Hand | None = None, at: datetime | None = None) -> None:
    """Take the tables back to `revision` ("base" for none); raise StorageError when closed quarters would be lost.

    It joins the trail in the name of `by`, where the trail itself is not taken away.
    """
    from alembic import command

    migrate(settings, lambda config, _: command.downgrade(config, revision), _telling("db.downgraded", by, at))


def _telling(act: str, by: Hand | None, at: datetime | None) -> Telling | None:
    if by is None or at is None:
        return None
    return lambda old, new: by.did(act, at, subject=f"bản {new or 'trống'}", old=old or "trống", new=new or "trống")


def read_state(connection: Connection) -> Migration:
    """Where the database of this connection stands; any role may ask."""
    known = connection.execute(text("SELECT to_regclass('public.alembic_version')")).scalar_one()
    current = None if known is None else connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return Migration(current, head())


def check_state(state: Migration) -> None:
    """Raise StorageError, saying what to do, unless the database is what this program knows."""
    if state.newer_than_program:
        raise StorageError(
            f"Cơ sở dữ liệu ở bản {state.current}, mới hơn bản {state.head} mà chương trình này biết; hãy cài bản chương trình mới hơn."
        )
    if not state.up_to_date:
        raise StorageError(
            f"Cơ sở dữ liệu {'chưa có bảng nào' if state.current is None else f'ở bản {state.current}'}, "
            f"chương trình cần bản {state.head}; hãy chạy: hue-dti db upgrade"
        )


def migrate(settings: Settings, run: Callable[[Config, Connection], None], telling: Telling | None = None) -> None:
    """Let `run` change the tables as their owner, alone and in one transaction, then renew the application's privileges.

    `telling` makes the trail's event of the revisions before and after, where they differ and there is a trail; tables that are
    new have nothing to tell.
    """
    from alembic.config import Config
    from alembic.util import CommandError

    with _owner(settings) as (url, app_role):
        engine = create_engine(url, poolclass=NullPool)
        with transaction(engine) as connection:
            _check_server(connection, app_role)
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            config = Config()
            config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            state = read_state(connection)
            if state.newer_than_program:
                check_state(state)
            try:
                run(config, connection)
            except CommandError as fault:
                raise StorageError(
                    f"Không chuyển được các bảng từ bản {state.current or 'trống'} ({fault}); chương trình này biết các bản đến "
                    f"{state.head}. Hãy chạy hue-dti doctor, ghi đúng số bản, hoặc cài bản chương trình đã tạo cơ sở dữ liệu này."
                ) from fault
            grant(driver(connection), app_role)
            after = read_state(connection)
            if telling is not None and state.current not in (None, after.current) and _has_trail(connection):
                record(connection, telling(state.current, after.current))


def _has_trail(connection: Connection) -> bool:
    return connection.execute(text("SELECT to_regclass('public.audit_event')")).scalar_one() is not None


@contextmanager
def _owner(settings: Settings) -> Iterator[tuple[URL, str]]:
    """The owner's address and the name of the application's role."""
    if settings.database_url is None:
        lease = embedded.lease(settings)
        try:
            yield lease.url(roles.OWNER), roles.APP
        finally:
            lease.release()
        return
    if settings.owner_url is None:
        raise SettingError(
            "Chưa đặt HUE_DTI_OWNER_URL, địa chỉ của vai trò sở hữu các bảng; "
            "lệnh hue-dti db cần nó, còn DATABASE_URL chỉ dành cho vai trò của ứng dụng."
        )
    app_role = parse_url(settings.database_url, "DATABASE_URL").username
    if not app_role:
        raise SettingError("DATABASE_URL không ghi tên vai trò; hãy viết như postgresql://hue_dti_app:mat_khau@may_chu/hue_dti")
    yield parse_url(settings.owner_url, "HUE_DTI_OWNER_URL"), app_role


def _check_server(connection: Connection, app_role: str) -> None:
    version = driver(connection).info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise StorageError(f"Máy chủ là PostgreSQL {version}; chương trình cần PostgreSQL {OLDEST_SERVER} trở lên.")
    owner = connection.execute(text("SELECT current_user")).scalar_one()
    if owner == app_role:
        raise SettingError(
            f"HUE_DTI_OWNER_URL và DATABASE_URL cùng là vai trò '{owner}'; "
            "hãy dùng hai vai trò khác nhau để số liệu đã chốt không ai sửa được."
        )
    if connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": app_role}).one_or_none() is None:
        raise StorageError(
            f"Máy chủ chưa có vai trò '{app_role}' ghi trong DATABASE_URL; hãy nhờ quản trị cơ sở dữ liệu tạo: CREATE ROLE {app_role} LOGIN"
        )
