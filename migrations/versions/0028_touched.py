"""Which units' rows a transaction touched: what a process keeps worked out stays good until one shows up here.

`touched` tells of transactions by their numbers and not by a counter: a number is visible exactly when the transaction's rows are, whatever
order transactions end in, and nobody waits for anybody. A transaction takes along the older lines of its units that no other is taking.
"""

from alembic import op

from hue_dti.storage.touching import tells_of_every_unit, tells_of_its_unit

revision = "0028"
down_revision = "0027"

OF_A_UNIT = (
    *("observation", "document_register", "registered_document", "base_settlement", "cell_mark", "evidence", "register_row"),
    *("snapshot", "change_reason", "unit_profile", "submission", "appraisal_mark"),
)
OF_ALL = ("org_unit", "unit_alias", "evidence_look", "evidence_scan", "evidence_withdrawal")


def upgrade() -> None:
    op.execute("CREATE TABLE touched (xact bigint NOT NULL, unit text NOT NULL, PRIMARY KEY (xact, unit))")
    op.execute("CREATE INDEX touched_unit ON touched (unit)")
    _function("touch_units", "SELECT DISTINCT unit FROM fresh")
    _function("touch_all", "SELECT ''")
    tells_of_its_unit(*OF_A_UNIT)
    tells_of_its_unit("pull_run", events=("INSERT", "UPDATE"))
    tells_of_every_unit(*OF_ALL)


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
            own bigint := pg_current_xact_id()::text::bigint;
        BEGIN
            INSERT INTO touched (xact, unit) SELECT own, unnest(units) ON CONFLICT DO NOTHING;
            IF FOUND THEN
                DELETE FROM touched WHERE (xact, unit) IN (
                    SELECT xact, unit FROM touched WHERE unit = ANY (units) AND xact <> own FOR UPDATE SKIP LOCKED);
            END IF;
            RETURN NULL;
        END $$""")  # noqa: S608 - our own words
    op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
