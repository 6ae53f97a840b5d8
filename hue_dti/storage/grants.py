"""What the application's role may do with each table: read and add everywhere, change only where a line says so."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
REPLACE = "SELECT, INSERT, UPDATE, DELETE"
NOTE = "SELECT, INSERT (at, act, actor, name, unit, subject, old, new, reason, address, request)"
"""Tell an event; its number and its place in the chain are the database's to give."""

PRIVILEGES: Mapping[str, str] = {
    "alembic_version": READ,
    "org_unit": REPLACE,
    "unit_alias": REPLACE,
    "unit_change": READ,
    "unit_event": CHANGE,
    "unit_event_change": REPLACE,
    "unit_event_step": ADD,
    "unit_closure": REPLACE,
    "touched": READ,
    "unknown_unit_name": REPLACE,
    "dismissed_unit_name": ADD,
    "change_reason": ADD,
    "difference_reason": ADD,
    "pull_run": CHANGE,
    "raw_answer": ADD,
    "raw_request": ADD,
    "origin": ADD,
    "observation": ADD,
    "second_opinion": ADD,
    "newest_observation": READ,
    "document_register": ADD,
    "registered_document": ADD,
    "snapshot": ADD,
    "snapshot_lower_unit": ADD,
    "procrastinate_jobs": REPLACE,
    "procrastinate_events": ADD,
    "procrastinate_workers": REPLACE,
    "procrastinate_periodic_defers": REPLACE,
    "scheduled_run": ADD,
    "heartbeat": CHANGE,
    "stale_source": REPLACE,
    "reminder": CHANGE,
    "source_circuit": REPLACE,
    "alert": CHANGE,
    "source_trial": REPLACE,
    "unit_profile": ADD,
    "base_proposal": ADD,
    "base_decision": ADD,
    "base_settlement": ADD,
    "article": ADD,
    "article_assignment": ADD,
    "account": CHANGE,
    "account_grant": CHANGE,
    "account_invitation": CHANGE,
    "session": REPLACE,
    "sign_in_attempt": REPLACE,
    "criterion_assignment": CHANGE,
    "second_factor": REPLACE,
    "account_identity": ADD,
    "recovery_code": REPLACE,
    "evidence_file": ADD,
    "evidence_look": ADD,
    "evidence_scan": ADD,
    "evidence": ADD,
    "evidence_withdrawal": ADD,
    "register_row": ADD,
    "register_word": ADD,
    "plan_version": ADD,
    "plan_report": ADD,
    "assessment_round": ADD,
    "round_extension": ADD,
    "round_days": ADD,
    "round_self_mark": ADD,
    "round_mark": ADD,
    "round_publication": ADD,
    "round_notice": CHANGE,
    "report_text": ADD,
    "report_step": ADD,
    "report_issue": ADD,
    "report_signed_file": ADD,
    "report_correction": ADD,
    "submission": ADD,
    "cell_mark": ADD,
    "cell_comment": ADD,
    "lock_exception": ADD,
    "appraisal_mark": ADD,
    "audit_event": NOTE,
    "entry": ADD,
    "figure_note": ADD,
    "figure_note_answer": ADD,
    "provincial_value": ADD,
    "year_result": ADD,
}

SEQUENCES = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")
"""Numbers that a role without the table's ownership may draw; identity columns need no line."""


def grant(connection: psycopg.Connection, app_role: str) -> None:
    """Give the role these privileges and no others; takes the owner's connection."""
    role = sql.Identifier(app_role)
    connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {}").format(role))
    connection.execute(sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(role))
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    for table, privileges in PRIVILEGES.items():
        if _is_there(connection, table):
            connection.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(privileges), sql.Identifier("public", table), role))
    for sequence in SEQUENCES:
        if _is_there(connection, sequence):
            connection.execute(sql.SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(sql.Identifier("public", sequence), role))


def _is_there(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", (f"public.{name}",)).fetchone()
    return found is not None and found[0] is not None
