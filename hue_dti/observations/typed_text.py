"""What a person writes into a cell ↔ the integer that a measure of its kind is stored as; whatever would be a guess is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hue_dti.catalogue.model import Measure, ValueKind
from hue_dti.collation import fold, nfc
from hue_dti.errors import NumeralError
from hue_dti.numerals import decimal_text, format_count, format_date, parse_amount, parse_count, parse_date, parse_percent

PROGRESS = ("chưa làm", "đang làm", "đã xong")
"""How far a thing is, as stored: 0, 1, 2."""
NOT_ISSUED = "chưa ban hành"


def read_typed(measure: Measure, text: str) -> int:
    """The value of a cell's text; raise NumeralError, whose message ends with what to write."""
    match measure.kind:
        case ValueKind.AMOUNT:
            return parse_amount(text)
        case ValueKind.PERCENT | ValueKind.SHARE:
            return parse_percent(text)
        case ValueKind.DATE:
            return 0 if fold(text) == fold(NOT_ISSUED) else parse_date(text).toordinal()
        case ValueKind.PROGRESS:
            return _progress(text)
        case _:
            return parse_count(_without_noun(measure, text))


def field_text(measure: Measure, value: int | None) -> str:
    """What a field holds of a value: the number as one would type it, without its noun."""
    if value is None:
        return ""
    match measure.kind:
        case ValueKind.PERCENT | ValueKind.SHARE:
            return decimal_text(Fraction(value, 100), 2, trim=True).replace(".", ",")
        case ValueKind.DATE:
            return format_date(date.fromordinal(value)) if value else NOT_ISSUED
        case ValueKind.PROGRESS:
            return PROGRESS[value]
        case _:
            return format_count(value)


def _progress(text: str) -> int:
    said = [fold(word) for word in PROGRESS]
    if fold(text) not in said:
        raise NumeralError(f"'{text}' không phải mức độ; hãy chọn một trong: {', '.join(PROGRESS)}.")
    return said.index(fold(text))


def _without_noun(measure: Measure, text: str) -> str:
    """`1.627 cơ sở` → `1.627` where the measure counts `cơ sở`."""
    cleaned = nfc(text).strip()
    return cleaned[: -len(measure.noun)].strip() if cleaned.casefold().endswith(measure.noun.casefold()) else cleaned
