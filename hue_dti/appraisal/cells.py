"""Single figures under review: who may mark one, which word on it holds, whether it is open for typing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import may
from hue_dti.appraisal.model import Answer, Case, LockException, Mark, State, Verdict
from hue_dti.appraisal.moves import NOT_YOURS, OWN_FIGURES, Attempt, stands
from hue_dti.numerals import format_date

CLOSED = "Quý đã chốt; muốn bổ sung hay sửa, hãy đề nghị Ban Chỉ đạo mở khóa tiêu chí của ô này, nhập xong thì chốt lại."
"""Why a cell of a closed quarter takes no typing."""

Key = tuple[str, str]
"""Unit and measure."""

MARKS: Mapping[Verdict, Act] = {Verdict.APPROVED: Act.APPROVE, Verdict.RETURNED: Act.REVIEW, Verdict.CLEARED: Act.REVIEW}
"""The right that each word on a figure takes."""


def may_mark(case: Case, verdict: Verdict, attempt: Attempt, entered_by: Collection[str]) -> Answer:
    """Whether the person may say this of figures that these logins typed; only while the unit's figures are under review."""
    if case.state is not State.UNDER_REVIEW:
        return Answer(False, stands(case) if case.state is not State.SENT else "Chưa mở thẩm tra; hãy bấm Bắt đầu thẩm tra trước.")
    checks = (
        (not may(attempt.actor, MARKS[verdict], attempt.line), NOT_YOURS),
        (verdict is Verdict.APPROVED and attempt.actor.login in {*entered_by, case.sender} - {""}, OWN_FIGURES),
        (
            verdict is Verdict.RETURNED and not attempt.reason.strip(),
            "Chưa ghi lý do trả lại; hãy viết một dòng để đơn vị biết cần sửa gì.",
        ),
    )
    return next((Answer(False, why) for wrong, why in checks if wrong), Answer(True))


def standing_marks(marks: Iterable[Mark]) -> dict[Key, Mark]:
    """The newest word on each cell, in the order of their numbers; what was cleared is gone."""
    newest: dict[Key, Mark] = {}
    for mark in sorted(marks, key=lambda each: each.number):
        newest[mark.unit, mark.measure] = mark
    return {key: mark for key, mark in newest.items() if mark.verdict is not Verdict.CLEARED}


def holds(mark: Mark | None, value: int | None, raw_sha256: str) -> bool:
    """Whether the word was said of this very figure."""
    return mark is not None and (mark.value, mark.raw_sha256) == (value, raw_sha256)


def open_until(exceptions: Iterable[LockException], criteria: Collection[str], today: date) -> LockException | None:
    """The exception that opens one of the criteria today; of several for a criterion the last one counts."""
    newest = {each.criterion: each for each in exceptions if each.criterion in criteria}
    return max((each for each in newest.values() if today <= each.until), key=lambda each: each.until, default=None)


def may_change(
    case: Case,
    mark: Mark | None,
    exceptions: Iterable[LockException],
    criteria: Collection[str],
    today: date,
    said: Mark | None = None,
    closed: bool = False,
) -> Answer:
    """Whether a figure of these criteria may be typed while its unit's case stands like this; once `closed`, only by an exception.

    `mark` is the word that holds on it, `said` the newest word on the cell: one that was returned is open at once, and stays open for
    its unit to mend until the committee says another word on it.
    """
    opened = open_until(exceptions, criteria, today)
    if opened is not None:
        return Answer(True, f"Được mở khóa đến {format_date(opened.until)}: {opened.reason}")
    if closed:
        return Answer(False, CLOSED)
    if case.state in {State.DRAFT, State.WITHDRAWN}:
        return Answer(True)
    if case.state is State.UNDER_REVIEW and said is not None and said.verdict is Verdict.RETURNED:
        return Answer(True, f"{said.by.name} trả lại: {said.reason}")
    if case.state is not State.RETURNED:
        return Answer(False, stands(case))
    if mark is not None and mark.verdict is Verdict.APPROVED:
        return Answer(False, f"{mark.by.name} đã duyệt ô này; muốn sửa hãy xin mở khóa tiêu chí.")
    return Answer(True, f"{mark.by.name} trả lại: {mark.reason}" if mark is not None else "")
