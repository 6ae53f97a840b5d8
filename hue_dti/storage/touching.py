"""Tables whose rows kept values rest on: the database itself tells whose rows a transaction touched."""

from __future__ import annotations

from alembic import op

ANY = "INSERT OR UPDATE OR DELETE OR TRUNCATE"


def tells_of_its_unit(*tables: str, events: tuple[str, ...] = ("INSERT",)) -> None:
    """Let each table, in a migration, tell of the units in the column `unit` of its new or changed rows, during restores too."""
    for table in tables:
        for event in events:
            _trigger(table, event, "REFERENCING NEW TABLE AS fresh", "touch_units")


def tells_of_every_unit(*tables: str) -> None:
    """The same for tables without such a column, or whose rows matter everywhere: whatever is kept is let go."""
    for table in tables:
        _trigger(table, ANY, "", "touch_all")


def tells_of_a_matter(table: str, matter: str) -> None:
    """The same for a table whose rows matter together, under a name that no unit has."""
    _trigger(table, ANY, "", "touch_matter", f"'{matter}'")


def _trigger(table: str, event: str, referencing: str, function: str, told: str = "") -> None:
    name = f"{table}_{event.partition(' ')[0].lower()}_touches"
    op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {function}({told})")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
