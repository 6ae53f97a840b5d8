"""The registers of issued and received documents, one copy for each pull; the newest copy of a unit and period counts."""

from alembic import op

from hue_dti.storage.insert_only import only_takes_new_rows

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE document_register (
            run_id bigint PRIMARY KEY REFERENCES pull_run,
            unit text NOT NULL,
            period text NOT NULL
        )""")
    op.execute("CREATE INDEX document_register_newest ON document_register (unit, period, run_id DESC)")
    op.execute("""
        CREATE TABLE registered_document (
            run_id bigint NOT NULL REFERENCES document_register,
            position integer NOT NULL,
            unit text NOT NULL,
            direction text NOT NULL CHECK (direction IN ('issued', 'received')),
            number text NOT NULL,
            issued_on date NOT NULL,
            kind text NOT NULL,
            title text NOT NULL,
            issuer text NOT NULL,
            criterion text NOT NULL,
            note text NOT NULL,
            raw_sha256 text REFERENCES raw_answer,
            place text NOT NULL,
            PRIMARY KEY (run_id, position)
        )""")
    op.execute("CREATE INDEX registered_document_unit ON registered_document (unit, issued_on)")
    only_takes_new_rows("document_register", "registered_document")


def downgrade() -> None:
    op.execute("DROP TABLE registered_document, document_register")
