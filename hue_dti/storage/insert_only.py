"""Tables that only ever take new rows: the database itself refuses to change, delete or empty them, whoever asks."""

from __future__ import annotations

from alembic import op


def only_takes_new_rows(*tables: str) -> None:
    """Guard these tables, in a migration, by `refuse_change` (from the first migration on), during restores too."""
    for table in tables:
        op.execute(f"""
            CREATE TRIGGER {table}_only_takes_new_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_takes_new_rows")
