"""Real Word footnotes: the part word/footnotes.xml, which python-docx does not write."""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from hue_dti.errors import ReportError
from hue_dti.reports.docx_xml import element, paragraph, run, runs
from hue_dti.reports.model import Note

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


class Footnotes:
    """The footnotes of one document, numbered by Word in the order they are hung."""

    def __init__(self) -> None:
        # Readers expect the namespace r to be declared here even though nothing uses it.
        self._root = parse_xml(f"<w:footnotes {_NAMESPACES}/>")
        self._root.append(_separator("separator", "-1"))
        self._root.append(_separator("continuationSeparator", "0"))
        self._count = 0

    def hang(self, note: Note) -> BaseOxmlElement:
        """Add the note and return the run that cites it; ReportError when its number is not the one Word will print."""
        self._count += 1
        if note.number != self._count:
            raise ReportError(f"Chú thích số {note.number} đứng ở vị trí thứ {self._count}; hãy đánh số chú thích theo thứ tự xuất hiện.")
        words = runs(note.runs, self.hang)
        said = paragraph("FootnoteText", _marked(element("footnoteRef")), run(" "), *words)
        self._root.append(element("footnote", said, id=str(note.number)))
        return _marked(element("footnoteReference", id=str(note.number)))

    def attach(self, document: Document) -> None:
        """Put the part into the document; call it once, when all notes are hung."""
        content = serialize_part_xml(self._root)
        part = Part(PackURI("/word/footnotes.xml"), _CONTENT_TYPE, content, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        # Word repairs a file whose settings do not name the two separators.
        named = element("footnotePr", element("footnote", id="-1"), element("footnote", id="0"))
        document.settings.element.find(qn("w:compat")).addprevious(named)


def _separator(kind: str, number: str) -> BaseOxmlElement:
    spacing = element("pPr", element("spacing", before="0", after="0", line="240", lineRule="auto"))
    return element("footnote", element("p", spacing, element("r", element(kind))), type=kind, id=number)


def _marked(mark: BaseOxmlElement) -> BaseOxmlElement:
    return element("r", element("rPr", element("rStyle", val="FootnoteReference")), mark)
