"""Every table's rows as COPY gives them, all as of one moment; and the way back into an empty database.

Nothing but the application's role is needed to dump and nothing but the owner's to fill, on the embedded server as on the province's,
and no program of PostgreSQL's: rows dumped from one version go into another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from hue_dti.errors import StorageError
from hue_dti.storage.engine import driver, transaction
from hue_dti.storage.grants import PRIVILEGES
from hue_dti.storage.migrate import Migration, read_state

NOT_DUMPED = frozenset({"alembic_version", "unit_change", "touched"})
"""What a database keeps about itself: its migration, told beside the rows, how often its units changed, what was touched last."""

_PLAIN = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8'; SET LOCAL timezone = 'UTC'"
"""What a value's spelling depends on: the same rows give the same bytes on every server."""

_TABLES = """
    SELECT held.relname,
           (SELECT array_agg(attname ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = held.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''),
           (SELECT array_agg(attname || CASE WHEN attcollation <> 0 THEN '/C' ELSE '' END ORDER BY array_position(indkey::int2[], attnum))
            FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
            WHERE indrelid = held.oid AND indisprimary),
           coalesce((SELECT array_agg(DISTINCT above.relname) FROM pg_constraint JOIN pg_class AS above ON above.oid = confrelid
                     WHERE conrelid = held.oid AND contype = 'f' AND confrelid <> conrelid), '{}')
    FROM pg_class AS held
    WHERE held.relnamespace = 'public'::regnamespace AND held.relkind = 'r' AND held.relname = ANY (%s)"""

_SERIALS = """
    SELECT attname, pg_get_serial_sequence(format('public.%%I', %(table)s::text), attname)
    FROM pg_attribute WHERE attrelid = format('public.%%I', %(table)s::text)::regclass AND attnum > 0 AND NOT attisdropped
      AND pg_get_serial_sequence(format('public.%%I', %(table)s::text), attname) IS NOT NULL"""

_SILENCED = """
    SELECT tgname FROM pg_trigger
    WHERE tgrelid = format('public.%%I', %s::text)::regclass AND NOT tgisinternal AND tgenabled = 'O'"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table to dump: the columns one may write, and what its rows are ordered by ("/C": byte by byte)."""

    name: str
    columns: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """A dumped table on its way back; `rows` opens its COPY text anew, `sha256` is that text's."""

    name: str
    columns: tuple[str, ...]
    sha256: str
    rows: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Dump:
    """A database as of one moment: its migration and its tables, those that others refer to first."""

    state: Migration
    tables: tuple[Table, ...]
    ends_of_chains: Mapping[str, int]
    _connection: psycopg.Connection

    def rows(self, table: Table) -> Iterator[bytes]:
        """The table as COPY's text, in pieces; the same rows always in the same order."""
        return _rows(self._connection, table)


@contextmanager
def dumping(engine: Engine) -> Iterator[Dump]:
    """The database as it is now, whatever others write meanwhile; StorageError when it is not there or newer than the program."""
    frozen = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with transaction(frozen) as connection:
        state = read_state(connection)
        if state.current is None or state.newer_than_program:
            stands = "chưa có bảng nào" if state.current is None else f"ở bản {state.current}, mới hơn chương trình ({state.head})"
            raise StorageError(f"Cơ sở dữ liệu {stands} nên không sao lưu được; hãy chạy: hue-dti doctor")
        plain = driver(connection)
        plain.execute(_PLAIN)
        tables = _tables(plain)
        yield Dump(state, tables, _ends_of_chains(plain, tables), plain)


def filled(connection: psycopg.Connection) -> tuple[str, ...]:
    """The tables of ours that hold rows."""
    return tuple(table.name for table in _tables(connection) if _holds_rows(connection, table.name))


def fill(connection: psycopg.Connection, fillings: Iterable[Filling]) -> None:
    """Put dumped tables into the empty ones of the same migration, and read them back: StorageError unless every byte is there.

    Triggers that guard what is kept (ENABLE ALWAYS) stay on; what they fill by themselves is only compared. The others, which tell
    the queue's workers of new jobs, are silent meanwhile.
    """
    connection.execute(_PLAIN)
    known, done = {table.name: table for table in _tables(connection)}, []
    for filling in fillings:
        table = known.get(filling.name)
        if table is None or table.columns != filling.columns:
            raise StorageError(f"Bản sao lưu có bảng {filling.name} khác với bảng của chương trình; hãy dùng bản chương trình đã sao lưu.")
        if not _holds_rows(connection, table.name):
            _copy_in(connection, table, filling.rows())
        done.append((table, filling.sha256))
    for table, sha256 in done:
        if _digest(_rows(connection, table)) != sha256:
            raise StorageError(
                f"Bảng {table.name} sau khi phục hồi không giống bản sao lưu; đã bỏ lần phục hồi này, cơ sở dữ liệu vẫn trống."
            )
        _set_serials(connection, table.name)


def _tables(connection: psycopg.Connection) -> tuple[Table, ...]:
    wanted = sorted(set(PRIVILEGES) - NOT_DUMPED)
    found = {row[0]: row for row in connection.execute(_TABLES, (wanted,))}
    sorter = TopologicalSorter({name: sorted(set(found[name][3]) & set(found)) for name in sorted(found)})
    return tuple(Table(name, tuple(found[name][1]), tuple(found[name][2])) for name in sorter.static_order())


def _ends_of_chains(connection: psycopg.Connection, tables: Iterable[Table]) -> Mapping[str, int]:
    """The number of each unit's newest snapshot."""
    if all(table.name != "snapshot" for table in tables):
        return {}
    return dict(connection.execute("SELECT unit, max(sequence) FROM snapshot GROUP BY unit").fetchall())


def _rows(connection: psycopg.Connection, table: Table) -> Iterator[bytes]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    order = sql.SQL(", ").join(_ordered(each) for each in table.order)
    asked = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(columns, sql.Identifier("public", table.name), order)
    with connection.cursor() as cursor, cursor.copy(asked) as copy:
        for piece in copy:
            yield bytes(piece)


def _ordered(column: str) -> sql.Composable:
    name, _, by_bytes = column.partition("/")
    return sql.SQL('{} COLLATE "C"').format(sql.Identifier(name)) if by_bytes else sql.Identifier(name)


def _copy_in(connection: psycopg.Connection, table: Table, rows: Iterable[bytes]) -> None:
    name, columns = sql.Identifier("public", table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    silenced = [sql.Identifier(row[0]) for row in connection.execute(_SILENCED, (table.name,))]
    for trigger in silenced:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(name, trigger))
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, columns)) as copy:
        for piece in rows:
            copy.write(piece)
    for trigger in silenced:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(name, trigger))


def _set_serials(connection: psycopg.Connection, table: str) -> None:
    """Let numbers go on after the highest that is there."""
    for column, sequence in connection.execute(_SERIALS, {"table": table}).fetchall():
        highest = sql.SQL("SELECT setval({}, max({})) FROM {} HAVING max({}) IS NOT NULL")
        number = sql.Identifier(column)
        connection.execute(highest.format(sql.Literal(sequence), number, sql.Identifier("public", table), number))


def _holds_rows(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier("public", table))).fetchone()
    return found is not None and bool(found[0])


def _digest(rows: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in rows:
        digest.update(piece)
    return digest.hexdigest()
