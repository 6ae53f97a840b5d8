"""The letterhead and the signature block of an official text on a PDF page (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as Setter

from hue_dti.reports import decree
from hue_dti.reports.model import Addressees, Letterhead, SignatureBlock
from hue_dti.reports.paging import Line
from hue_dti.reports.pdf_text import Block, Gap, Look, TextBlock, Writer, rule

_RULE_SPACE = 8.0
_SINGLE = 1.15
_ABOUT_SPACE = 6.0
_ADDRESS_SPACE = 18.0


def head_blocks(letterhead: Letterhead, writer: Writer, width: float) -> list[Block]:
    """Letterhead, kind of text, and what it is about with the short line under it; a letter has the letterhead alone."""
    if not letterhead.title:
        return [HeadBlock(letterhead, writer, width)]
    look = Look(writer.faces.bold, decree.TITLE_SIZE, 1.2, "center")
    titles = [letterhead.title.upper(), *letterhead.subject]
    blocks: list[Block] = [HeadBlock(letterhead, writer, width)]
    for index, title in enumerate(titles):
        setter = Setter(writer.words(title), writer.style(look))
        blocks.append(TextBlock(setter, width, space=0 if index else 16, whole=True, keeps_next=True))
    last = blocks[-1]
    longest = last.widest() if isinstance(last, TextBlock) else 0.0
    blocks.append(Gap(_RULE_SPACE, width=width, rule=longest * decree.SHORT_RULE))
    blocks.append(Gap(6.0))
    return blocks


def address_blocks(addressees: Addressees, writer: Writer, width: float) -> list[Block]:
    """To whom a letter goes: in the middle for one, else the label and under its colon a line for each."""
    look = Look(writer.faces.regular, decree.BODY_SIZE, 1.2)
    first, *others = addressees.lines
    if not others:
        centred = Setter(writer.words(first), writer.style(replace(look, align="center")))
        return [TextBlock(centred, width, space=_ADDRESS_SPACE, whole=True, keeps_next=True), Gap(6.0)]
    left = width * decree.ADDRESS_LEFT
    below = left + float(stringWidth(first.rstrip(":"), look.font, look.size))
    blocks: list[Block] = [Moved(TextBlock(Setter(writer.words(first), writer.style(look)), width - left, space=_ADDRESS_SPACE), left)]
    blocks += [Moved(TextBlock(Setter(writer.words(each), writer.style(look)), width - below), below) for each in others]
    return [*blocks, Gap(6.0)]


class Moved:
    """A paragraph that stands to the right of the margin, with the next one on the same page."""

    keeps_next = True

    def __init__(self, block: TextBlock, by: float) -> None:
        self._block, self._by = block, by
        self.lines: Sequence[Line] = block.lines

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw it where it was moved to."""
        self._block.draw(canvas, x + self._by, top, first, stop)


class HeadBlock:
    """Issuing body on the left, the country's name and motto on the right, number and date on one line below.

    What a letter is about stands under its number.
    """

    keeps_next = True

    def __init__(self, letterhead: Letterhead, writer: Writer, width: float) -> None:
        faces = writer.faces
        self._left_width = width * decree.LEFT_COLUMN
        self._right_width = width - self._left_width
        superior = _centred(writer, letterhead.superior.upper(), faces.regular, decree.ISSUER_SIZE, self._left_width)
        issuer = _centred(writer, letterhead.issuer.upper(), faces.bold, decree.ISSUER_SIZE, self._left_width)
        country = _centred(writer, decree.COUNTRY, faces.bold, decree.COUNTRY_SIZE, self._right_width)
        motto = _centred(writer, decree.MOTTO, faces.bold, decree.MOTTO_SIZE, self._right_width)
        self._left = [block for block in (superior, issuer) if block.count]
        self._right = [country, motto]
        self._number = _centred(writer, letterhead.number, faces.regular, decree.NUMBER_SIZE, self._left_width)
        self._date = _centred(writer, letterhead.place_and_date, faces.italic, decree.DATE_SIZE, self._right_width)
        about = _centred(writer, letterhead.about, faces.regular, decree.ABOUT_SIZE, self._left_width - 2 * _RULE_SPACE)
        self._about = about if letterhead.about else None
        self._above = max(sum(block.height for block in column) for column in (self._left, self._right)) + _RULE_SPACE + 2
        left = self._number.height + (_ABOUT_SPACE + about.height if letterhead.about else 0.0)
        self.lines: Sequence[Line] = (Line(self._above + max(left, self._date.height)),)

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw both columns and the line below."""
        right = x + self._left_width
        _column(canvas, self._left, x, top, self._left_width, decree.SHORT_RULE)
        _column(canvas, self._right, right, top, self._right_width, 1.0)
        _whole(self._number, canvas, x, top - self._above)
        _whole(self._date, canvas, right, top - self._above)
        if self._about is not None:
            _whole(self._about, canvas, x + _RULE_SPACE, top - self._above - self._number.height - _ABOUT_SPACE)


class SignatureLines:
    """Recipients on the left; authority, office, room for the seal and the signer's name on the right.

    Line 0 holds the right side and as many recipients as stand beside it; each further recipient is a line of its own.
    """

    keeps_next = False

    def __init__(self, signature: SignatureBlock, writer: Writer, width: float) -> None:
        faces = writer.faces
        self._left_width = width * decree.RECIPIENTS_COLUMN
        self._right_width = width - self._left_width
        self._recipients = _recipients(signature, writer, self._left_width - 12)
        signer = (signature.authority.upper(), signature.office.upper())
        self._signer = [_centred(writer, text, faces.bold, decree.BODY_SIZE, self._right_width) for text in signer if text]
        self._name = _centred(writer, signature.name, faces.bold, decree.BODY_SIZE, self._right_width)
        name_height = self._name.height or decree.BODY_SIZE * _SINGLE
        right = sum(block.height for block in self._signer) + decree.SIGNATURE_SPACE + name_height
        self._beside, left = self._fitting(right)
        self.lines: Sequence[Line] = (
            Line(max(right, left), space=14.0, tied=True),
            *(Line(block.height, tied=True) for block in self._recipients[self._beside :]),
        )

    def _fitting(self, height: float) -> tuple[int, float]:
        used = 0.0
        for index, block in enumerate(self._recipients):
            if used + block.height > height:
                return index, used
            used += block.height
        return len(self._recipients), used

    def draw(self, canvas: Canvas, x: float, top: float, first: int, stop: int) -> None:
        """Draw the block's first line, and the recipients that stand below it."""
        for index in range(first, stop):
            if index == 0:
                _stack(canvas, self._recipients[: self._beside], x, top)
                below = _stack(canvas, self._signer, x + self._left_width, top)
                _whole(self._name, canvas, x + self._left_width, below - decree.SIGNATURE_SPACE)
            else:
                _whole(self._recipients[self._beside + index - 1], canvas, x, top)
            top -= self.lines[index].height


def _recipients(signature: SignatureBlock, writer: Writer, width: float) -> list[TextBlock]:
    head = Look(writer.faces.regular, decree.RECIPIENTS_HEAD_SIZE, _SINGLE)
    plain = Look(writer.faces.regular, decree.RECIPIENTS_SIZE, _SINGLE)
    title = TextBlock(Setter(f"<b><i>{writer.words(decree.RECIPIENTS)}</i></b>", writer.style(head)), width)
    return [title, *(TextBlock(Setter(writer.words(text), writer.style(plain)), width) for text in signature.recipients)]


def _centred(writer: Writer, text: str, font: str, size: float, width: float) -> TextBlock:
    return TextBlock(Setter(writer.blanks(text), writer.style(Look(font, size, _SINGLE, "center"))), width)


def _column(canvas: Canvas, blocks: Sequence[TextBlock], x: float, top: float, width: float, share: float) -> None:
    bottom = _stack(canvas, blocks, x, top)
    if blocks:
        rule(canvas, x + width / 2, bottom - _RULE_SPACE / 2, blocks[-1].widest() * share)


def _stack(canvas: Canvas, blocks: Sequence[TextBlock], x: float, top: float) -> float:
    for block in blocks:
        _whole(block, canvas, x, top)
        top -= block.height
    return top


def _whole(block: TextBlock, canvas: Canvas, x: float, top: float) -> None:
    if block.count:
        block.draw(canvas, x, top, 0, block.count)
