"""The report as a page beside its outline, and as files."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, abort, render_template, request, send_file, url_for
from markupsafe import Markup

from hue_dti.reports.docx import write_docx
from hue_dti.reports.html import heading_id, report_html
from hue_dti.reports.model import Heading, Report, plain
from hue_dti.reports.pdf import write_pdf
from hue_dti.reports.xlsx import write_xlsx
from hue_dti.services.report import file_name
from hue_dti.web.filled_book import XLSX
from hue_dti.web.manuscripts import chosen, open_work
from hue_dti.web.site import Quarter, open_quarter, site

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": XLSX,
}

_COUNTED = {"part": "so-lieu", "whole": "so-lieu", "gate_count": "so-lieu"}
_ANCHORS = {True: {**_COUNTED, "shortfalls": "don-vi", "missing": "don-vi"}, False: _COUNTED}
"""Where on a criterion's page a figure of it is explained, for criteria with and without a list of units."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline."""

    level: int
    words: str
    anchor: str


def report(code: str, period: str) -> str:
    """The report as it will be printed, beside its outline and the downloads."""
    shown, work = open_work(code, period)
    meant = chosen(work)
    written = meant.paper.report
    paper = Markup(report_html(written, link=lambda path: figure_link(shown, path)))  # noqa: S704 - report_html escapes
    asked = {name: request.args[name] for name in ("ban", "lan") if name in request.args}
    return render_template("report.html", q=shown, work=work, meant=meant, asked=asked, paper=paper, outline=outline(written))


def download(code: str, period: str, kind: str) -> Response:
    """The report as a file."""
    if kind not in TYPES:
        abort(404)
    _, work = open_work(code, period)
    paper, buffer = chosen(work).paper, BytesIO()
    written = paper.report
    if kind == "pdf":
        write_pdf(written, buffer, site().settings.report_fonts)
    elif kind == "docx":
        write_docx(written, buffer)
    else:
        write_xlsx(written, paper.snapshot, paper.catalogue, buffer)
    buffer.seek(0)
    name = file_name(paper.snapshot, kind)
    return send_file(buffer, mimetype=TYPES[kind], as_attachment=True, download_name=name)


def bundle(code: str, period: str) -> Response:
    """The frozen quarter as it is kept, for checking anywhere with `hue-dti verify`; 404 while it is not frozen."""
    shown = open_quarter(code, period)
    body = site().storage.bundle(shown.whole.head.sha256) if shown.frozen else None
    if body is None:
        abort(404)
    name = file_name(shown.whole, "bundle")
    return send_file(BytesIO(body), mimetype="application/octet-stream", as_attachment=True, download_name=name)


def outline(written: Report) -> tuple[Entry, ...]:
    """The headings of the text and the appendices, in order."""
    headings = [block for block in written.main if isinstance(block, Heading)]
    text = (Entry(each.level, _short(plain(each.runs)), heading_id(place)) for place, each in enumerate(headings, start=1))
    appendices = (
        Entry(1, f"{each.label}. {each.title.capitalize()}", f"report-appendix-{place}")
        for place, each in enumerate(written.appendices, start=1)
    )
    return (*text, *appendices)


def figure_link(shown: Quarter, path: str) -> str:
    """Where a printed figure is explained."""
    head, *rest = path.split("/")
    where: dict[str, Any] = {"code": shown.unit.code, "period": str(shown.period)}
    if head == "criteria":
        listed = shown.criteria_set.criterion(rest[0]).shortfall is not None
        return url_for("criterion", **where, criterion=rest[0], _anchor=_ANCHORS[listed].get(rest[1]))
    if head == "groups":
        return url_for("quarter", **where, nhom=rest[0], _anchor="tieu-chi")
    if head == "documents":
        return "#report-appendix-1"
    if rest and rest[0] in {"achieved", "in_progress", "not_started", "not_achieved", "not_applicable"}:
        where["tinh-trang"] = rest[0]
        return url_for("quarter", **where, _anchor="tieu-chi")
    return url_for("quarter", **where)


def _short(words: str) -> str:
    """A heading without the counts in brackets at its end."""
    return words.partition(" (")[0]
