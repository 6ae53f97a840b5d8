"""The appraiser's marks beside the self-score: which of a criterion's words counts, what was lost, when all is explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import may
from hue_dti.appraisal.model import Answer, AppraisalMark, Case, Stage, State
from hue_dti.appraisal.moves import NOT_YOURS, OWN_FIGURES, Attempt, is_own, stands

WRITTEN_IN: Mapping[Stage, tuple[State, Act]] = {
    Stage.APPRAISED: (State.APPRAISING, Act.APPRAISE),
    Stage.EXPLAINED: (State.EXPLAINING, Act.SEND),
    Stage.FINAL: (State.EXPLAINING, Act.APPRAISE),
}
"""In which state each word is written, by which right."""


@dataclass(frozen=True, slots=True)
class Words:
    """All words on one criterion; points are ten-thousandths."""

    criterion: str
    self_points: int
    appraised: AppraisalMark | None = None
    explained: AppraisalMark | None = None
    final: AppraisalMark | None = None

    @property
    def points(self) -> int:
        """What counts now: the last word of the appraiser, else the self-score."""
        said = (self.final, self.appraised)
        return next((each.points for each in said if each is not None and each.points is not None), self.self_points)

    @property
    def differs(self) -> bool:
        """Whether the appraiser gave other points than the unit itself."""
        return self.appraised is not None and self.appraised.points != self.self_points

    @property
    def waits(self) -> bool:
        """Whether the unit has not yet said a word on points taken or given, nor the appraiser his last."""
        return self.differs and self.explained is None and self.final is None


def words(self_points: Mapping[str, int], marks: Iterable[AppraisalMark]) -> dict[str, Words]:
    """The words on every criterion, in the order of `self_points`; of several at one stage the last counts."""
    said: dict[str, dict[str, AppraisalMark]] = {}
    for mark in sorted(marks, key=lambda each: each.number):
        said.setdefault(mark.criterion, {})[mark.stage.value] = mark
    return {code: Words(code, points, **said.get(code, {})) for code, points in self_points.items()}


def may_word(case: Case, stage: Stage, attempt: Attempt, points: int | None, most: int) -> Answer:
    """Whether the person may write this on a criterion of at most `most` points."""
    state, act = WRITTEN_IN[stage]
    if case.state is not state:
        return Answer(False, stands(case) if case.version else "Chưa mở thẩm định cho quý này.")
    late = case.until is not None and attempt.today > case.until
    checks = (
        (not may(attempt.actor, act, attempt.line), NOT_YOURS),
        (stage is not Stage.EXPLAINED and is_own(case, attempt), OWN_FIGURES),
        (stage is Stage.EXPLAINED and late, "Đã hết hạn giải trình."),
        (stage is not Stage.EXPLAINED and (points is None or not 0 <= points <= most), "Điểm phải từ 0 đến điểm tối đa của tiêu chí."),
        (not attempt.reason.strip(), "Chưa ghi lý do; hãy viết căn cứ của điểm này."),
    )
    return next((Answer(False, why) for wrong, why in checks if wrong), Answer(True))


def unsettled(case: Case, known: Iterable[Words], today: date) -> str:
    """Why the result cannot be settled yet; empty when it can: all that differs is explained, or the time for it is over."""
    waiting = [each.criterion for each in known if each.waits]
    if not waiting or (case.state is State.EXPLAINING and case.until is not None and today > case.until):
        return ""
    return f"Đơn vị chưa giải trình {', '.join(waiting)}; hãy gửi đơn vị giải trình rồi chờ trả lời hoặc hết hạn."
