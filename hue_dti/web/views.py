"""The pages: each view is parse → act → show."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Response, abort, redirect, render_template, request, send_file, url_for
from markupsafe import Markup

from hue_dti.catalogue.words import rule_words
from hue_dti.collation import fold
from hue_dti.reports.content import build
from hue_dti.reports.docx import write_docx
from hue_dti.reports.html import report_html
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.wording import NoteCounter, plain
from hue_dti.reports.xlsx import write_xlsx
from hue_dti.scoring.model import Status
from hue_dti.services.report import file_name
from hue_dti.units.model import Level
from hue_dti.web.criterion import explain
from hue_dti.web.raw import show_raw
from hue_dti.web.site import Quarter, open_quarter, period_or_404, site, unit_or_404

MOST_LOST = 5
SEARCH_LIMIT = 50

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def register(app: Flask) -> None:
    """Give every page its address."""
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/tim", "search", search)
    app.add_url_rule("/don-vi/<code>", "unit", unit_page)
    app.add_url_rule("/don-vi/<code>/<period>", "quarter", quarter)
    app.add_url_rule("/don-vi/<code>/<period>/tieu-chi/<criterion>", "criterion", criterion_page)
    app.add_url_rule("/don-vi/<code>/<period>/bao-cao", "report", report)
    app.add_url_rule("/don-vi/<code>/<period>/bao-cao.<kind>", "download", download)
    app.add_url_rule("/xep-hang/xa/<period>", "ranking", ranking)
    app.add_url_rule("/nguon", "sources", sources)
    app.add_url_rule("/cau-tra-loi-goc/<sha256>", "raw", show_raw)


def home() -> str:
    """Every frozen quarter, newest first; says what fills the page when there is none."""
    heads = site().storage.newest_heads()
    units = {unit.code: unit for unit in site().storage.units()}
    return render_template("home.html", heads=heads, units=units)


def search() -> str:
    """Units by folded name or code."""
    asked = request.args.get("q", "").strip()[:80]
    wanted = fold(asked)
    found = [
        unit
        for unit in site().storage.units()
        if wanted and unit.level is not Level.AGENCY and (wanted in fold(unit.name) or wanted == unit.code)
    ]
    return render_template("search.html", asked=asked, found=found[:SEARCH_LIMIT], total=len(found), heads=site().storage.newest_heads())


def unit_page(code: str) -> Response | str:
    """A unit's newest quarter."""
    heads = site().storage.newest_heads()
    units = site().storage.units()
    above = {unit.code: unit.parent for unit in units}
    for head in heads:
        if head.unit in {code, above.get(code)}:
            return redirect(url_for("quarter", code=code, period=head.period))  # type: ignore[return-value]
    if code not in above:
        abort(404)
    return render_template("empty.html", unit=next(unit for unit in units if unit.code == code))


def quarter(code: str, period: str) -> str:
    """The unit's quarter: totals, groups, every criterion, filterable by group and status."""
    shown = open_quarter(code, period)
    group, status, asked = request.args.get("nhom", ""), request.args.get("tinh-trang", ""), request.args.get("q", "").strip()[:80]
    wanted = fold(asked)
    rows = [
        (criterion, line)
        for criterion, line in shown.lines
        if (not group or line.group == group)
        and (not status or line.status.slug == status)
        and (not wanted or wanted in fold(f"{criterion.code} {criterion.name}"))
    ]
    open_lines = [pair for pair in shown.lines if pair[1].status not in {Status.NOT_STARTED, Status.NOT_APPLICABLE}]
    lost = sorted(
        (pair for pair in open_lines if pair[1].points < pair[1].max_points), key=lambda pair: pair[1].points - pair[1].max_points
    )
    return render_template(
        "quarter.html", q=shown, rows=rows, group=group, status=status, asked=asked, lost=lost[:MOST_LOST], place=_place(shown)
    )


def criterion_page(code: str, period: str, criterion: str) -> str:
    """One criterion: the rule in words with real digits, the figures with their sources, the units that miss."""
    shown = open_quarter(code, period)
    try:
        line, chosen = shown.snapshot.sheet.criterion(criterion), shown.criteria_set.criterion(criterion)
    except KeyError:
        abort(404)
    writer = LineWriter(shown.snapshot, shown.catalogue, shown.book, NoteCounter())
    return render_template(
        "criterion.html",
        q=shown,
        criterion=chosen,
        line=line,
        group=shown.criteria_set.group_of(criterion),
        words=rule_words(chosen, shown.catalogue.measures),
        worked=explain(shown, chosen, line),
        sentence=plain(writer.sentence(chosen, line)),
        neighbours=_neighbours(shown, criterion),
        history=site().storage.snapshot_heads(shown.host.code),
    )


def report(code: str, period: str) -> str:
    """The report as it will be printed, beside its outline and the downloads."""
    shown = open_quarter(code, period)
    written = build(shown.snapshot, shown.catalogue)
    paper = report_html(written, link=lambda path: _figure_link(shown, path))
    return render_template("report.html", q=shown, paper=Markup(paper), report=written)  # noqa: S704 - report_html escapes


def download(code: str, period: str, kind: str) -> Response:
    """The report as a file."""
    if kind not in _TYPES:
        abort(404)
    shown = open_quarter(code, period)
    written, buffer = build(shown.snapshot, shown.catalogue), BytesIO()
    if kind == "pdf":
        write_pdf(written, buffer, site().settings.report_fonts)
    elif kind == "docx":
        write_docx(written, buffer)
    else:
        write_xlsx(written, shown.snapshot, shown.catalogue, buffer)
    buffer.seek(0)
    name = file_name(shown.snapshot, kind)
    return send_file(buffer, mimetype=_TYPES[kind], as_attachment=True, download_name=name)


def ranking(period: str) -> str:
    """The communes of one district, ranked; the district comes as `huyen`, else the newest closed one."""
    chosen = period_or_404(period)
    code = request.args.get("huyen") or next((head.unit for head in site().storage.newest_heads() if head.period == str(chosen)), None)
    if code is None:
        abort(404)
    unit_or_404(code, chosen)
    shown = open_quarter(code, period)
    sheets = {sheet.unit: sheet for sheet in shown.snapshot.lower}
    return render_template("ranking.html", q=shown, sheets=sheets, ranking=shown.snapshot.ranking)


def sources() -> str:
    """One line per source that reads as a sentence."""
    heads = site().storage.newest_heads()
    pulls = site().storage.last_pulls(heads[0].unit, period_or_404(heads[0].period)) if heads else ()
    return render_template("sources.html", pulls={pull.source: pull for pull in pulls}, catalogue=site().catalogue, heads=heads)


def _figure_link(shown: Quarter, path: str) -> str:
    parts = path.split("/")
    if parts[0] == "criteria":
        return url_for("criterion", code=shown.unit.code, period=str(shown.period), criterion=parts[1])
    if parts[0] == "groups":
        return url_for("quarter", code=shown.unit.code, period=str(shown.period), nhom=parts[1])
    return url_for("quarter", code=shown.unit.code, period=str(shown.period))


def _place(shown: Quarter) -> tuple[int, int] | None:
    """A commune's rank among its district's communes, when ranked."""
    if shown.host is shown.unit:
        return None
    ranking_ = open_quarter(shown.host.code, str(shown.period)).snapshot.ranking
    for ranked in ranking_:
        if ranked.unit == shown.unit.code and ranked.rank is not None:
            return ranked.rank, len(ranking_)
    return None


def _neighbours(shown: Quarter, criterion: str) -> tuple[str | None, str | None]:
    codes = [line.code for line in shown.snapshot.sheet.criteria]
    at = codes.index(criterion)
    return (codes[at - 1] if at else None, codes[at + 1] if at + 1 < len(codes) else None)
