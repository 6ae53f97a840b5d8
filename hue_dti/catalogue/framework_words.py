"""A framework in an official's words: what it is made of, what is known, what is not."""

from __future__ import annotations

from fractions import Fraction

from hue_dti.catalogue.framework_checks import unknown
from hue_dti.catalogue.frameworks import Component, ComponentKind, Framework, MainIndex, Origin, Scope
from hue_dti.numerals import POINT, format_points

SCOPE_WORDS = {Scope.PROVINCE: "cấp tỉnh", Scope.MINISTRY: "cấp bộ", Scope.NATION: "quốc gia"}
KIND_WORDS = {
    ComponentKind.YES_NO: "có hoặc không",
    ComponentKind.RATE: "tỷ lệ",
    ComponentKind.COUNT: "số lượng, tính điểm theo tỷ lệ",
    ComponentKind.MONEY: "kinh phí hoặc tỷ lệ chi",
    ComponentKind.COMPOSITE: "cộng các phần",
}


def framework_summary(framework: Framework) -> str:
    """One line: how much the framework holds and what is not known of it."""
    parts = [f"{framework.component_count} chỉ số thành phần", f"{points_text(framework.max_points)} điểm"]
    if framework.main_count is not None:
        parts.insert(0, f"{framework.main_count} chỉ số chính")
    missing = "; ".join(unknown(framework))
    return ", ".join(parts) + (f"; {missing}" if missing else "")


def points_text(points: Fraction | None) -> str:
    """Points as printed, or that nobody knows them."""
    return "chưa biết" if points is None else format_points(points * POINT)


def years_words(framework: Framework) -> str:
    """The years measured with it."""
    return f"từ năm {framework.first_year}" if framework.last_year is None else f"năm {framework.first_year}–{framework.last_year}"


def known_words(main: MainIndex) -> str:
    """How many of a main index's components are known by name and by points."""
    stated = "chưa rõ" if main.component_count is None else str(main.component_count)
    if main.reference_only:
        return f"{len(main.components)}/{stated} có tên, chỉ để tham khảo"
    with_points = len(main.components) - len(main.without_points)
    return f"{len(main.components)}/{stated} có tên, {with_points} biết điểm"


def points_words(component: Component, unit: str = "") -> str:
    """The component's points, with a unit where one is wanted, and how sure they are."""
    if component.max_points is None:
        return "chưa biết"
    return points_text(component.max_points) + unit + (" (suy luận)" if component.points_from is Origin.INFERRED else "")
