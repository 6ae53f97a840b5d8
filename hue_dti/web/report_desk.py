"""The report's workspace: own words typed beside the paper they make, saved as versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug import Response

from hue_dti.errors import CaseChanged, CaseRefused
from hue_dti.reports.case import Move, State, may_move
from hue_dti.reports.compared import PartChanged
from hue_dti.reports.drafting import Typed
from hue_dti.reports.html import report_html
from hue_dti.reports.narrative import SIGNING, Narrative, Part, lines_of
from hue_dti.services.manuscript import Manuscript, manuscript
from hue_dti.services.report_moves import facts, overtaken, save
from hue_dti.web.manuscripts import hand, open_work
from hue_dti.web.paper import figure_link
from hue_dti.web.site import Quarter

PREVIEW = "xem"
_LETTERS_A_LINE = 64
_MOST_LINES = 18

LABELS = {
    "lead": "Mở đầu",
    "directing": "I. Công tác chỉ đạo, điều hành",
    "achieved": "III.1. Kết quả đạt được",
    "limits": "III.2. Tồn tại, hạn chế",
    "causes": "III.3. Nguyên nhân",
    "remedies": "III.4. Giải pháp",
    "tasks": "IV. Phương hướng, nhiệm vụ",
    "recommendations": "V. Kiến nghị, đề xuất",
    "closing": "Kết thúc",
    "recipients": "Nơi nhận",
    "authority": "Ký thay mặt (TM.)",
    "acting_for": "Ký thay (KT.), nếu cấp phó ký",
    "post": "Chức vụ trong Ban Chỉ đạo",
    "host_post": "Chức vụ trong cơ quan",
    "signer": "Họ và tên người ký",
}
"""What the page calls the parts; a remark is called by its group's name."""

MOVES = {
    "submit": "Trình ký",
    "withdraw": "Rút về sửa",
    "return": "Trả lại",
    "approve": "Duyệt",
    "issue": "Phát hành",
    "file": "Kèm bản đã ký",
    "correct": "Đính chính",
    "replace": "Lập báo cáo thay thế",
}
"""What the page calls the steps."""


@dataclass(frozen=True, slots=True)
class Field:
    """A part on the page: what stands in it, whether in own words, what is wrong, which figures were typed by hand."""

    part: Part
    words: str
    own: bool
    faults: tuple[str, ...] = ()
    typed: tuple[Typed, ...] = ()

    @property
    def rows(self) -> int:
        """How many lines the box shows."""
        lines = sum(1 + len(line) // _LETTERS_A_LINE for line in lines_of(self.words))
        return max(2, min(lines + 1, _MOST_LINES))


def register(app: Flask) -> None:
    """Give the workspace its addresses."""
    place = "/don-vi/<code>/<period>/bao-cao/soan"
    app.add_url_rule(place, "report_desk", desk_page)
    app.add_url_rule(place, "save_report", save_words, methods=["POST"])
    app.add_url_rule(f"{place}/so-lieu", "report_names", names_page)
    app.context_processor(lambda: {"PART_LABELS": LABELS, "MOVE_LABELS": MOVES, "MOVES": Move})


def desk_page(code: str, period: str) -> str:
    """The words as they were saved last, with the paper they make; while the report is not a draft, why it cannot be edited."""
    shown, work = open_work(code, period)
    edition = work.case.current
    return _page(shown, work, edition.own(edition.newest), edition.newest)


def save_words(code: str, period: str) -> Response | tuple[str, int] | str:
    """Keep what was typed as a version, or only show the paper it would make."""
    shown, work = open_work(code, period)
    typed, expected = request.form.to_dict(), request.form.get("ban", 0, type=int)
    if request.form.get("viec") == PREVIEW:
        return _page(shown, work, typed, expected, unsaved=True)
    try:
        number = save(work, typed, expected, hand(work))
    except CaseChanged as told:
        work = manuscript(work.storage, work.snapshot, work.catalogue)
        if work.case.current.state is not State.DRAFT or not work.case.current.versions:
            return _page(shown, work, typed, expected, told=str(told), unsaved=True), 409
        first, parts = overtaken(work, typed)
        return _page(shown, work, typed, work.case.current.newest, told=first, differing=parts, unsaved=True), 409
    except CaseRefused as told:
        return _page(shown, work, typed, expected, told=str(told), faults=told.faults, unsaved=True), 422
    return redirect(url_for("report_desk", code=code, period=period, luu=number), 303)


def names_page(code: str, period: str) -> str:
    """Every figure that may be named, with what it prints now."""
    shown, work = open_work(code, period)
    titles = {group.code: f"{group.code}. {group.name}" for group in shown.criteria_set.groups}
    return render_template("report_names.html", q=shown, sections=tuple(work.desk.vocabulary.sections()), titles=titles)


def _page(
    shown: Quarter,
    work: Manuscript,
    typed: Mapping[str, str],
    expected: int,
    told: str = "",
    faults: Sequence[tuple[str, str]] = (),
    differing: Sequence[PartChanged] = (),
    unsaved: bool = False,
) -> str:
    own = work.desk.gathered(typed)
    faults = faults or [(each.part, each.words) for each in work.desk.faults(own)]
    answer = may_move(work.case.current.state, Move.SAVE, facts(work, hand(work).by, hand(work).acts))
    return render_template(
        "report_desk.html",
        q=shown,
        work=work,
        edition=work.case.current,
        expected=expected,
        fields=_fields(work, own, faults),
        signing=SIGNING,
        groups={group.code: group for group in shown.criteria_set.groups},
        names=[(name, figure.text) for name, figure in work.desk.vocabulary.figures.items()],
        words=[(name, word.text) for name, word in work.desk.vocabulary.words.items()],
        paper=_paper(shown, work, own),
        closed="" if answer.ok else answer.why,
        told=told,
        faults=faults,
        differing=differing,
        unsaved=unsaved,
        kept=request.method == "GET" and request.args.get("luu", 0, type=int) == work.case.current.newest > 0,
    )


def _fields(work: Manuscript, own: Narrative, faults: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    desk = work.desk
    typed = desk.typed(own)
    return tuple(
        Field(
            part,
            own.get(part.key) or desk.own.get(part.key, ""),
            part.key in own,
            tuple(why for key, why in faults if key == part.key),
            tuple(each for each in typed if each.part == part.key),
        )
        for part in desk.parts
    )


def _paper(shown: Quarter, work: Manuscript, own: Narrative) -> Markup:
    """The paper that these words make, without its appendices, which no words change."""
    report = work.preview(own) if work.case.current.state is State.DRAFT else work.paper().report
    whole = url_for("report", code=shown.unit.code, period=shown.period, ban="nhap")

    def link(path: str) -> str:
        found = figure_link(shown, path)
        return f"{whole}{found}" if found.startswith("#") else found

    return Markup(report_html(report, link=link, appendices=False))  # noqa: S704 - report_html escapes
