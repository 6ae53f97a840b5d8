"""What hangs on units that an event made: once anything does, the event is not taken back any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONPATH

from hue_dti.errors import PeriodError
from hue_dti.periods import LOCAL, Period
from hue_dti.storage.tables import (
    change_reason,
    difference_reason,
    document_register,
    newest_observation,
    second_opinion,
    snapshot,
    snapshot_lower_unit,
)
from hue_dti.storage.tables_accounts import account_grant, criterion_assignment
from hue_dti.storage.tables_aside import alert, base_proposal, unit_profile
from hue_dti.storage.tables_entry import entry, figure_note
from hue_dti.storage.tables_evidence import evidence
from hue_dti.storage.tables_plans import plan_report, plan_version
from hue_dti.storage.tables_provincial import provincial_value
from hue_dti.storage.tables_registers import register_row, register_word
from hue_dti.storage.tables_reports import report_step, report_text
from hue_dti.storage.tables_reviews import appraisal_mark, cell_comment, cell_mark, lock_exception, submission
from hue_dti.storage.tables_rounds import assessment_round, round_extension, round_mark, round_self_mark
from hue_dti.units.events import UnitEvent

MOST_UNITS = 5


@dataclass(frozen=True, slots=True)
class Use:
    """One kind of thing that hangs on new units, and the codes of the first of them."""

    what: str
    units: tuple[str, ...]


IN_A_PERIOD: tuple[tuple[str, Table], ...] = (
    ("số liệu", newest_observation),
    ("số liệu để so sánh", second_opinion),
    ("số liệu nhập tay", entry),
    ("ghi chú số liệu", figure_note),
    ("lý do thay đổi số liệu", change_reason),
    ("lý do chênh lệch số liệu", difference_reason),
    ("danh mục văn bản", document_register),
    ("giá trị cấp tỉnh", provincial_value),
    ("hồ sơ gửi duyệt", submission),
    ("ý kiến duyệt số liệu", cell_mark),
    ("trao đổi về số liệu", cell_comment),
    ("mở khóa số liệu", lock_exception),
    ("tình trạng sổ theo dõi", register_word),
    ("điểm thẩm định", appraisal_mark),
    ("tài liệu kiểm chứng", evidence),
    ("báo cáo", report_text),
    ("bước ban hành báo cáo", report_step),
    ("bản chốt", snapshot),
)
"""Tables with a unit and a period."""

SINCE: tuple[tuple[str, Column[str], Column[datetime], tuple[ColumnElement[bool], ...]], ...] = (
    ("quyền của người dùng", account_grant.c.unit, account_grant.c.granted_at, (account_grant.c.ended_at.is_(None),)),
    ("phân công", criterion_assignment.c.unit, criterion_assignment.c.assigned_at, (criterion_assignment.c.ended_at.is_(None),)),
    ("cảnh báo đã tiếp nhận", alert.c.unit, alert.c.acknowledged_at, ()),
    ("sổ theo dõi", register_row.c.unit, register_row.c.entered_at, ()),
    ("đợt đánh giá", assessment_round.c.host, assessment_round.c.done_at, ()),
    ("gia hạn đợt đánh giá", round_extension.c.unit, round_extension.c.done_at, ()),
    ("điểm tự đánh giá", round_self_mark.c.unit, round_self_mark.c.done_at, ()),
    ("điểm thẩm định trong đợt đánh giá", round_mark.c.unit, round_mark.c.done_at, ()),
    ("kế hoạch", plan_version.c.unit, plan_version.c.done_at, ()),
    ("tình hình kế hoạch", plan_report.c.unit, plan_report.c.done_at, ()),
)
"""Tables with a unit and a moment: the column of each, and which of its rows still count."""

INSIDE: tuple[tuple[str, Table, str], ...] = (
    ("đơn vị trong đợt đánh giá", assessment_round, "$.units[*][0]"),
    ("đơn vị trong kế hoạch", plan_version, "$.who.*[*]"),
)
"""Tables whose `content` names units, with the path to their codes; `done_at` is their moment."""

FROM_THE_DAY: tuple[tuple[str, Table], ...] = (("số liệu nền", base_proposal), ("thông tin chung", unit_profile))
"""Tables that tell of the very unit that begins on a day."""

ASIDE = {
    "observation": "its newest is in newest_observation",
    "registered_document": "its list is in document_register",
    "base_settlement": "settles a base_proposal",
    "report_issue": "belongs to a report_step",
    "report_signed_file": "belongs to a report_step",
    "report_correction": "belongs to a report_step",
    "snapshot_lower_unit": "by the day its snapshot was frozen",
    "pull_run": "an attempt; what came of it is in observation",
    "source_trial": "an attempt",
    "stale_source": "an attempt that failed",
    "reminder": "a letter sent",
    "audit_event": "tells what was done, whatever becomes of it",
    "touched": "a mark for caches",
}
"""Tables with a unit of which nothing more hangs, and why."""


def uses(connection: Connection, event: UnitEvent) -> tuple[Use, ...]:
    """What was stored from the event's day on for units that bear the codes it gave."""
    codes = sorted({change.new for change in event.changes if change.new})
    found = (*_by_period(connection, event, codes), *_by_moment(connection, event, codes))
    return tuple(use for use in found if use.units)


def _by_period(connection: Connection, event: UnitEvent, codes: list[str]) -> Iterator[Use]:
    for what, table in IN_A_PERIOD:
        yield _use(connection, what, table.c.unit, codes, *_later(connection, table, event, codes))
    for what, table in FROM_THE_DAY:
        yield _use(connection, what, table.c.unit, codes, table.c.valid_from == event.effective_on)


def _by_moment(connection: Connection, event: UnitEvent, codes: list[str]) -> Iterator[Use]:
    begun = datetime.combine(event.effective_on, time(), LOCAL)
    frozen = select(snapshot.c.sha256).where(snapshot.c.cutoff >= event.effective_on)
    yield _use(connection, "bản chốt của đơn vị trên", snapshot_lower_unit.c.unit, codes, snapshot_lower_unit.c.sha256.in_(frozen))
    for what, unit, moment, which in SINCE:
        yield _use(connection, what, unit, codes, moment >= begun, *which)
    for what, table, path in INSIDE:
        named = func.jsonb_path_query(table.c.content, cast(path, JSONPATH)).op("#>>")(literal_column("'{}'"))
        told = select(named.label("unit")).where(table.c.done_at >= begun).subquery()
        yield _use(connection, what, told.c.unit, codes)


def _use(connection: Connection, what: str, unit: ColumnElement[Any], codes: Iterable[str], *which: ColumnElement[bool]) -> Use:
    asked = select(unit).distinct().where(unit.in_(list(codes)), *which).order_by(unit).limit(MOST_UNITS)
    return Use(what, tuple(connection.execute(asked).scalars()))


def _later(connection: Connection, table: Table, event: UnitEvent, codes: list[str]) -> tuple[ColumnElement[bool], ...]:
    """Rows of periods that end on the event's day or later; a period that nobody can read is not one of them."""
    spelt = connection.execute(select(table.c.period).distinct().where(table.c.unit.in_(codes))).scalars()
    return (table.c.period.in_([each for each in spelt if _ends_after(each, event)]),)


def _ends_after(spelt: str, event: UnitEvent) -> bool:
    try:
        return Period.parse(spelt).end >= event.effective_on
    except PeriodError:
        return False
