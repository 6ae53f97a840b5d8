"""A report as PDF: the paper of Nghị định 30/2020/NĐ-CP with footnotes at the foot of the page that cites them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as Setter

from hue_dti.reports import decree
from hue_dti.reports.escape import on_one_line
from hue_dti.reports.fonts import Faces, load_faces
from hue_dti.reports.model import Appendix, Block, Heading, Note, Paragraph, Report, Table, plain, runs_of, uppered
from hue_dti.reports.pdf_flow import Flow, FlowPrinter, Mark
from hue_dti.reports.pdf_head import SignatureLines, address_blocks, head_blocks
from hue_dti.reports.pdf_table import TableBlock
from hue_dti.reports.pdf_text import Block as PageBlock
from hue_dti.reports.pdf_text import Look, TextBlock, Writer
from hue_dti.reports.target import Target, deliver, moment


def write_pdf(report: Report, target: Target, fonts: Path | None = None) -> None:
    """Write the report; `fonts` is a folder with Times New Roman (None: the letters shipped with the program).

    The same report gives the same bytes. A character the letters lack is printed by its number. Raise ReportError
    when the fonts or the target cannot be used.
    """
    faces = load_faces(fonts)
    content = io.BytesIO()
    canvas = _canvas(report, content, faces)
    printer = FlowPrinter(canvas, faces, report.watermark)
    for flow in _flows(report, Writer(faces)):
        printer.print(flow)
    canvas.save()
    deliver(content.getvalue(), target)


def _canvas(report: Report, content: io.BytesIO, faces: Faces) -> Canvas:
    # Without initialFontName every page would name Helvetica, which is not embedded; the stubs take it for a number.
    canvas = Canvas(content, invariant=1, lang="vi-VN", pageCompression=1, initialFontName=faces.regular)  # type: ignore[arg-type]
    head = report.letterhead
    canvas.setTitle(on_one_line(head.heading))
    canvas.setAuthor(on_one_line(head.issuer))
    canvas.setSubject(on_one_line(f"{report.unit} {report.period}"))
    canvas.setKeywords(report.snapshot_sha256)
    canvas.setCreator("hue-dti")
    canvas.setProducer("hue-dti")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    stamp = moment(report).strftime("D:%Y%m%d%H%M%S")
    zone = moment(report).strftime("%z") or "+0000"
    canvas.setDateFormatter(lambda *_: f"{stamp}{zone[:3]}'{zone[3:5]}'")
    return canvas


def _flows(report: Report, writer: Writer) -> Sequence[Flow]:
    last = len(report.appendices)
    return [_main(report, writer, ends=last == 0), *(_appendix(report, writer, at, ends=at == last - 1) for at in range(last))]


def _main(report: Report, writer: Writer, *, ends: bool) -> Flow:
    composer = _Composer(writer, landscape=False)
    composer.blocks += head_blocks(report.letterhead, writer, composer.width)
    if report.addressees is not None:
        composer.blocks += address_blocks(report.addressees, writer, composer.width)
    composer.add(report.main)
    composer.sign(SignatureLines(report.signature, writer, composer.width))
    return composer.flow(report, ends=ends)


def _appendix(report: Report, writer: Writer, index: int, *, ends: bool) -> Flow:
    appendix = report.appendices[index]
    composer = _Composer(writer, landscape=appendix.landscape)
    composer.title(appendix)
    composer.add(appendix.blocks)
    return composer.flow(report, ends=ends)


class _Composer:
    """Gathers the blocks of one flow."""

    def __init__(self, writer: Writer, *, landscape: bool) -> None:
        self._writer, self._landscape = writer, landscape
        self.width = decree.text_width(landscape)
        self.blocks: list[PageBlock] = []
        self._notes: dict[int, TextBlock] = {}
        self._marks: dict[int, Mark] = {}

    def add(self, blocks: Sequence[Block]) -> None:
        """Add body blocks and the notes they cite."""
        for block in blocks:
            for run in runs_of(block):
                if isinstance(run, Note):
                    self._notes[run.number] = self._note(run)
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Table):
                self._table(block)
            else:
                self._paragraph(block)

    def title(self, appendix: Appendix) -> None:
        """An appendix's label, title and reference line."""
        faces = self._writer.faces
        self._marks[len(self.blocks)] = Mark(on_one_line(f"{appendix.label}. {appendix.title}"), 0)
        lines = (
            (appendix.label, faces.bold, decree.TITLE_SIZE),
            (appendix.title.upper(), faces.bold, decree.TITLE_SIZE),
            (appendix.reference, faces.italic, decree.REFERENCE_SIZE),
        )
        for words, font, size in lines:
            look = Look(font, size, 1.2, "center")
            self._text(self._writer.blanks(words), look, space=0, kept=True)

    def sign(self, signature: SignatureLines) -> None:
        """Add the signature with the last lines of the text on its page."""
        wanted = decree.LINES_ABOVE_SIGNATURE
        for block in reversed(self.blocks):
            if not isinstance(block, TextBlock) or wanted <= 0:
                break
            block.tail, block.stays = max(2, min(wanted, block.count)), block.count < wanted
            wanted -= block.count
        self.blocks.append(signature)

    def flow(self, report: Report, *, ends: bool) -> Flow:
        """The finished flow; the last one of the report ends with the snapshot's code."""
        if ends:
            look = Look(self._writer.faces.regular, decree.CODE_SIZE, 1.2, "right")
            setter = Setter(self._writer.words(report.code_line), self._writer.style(look))
            self.blocks.append(TextBlock(setter, self.width, space=6, whole=True, stays=True))
        return Flow(self.blocks, self._notes, self._marks, self._landscape)

    def _text(self, markup: str, look: Look, *, space: float, kept: bool = False) -> None:
        """Add words; `kept` ones stay in one piece and with what follows."""
        setter = Setter(markup, self._writer.style(look))
        self.blocks.append(TextBlock(setter, self.width, space=space, whole=kept, keeps_next=kept))

    def _heading(self, heading: Heading) -> None:
        upper = heading.level == 1
        look = Look(self._writer.faces.bold, decree.BODY_SIZE, align="justify", indent=decree.INDENT * decree.MM)
        self._marks[len(self.blocks)] = Mark(on_one_line(plain(heading.runs)), heading.level - 1)
        markup = self._writer.markup(uppered(heading.runs) if upper else heading.runs, look.size)
        self._text(markup, look, space=decree.PARAGRAPH_SPACE + (2 if upper else 0), kept=True)

    def _paragraph(self, paragraph: Paragraph) -> None:
        look = Look(self._writer.faces.regular, decree.BODY_SIZE, align="justify", indent=decree.INDENT * decree.MM)
        self._text(self._writer.markup(paragraph.runs, look.size), look, space=decree.PARAGRAPH_SPACE)

    def _table(self, table: Table) -> None:
        self.blocks.append(TableBlock(table, self._writer, landscape=self._landscape))

    def _note(self, note: Note) -> TextBlock:
        look = Look(self._writer.faces.regular, decree.NOTE_SIZE, decree.NOTE_SPACING, "justify")
        return TextBlock(Setter(self._writer.note(note, look), self._writer.style(look)), self.width)
