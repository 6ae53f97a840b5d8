"""A report as HTML: sections, tables and footnotes as links; no styles of its own, everything escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from hue_dti.reports import decree
from hue_dti.reports.escape import esc
from hue_dti.reports.model import (
    Appendix,
    Block,
    Column,
    Figure,
    Heading,
    Letterhead,
    Note,
    Report,
    Row,
    Run,
    SignatureBlock,
    Table,
    Text,
    runs_of,
    uppered,
)

Link = Callable[[str], str]


def report_html(report: Report, link: Link | None = None, *, appendices: bool = True) -> str:
    """Return the report as one `<article>`; safe to put into a page as it stands.

    `link` gives the address that explains the figure at a path of the snapshot; figures then become links that carry the
    path in `data-path`; without `appendices` the paper ends with its signature. Classes all begin with `report`; headings begin
    at level 2, since the page has its own first.
    """
    painter = _Painter(link)
    parts = [
        f'<article class="report{" report-draft" if report.watermark else ""}" lang="vi">',
        '<div class="report-sheet">',
        _letterhead(report.letterhead),
        painter.section("report-body", report.main),
        _signature(report.signature),
        "</div>",
        *(painter.appendix(appendix, place) for place, appendix in enumerate(report.appendices if appendices else (), start=1)),
        f'<p class="report-code"><code>{_words(report.code_line)}</code></p>',
        "</article>",
    ]
    return "\n".join(parts)


def heading_id(place: int) -> str:
    """The anchor of the report's heading at this place, counted from 1."""
    return f"report-heading-{place}"


class _Painter:
    """Draws blocks, with or without links under the figures."""

    def __init__(self, link: Link | None) -> None:
        self._link = link
        self._headings = 0
        self._tables = 0

    def section(self, name: str, blocks: Sequence[Block], head: str = "") -> str:
        """Blocks and, below them, the list of the notes they cite."""
        drawn = "\n".join(self._block(block) for block in blocks)
        return f'<section class="{name}">\n{head}{drawn}\n{self._notes(blocks)}</section>'

    def appendix(self, appendix: Appendix, place: int) -> str:
        """An appendix as a section of its own."""
        name = f"report-appendix-{place}"
        head = (
            f'<h2 id="{name}"><span class="report-label">{_words(appendix.label)}</span> {_words(appendix.title)}</h2>\n'
            f'<p class="report-reference"><i>{_words(appendix.reference)}</i></p>\n'
        )
        turned = " report-landscape" if appendix.landscape else ""
        return self.section(f"report-appendix report-sheet{turned}", appendix.blocks, head)

    def _block(self, block: Block) -> str:
        if isinstance(block, Heading):
            level = min(block.level + 2, 6)
            runs = uppered(block.runs) if block.level == 1 else block.runs
            self._headings += 1
            return f'<h{level} id="{heading_id(self._headings)}">{self._runs(runs)}</h{level}>'
        if isinstance(block, Table):
            return self._table(block)
        return f"<p>{self._runs(block.runs)}</p>"

    def _table(self, table: Table) -> str:
        self._tables += 1
        titles = "".join(f'<th scope="col"{_aligned(column)}>{_words(column.title)}</th>' for column in table.columns)
        rows = "\n".join(self._row(table, row) for row in table.rows)
        return (
            f'<div class="report-table" role="region" tabindex="0" aria-label="Bảng {self._tables}">'
            f"<table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
        )

    def _row(self, table: Table, row: Row) -> str:
        cells: list[str] = []
        place = 0
        for runs, taken in row.spans(len(table.columns)):
            tag = 'th scope="rowgroup"' if row.group and runs else "td"
            span = f' colspan="{taken}"' if taken > 1 else _aligned(table.columns[place])
            cells.append(f"<{tag}{span}>{self._runs(runs)}</{tag.split()[0]}>")
            place += taken
        opening = '<tr class="report-group">' if row.group else "<tr>"
        return f"{opening}{''.join(cells)}</tr>"

    def _runs(self, runs: Iterable[Run]) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: Run) -> str:
        if isinstance(run, Note):
            number = run.number
            return f'<sup><a id="reference-{number}" href="#note-{number}" aria-label="Chú thích {number}">{number}</a></sup>'
        if isinstance(run, Figure):
            return self._figure(run)
        return _styled(run)

    def _figure(self, figure: Figure) -> str:
        words, path = _words(figure.text), esc(figure.path)
        if self._link is None:
            return f'<data value="{path}">{words}</data>'
        return f'<a class="report-figure" href="{esc(self._link(figure.path))}" data-path="{path}">{words}</a>'

    def _notes(self, blocks: Iterable[Block]) -> str:
        notes = list(_notes(blocks))
        if not notes:
            return ""
        listed = "\n".join(
            f'<li id="note-{note.number}" value="{note.number}">{self._runs(note.runs)} '
            f'<a href="#reference-{note.number}" aria-label="Về chỗ trích dẫn {note.number}">↑</a></li>'
            for note in notes
        )
        return f'<ol class="report-notes">\n{listed}\n</ol>\n'


def _notes(blocks: Iterable[Block]) -> Iterator[Note]:
    return (run for block in blocks for run in runs_of(block) if isinstance(run, Note))


def _words(text: str) -> str:
    return esc(text).replace("\n", "<br>")


def _styled(run: Text) -> str:
    words = _words(run.text)
    words = f"<strong>{words}</strong>" if run.bold else words
    return f"<em>{words}</em>" if run.italic else words


def _aligned(column: Column) -> str:
    return "" if column.align == "left" else f' class="report-{esc(column.align)}"'


def _letterhead(head: Letterhead) -> str:
    subject = "<br>".join(_words(line) for line in head.subject)
    return (
        '<header class="report-head">\n'
        f'<div class="report-issuer"><p>{_words(head.superior.upper())}</p><p><strong>{_words(head.issuer.upper())}</strong></p>'
        f"<p>{_words(head.number)}</p></div>\n"
        f'<div class="report-country"><p><strong>{decree.COUNTRY}</strong></p><p><strong>{decree.MOTTO}</strong></p>'
        f"<p><em>{_words(head.place_and_date)}</em></p></div>\n"
        f'<h2 class="report-title">{_words(head.title.upper())}<br>{subject}</h2>\n'
        "</header>"
    )


def _signature(block: SignatureBlock) -> str:
    recipients = "".join(f"<li>{_words(recipient)}</li>" for recipient in block.recipients)
    return (
        '<footer class="report-signature">\n'
        f'<div class="report-recipients"><p><strong><em>{decree.RECIPIENTS}</em></strong></p><ul>{recipients}</ul></div>\n'
        f'<div class="report-signer"><p><strong>{_words(block.authority.upper())}</strong></p>'
        f"<p><strong>{_words(block.office.upper())}</strong></p><p><strong>{_words(block.name)}</strong></p></div>\n"
        "</footer>"
    )
