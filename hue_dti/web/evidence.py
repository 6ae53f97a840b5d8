"""Evidence: what a unit has to prove, what it handed in, files in and out."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID, uuid4

from flask import Flask, Response, abort, make_response, redirect, render_template, request, send_file, stream_with_context, url_for

from hue_dti.accounts.model import Act
from hue_dti.catalogue.model import Criterion
from hue_dti.errors import EvidenceRefused, NumeralError
from hue_dti.evidence.asked import STANDING_WORDS, Standing, slugs
from hue_dti.evidence.model import FILE_WORDS, SEAL_WORDS, TOLD, Seal
from hue_dti.evidence.pieces import LONGEST_WORDS, SCAN_WORDS, Draft, Form, Paper, Piece, Reuse, reuses
from hue_dti.free_text import one_line, paragraphs
from hue_dti.numerals import parse_date
from hue_dti.periods import Period
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import MEGABYTE, Added, Upload, add_file, add_link, explain, withdraw
from hue_dti.services.evidence_files import body_of
from hue_dti.services.evidence_overview import Shown, criteria_of, overview, shown
from hue_dti.services.evidence_pack import pack
from hue_dti.services.proof_kept import kept_because
from hue_dti.storage import home_folder
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import address, can, event, request_number
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import Quarter, now, period_or_404, site, unit_or_404

LONGEST_LINE, LONGEST_SUMMARY = 120, 500
PAPER_WORDS = {"so-ky-hieu": "Số ký hiệu", "loai": "Loại văn bản", "trich-yeu": "Trích yếu", "co-quan": "Cơ quan ban hành"}
_BESIDE_THE_FILE = 100_000
_SEALED = "default-src 'none'; sandbox"
STANDING_MARKS = {
    Standing.MISSING: "not-started",
    Standing.UNPROVEN: "not-achieved",
    Standing.EXPLAINED: "in-progress",
    Standing.DOUBTFUL: "in-progress",
    Standing.PROVEN: "achieved",
}
SEAL_MARKS = {Seal.VALID: "achieved", Seal.UNSIGNED: "not-started", Seal.ALTERED: "not-achieved", Seal.UPDATED: "not-achieved"} | {
    Seal.PARTIAL: "not-achieved",
    Seal.EXPIRED: "in-progress",
    Seal.UNTRUSTED: "in-progress",
    Seal.UNCHECKED: "in-progress",
}


def register(app: Flask) -> None:
    """Give the pages their addresses, and templates the words of evidence."""
    app.add_url_rule("/minh-chung/<code>/<period>", "evidence", evidence_list)
    app.add_url_rule("/minh-chung/<code>/<period>/tron-bo.zip", "evidence_pack", evidence_pack)
    app.add_url_rule("/minh-chung/<code>/<period>/<criterion>", "evidence_of", evidence_of)
    app.add_url_rule("/minh-chung/<code>/<period>/<criterion>", "add_evidence", add_evidence, methods=["POST"])
    one = "/minh-chung/<code>/<period>/<criterion>/<int(max=999999999999999):number>"
    app.add_url_rule(f"{one}/tep", "evidence_file", evidence_file)
    app.add_url_rule(f"{one}/rut", "withdraw_evidence", withdraw_evidence, methods=["POST"])
    words = {"STANDING_WORDS": STANDING_WORDS, "SEAL_WORDS": SEAL_WORDS, "SCAN_WORDS": SCAN_WORDS, "TOLD": TOLD, "FILE_WORDS": FILE_WORDS}
    marks = {"STANDING_MARKS": STANDING_MARKS, "SEAL_MARKS": SEAL_MARKS}
    app.context_processor(lambda: {**words, **marks, "evidence_on": evidence_on, "evidence_left": evidence_left, "reused_of": reused_of})


def make_room(app: Flask) -> None:
    """Let whoever may attach send a file as large as is set, nobody else; asked before anything of the request is read."""

    def room() -> None:
        if request.endpoint == "add_evidence" and request.view_args is not None:
            code, period = request.view_args["code"], period_or_404(request.view_args["period"])
            if can(Act.ATTACH, code, period.end):
                request.max_content_length = site().settings.evidence_max_mb * MEGABYTE + _BESIDE_THE_FILE
            if (request.content_length or 0) > (request.max_content_length or 0):
                abort(413)

    app.before_request(room)


def evidence_on(quarter: Quarter, criterion: Criterion) -> Shown:
    """What a criterion page shows of its evidence."""
    return shown(criterion, site().storage.evidence.of([quarter.unit.code], str(quarter.period)))


def evidence_left(unit: OrgUnit, period: Period) -> list[Shown]:
    """The criteria of the unit that are not proven yet."""
    return [row for row in overview(site().storage, site().catalogue, unit, period) if not row.standing.proves]


def evidence_list(code: str, period: str) -> str:
    """Every asked proof of the unit in the period: there, missing, explained; with `con` only what is not proven."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    rows = overview(site().storage, site().catalogue, unit, chosen)
    only = "con" in request.args
    left = [row for row in rows if not row.standing.proves]
    return render_template("evidence.html", unit=unit, period=chosen, rows=left if only else rows, all=rows, left=left, only=only)


def evidence_of(code: str, period: str, criterion: str) -> str:
    """One criterion's proofs, with the forms for whoever may hand in."""
    return _page(*_asked(code, period, criterion))


def add_evidence(code: str, period: str, criterion: str) -> Response:
    """Take in a file, a link or an explanation; a script gets the outcome as JSON, a plain form the next page."""
    unit, chosen, asked = _asked(code, period, criterion)
    try:
        added = _added(unit, chosen, asked)
    except (EvidenceRefused, NumeralError) as fault:
        if request.accept_mimetypes.best == "application/json":
            return make_response({"error": str(fault)}, 422)
        return make_response(_page(unit, chosen, asked, str(fault)), 422)
    follow = url_for("evidence_of", code=code, period=period, criterion=criterion, vua=added.piece.number)
    if request.accept_mimetypes.best == "application/json":
        return make_response({"next": follow}, 201)
    return redirect(follow, 303)  # type: ignore[return-value]


def withdraw_evidence(code: str, period: str, criterion: str, number: int) -> Response:
    """Take a piece back, with a reason."""
    unit, chosen, asked = _asked(code, period, criterion)
    piece = _piece(unit, chosen, asked, number)
    try:
        withdraw(desk(), piece, request.form.get("ly-do", ""))
    except EvidenceRefused as fault:
        return make_response(_page(unit, chosen, asked, str(fault)), 422)
    return redirect(url_for("evidence_of", code=code, period=period, criterion=criterion), 303)  # type: ignore[return-value]


def evidence_file(code: str, period: str, criterion: str, number: int) -> Response:
    """The file as it was handed in, only ever to be saved; nobody gets one that waits for its scan or is infected."""
    unit, chosen, asked = _asked(code, period, criterion)
    piece = _piece(unit, chosen, asked, number)
    if piece.draft.form is not Form.FILE or piece.checked is None or piece.checked.kind is None or not piece.scan.is_open:
        abort(404)
    body = body_of(home_folder(site().settings), piece.draft.sha256)
    what = f"tệp {piece.draft.name} ({piece.draft.sha256[:12]}…)"
    site().storage.trail.note(event("evidence.downloaded", unit.code, f"{criterion}, {chosen}", new=what))
    kind = piece.checked.kind.content_type
    return _sealed(send_file(BytesIO(body), mimetype=kind, as_attachment=True, download_name=piece.draft.name))


def evidence_pack(code: str, period: str) -> Response:
    """All of the unit's evidence of the period in one archive."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    rows = overview(site().storage, site().catalogue, unit, chosen)
    site().storage.trail.note(event("evidence.downloaded", unit.code, str(chosen), new="trọn bộ minh chứng"))
    pieces = pack(f"Minh chứng của {unit.name}, {chosen.label}", rows, home_folder(site().settings))
    response = Response(stream_with_context(pieces), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"minh-chung-{unit.code}-{chosen}.zip")
    return _sealed(response)


def _sealed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _SEALED
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(code: str, period: str, criterion: str) -> tuple[OrgUnit, Period, Criterion]:
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    found = criteria_of(site().catalogue, unit, chosen).get(criterion)
    if found is None:
        abort(404)
    return unit, chosen, found


def _piece(unit: OrgUnit, period: Period, criterion: Criterion, number: int) -> Piece:
    """The piece of this number, as long as it belongs to the criterion, unit and period in the address."""
    piece = site().storage.evidence.one(number)
    if piece is None or (piece.draft.unit, piece.draft.period, piece.draft.criterion) != (unit.code, str(period), criterion.code):
        abort(404)
    return piece


def piece_or_404(code: str, period: str, criterion: str, number: int) -> Piece:
    """The piece at an address."""
    return _piece(*_asked(code, period, criterion), number)


def _page(unit: OrgUnit, period: Period, criterion: Criterion, fault: str = "") -> str:
    row = shown(criterion, site().storage.evidence.of([unit.code], str(period)))
    just = request.args.get("vua", "")
    return render_template(
        "evidence_of.html",
        unit=unit,
        period=period,
        criterion=criterion,
        row=row,
        slugs=slugs(criterion.proof),
        just=next((piece for piece in row.pieces if str(piece.number) == just), None),
        may_add=can(Act.ATTACH, unit.code, period.end),
        stays=kept_because(site().storage, site().catalogue, unit, period, row.pieces),
        fault=fault,
        typed=request.form if fault else {},
        client=uuid4(),
        most_mb=site().settings.evidence_max_mb,
    )


def reused_of(piece: Piece) -> list[tuple[Reuse, str]]:
    """Where else the file or document serves; of units that whoever asks may not see only that there is one."""
    found = reuses(piece.draft, site().storage.evidence.like([piece.draft]))
    names = {unit.code: unit.name for unit in site().storage.units()}
    return [(each, names.get(each.other.draft.unit, "") if can(Act.READ_LIVE, each.other.draft.unit) else "") for each in found]


def desk() -> Desk:
    """Where whoever asks stands."""
    settings = site().settings
    return Desk(site().storage, site().catalogue, settings, home_folder(settings), actor(), now, address(), request_number())


def _added(unit: OrgUnit, period: Period, criterion: Criterion) -> Added:
    form = request.form
    draft = Draft(
        client=_client(form.get("ma", "")),
        unit=unit.code,
        period=str(period),
        criterion=criterion.code,
        proof=form.get("minh-chung", ""),
        form=Form.FILE,
        words=paragraphs(form.get("loi", ""), "Phần lời", LONGEST_WORDS, EvidenceRefused),
        link=form.get("lien-ket", "").strip(),
        paper=_paper(),
    )
    match form.get("viec", ""):
        case "lien-ket":
            return add_link(desk(), draft)
        case "giai-trinh":
            return explain(desk(), draft)
    file = request.files.get("tep")
    if file is None or not file.filename:
        raise EvidenceRefused(translate("Chưa chọn tệp; hãy bấm chọn tệp hoặc chụp ảnh rồi gửi lại."))
    with file.stream as stream:
        return add_file(desk(), draft, Upload(file.filename, stream))


def _client(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise EvidenceRefused(translate("Biểu mẫu đã cũ; hãy tải lại trang rồi gửi lại.")) from None


def _paper() -> Paper | None:
    """What the form says of the document; None where it names neither number nor day."""
    number, day = _line("so-ky-hieu"), request.form.get("ngay", "").strip()
    if not number and not day:
        return None
    if not number or not day:
        raise EvidenceRefused(translate("Số ký hiệu và ngày ban hành phải ghi cả hai; hãy điền nốt, hoặc xóa cả hai."))
    direction = "received" if request.form.get("huong") == "received" else "issued"
    return Paper(number, parse_date(day), _line("loai"), _line("trich-yeu", LONGEST_SUMMARY), _line("co-quan"), direction)


def _line(name: str, longest: int = LONGEST_LINE) -> str:
    return one_line(request.form.get(name, ""), PAPER_WORDS[name], longest, EvidenceRefused)
