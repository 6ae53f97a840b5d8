"""Which sources are left in peace for a while because they failed several times running, and how often the units have changed."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE source_circuit (
            source text PRIMARY KEY,
            failures integer NOT NULL CHECK (failures >= 0),
            rests_until timestamptz,
            trying boolean NOT NULL,
            CHECK (rests_until IS NOT NULL OR NOT trying)
        )""")
    op.execute("CREATE TABLE unit_change (number bigint NOT NULL)")
    op.execute("INSERT INTO unit_change VALUES (1)")
    op.execute("""
        CREATE FUNCTION count_unit_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE unit_change SET number = number + 1;
            RETURN NULL;
        END $$""")
    op.execute("REVOKE ALL ON FUNCTION count_unit_change() FROM PUBLIC")
    for table in ("org_unit", "unit_alias"):
        op.execute(f"""
            CREATE TRIGGER {table}_change_is_counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION count_unit_change()""")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_change_is_counted")


def downgrade() -> None:
    for table in ("org_unit", "unit_alias"):
        op.execute(f"DROP TRIGGER {table}_change_is_counted ON {table}")
    op.execute("DROP FUNCTION count_unit_change()")
    op.execute("DROP TABLE unit_change, source_circuit")
