"""Named styles of the Word document, so that a secretary changes the look of a whole report in one place."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from hue_dti.reports import decree
from hue_dti.reports.docx_xml import element, twips

FONT = "Times New Roman"
_SINGLE = 1.15
"""Word's single line of Times New Roman, as a multiple of its size."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One style; sizes and spaces in points, `line` as a multiple of a single line."""

    identity: str
    name: str
    size: float
    bold: bool = False
    italic: bool = False
    align: str = "left"
    indent: float = 0.0
    before: float = 0.0
    line: float = 1.0
    after: float = 0.0
    keep_next: bool = False
    outline: int | None = None


_BODY_LINE = decree.BODY_SPACING / _SINGLE
_INDENT = decree.INDENT * decree.MM
_LOOKS = (
    _Look("Normal", "Normal", decree.BODY_SIZE),
    _Look("BodyText", "Body Text", decree.BODY_SIZE, align="both", indent=_INDENT, before=decree.PARAGRAPH_SPACE, line=_BODY_LINE),
    *(
        _Look(
            f"Heading{level}",
            f"heading {level}",
            decree.BODY_SIZE,
            bold=True,
            align="both",
            indent=_INDENT,
            before=decree.PARAGRAPH_SPACE,
            line=_BODY_LINE,
            keep_next=True,
            outline=level - 1,
        )
        for level in (1, 2, 3)
    ),
    _Look("Title", "Title", decree.TITLE_SIZE, bold=True, align="center", before=16, keep_next=True),
    _Look("Subtitle", "Subtitle", decree.TITLE_SIZE, bold=True, align="center", keep_next=True),
    _Look("Letterhead", "Letterhead", decree.ISSUER_SIZE, align="center", keep_next=True),
    _Look("LetterheadCountry", "Letterhead Country", decree.COUNTRY_SIZE, bold=True, align="center", keep_next=True),
    _Look("LetterheadMotto", "Letterhead Motto", decree.MOTTO_SIZE, bold=True, align="center", keep_next=True),
    _Look("LetterheadNumber", "Letterhead Number", decree.NUMBER_SIZE, align="center", keep_next=True),
    _Look("LetterheadDate", "Letterhead Date", decree.DATE_SIZE, italic=True, align="center", keep_next=True),
    _Look("LetterheadAbout", "Letterhead About", decree.ABOUT_SIZE, align="center", before=6, keep_next=True),
    _Look("Addressee", "Addressee", decree.BODY_SIZE, before=18, after=6, keep_next=True),
    _Look("Addressees", "Addressees", decree.BODY_SIZE, keep_next=True),
    _Look("AppendixLabel", "Appendix Label", decree.TITLE_SIZE, bold=True, align="center", keep_next=True, outline=0),
    _Look("AppendixTitle", "Appendix Title", decree.TITLE_SIZE, bold=True, align="center", keep_next=True),
    _Look("AppendixReference", "Appendix Reference", decree.REFERENCE_SIZE, italic=True, align="center", after=6, keep_next=True),
    _Look("TableText", "Table Text", decree.TABLE_SIZE),
    _Look("WideTableText", "Wide Table Text", decree.WIDE_TABLE_SIZE),
    _Look("Signature", "Signature", decree.BODY_SIZE, bold=True, align="center", keep_next=True),
    _Look("SignatureLead", "Signature Lead", decree.BODY_SIZE, bold=True, align="center", before=14, keep_next=True),
    _Look("RecipientsHeading", "Recipients Heading", decree.RECIPIENTS_HEAD_SIZE, bold=True, italic=True, before=14, keep_next=True),
    _Look("Recipients", "Recipients", decree.RECIPIENTS_SIZE),
    _Look("Header", "header", decree.PAGE_NUMBER_SIZE, align="center"),
    _Look("FootnoteText", "footnote text", decree.NOTE_SIZE, align="both"),
    _Look("SectionEnd", "Section End", 1),
    _Look("CodeLine", "Code Line", decree.CODE_SIZE, align="right", before=6),
)
_KEPT = frozenset({"DefaultParagraphFont", "TableNormal", "NoList", "TableGrid"})


def set_styles(document: Document) -> None:
    """Replace the template's styles by those of an official text; nothing keeps a theme's fonts or colours."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in _KEPT:
            styles.remove(style)
    _set_defaults(styles)
    for look in _LOOKS:
        styles.append(_style(look))
    styles.append(_reference_style())


def _set_defaults(styles: BaseOxmlElement) -> None:
    defaults = styles.find(qn("w:docDefaults"))
    language = element("lang", val="vi-VN", eastAsia="vi-VN", bidi="ar-SA")
    letters = element("rPr", _fonts(), element("sz", val="28"), element("szCs", val="28"), language)
    space = element("pPr", element("spacing", before="0", after="0", line="240", lineRule="auto"))
    for old in list(defaults):
        defaults.remove(old)
    defaults.append(element("rPrDefault", letters))
    defaults.append(element("pPrDefault", space))
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) == "TableGrid":
            style.find(qn("w:basedOn")).set(qn("w:val"), "TableNormal")


def _style(look: _Look) -> BaseOxmlElement:
    kind = {"type": "paragraph", "styleId": look.identity}
    if look.identity == "Normal":
        kind["default"] = "1"
    else:
        kind |= {} if look.name[:1].islower() or look.identity in {"Title", "Subtitle", "BodyText", "Signature"} else {"customStyle": "1"}
    style = element("style", element("name", val=look.name), **kind)
    if look.identity != "Normal":
        style.append(element("basedOn", val="Normal"))
    if look.outline is not None and look.identity.startswith("Heading"):
        style.append(element("next", val="BodyText"))
    style.append(element("qFormat"))
    style.append(_paragraph_properties(look))
    style.append(_letters(look))
    return style


def _paragraph_properties(look: _Look) -> BaseOxmlElement:
    properties = element("pPr")
    if look.keep_next:
        properties.append(element("keepNext"))
    if look.outline is not None:
        properties.append(element("keepLines"))
    properties.append(element("widowControl"))
    line = str(round(240 * look.line))
    properties.append(element("spacing", before=twips(look.before), after=twips(look.after), line=line, lineRule="auto"))
    properties.append(element("ind", firstLine=twips(look.indent)))
    properties.append(element("jc", val=look.align))
    if look.outline is not None:
        properties.append(element("outlineLvl", val=str(look.outline)))
    return properties


def _letters(look: _Look) -> BaseOxmlElement:
    letters = element("rPr", _fonts())
    for tag, wanted in (("b", look.bold), ("i", look.italic)):
        if wanted:
            letters.append(element(tag))
            letters.append(element(f"{tag}Cs"))
    half_points = str(round(look.size * 2))
    letters.append(element("sz", val=half_points))
    letters.append(element("szCs", val=half_points))
    return letters


def _fonts() -> BaseOxmlElement:
    return element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)


def _reference_style() -> BaseOxmlElement:
    raised = element("rPr", element("vertAlign", val="superscript"))
    named = element("name", val="footnote reference")
    return element("style", named, element("basedOn", val="DefaultParagraphFont"), raised, type="character", styleId="FootnoteReference")
