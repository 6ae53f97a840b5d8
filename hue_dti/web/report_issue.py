"""Submitting, approving and issuing the report, and what may follow an issued one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from io import BytesIO

from flask import Flask, abort, redirect, render_template, request, send_file, url_for
from werkzeug import Response

from hue_dti.errors import CaseRefused, NumeralError
from hue_dti.numerals import format_date, parse_date
from hue_dti.reports.case import Move, may_move
from hue_dti.reports.content import level_of
from hue_dti.reports.editions import SignedFile, Step
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.issue import Issue, Signer
from hue_dti.reports.narrative import SIGNING
from hue_dti.reports.texts import text
from hue_dti.services import issued_files
from hue_dti.services.manuscript import Manuscript, snapshot_of
from hue_dti.services.quarter import catalogue_of
from hue_dti.services.report_moves import ReportHand, attach, correct, facts, go, issue, replace, submit
from hue_dti.services.signed_approval import approval
from hue_dti.services.signed_paper import FIELD, receive
from hue_dti.storage import home_folder
from hue_dti.web.dossiers import doer
from hue_dti.web.manuscripts import hand, open_work
from hue_dti.web.report_desk import LABELS
from hue_dti.web.site import site, today
from hue_dti.web.uploads import LARGER

Form = Mapping[str, str]
Answer = Response | tuple[str, int]

_PLACE = "/don-vi/<code>/<period>/bao-cao"
_UPLOAD = issued_files.LARGEST + 1_000_000
"""Room for the file and the fields around it."""


def register(app: Flask) -> None:
    """Give issuing its addresses."""
    app.add_url_rule(f"{_PLACE}/phat-hanh", "report_issue", issue_page)
    acts: dict[str, tuple[str, Callable[..., Answer]]] = {
        "trinh-ky": ("submit_report", _act(_submit)),
        "rut-ve": ("withdraw_report", _act(_going(Move.WITHDRAW))),
        "tra-lai": ("return_report", _act(_going(Move.RETURN))),
        "duyet": ("approve_report", _act(_going(Move.APPROVE))),
        "phat-hanh": ("issue_report", _act(_issue)),
        "lanh-dao-phat-hanh": ("leader_issues_report", _act(_issue)),
        "ban-ky": ("attach_signed_report", _act(_attach)),
        "dinh-chinh": ("correct_report", _act(_correct)),
        "thay-the": ("replace_report", _act(_replace)),
    }
    for words, (name, act) in acts.items():
        app.add_url_rule(f"{_PLACE}/{words}", name, act, methods=["POST"])
    app.add_url_rule(f"{_PLACE}/ban-ky/<sha256>.pdf", "signed_report", signed_file)
    LARGER.update(dict.fromkeys(("issue_report", "leader_issues_report", "attach_signed_report"), _UPLOAD))


def issue_page(code: str, period: str) -> str:
    """How far the report is, and what whoever asks may do next."""
    return _page(code, period, {})


def signed_file(code: str, period: str, sha256: str) -> Response:
    """A signed file of an issued report, as it came."""
    _, work = open_work(code, period)
    found = next((each for edition in work.case.editions for each in edition.files if each.sha256 == sha256), None)
    if found is None:
        abort(404)
    body = issued_files.read(home_folder(site().settings), sha256)
    answer = send_file(BytesIO(body), mimetype="application/pdf", as_attachment=True, download_name=f"bao-cao-da-ky-{code}-{period}.pdf")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _act(do: Callable[[Manuscript, ReportHand, Form], None]) -> Callable[[str, str], Answer]:
    """A view that does one thing to the report and comes back to the page, with why where it was refused."""

    def view(code: str, period: str) -> Answer:
        _, work = open_work(code, period)
        try:
            do(work, hand(work), request.form)
        except CaseRefused as told:
            return _page(code, period, request.form, told), 409
        return redirect(url_for("report_issue", code=code, period=period), 303)

    return view


def _submit(work: Manuscript, by: ReportHand, form: Form) -> None:
    submit(work, _whole(form, "ban"), by)


def _going(move: Move) -> Callable[[Manuscript, ReportHand, Form], None]:
    def do(work: Manuscript, by: ReportHand, form: Form) -> None:
        go(work, move, _whole(form, "buoc"), by, form.get("ly-do", ""))

    return do


def _issue(work: Manuscript, by: ReportHand, form: Form) -> None:
    signer = Signer(*(form.get(key, "").strip() for key in SIGNING))
    wanted = Issue(_whole(form, "number"), form.get("symbol", "").strip(), _day(form, "day"), signer)
    file = _signed(by)
    beside = partial(approval, work, wanted, file, doer()) if file is not None else tuple
    issue(work, wanted, _whole(form, "buoc"), by, file, beside)


def _attach(work: Manuscript, by: ReportHand, form: Form) -> None:
    file = _signed(by)
    if file is None:
        raise CaseRefused("Chưa chọn tệp; hãy chọn bản PDF đã ký.", [(FIELD, "hãy chọn bản PDF đã ký")])
    attach(work, file, _whole(form, "buoc"), by)


def _signed(by: ReportHand) -> SignedFile | None:
    """The signed file that came with the form, looked at and kept."""
    file = request.files.get(FIELD)
    if file is None or not file.filename:
        return None
    return receive(site().settings, home_folder(site().settings), file.stream, file.filename, by)


def _correct(work: Manuscript, by: ReportHand, form: Form) -> None:
    number, wrong, right = (form.get(name, "") for name in ("correction", "wrong", "right"))
    correct(work, number, _day(form, "correction-day"), wrong, right, _whole(form, "buoc"), by, form.get("ly-do", ""))


def _replace(work: Manuscript, by: ReportHand, form: Form) -> None:
    replace(work, _whole(form, "buoc"), by, form.get("ly-do", ""))


def _whole(form: Form, name: str) -> int:
    text = form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _day(form: Form, name: str) -> date:
    try:
        return parse_date(form.get(name, ""))
    except NumeralError as fault:
        raise CaseRefused(f"Chưa làm được: {fault}", [(name, str(fault))]) from fault


def _page(code: str, period: str, typed: Form, told: CaseRefused | None = None) -> str:
    shown, work = open_work(code, period)
    by, edition = hand(work), work.case.current
    may = {move.value for move in Move if may_move(edition.state, move, facts(work, by.by, by.acts, signed=True)).ok}
    return render_template(
        "report_issue.html",
        q=shown,
        work=work,
        edition=edition,
        may=may,
        leads=by.acts,
        sums=_sums(work, edition.submitted),
        unfilled=work.desk.faults(edition.own(edition.newest)),
        labels=LABELS,
        signing=SIGNING,
        typed=typed or _suggested(work),
        told=told,
        wrong=dict(told.faults) if told else {},
    )


def _sums(work: Manuscript, submitted: Step | None) -> dict[str, str]:
    """The figures a leader looks at first, of the quarter that was submitted; none while nothing is."""
    if submitted is None:
        return {}
    snapshot = snapshot_of(work.storage, submitted.snapshot_sha256, work.unit)
    book = FigureBook(snapshot, catalogue_of(snapshot))
    return {name: book.text(f"total/{name}") for name in ("achieved", "criteria", "points", "max_points", "share")}


def _suggested(work: Manuscript) -> Form:
    """What the issue form holds before anybody types: the signer of the text, the usual symbol, today."""
    unit = work.snapshot.tree.unit(work.unit)
    own = work.case.current.own(work.case.current.submitted.version) if work.case.current.submitted else {}
    signer = {key: own.get(key) or work.desk.own.get(key, "") for key in SIGNING}
    if own.get("acting_for") and not own.get("post"):
        signer["post"] = ""
    symbol = text("letterhead", level_of(unit), "number").rpartition("/")[2]
    return {**signer, "symbol": symbol, "day": format_date(today())}
