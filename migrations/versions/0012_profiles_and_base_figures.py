"""General information of units, and base figures that count for a year once somebody else has approved them.

All of it is insert-only. A code is given to another unit after a merger, so what was told belongs to the code and the span of time it
was told for. The database itself holds that a proposal is settled once, never approved by who made it, and that the approvals of one
figure are a chain without a fork: of two that would follow the same one, the second is refused.
"""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0012"
down_revision = "0011"


TABLES = ("unit_profile", "base_proposal", "base_decision", "base_settlement")


def upgrade() -> None:
    _profiles()
    _proposals()
    _decisions()
    _settlements()
    only_takes_new_rows(*TABLES)


def downgrade() -> None:
    op.execute(f"DROP TABLE {', '.join(reversed(TABLES))}")


def _profiles() -> None:
    op.execute("""
        CREATE TABLE unit_profile (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            valid_from date NOT NULL,
            address text NOT NULL,
            post text NOT NULL,
            email text NOT NULL CHECK (email !~ '[[:space:][:cntrl:],;<>]'),
            phone text NOT NULL,
            website text NOT NULL,
            leader_post text NOT NULL,
            communes integer CHECK (communes >= 0),
            villages integer CHECK (villages >= 0),
            area_ha integer CHECK (area_ha >= 0),
            source text NOT NULL,
            saved_by text NOT NULL CHECK (saved_by <> ''),
            saved_at timestamptz NOT NULL,
            FOREIGN KEY (unit, valid_from) REFERENCES org_unit (code, valid_from)
        )""")
    op.execute("CREATE INDEX unit_profile_history ON unit_profile (unit, id)")


def _proposals() -> None:
    op.execute("""
        CREATE TABLE base_proposal (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            unit text NOT NULL,
            valid_from date NOT NULL,
            measure text NOT NULL,
            year smallint NOT NULL CHECK (year BETWEEN 1 AND 9999),
            value bigint NOT NULL CHECK (value >= 0),
            as_of date NOT NULL,
            document text NOT NULL CHECK (document <> ''),
            reason text NOT NULL,
            proposed_by text NOT NULL CHECK (btrim(proposed_by) <> ''),
            proposed_at timestamptz NOT NULL,
            FOREIGN KEY (unit, valid_from) REFERENCES org_unit (code, valid_from),
            UNIQUE (id, unit, valid_from, measure, year, proposed_by)
        )""")
    op.execute("CREATE INDEX base_proposal_year ON base_proposal (year, unit)")


def _decisions() -> None:
    op.execute("""
        CREATE TABLE base_decision (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            verdict text NOT NULL CHECK (verdict IN ('approved', 'rejected')),
            decided_by text NOT NULL CHECK (btrim(decided_by) <> ''),
            decided_at timestamptz NOT NULL,
            reason text NOT NULL,
            effects jsonb NOT NULL,
            raw_sha256 text REFERENCES raw_answer,
            UNIQUE (id, verdict, decided_by),
            CHECK ((verdict = 'approved') = (raw_sha256 IS NOT NULL)),
            CHECK (verdict = 'approved' OR reason <> '')
        )""")


def _settlements() -> None:
    op.execute("""
        CREATE TABLE base_settlement (
            proposal_id bigint PRIMARY KEY,
            decision_id bigint NOT NULL,
            position integer NOT NULL CHECK (position >= 0),
            verdict text NOT NULL,
            decided_by text NOT NULL,
            unit text NOT NULL,
            valid_from date NOT NULL,
            measure text NOT NULL,
            year smallint NOT NULL,
            proposed_by text NOT NULL,
            replaces bigint,
            old_value bigint,
            FOREIGN KEY (proposal_id, unit, valid_from, measure, year, proposed_by)
                REFERENCES base_proposal (id, unit, valid_from, measure, year, proposed_by),
            FOREIGN KEY (decision_id, verdict, decided_by) REFERENCES base_decision (id, verdict, decided_by),
            UNIQUE (proposal_id, unit, valid_from, measure, year, verdict),
            FOREIGN KEY (replaces, unit, valid_from, measure, year, verdict)
                REFERENCES base_settlement (proposal_id, unit, valid_from, measure, year, verdict),
            CONSTRAINT who_proposes_never_approves
                CHECK (verdict <> 'approved' OR lower(btrim(decided_by)) <> lower(btrim(proposed_by))),
            CHECK (verdict = 'approved' OR replaces IS NULL)
        )""")
    op.execute("""
        CREATE UNIQUE INDEX base_settlement_chain ON base_settlement (year, unit, valid_from, measure, replaces) NULLS NOT DISTINCT
        WHERE verdict = 'approved'""")
