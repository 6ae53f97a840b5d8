"""Figures as readers see them: vi-VN numbers, statuses as word and shape, states of figures."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from flask import Flask

from hue_dti import __version__
from hue_dti.catalogue.model import Measure, ValueKind
from hue_dti.numerals import format_amount, format_count, format_date, format_moment, format_percent, format_points
from hue_dti.observations.model import State
from hue_dti.scoring.model import Status

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

PROGRESS = ("chưa", "đang thực hiện", "đã xong")


def register(app: Flask) -> None:
    """Give templates the filters and the fixed tables."""
    app.template_filter("count")(format_count)
    app.template_filter("points")(lambda value: format_points(value))
    app.template_filter("points2")(lambda value: format_points(value, 2))
    app.template_filter("percent")(lambda value: format_percent(value))
    app.template_filter("day")(format_date)
    app.template_filter("moment")(format_moment)
    app.template_filter("ratio_percent")(lambda part, whole: format_percent(Fraction(part, whole)) if whole else "–")
    app.template_filter("figure")(figure_words)
    app.context_processor(lambda: {"STATUS": STATUS, "STATES": STATES, "version": __version__, "part_of": part_of})


def figure_words(value: int, measure: Measure) -> str:
    """A stored integer as its measure means it."""
    if measure.kind is ValueKind.AMOUNT:
        return format_amount(value)
    if measure.kind in {ValueKind.PERCENT, ValueKind.SHARE}:
        return format_percent(Fraction(value, 10_000))
    if measure.kind is ValueKind.DATE:
        return format_date(date.fromordinal(value))
    if measure.kind is ValueKind.PROGRESS:
        return PROGRESS[value]
    return format_count(value)


def part_of(part: int, whole: int, width: int) -> int:
    """The length of a bar, in whole units of `width`."""
    return 0 if whole <= 0 else min(width, round(Fraction(part * width, whole)))
