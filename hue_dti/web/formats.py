"""Figures as readers see them: vi-VN numbers, statuses as word and shape, states of figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction

from flask import Flask, g

from hue_dti import __version__
from hue_dti.catalogue.model import Criterion, Measure, ValueKind
from hue_dti.catalogue.rules import Dated, YesNo
from hue_dti.numerals import POINT, decimal_text, format_amount, format_count, format_date, format_moment, format_percent, format_points
from hue_dti.observations.model import State
from hue_dti.periods import LOCAL, Period, PeriodKind
from hue_dti.scoring.model import CriterionScore, Status
from hue_dti.web.language import translate
from hue_dti.web.site import now

STATUS = {
    Status.ACHIEVED: ("Đạt", "●", "achieved"),
    Status.IN_PROGRESS: ("Đang thực hiện", "◐", "in-progress"),
    Status.NOT_STARTED: ("Chưa thực hiện", "○", "not-started"),
    Status.NOT_ACHIEVED: ("Không đạt", "✕", "not-achieved"),
    Status.NOT_APPLICABLE: ("Không áp dụng", "–", "not-applicable"),
}

STATES = {
    State.MEASURED: "máy lấy",
    State.REPORTED: "báo cáo",
    State.CARRIED_OVER: "số cũ",
    State.SOURCE_FAILED: "nguồn lỗi",
    State.MISSING: "chưa có",
    State.NOT_APPLICABLE: "không áp dụng",
}

STATE_SHAPES = {
    State.MEASURED: "achieved",
    State.REPORTED: "achieved",
    State.CARRIED_OVER: "in-progress",
    State.SOURCE_FAILED: "not-achieved",
    State.MISSING: "not-started",
    State.NOT_APPLICABLE: "not-applicable",
}

PROGRESS = ("chưa làm", "đang làm", "đã xong")
LEVELS = {
    "province": "cấp tỉnh",
    "district": "cấp huyện",
    "commune": "cấp xã",
    "agency": "cơ quan, đơn vị",
    "village": "thôn, tổ dân phố",
}
_TY, _TRIEU = 1_000_000_000, 1_000_000
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def register(app: Flask) -> None:
    """Give templates the filters and the fixed tables."""
    filters: dict[str, Callable[..., str]] = {
        "count": format_count,
        "points": format_points,
        "fixed": fixed_points,
        "percent": format_percent,
        "day": format_date,
        "moment": format_moment,
        "near_moment": near_moment,
        "clock": lambda moment: f"{moment.astimezone(LOCAL):%H:%M:%S}",
        "iso_day": lambda text: format_date(date.fromisoformat(text)),
        "ago": ago,
        "ratio_percent": ratio_percent,
        "figure": figure_words,
        "period_name": period_name,
        "period_short": lambda period: period_name(period, short=True),
    }
    for name, words in filters.items():
        app.add_template_filter(words, name)
    tables = {"STATUS": STATUS, "STATES": STATES, "STATE_SHAPES": STATE_SHAPES, "LEVELS": LEVELS, "version": __version__}
    app.context_processor(lambda: {**tables, "part_of": part_of, "result_words": result_words})


def fixed_points(value: int | Fraction, digits: int = 2) -> str:
    """Points with exactly so many decimals, so that a column of them stands in line: 95145 → `9,51`."""
    return format_percent(Fraction(value) / (100 * POINT), digits).removesuffix("%")


def ratio_percent(part: int, whole: int) -> str:
    """Part of whole as a percentage, a dash without a whole."""
    return format_percent(Fraction(part, whole)) if whole else "–"


def figure_words(value: int, measure: Measure) -> str:
    """A stored integer as its measure means it, without the noun."""
    match measure.kind:
        case ValueKind.AMOUNT:
            return amount_words(value)
        case ValueKind.PERCENT | ValueKind.SHARE:
            return format_percent(Fraction(value, 10_000))
        case ValueKind.DATE:
            return format_date(date.fromordinal(value)) if value else translate("chưa ban hành")
        case ValueKind.PROGRESS:
            return translate(PROGRESS[value])
        case _:
            return format_count(value)


def amount_words(dong: int) -> str:
    """Money in the largest unit that keeps it exact: 1950000000 → `1,95 tỷ đồng`."""
    for unit, name in ((_TY, "tỷ đồng"), (_TRIEU, "triệu đồng")):
        if abs(dong) >= unit and dong * 1000 % unit == 0:
            return f"{decimal_text(Fraction(dong, unit), 3, trim=True).replace('.', ',')} {name}"
    return format_amount(dong)


def result_words(criterion: Criterion, line: CriterionScore, measures: dict[str, Measure]) -> str:
    """The figures of a row in few characters: `921/968`, `08/01/2024`, `đã xong`; empty when no figure came."""
    if line.part is not None and line.whole is not None:
        kind = measures[criterion.rule.measures()[-1]].kind
        words = amount_words if kind is ValueKind.AMOUNT else format_count
        part, whole = words(line.part), words(line.whole)
        unit = whole.partition(" ")[2]
        return f"{part.removesuffix(f' {unit}')}/{whole}" if unit else f"{part}/{whole}"
    if isinstance(criterion.rule, YesNo | Dated):
        code, value = line.figures[0]
        return figure_words(value, measures[code]) if value is not None else ""
    if line.gate_count is not None:
        return format_count(line.gate_count)
    return ""


def period_name(period: Period | str, short: bool = False) -> str:
    """`Quý II năm 2024`, `Quý II/2024`; in English `Q2 2024`."""
    known = Period.parse(period) if isinstance(period, str) else period
    if g.get("lang") == "en":
        return str(known.year) if known.kind is PeriodKind.YEAR else f"{known.slug} {known.year}"
    return known.short_label if short else known.label


def ago(moment: datetime) -> str:
    """How long since: `3 giờ trước`."""
    seconds = max(0, int((now() - moment).total_seconds()))
    if seconds < _MINUTE:
        return translate("vừa xong")
    if seconds < _HOUR:
        return translate("%(n)s phút trước", n=format_count(seconds // _MINUTE))
    if seconds < _DAY:
        return translate("%(n)s giờ trước", n=format_count(seconds // _HOUR))
    return translate("%(n)s ngày trước", n=format_count(seconds // _DAY))


def near_moment(moment: datetime) -> str:
    """A moment about now as one says it: `06:00 hôm nay`; others with their date."""
    local = moment.astimezone(LOCAL)
    word = {-1: "hôm qua", 0: "hôm nay", 1: "mai"}.get((local.date() - now().astimezone(LOCAL).date()).days)
    return f"{local:%H:%M} {translate(word)}" if word else format_moment(moment)


def part_of(part: int, whole: int, width: int) -> int:
    """The length of a bar, in whole units of `width`."""
    return 0 if whole <= 0 else max(0, min(width, round(Fraction(part * width, whole))))
