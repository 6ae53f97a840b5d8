"""A report as DOCX for the secretary to edit: real footnotes, named styles, a section for each appendix."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from hue_dti.reports import decree
from hue_dti.reports.docx_notes import Footnotes
from hue_dti.reports.docx_styles import set_styles
from hue_dti.reports.docx_watermark import put_across
from hue_dti.reports.docx_xml import cell, element, grid, paragraph, rule, run, runs, table, table_row, twips
from hue_dti.reports.escape import on_one_line, printable
from hue_dti.reports.fonts import Faces, load_faces
from hue_dti.reports.model import Addressees, Appendix, Block, Heading, Letterhead, Report, SignatureBlock, Table, plain, runs_of, uppered
from hue_dti.reports.target import Target, deliver, moment, same_zip

_LETTERS = 80
"""About how many letters of the text stand on a line."""


def write_docx(report: Report, target: Target) -> None:
    """Write the report; the same report gives the same bytes. Raise ReportError when the target cannot be used."""
    document = Document()
    set_styles(document)
    _set_settings(document)
    _set_properties(document, report)
    writer = _Writer(document)
    writer.main(report)
    for appendix in report.appendices:
        writer.appendix(appendix)
    writer.end(report)
    content = io.BytesIO()
    document.save(content)
    deliver(same_zip(content.getvalue()), target)


class _Writer:
    """Writes the sections one after the other."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._notes = Footnotes()
        # Widths of words are the shipped font's, which are Times New Roman's.
        self._faces = load_faces()

    def main(self, report: Report) -> None:
        """Letterhead, body and signature on upright paper."""
        section = self._document.sections[0]
        _set_page(section, landscape=False)
        number = element("fldSimple", run("2"), instr=" PAGE ")
        header = section.header.paragraphs[0]._p
        header.getparent().replace(header, paragraph("Header", number))
        if report.watermark:
            put_across(section, report.watermark)
        self._add(*_letterhead(report.letterhead, self._faces))
        if report.addressees is not None:
            self._add(*_addressees(report.addressees, self._faces))
        kept = _last_lines(report.main)
        for place, block in enumerate(report.main):
            self._block(block, landscape=False, keep_next=place >= kept)
        self._add(_signature(report.signature))

    def appendix(self, appendix: Appendix) -> None:
        """An appendix as a section with its own paper and page numbers."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        ending = self._document.element.body.sectPr.getprevious()
        ending.pPr.insert(0, element("pStyle", val="SectionEnd"))
        _set_page(section, landscape=appendix.landscape)
        numbers = section._sectPr.find(qn("w:pgNumType"))
        if numbers is None:
            section._sectPr.find(qn("w:pgMar")).addnext(element("pgNumType", start="1"))
        self._add(
            paragraph("AppendixLabel", run(appendix.label)),
            paragraph("AppendixTitle", run(appendix.title.upper())),
            paragraph("AppendixReference", run(appendix.reference)),
        )
        for block in appendix.blocks:
            self._block(block, landscape=appendix.landscape)

    def end(self, report: Report) -> None:
        """The snapshot's code, then the footnotes' part."""
        self._add(paragraph("CodeLine", run(report.code_line)))
        self._notes.attach(self._document)

    def _block(self, block: Block, *, landscape: bool, keep_next: bool = False) -> None:
        if isinstance(block, Table):
            self._table(block, landscape=landscape)
            return
        style, words = "BodyText", block.runs
        if isinstance(block, Heading):
            style = f"Heading{block.level}"
            words = uppered(words) if block.level == 1 else words
        self._add(paragraph(style, *runs(words, self._notes.hang), keep_next=keep_next))

    def _table(self, block: Table, *, landscape: bool) -> None:
        last = self._document.element.body.sectPr.getprevious()
        if last is not None and last.tag == qn("w:tbl"):
            self._add(paragraph("SectionEnd"))  # or Word would join the two
        self._add(table(block, self._notes.hang, self._faces, landscape=landscape))

    def _add(self, *blocks: BaseOxmlElement) -> None:
        body = self._document.element.body
        for block in blocks:
            body.sectPr.addprevious(block)


def _set_page(section: Section, *, landscape: bool) -> None:
    width, height = decree.PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(height), Mm(width)) if landscape else (Mm(width), Mm(height))
    section.top_margin, section.bottom_margin = Mm(decree.MARGIN_TOP), Mm(decree.MARGIN_BOTTOM)
    section.left_margin, section.right_margin = Mm(decree.MARGIN_LEFT), Mm(decree.MARGIN_RIGHT)
    section.header_distance = section.footer_distance = Mm(decree.MARGIN_TOP / 2)
    section.different_first_page_header_footer = True


def _set_settings(document: WordDocument) -> None:
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), "vi-VN")
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package.rels.pop(key)


def _set_properties(document: WordDocument, report: Report) -> None:
    head, properties, day = report.letterhead, document.core_properties, moment(report)
    properties.title = on_one_line(head.heading)[:255]
    properties.author = properties.last_modified_by = on_one_line(head.issuer)[:255]
    properties.subject = on_one_line(f"{report.unit} {report.period}")[:255]
    properties.keywords = report.snapshot_sha256
    properties.comments = ""
    properties.language = "vi-VN"
    properties.revision = 1
    properties.created = properties.modified = day


def _letterhead(head: Letterhead, faces: Faces) -> Sequence[BaseOxmlElement]:
    width = decree.text_width(landscape=False)
    left = width * decree.LEFT_COLUMN
    widths = (left, width - left)
    issuer = (
        paragraph("Letterhead", run(head.superior.upper())),
        paragraph("Letterhead", run(head.issuer.upper(), bold=True)),
        rule(left, _widest(head.issuer.upper(), faces.bold, decree.ISSUER_SIZE, left) * decree.SHORT_RULE),
    )
    country = (
        paragraph("LetterheadCountry", run(decree.COUNTRY)),
        paragraph("LetterheadMotto", run(decree.MOTTO)),
        rule(width - left, _widest(decree.MOTTO, faces.bold, decree.MOTTO_SIZE, width)),
    )
    about = [paragraph("LetterheadAbout", run(head.about))] if head.about else []
    number = (paragraph("LetterheadNumber", run(head.number)), *about)
    below = (number, (paragraph("LetterheadDate", run(head.place_and_date)),))
    rows = [table_row(cell(wide, *said) for wide, said in zip(widths, row, strict=True)) for row in ((issuer, country), below)]
    if not head.title:
        return (grid(widths, rows, lines=False),)
    subject = [paragraph("Subtitle", run(line)) for line in head.subject]
    longest = _widest(head.subject[-1] if head.subject else head.title, faces.bold, decree.TITLE_SIZE, width)
    return (
        grid(widths, rows, lines=False),
        paragraph("Title", run(head.title.upper())),
        *subject,
        rule(width, longest * decree.SHORT_RULE),
    )


def _addressees(block: Addressees, faces: Faces) -> Sequence[BaseOxmlElement]:
    first, *others = block.lines
    if not others:
        return (paragraph("Addressee", run(first), align="center", keep_next=True),)
    left = decree.text_width(landscape=False) * decree.ADDRESS_LEFT
    colon = left + float(stringWidth(first.rstrip(":"), faces.regular, decree.BODY_SIZE))
    return (
        paragraph("Addressee", run(first), keep_next=True, left=left),
        *(paragraph("Addressees", run(each), keep_next=True, left=colon) for each in others),
    )


def _signature(block: SignatureBlock) -> BaseOxmlElement:
    width = decree.text_width(landscape=False)
    left = width * decree.RECIPIENTS_COLUMN
    recipients = (
        paragraph("RecipientsHeading", run(decree.RECIPIENTS)),
        *(paragraph("Recipients", run(recipient)) for recipient in block.recipients),
    )
    space = element("p", element("pPr", element("pStyle", val="Signature"), element("spacing", before=twips(decree.SIGNATURE_SPACE))))
    signer = (
        paragraph("SignatureLead", run(block.authority.upper())),
        paragraph("Signature", run(block.office.upper())),
        space,
        paragraph("Signature", run(block.name)),
    )
    row = table_row((cell(left, *recipients), cell(width - left, *signer)))
    return grid((left, width - left), [row], lines=False)


def _last_lines(blocks: Sequence[Block]) -> int:
    """The place of the first block that shares the signature's page, by about how many lines the last ones have."""
    wanted, place = decree.LINES_ABOVE_SIGNATURE, len(blocks)
    while place and wanted > 0 and not isinstance(blocks[place - 1], Table):
        place -= 1
        wanted -= 1 + len(plain(runs_of(blocks[place]))) // _LETTERS
    return place


def _widest(text: str, font: str, size: float, most: float) -> float:
    """The width of the longest line of some words, or of the column they are broken in."""
    return min(max(float(stringWidth(line, font, size)) for line in printable(text).split("\n")), most)
