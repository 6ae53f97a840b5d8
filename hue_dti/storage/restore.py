"""Bring a dumped database back: into an empty one, in one transaction, through the migration it was dumped at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.storage.dump import Filling, fill, filled
from hue_dti.storage.engine import driver
from hue_dti.storage.migrate import head, migrate, read_state
from hue_dti.storage.trail import record
from hue_dti.trail.model import Event

if TYPE_CHECKING:
    from alembic.config import Config


def restore(
    settings: Settings,
    revision: str,
    fillings: Iterable[Filling],
    before_commit: Callable[[], None] = lambda: None,
    trail: Sequence[Event] = (),
) -> None:
    """Fill the empty database with a dump of that migration and bring it to the program's own, all or nothing.

    The events `trail` are recorded after those that were restored; `before_commit` is called when everything is in place.
    Raises StorageError for a database that holds rows, a migration the program does not know, or rows that did not arrive as they
    were dumped; needs the owner's role.
    """
    if revision > head() or not revision.isdigit():
        raise StorageError(
            f"Bản sao lưu ở bản {revision}, mới hơn bản {head()} mà chương trình này biết; hãy cài bản chương trình mới hơn."
        )

    from alembic import command

    def run(config: Config, connection: Connection) -> None:
        _refuse_filled(connection)
        current = read_state(connection).current
        if current != revision:
            if current is not None:
                command.downgrade(config, "base")
            command.upgrade(config, revision)
        fill(driver(connection), fillings)
        command.upgrade(config, "head")
        record(connection, *trail)
        before_commit()

    migrate(settings, run)


def _refuse_filled(connection: Connection) -> None:
    names = filled(driver(connection))
    if names:
        raise StorageError(
            f"Cơ sở dữ liệu đích không trống: đã có số liệu ở bảng {', '.join(names)}. Phục hồi chỉ vào cơ sở dữ liệu mới tạo: hãy tạo "
            "cơ sở dữ liệu khác (hoặc đặt HUE_DTI_HOME vào thư mục mới khi dùng PostgreSQL đi kèm) rồi chạy lại."
        )
