"""Alerts tell of their changes, so that the count in every page's frame is not asked for each time."""

from alembic import op

from hue_dti.storage.touching import tells_of_a_matter

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION touch_matter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            matter text := TG_ARGV[0];
            own bigint := pg_current_xact_id()::text::bigint;
        BEGIN
            INSERT INTO touched (xact, unit) VALUES (own, matter) ON CONFLICT DO NOTHING;
            IF FOUND THEN
                DELETE FROM touched WHERE (xact, unit) IN (
                    SELECT xact, unit FROM touched WHERE unit = matter AND xact <> own FOR UPDATE SKIP LOCKED);
            END IF;
            RETURN NULL;
        END $$""")
    op.execute("REVOKE ALL ON FUNCTION touch_matter() FROM PUBLIC")
    tells_of_a_matter("alert", "/alerts")


def downgrade() -> None:
    op.execute("DROP FUNCTION touch_matter() CASCADE")
