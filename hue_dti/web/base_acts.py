"""Base figures in the browser: the form out, proposals in from the filled form, and another person's word on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, flash, make_response, request
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.errors import ApprovalRefused, ImportRefused, SettingError
from hue_dti.evidence.names import clean_name
from hue_dti.free_text import one_line
from hue_dti.numerals import format_count
from hue_dti.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodKind
from hue_dti.services.base import approve, propose_file, reject
from hue_dti.services.base_overview import template_of
from hue_dti.services.table_file import LARGEST
from hue_dti.web.access import can, event, hand
from hue_dti.web.base_figures import page, seen_of
from hue_dti.web.dossiers import go
from hue_dti.web.filled_book import REFUSED
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import now, site
from hue_dti.web.uploads import LARGER

ADDRESS = f"/so-lieu-nen/<code>/<int(min={FIRST_YEAR},max={LAST_YEAR}):year>"
CONFLICT, LONGEST_REASON, LONGEST_BY = 409, 500, 200


def register(app: Flask) -> None:
    """Give the acts their addresses."""
    app.add_url_rule(f"{ADDRESS}/mau.csv", "base_template", template)
    app.add_url_rule(f"{ADDRESS}/de-nghi", "propose_base", propose, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/quyet-dinh", "decide_base", decide, methods=["POST"])
    LARGER["propose_base"] = LARGEST + 100_000


def template(code: str, year: int) -> Response:
    """The form for the unit and those below it, with the figures that count today filled in."""
    unit, seen = seen_of(code, year)
    site().storage.trail.note(event("export.made", unit.code, f"số liệu nền {year}"))
    answer = make_response(template_of(seen, year))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="so-lieu-nen-{unit.code}-{year}.csv"'
    return answer


def propose(code: str, year: int) -> Response:
    """Propose every row of the filled form, or none; what is wrong is said cell by cell."""
    unit, _ = seen_of(code, year)
    given = request.files.get("tep")
    if given is None or not given.filename:
        return _refused(code, year, [translate("Chưa chọn tệp; hãy chọn biểu mẫu đã điền rồi bấm Đề nghị.")])
    with TemporaryDirectory() as folder:
        path = Path(folder) / clean_name(given.filename)
        given.save(path)
        try:
            done = propose_file(site().storage, site().catalogue, path, _by(), now(), hand=hand(), within=_is_mine(year))
        except ImportRefused as refused:
            return _refused(code, year, [f"Dòng {fault.line}: {fault.what}; {fault.remedy}." for fault in refused.faults])
        except (ApprovalRefused, SettingError) as refused:
            return _refused(code, year, [str(refused).replace(folder + "/", "")])
    flash(translate("Đã ghi %(n)s đề nghị, chờ người khác duyệt.", n=format_count(len(done.numbers))))
    if done.known:
        flash(translate("%(n)s dòng giống số đang dùng hay đang chờ nên bỏ qua.", n=format_count(done.known)))
    return _back(unit.code, year)


def decide(code: str, year: int) -> Response:
    """Approve or reject the proposals of a batch, all or none."""
    unit, seen = seen_of(code, year)
    waiting = {each.number for batch in seen.waiting for each in batch.proposals}
    asked = {int(each) for each in request.form.getlist("so") if each.isascii() and each.isdigit() and len(each) < 16}
    if not asked or not asked <= waiting:
        return _refused(code, year, [translate("Các đề nghị này không còn chờ duyệt; hãy xem lại trang rồi quyết định.")], CONFLICT)
    approves = request.form.get("viec") == "duyet"
    try:
        reason = one_line(request.form.get("ly-do", ""), "Lý do", LONGEST_REASON, ApprovalRefused)
        if approves:
            approve(site().storage, site().catalogue, sorted(asked), _by(), now, reason, hand())
        else:
            reject(site().storage, sorted(asked), _by(), now, reason, hand())
    except ApprovalRefused as refused:
        return _refused(code, year, str(refused).splitlines(), CONFLICT)
    done = "Đã duyệt %(n)s đề nghị; số mới được dùng ngay." if approves else "Đã từ chối %(n)s đề nghị; số đang dùng giữ nguyên."
    flash(translate(done, n=format_count(len(asked))))
    return _back(unit.code, year)


def _is_mine(year: int) -> Callable[[str], bool]:
    """Whether whoever asks enters figures for a unit as it stood at some end of the year."""
    whole = Period(year, PeriodKind.YEAR)
    return lambda code: any(can(Act.ENTER, code, day) for day in (whole.end, whole.start))


def _by() -> str:
    """As proposals and decisions name a person: the login first, by which nobody approves what he proposed."""
    return f"{actor().login}, {actor().name}"[:LONGEST_BY]


def _back(code: str, year: int) -> Response:
    return go("base_figures", **{"don-vi": code, "nam": year})


def _refused(code: str, year: int, said: list[str], status: int = REFUSED) -> Response:
    return make_response(page(code, year, said), status)
