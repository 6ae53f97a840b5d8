"""Numbers and dates as Vietnamese officials write them, and a reader that refuses whatever it would have to guess.

Written: dots between thousands, a comma before decimals, dd/MM/yyyy. Nothing here is a float: counts are integers, shares are Fractions,
points are ten-thousandths of a point, percents hundredths of a percent, money đồng.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from hue_dti.errors import NumeralError

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_POINT_DIGITS = 4
POINT = 10_000
"""Points are integers in ten-thousandths: 9.5145 points is 95145."""

_PERCENT_DIGITS = 2
_IN_TIMES = 5
"""From how many times the old value on a change is told in times: a percentage beyond 400 says nothing to a reader."""
_SHARE_DIGITS = 6


def format_count(count: int) -> str:
    """1627 → `1.627`."""
    return f"{count:,}".replace(",", ".")


def format_percent(share: Fraction, digits: int = _PERCENT_DIGITS) -> str:
    """A share of 1 as a percentage with exactly `digits` decimals: 1627/1663 → `97,84%`."""
    return _vietnamese(decimal_text(share * 100, digits)) + "%"


def format_growth(share: Fraction, digits: int = _PERCENT_DIGITS) -> str:
    """A change as a share of the old value: `+131,00%`, `−43,00%`; from five times the old value on in times: `gấp 50 lần`."""
    if share + 1 >= _IN_TIMES:
        return f"gấp {format_times(share)} lần"
    return ("+" if share > 0 else "−") + format_percent(abs(share), digits)


def format_times(share: Fraction) -> str:
    """How many times the old value is reached: 49 → `50`, 1.626,5 → `1.627,5`, with one decimal where there is one."""
    return format_decimal(share + 1, 1)


def format_decimal(value: Fraction | int, digits: int) -> str:
    """At most `digits` decimals, thousands apart: 15958/10 → `1.595,8`, 28 → `28`."""
    return _vietnamese(decimal_text(value, digits, trim=True))


def format_points(ten_thousandths: int | Fraction, digits: int = _POINT_DIGITS) -> str:
    """Points without idle zeros, at most `digits` decimals: 95145 → `9,5145`, 100000 → `10`."""
    return _vietnamese(decimal_text(Fraction(ten_thousandths, POINT), digits, trim=True))


def format_amount(dong: int) -> str:
    """1150000000 → `1.150.000.000 đồng`."""
    return f"{format_count(dong)} đồng"


def format_date(day: date) -> str:
    """`10/06/2024`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_moment(moment: datetime) -> str:
    """An aware moment on the clock of Việt Nam: `06:00 10/06/2024`; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; pass an aware datetime")
    local = moment.astimezone(_LOCAL)
    return f"{local.hour:02d}:{local.minute:02d} {format_date(local.date())}"


def points_text(ten_thousandths: int) -> str:
    """Points for machines: 95145 → `9.5145`, 100000 → `10`."""
    return decimal_text(Fraction(ten_thousandths, POINT), _POINT_DIGITS, trim=True)


def share_text(share: Fraction) -> str:
    """A share for machines, 6 decimals: 921/968 → `0.951446`."""
    return decimal_text(share, _SHARE_DIGITS)


def decimal_text(value: Fraction | int, digits: int, *, trim: bool = False) -> str:
    """An exact value with a decimal point and `digits` decimals, halves away from zero; `trim` drops idle zeros."""
    scale = 10**digits
    exact = Fraction(value)
    units = (2 * abs(exact.numerator) * scale + exact.denominator) // (2 * exact.denominator)
    whole, rest = divmod(units, scale)
    decimals = str(rest).zfill(digits) if digits else ""
    if trim:
        decimals = decimals.rstrip("0")
    sign = "-" if exact < 0 and units else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def _vietnamese(plain: str) -> str:
    whole, _, decimals = plain.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return sign + format_count(int(digits)) + (f",{decimals}" if decimals else "")


_ACT_NOUNS = (
    "hồ sơ",
    "tài khoản",
    "tk",
    "thủ tục",
    "văn bản",
    "tin",
    "bài",
    "tin bài",
    "tin, bài",
    "bản tin",
    "lượt",
    "cuộc",
    "lần",
    "phản ánh",
)
_WHO_NOUNS = ("người", "hộ", "hộ gia đình", "máy", "máy tính", "đơn vị", "thôn", "tổ", "địa chỉ")
_COUNT_NOUNS = frozenset((*_ACT_NOUNS, *_WHO_NOUNS))
_MONEY = {
    **dict.fromkeys(("", "đ", "đồng", "vnd", "vnđ", "₫"), 1),
    **dict.fromkeys(("nghìn", "nghìn đồng", "ngàn", "ngàn đồng"), 10**3),
    **dict.fromkeys(("triệu", "triệu đồng", "tr", "trđ"), 10**6),
    **dict.fromkeys(("tỷ", "tỷ đồng", "tỉ", "tỉ đồng"), 10**9),
}
_POINT_WORDS = frozenset({"điểm", "đ"})
_NUMERAL = re.compile(r"(?P<sign>[+\-−–]?)(?P<digits>[0-9][0-9., ]*[0-9]|[0-9])(?P<suffix>.*)", re.DOTALL)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+")
_PLAIN = re.compile(r"0|[1-9][0-9]*")
_AMBIGUOUS_THOUSAND = re.compile(r"[1-9][0-9]{0,2},[0-9]{2}0")
_MOST_DIGITS = 18
_QUOTES = "'\"“”‘’`;"


def parse_count(text: str) -> int:
    """Read a count such as `1.627`, `1627`, `1 627` or `1.627 hồ sơ`; raise NumeralError for anything that could mean two things."""
    digits, suffix = _split(text)
    if suffix == "%":
        raise NumeralError(f"'{text}' là tỷ lệ phần trăm; ở đây cần số lượng, hãy viết số nguyên như 1.627.")
    if suffix and suffix not in _COUNT_NOUNS:
        raise _unknown_suffix(text, suffix, "1.627")
    whole = _whole(digits)
    if whole is not None:
        return whole
    raise NumeralError(
        f"'{text}': số lượng không có phần thập phân.{_question(digits, whole=True)} Hãy viết số nguyên, như 1627 hoặc 1.627."
    )


def parse_percent(text: str) -> int:
    """Read a percentage such as `97,84%`, `97,8` or `82` as hundredths of a percent (9784); raise NumeralError when unsure."""
    digits, suffix = _split(text)
    if suffix not in ("", "%"):
        raise _unknown_suffix(text, suffix, "97,84%")
    return _scaled(text, digits, _PERCENT_DIGITS, "97,84%")


def parse_points(text: str) -> int:
    """Read points such as `9,5145` or `10 điểm` as ten-thousandths (95145); raise NumeralError when unsure."""
    digits, suffix = _split(text)
    if suffix and suffix not in _POINT_WORDS:
        raise _unknown_suffix(text, suffix, "9,5")
    return _scaled(text, digits, _POINT_DIGITS, "9,5")


def parse_amount(text: str) -> int:
    """Read money such as `1.150.000.000 đồng`, `1,95 tỷ` or `350 triệu` as đồng; raise NumeralError when unsure."""
    digits, suffix = _split(text)
    if suffix not in _MONEY:
        raise _unknown_suffix(text, suffix, "1,95 tỷ đồng")
    whole = _whole(digits)
    if whole is not None:
        return whole * _MONEY[suffix]
    decimal = _decimal(digits)
    if decimal is None:
        raise NumeralError(f"'{text}' không đọc được chắc chắn.{_question(digits, suffix)} Hãy viết như 1.150.000.000 đồng hoặc 1,95 tỷ.")
    dong = decimal * _MONEY[suffix]
    if dong.denominator != 1:
        raise NumeralError(f"'{text}' lẻ dưới một đồng; hãy viết số tiền tròn đồng.")
    return dong.numerator


def parse_date(text: str) -> date:
    """Read `10/06/2024` (day first) or `2024-06-10`; raise NumeralError otherwise."""
    cleaned = _clean(text)
    match = re.fullmatch(r"(?P<day>[0-9]{1,2})([/.-])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})", cleaned) or re.fullmatch(
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})", cleaned
    )
    if match is None:
        raise NumeralError(f"'{text}' không phải ngày; hãy viết ngày/tháng/năm đủ bốn chữ số năm, như 10/06/2024.")
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise NumeralError(f"'{text}': lịch không có ngày này; hãy viết ngày/tháng/năm, như 10/06/2024.") from None


def _clean(text: str) -> str:
    """Without what comes along when pasting: odd spaces, invisible characters, quotes, a closing semicolon."""
    visible = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    return " ".join(visible.split()).strip(_QUOTES + " ")


def _split(text: str) -> tuple[str, str]:
    """The digits with their separators, and what follows them in lower case; no number and minus signs are refused here."""
    cleaned = _clean(text)
    if not cleaned:
        raise NumeralError("Ô này trống; hãy nhập số, hoặc chọn 'Không có số liệu' nếu chưa có.")
    match = _NUMERAL.fullmatch(cleaned)
    if match is None:
        raise NumeralError(f"'{text}' không phải là số; hãy viết bằng chữ số, như 1.627.")
    if match["sign"]:
        raise NumeralError(f"'{text}' có dấu {match['sign']} ở trước; hãy viết số không dấu, như 1.627.")
    if sum(char in "0123456789" for char in match["digits"]) > _MOST_DIGITS:
        raise NumeralError(f"'{text[:40]}' dài quá {_MOST_DIGITS} chữ số; hãy kiểm tra lại con số.")
    return match["digits"], match["suffix"].strip().lower()


def _whole(digits: str) -> int | None:
    """The whole number that these digits surely mean, or None."""
    if _PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits):
        return int(digits.replace(".", "").replace(" ", ""))
    return None


def _decimal(digits: str) -> Fraction | None:
    """The number with a decimal comma that these digits surely mean, or None; `1,500` may be one thousand five hundred."""
    if _AMBIGUOUS_THOUSAND.fullmatch(digits):
        return None
    whole_text, comma, decimals = digits.partition(",")
    whole = _whole(whole_text)
    if whole is None or not comma or not re.fullmatch(r"[0-9]+", decimals):
        return None
    return whole + Fraction(int(decimals), 10 ** len(decimals))


def _scaled(text: str, digits: str, places: int, example: str) -> int:
    """A decimal as a whole number of its last place. Thousands with a dot count only beside a comma: `1.250` alone may be 1,25."""
    value = Fraction(int(digits)) if _PLAIN.fullmatch(digits) else _decimal(digits)
    if value is None:
        raise NumeralError(f"'{text}' không đọc được chắc chắn.{_question(digits)} Hãy viết phần thập phân sau dấu phẩy, như {example}.")
    scaled = value * Fraction(10**places)
    if scaled.denominator != 1:
        raise NumeralError(f"'{text}' có quá {places} chữ số thập phân; hãy làm tròn, như {example}.")
    return scaled.numerator


def _question(digits: str, suffix: str = "", whole: bool = False) -> str:
    """What the writer may have meant, as a question; empty when there is no good guess. Where a `whole` number is wanted none other."""
    unit = f" {suffix}" if suffix else ""
    if _AMBIGUOUS_THOUSAND.fullmatch(digits) and not whole:
        return f" Ý bạn là {digits.replace(',', '.')}{unit} hay {digits.rstrip('0').rstrip(',')}{unit}?"
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", digits) and digits[0] != "0":
        return f" Ý bạn là {digits.replace(',', '.')}{unit}?"
    if re.fullmatch(r"[0-9]+[.,][0-9]+", digits):
        return "" if whole else f" Ý bạn là {digits.replace('.', ',')}{unit}?"
    plain = re.sub(r"[., ]", "", digits).lstrip("0")
    if "," not in digits and plain:
        return f" Ý bạn là {format_count(int(plain))}{unit}?"
    return ""


def _unknown_suffix(text: str, suffix: str, example: str) -> NumeralError:
    return NumeralError(f"'{text}': không hiểu '{suffix}' sau con số; hãy chỉ viết số, như {example}.")
