"""Facts about the database that decide whether figures are safe in it; judging them is the doctor's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from hue_dti.config import Settings
from hue_dti.storage.engine import driver, transaction
from hue_dti.storage.migrate import Migration, read_state
from hue_dti.storage.opening import application_engine

_ROLE = text("""
    SELECT current_user AS role,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
           EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'MEMBER')) AS owner,
           has_schema_privilege(current_user, 'public', 'CREATE') AS creates""")
_UNGUARDED = text("""
    SELECT relname FROM pg_class AS held
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(:guarded) AND NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = held.oid AND tgname = relname || '_only_takes_new_rows' AND tgenabled = 'A')
    ORDER BY relname""")

GUARDED = (
    "raw_answer",
    "raw_request",
    "origin",
    "observation",
    "second_opinion",
    "document_register",
    "registered_document",
    "snapshot",
    "snapshot_lower_unit",
    "unit_profile",
    "base_proposal",
    "base_decision",
    "base_settlement",
    "article",
    "article_assignment",
    "report_text",
    "report_step",
    "report_issue",
    "report_signed_file",
    "report_correction",
    "submission",
    "cell_mark",
    "cell_comment",
    "lock_exception",
    "appraisal_mark",
    "audit_event",
    "evidence_file",
    "evidence_look",
    "evidence_scan",
    "evidence",
    "evidence_withdrawal",
    "register_row",
    "register_word",
    "plan_version",
    "plan_report",
    "assessment_round",
    "round_extension",
    "round_days",
    "round_self_mark",
    "round_mark",
    "round_publication",
    "entry",
    "figure_note",
    "figure_note_answer",
    "provincial_value",
    "year_result",
    "unit_event_step",
)
"""Tables that only take new rows."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at the database found; `version` as in 150018 for 15.18, `unguarded` the insert-only tables without their trigger."""

    version: int
    role: str
    superuser: bool
    owner: bool
    creates: bool
    migration: Migration
    unguarded: tuple[str, ...]


def look_at(settings: Settings) -> Health:
    """Look at the database as the application's role; raise StorageError or SettingError when it cannot be reached."""
    with application_engine(settings) as engine, transaction(engine) as connection:
        return _look(connection)


def _look(connection: Connection) -> Health:
    role = connection.execute(_ROLE).one()
    return Health(
        version=driver(connection).info.server_version,
        role=role.role,
        superuser=role.superuser,
        owner=role.owner,
        creates=role.creates,
        migration=read_state(connection),
        unguarded=tuple(connection.execute(_UNGUARDED, {"guarded": list(GUARDED)}).scalars()),
    )
