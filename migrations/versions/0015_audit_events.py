"""The audit trail: one chain of events in which each names the hash of the one before it.

The database itself numbers, spells and hashes: `chain_event` waits its turn (an advisory lock that lasts until the transaction ends), so
the chain has no fork and no gap, and the application's role may not write those columns at all. Whoever owns the tables could still
rewrite the whole chain; that is what the head kept outside the database is for. The owner's own rows, which a restore brings back, are
taken with their hashes as they were, so that a restore never heals what somebody has changed.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE audit_event (
            seq bigint PRIMARY KEY CHECK (seq >= 1),
            at timestamptz NOT NULL,
            act text NOT NULL CHECK (act <> ''),
            actor text NOT NULL,
            name text NOT NULL,
            unit text NOT NULL,
            subject text NOT NULL,
            old text NOT NULL,
            new text NOT NULL,
            reason text NOT NULL,
            address text NOT NULL,
            request text NOT NULL,
            body text NOT NULL,
            prev_hash text NOT NULL UNIQUE,
            hash text NOT NULL
        )""")
    for columns in ("at", "act, seq", "actor, seq", "unit, seq"):
        op.execute(f"CREATE INDEX ON audit_event ({columns})")
    _chain()
    only_takes_new_rows("audit_event")


def downgrade() -> None:
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM audit_event) THEN
                RAISE EXCEPTION 'the audit trail would be lost: back the database up and restore it with the older program instead';
            END IF;
        END $$""")
    op.execute("DROP TABLE audit_event")
    op.execute("DROP FUNCTION chain_event")


def _chain() -> None:
    """`body` is what hue_dti/trail/chain.py spells from the same fields; the hash covers the hash before, the number and the body."""
    op.execute("""
        CREATE FUNCTION chain_event() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        DECLARE
            head record;
        BEGIN
            IF NEW.hash IS NOT NULL THEN
                RETURN NEW;
            END IF;
            PERFORM pg_advisory_xact_lock(hashtextextended('hue_dti audit trail', 0));
            SELECT seq, hash INTO head FROM audit_event ORDER BY seq DESC LIMIT 1;
            NEW.seq := coalesce(head.seq, 0) + 1;
            NEW.prev_hash := coalesce(head.hash, repeat('0', 64));
            NEW.body := json_build_array(
                to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), NEW.act, NEW.actor, NEW.name, NEW.unit,
                NEW.subject, NEW.old, NEW.new, NEW.reason, NEW.address, NEW.request)::text;
            NEW.hash := encode(sha256(convert_to(NEW.prev_hash || ' ' || NEW.seq || ' ' || NEW.body, 'UTF8')), 'hex');
            RETURN NEW;
        END $$""")
    op.execute("""
        CREATE TRIGGER audit_event_is_chained BEFORE INSERT ON audit_event
        FOR EACH ROW EXECUTE FUNCTION chain_event()""")
    op.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_is_chained")
