"""A leader who never signs in: the signed report approves the unit's figures too, as the leader's own press of the button would."""

from __future__ import annotations

from dataclasses import replace

from hue_dti.appraisal.model import Case, Move, Signed, State, Verdict, Workflow
from hue_dti.errors import CaseRefused
from hue_dti.periods import Period
from hue_dti.reports.editions import SignedFile
from hue_dti.reports.issue import Issue
from hue_dti.services.doer import Doer
from hue_dti.services.dossier import Dossier
from hue_dti.services.dossier_read import dossiers
from hue_dti.services.manuscript import Manuscript
from hue_dti.services.register_state import unwritten
from hue_dti.services.review_acts import EVENTS, marks_of, receipt_code, told
from hue_dti.storage.reviews import Made, Step

SENDABLE = frozenset({State.DRAFT, State.WITHDRAWN})
WAITING = SENDABLE | {State.SENT, State.UNDER_REVIEW}


def approval(work: Manuscript, wanted: Issue, file: SignedFile, doer: Doer) -> tuple[Made, ...]:
    """The moves that take the unit's figures to approved by the signed paper; none where they are approved, or some stand returned.

    Figures that nobody sent are sent in the secretary's name first, and asked of their registers as every sending is: CaseRefused where one
    is still being written. Everybody the figures come from may record it: who approves is the leader whose signature is on the paper.
    """
    period = Period.parse(work.period)
    unit = work.snapshot.tree.unit(work.unit)
    (dossier,) = dossiers(work.storage, work.catalogue, work.snapshot, [unit])
    if dossier.case.state not in WAITING or dossier.returned:
        return ()
    why = unwritten(work.storage, unit.code, period) if dossier.case.state in SENDABLE else ""
    if why:
        raise CaseRefused(f"Bản đã ký cũng là phê duyệt số liệu, mà {why}")
    made = [_sent(dossier, doer)] if dossier.case.state in SENDABLE else []
    paper = f"{file.name or 'bản đã ký'} (SHA-256 {file.sha256[:16]}…)"
    cause = f"Theo báo cáo {wanted.cited} do {wanted.signer.name} ký; bản đã ký: {paper}"
    case = Case(unit.code, str(period), Workflow.FIGURES, State.SENT, dossier.case.version + 1, sender=doer.actor.login) if made else None
    return (*made, _approved(dossier, case or dossier.case, wanted, doer, cause))


def _sent(dossier: Dossier, doer: Doer) -> Made:
    sent = told(dossier)
    step = Step(Move.SEND, doer.signed, doer.at, "", None, receipt_code(dossier, sent, doer), sent)
    event = doer.event(EVENTS[Move.SEND], dossier.unit.code, str(dossier.period), dossier.case.state.value, State.SENT.value)
    return Made(dossier.case, step, (), (event,))


def _approved(dossier: Dossier, case: Case, wanted: Issue, doer: Doer, why: str) -> Made:
    signer = wanted.signer
    leader = Signed(f"văn bản {wanted.label}", signer.name, signer.post)
    marks = [replace(mark, by=leader) for mark in marks_of(dossier, dossier.unapproved, Verdict.APPROVED, doer, "")]
    new = f"{State.APPROVED.value}, {len(marks)} số liệu" if marks else State.APPROVED.value
    event = doer.event(EVENTS[Move.APPROVE], dossier.unit.code, str(dossier.period), case.state.value, new, why)
    return Made(case, Step(Move.APPROVE, leader, doer.at, why), tuple(marks), (event,))
