"""The word across every page of a Word draft: a drawn word in each page header, as Word itself makes them."""

from __future__ import annotations

from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section

from hue_dti.reports import decree
from hue_dti.reports.docx_xml import element
from hue_dti.reports.escape import esc

_SHAPE = """
<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"
    xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word">
  <v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
    <v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
      <v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
      <v:f eqn="if @0 @4 21600"/></v:formulas>
    <v:path textpathok="t" o:connecttype="custom"/><v:textpath on="t" fitshape="t"/>
  </v:shapetype>
  <v:shape id="watermark{number}" type="#_x0000_t136" fillcolor="{colour}" stroked="f"
    style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:page;mso-position-vertical:center;mso-position-vertical-relative:page">
    <v:textpath style="font-family:&quot;Times New Roman&quot;;font-size:1pt;font-weight:bold" string="{words}"/>
    <w10:wrap anchorx="page" anchory="page"/>
  </v:shape>
</w:pict>"""


def put_across(section: Section, words: str) -> None:
    """Draw the words behind the first page and all others of a section, and of those after it, which take its headers over."""
    for number, header in enumerate((section.first_page_header, section.header), start=1):
        header.paragraphs[0]._p.append(element("r", _shape(words, number)))


def _shape(words: str, number: int) -> BaseOxmlElement:
    size = decree.WATERMARK_SIZE
    gray = f"{round(decree.WATERMARK_GRAY * 255):02x}"
    drawn = _SHAPE.format(number=number, colour=f"#{gray * 3}", width=len(words) * size * 0.72, height=size, words=esc(words))
    return parse_xml(drawn)
