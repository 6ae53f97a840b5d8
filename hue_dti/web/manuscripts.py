"""What the report's pages work on: its manuscript, the hand of whoever asks, and which of its papers is meant."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from hue_dti.accounts.model import Act
from hue_dti.periods import Period
from hue_dti.reports.editions import Edition, Person
from hue_dti.services.manuscript import Manuscript, Paper, manuscript
from hue_dti.services.report_moves import ReportHand
from hue_dti.web.access import address, can, request_number
from hue_dti.web.sessions import actor
from hue_dti.web.site import Quarter, now, open_quarter, site

DRAFT = "nhap"
"""In `?ban=`: what is worked on, though another edition is in force."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The paper that a request means: of which edition, of which version where one is asked for."""

    paper: Paper
    edition: Edition
    version: int | None


def open_work(code: str, period: str) -> tuple[Quarter, Manuscript]:
    """A unit's quarter and what is kept of its report; answers as `open_quarter` does when there is nothing."""
    shown = open_quarter(code, period)
    return shown, manuscript(site().storage, shown.snapshot, shown.catalogue)


def hand(work: Manuscript) -> ReportHand:
    """Who asks, with the acts that are allowed at the report's unit."""
    asking, day = actor(), Period.parse(work.period).end
    acts = frozenset(act for act in (Act.EDIT_REPORT, Act.ISSUE_REPORT) if can(act, work.unit, day))
    return ReportHand(Person(asking.login, asking.name, asking.post, address(), request_number()), acts, now())


def sees_drafts(work: Manuscript) -> bool:
    """Whether whoever asks may see what is not issued."""
    return can(Act.READ_LIVE, work.unit, Period.parse(work.period).end)


def chosen(work: Manuscript) -> Chosen:
    """The paper named by `?lan=` (an edition) or `?ban=` (a version of the current one); without them the one in force.

    404 for what is not there, or is not issued and not for whoever asks.
    """
    asked, version = request.args.get("lan", ""), request.args.get("ban", "")
    edition = work.case.current if version else work.case.issued or work.case.current
    if asked:
        edition = _found(work, asked)
    if edition.issue is None and not sees_drafts(work):
        abort(404)
    number = _number(version) if version not in ("", DRAFT) else None
    if number is not None and (edition.issue is not None or number > edition.newest or not sees_drafts(work)):
        abort(404)
    return Chosen(work.paper(edition, number), edition, number)


def _found(work: Manuscript, asked: str) -> Edition:
    try:
        return work.case.edition(_number(asked))
    except KeyError:
        abort(404)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        abort(404)
    return int(text)
