"""The province's draft index: every main index and component, down to the units, and what the province gives itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

from flask import Flask, Response, abort, current_app, make_response, redirect, render_template, request, send_file, url_for
from markupsafe import Markup

from hue_dti.accounts.model import Act
from hue_dti.catalogue.frameworks import MainIndex
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.catalogue.rollup_words import MATCH_WORDS, STATE_WORDS, way_words
from hue_dti.errors import EntryRefused, EvidenceRefused, FrameworkError, NumeralError, UnknownUnit
from hue_dti.evidence.pieces import Form, Piece
from hue_dti.numerals import POINT, format_percent, format_points
from hue_dti.periods import Period
from hue_dti.reports.html import report_html
from hue_dti.rollup.given import Given, may_be_given, read_points, read_result
from hue_dti.rollup.province import ComponentState, Line, MainLine
from hue_dti.services.evidence import MEGABYTE, Upload
from hue_dti.services.evidence_files import body_of
from hue_dti.services.province_paper import paper_bytes, paper_name, paper_of
from hue_dti.services.provincial import give
from hue_dti.services.roll_up import ProvinceQuarter, Ways, province_on, province_quarter
from hue_dti.storage import home_folder
from hue_dti.units.model import OrgUnit
from hue_dti.web import frameworks
from hue_dti.web.access import can, event, opens
from hue_dti.web.evidence import desk
from hue_dti.web.paper import TYPES, outline
from hue_dti.web.site import newest_quarter, now, period_or_404, site, today, units
from hue_dti.web.uploads import LARGER

EXTENSION = "hue_dti_ways"
_BESIDE_THE_FILE = 100_000
MARKS = {
    ComponentState.MEASURED: "achieved",
    ComponentState.REPORTED: "achieved",
    ComponentState.MISSING: "not-started",
    ComponentState.NOT_LOCAL: "not-applicable",
}
COSTLY = 9
"""Units that cost most, shown at once."""


@dataclass(frozen=True)
class Shown:
    """What a component's page is about: a component or part with its main index, or a main index itself."""

    code: str
    name: str
    main: MainLine
    line: Line | None

    @property
    def index(self) -> MainIndex:
        """The main index it belongs to."""
        return self.main.main


def register(app: Flask, criteria: Path) -> None:
    """Read the roll-up maps once and give the pages addresses; the frameworks were read before."""
    known = app.extensions[frameworks.EXTENSION]
    chosen = app.extensions["hue_dti"]
    app.extensions[EXTENSION] = Ways(known, load_rollups(criteria, chosen.catalogue, known))
    LARGER["give_value"] = chosen.settings.evidence_max_mb * MEGABYTE + _BESIDE_THE_FILE
    app.add_url_rule("/tinh", "province_now", province_now)
    app.add_url_rule("/tinh/<period>", "province", province)
    app.add_url_rule("/tinh/<period>/bao-cao", "province_paper", province_paper)
    app.add_url_rule("/tinh/<period>/bao-cao.<kind>", "province_file", province_file)
    app.add_url_rule("/tinh/<period>/<component>", "province_component", component_page, methods=["GET"])
    app.add_url_rule("/tinh/<period>/<component>", "give_value", give_value, methods=["POST"])
    app.add_url_rule("/tinh/<period>/<component>/<int(max=999999999999999):number>/tep", "value_file", value_file)
    app.add_template_filter(lambda points: format_points(points * POINT), "whole_points")
    app.add_template_filter(index_text, "index")
    app.context_processor(lambda: {"ROLLED": STATE_WORDS, "ROLLED_MARKS": MARKS, "MATCHES": MATCH_WORDS})


def index_text(value: Fraction) -> str:
    """A value of the index as it is published: `0,6342`."""
    return format_percent(value / 100, 4).removesuffix("%")


def ways() -> Ways:
    """Where the installation's local criteria lead."""
    return cast(Ways, current_app.extensions[EXTENSION])


def province_now() -> Response:
    """The newest quarter that any unit closed, else the one that runs now."""
    return redirect(url_for("province", period=newest_quarter()))  # type: ignore[return-value]


def province(period: str) -> Response | str:
    """The whole: total, main indices, pillars, who costs most; `tinh-trang` narrows the components to one state."""
    chosen, unit = _place(period)
    try:
        found = found_in(chosen)
    except FrameworkError as none:
        return render_template("province_empty.html", unit=unit, period=chosen, why=str(none), near=_near(unit, chosen))
    asked = request.args.get("tinh-trang", "")
    state = next((each for each in ComponentState if each.value == asked), None)
    return render_template(
        "province.html",
        p=found,
        rolled=found.roll_up,
        state=state,
        listed={main.main.code: _listed(main, state) for main in found.roll_up.mains},
        costly=found.losses[:COSTLY],
        near=_near(unit, chosen),
        measures=site().catalogue.measures,
        gives=may_give(unit, chosen),
    )


def component_page(period: str, component: str, said: str = "") -> Response | str:
    """One component down to the units, `don-vi` opens one of them; with the form for whoever may give a value."""
    chosen, unit = _place(period)
    try:
        found = found_in(chosen)
    except FrameworkError:
        return redirect(url_for("province", period=chosen))  # type: ignore[return-value]  # which says why there is nothing
    shown = _shown(found, component)
    line, under = shown.line, request.args.get("don-vi", "")
    if under and under not in found.tree.index:
        abort(404)
    feed = line.local.feed if line is not None and line.local is not None else None
    names = [site().catalogue.measures[code].name for code in feed.measures] if feed else []
    book = site().storage.provincial
    return render_template(
        "province_component.html",
        p=found,
        shown=shown,
        line=line,
        units=found.units_of(component, under),
        under=found.tree.unit(under) if under else None,
        absent=_absent(found, line),
        words=way_words(feed, names[0], names[-1]) if feed else "",
        measures=site().catalogue.measures,
        link=lambda code: _criterion_link(found, line, code),
        may_give=may_give(unit, chosen) and component in may_be_given(found.framework),
        history=book.history(unit.code, str(chosen), found.framework.code, component) if found.live else (),
        last=book.last(unit.code, str(chosen), found.framework.code, component),
        piece_of=_piece,
        client=uuid4(),
        said=said,
        typed=request.form if said else {},
        most_mb=site().settings.evidence_max_mb,
        near=_near(unit, chosen),
    )


def province_paper(period: str) -> str:
    """The paper as it will be printed, beside its outline and the downloads."""
    found = _drawn(period)
    written = paper_of(found, site().catalogue.measures, now())
    paper = Markup(report_html(written))  # noqa: S704 - report_html escapes
    return render_template("province_paper.html", p=found, paper=paper, outline=outline(written))


def province_file(period: str, kind: str) -> Response:
    """The paper as a file."""
    if kind not in TYPES:
        abort(404)
    found = _drawn(period)
    body = paper_bytes(found, site().catalogue.measures, now(), kind, site().settings.report_fonts)
    return send_file(BytesIO(body), mimetype=TYPES[kind], as_attachment=True, download_name=paper_name(found, kind))


def _drawn(period: str) -> ProvinceQuarter:
    chosen, _ = _place(period)
    try:
        return found_in(chosen)
    except FrameworkError:
        abort(404)


def give_value(period: str, component: str) -> Response:
    """Keep what somebody at the province gives, or take it back."""
    chosen, unit = _place(period)
    try:
        found = found_in(chosen) if may_give(unit, chosen) else abort(404)
        _shown(found, component)
        give(desk(), ways().frameworks[found.framework.code], _given(unit, chosen, found, component), _upload())
    except (EntryRefused, EvidenceRefused, NumeralError) as fault:
        return make_response(component_page(period, component, str(fault)), 422)
    except FrameworkError:
        abort(404)
    return redirect(url_for("province_component", period=period, component=component), 303)  # type: ignore[return-value]


def value_file(period: str, component: str, number: int) -> Response:
    """The file behind a value, only ever to be saved."""
    chosen, unit = _place(period)
    piece = _piece(number)
    if piece is None or (piece.draft.unit, piece.draft.period, piece.draft.criterion) != (unit.code, str(chosen), component):
        abort(404)
    if piece.draft.form is not Form.FILE or piece.checked is None or piece.checked.kind is None or not piece.scan.is_open:
        abort(404)
    what = f"tệp {piece.draft.name} ({piece.draft.sha256[:12]}…)"
    site().storage.trail.note(event("evidence.downloaded", unit.code, f"{component}, {chosen}", new=what))
    body = BytesIO(body_of(home_folder(site().settings), piece.draft.sha256))
    return send_file(body, mimetype=piece.checked.kind.content_type, as_attachment=True, download_name=piece.draft.name)


def found_in(period: Period) -> ProvinceQuarter:
    """The roll-up as whoever asks may see it: today's figures with the right to drafts, else frozen ones alone."""
    unit = province_on(units(), period)
    live = can(Act.READ_LIVE, unit.code, period.end)
    return province_quarter(site().storage, site().catalogue, ways(), period, now(), live)


def may_give(unit: OrgUnit, period: Period) -> bool:
    """Whether whoever asks may give values for the province."""
    return period.start <= today() and can(Act.GIVE, unit.code, period.end)


def _place(text: str) -> tuple[Period, OrgUnit]:
    period = period_or_404(text)
    try:
        return period, province_on(units(), period)
    except UnknownUnit:
        abort(404)


def _near(unit: OrgUnit, period: Period) -> tuple[Period | None, Period | None]:
    """The periods beside this one, where there was a province and time has come to them."""
    there = [each for each in (period.previous(), period.next()) if each.start <= today() and unit.exists_on(each.end)]
    before = next((each for each in there if each.end < period.start), None)
    return before, next((each for each in there if each.start > period.end), None)


def _listed(main: MainLine, state: ComponentState | None) -> list[Line]:
    return [line for each in main.lines for line in each.lines if state is None or line.state is state]


def _shown(found: ProvinceQuarter, code: str) -> Shown:
    for main in found.roll_up.mains:
        if main.main.code == code:
            return Shown(code, main.main.name, main, None)
        for line in (each for whole in main.lines for each in whole.lines):
            if line.component.code == code:
                return Shown(code, line.component.name, main, line)
    abort(404)


def _absent(found: ProvinceQuarter, line: Line | None) -> list[OrgUnit]:
    return [] if line is None or line.local is None else [found.tree.unit(code) for code in line.local.coverage.absent]


def _criterion_link(found: ProvinceQuarter, line: Line | None, code: str) -> str:
    """Where a unit's own count is explained, with its raw answers; empty where no page of its own tells of it."""
    if line is None or line.local is None:
        return ""
    own = site().catalogue.set_for(found.tree.unit(code).level, found.period.end)
    known = {criterion.code for criterion in own.criteria} if own is not None else set()
    criterion = next((each for each in line.local.feed.criteria if each in known), "")
    if not criterion or not opens("criterion", code=code, period=found.period, criterion=criterion):
        return ""
    return url_for("criterion", code=code, period=found.period, criterion=criterion)


def _given(unit: OrgUnit, period: Period, found: ProvinceQuarter, component: str) -> Given:
    form = request.form
    taken_back = form.get("viec") == "rut"
    try:
        client, replaces = UUID(form.get("ma", "")), int(form.get("thay", "") or 0)
    except ValueError:
        raise EntryRefused("Biểu mẫu đã cũ; hãy tải lại trang rồi ghi lại.") from None
    base = Given(client, unit.code, str(period), found.framework.code, component, None, reason=form.get("ly-do", ""), replaces=replaces)
    if taken_back:
        return base
    result = form.get("ket-qua", "")
    return Given(
        *(client, unit.code, str(period), found.framework.code, component),
        share=read_result(result),
        max_points=read_points(form.get("diem-toi-da", "")),
        result=result,
        document=form.get("tai-lieu", ""),
        reason=form.get("ly-do", ""),
        replaces=replaces,
    )


def _upload() -> Upload | None:
    file = request.files.get("tep")
    return Upload(file.filename, file.stream) if file is not None and file.filename else None


def _piece(number: int | None) -> Piece | None:
    return site().storage.evidence.one(number) if number else None
