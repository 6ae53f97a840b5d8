"""Nghị định 30/2020/NĐ-CP, Phụ lục I: the paper and letters of a report, in points unless said otherwise.

Where the decree gives a range, the sizes are those its Phụ lục V uses; footnote and table sizes are our own, since it gives none.
"""

from __future__ import annotations

from typing import Final

MM: Final = 72 / 25.4
"""Points in a millimetre."""

PAPER: Final = (210.0, 297.0)
"""A4 upright, millimetres."""

MARGIN_TOP: Final = 20.0
MARGIN_BOTTOM: Final = 20.0
MARGIN_LEFT: Final = 30.0
MARGIN_RIGHT: Final = 15.0
"""Millimetres, on upright and wide pages alike."""

INDENT: Final = 12.7
"""First line of a paragraph, millimetres."""

PARAGRAPH_SPACE: Final = 6.0
COUNTRY_SIZE: Final = 12.0
MOTTO_SIZE: Final = 13.0
ISSUER_SIZE: Final = 12.0
NUMBER_SIZE: Final = 13.0
DATE_SIZE: Final = 13.0
ABOUT_SIZE: Final = 12.0
"""What a letter is about, under its number."""
TITLE_SIZE: Final = 14.0
BODY_SIZE: Final = 14.0
RECIPIENTS_HEAD_SIZE: Final = 12.0
RECIPIENTS_SIZE: Final = 11.0
PAGE_NUMBER_SIZE: Final = 14.0
REFERENCE_SIZE: Final = 13.0

NOTE_SIZE: Final = 10.0
TABLE_SIZE: Final = 12.0
WIDE_TABLE_SIZE: Final = 11.0
CODE_SIZE: Final = 8.0

WATERMARK_SIZE: Final = 96.0
WATERMARK_ANGLE: Final = 45.0
WATERMARK_GRAY: Final = 0.88
"""Across a draft's pages; our own choice."""

BODY_SPACING: Final = 1.25
TABLE_SPACING: Final = 1.15
NOTE_SPACING: Final = 1.15
"""Line height as a multiple of the letters' size."""

COUNTRY: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS: Final = "Nơi nhận:"

SHORT_RULE: Final = 0.4
"""A line of 1/3 to 1/2 of the text above it."""

LEFT_COLUMN: Final = 0.43
"""The issuing body's share of the text width; the country's name has the rest."""

ADDRESS_LEFT: Final = 0.2
"""Where "Kính gửi:" begins, as a share of the text width."""

RECIPIENTS_COLUMN: Final = 0.42
"""The recipients' share of the text width; the signer has the rest."""

SIGNATURE_SPACE: Final = 70.0
"""Left between office and name for the signature and the seal."""

LINES_ABOVE_SIGNATURE: Final = 3
"""Lines of the text that share the signature's page, where there are so many."""


def text_width(landscape: bool) -> float:
    """Width between the margins, in points."""
    return (PAPER[1 if landscape else 0] - MARGIN_LEFT - MARGIN_RIGHT) * MM


def text_height(landscape: bool) -> float:
    """Height between the margins, in points."""
    return (PAPER[0 if landscape else 1] - MARGIN_TOP - MARGIN_BOTTOM) * MM
