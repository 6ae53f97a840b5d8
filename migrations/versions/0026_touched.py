"""Which units' rows a transaction touched: what a process keeps worked out stays good until one shows up here.

`touched` tells of transactions by their numbers and not by a counter: a number is visible exactly when the transaction's rows are, whatever
order transactions end in, and nobody waits for anybody. A transaction takes along the older lines of its units that no other is taking.
"""

from alembic import op

revision = "0026"
down_revision = "0025"

OF_A_UNIT = (
    *("observation", "document_register", "registered_document", "base_settlement", "cell_mark", "evidence"),
    *("snapshot", "change_reason", "unit_profile", "submission", "appraisal_mark"),
)
OF_ALL = ("org_unit", "unit_alias", "evidence_withdrawal")


def upgrade() -> None:
    op.execute("CREATE TABLE touched (xact xid8 NOT NULL, unit text NOT NULL, PRIMARY KEY (xact, unit))")
    op.execute("CREATE INDEX touched_unit ON touched (unit)")
    _function("touch_units", "SELECT DISTINCT unit FROM fresh")
    _function("touch_all", "SELECT ''")
    for table in OF_A_UNIT:
        _trigger(table, "INSERT", "touch_units", "REFERENCING NEW TABLE AS fresh")
    for event in ("INSERT", "UPDATE"):
        _trigger("pull_run", event, "touch_units", "REFERENCING NEW TABLE AS fresh")
    for table in OF_ALL:
        _trigger(table, "INSERT OR UPDATE OR DELETE OR TRUNCATE", "touch_all")


def downgrade() -> None:
    op.execute("DROP FUNCTION touch_units() CASCADE")
    op.execute("DROP FUNCTION touch_all() CASCADE")
    op.execute("DROP TABLE touched")


def _function(name: str, units: str) -> None:
    """The lines it takes away are told of by its own: whoever does not see those does not see this one either."""
    op.execute(f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            units text[] := array({units});
        BEGIN
            INSERT INTO touched (xact, unit) SELECT pg_current_xact_id(), unnest(units) ON CONFLICT DO NOTHING;
            IF FOUND THEN
                DELETE FROM touched WHERE (xact, unit) IN (
                    SELECT xact, unit FROM touched WHERE unit = ANY (units) AND xact <> pg_current_xact_id() FOR UPDATE SKIP LOCKED);
            END IF;
            RETURN NULL;
        END $$""")
    op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")


def _trigger(table: str, event: str, function: str, referencing: str = "") -> None:
    name = f"{table}_{event.partition(' ')[0].lower()}_touches"
    op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {function}()")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
