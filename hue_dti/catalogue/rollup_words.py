"""A roll-up map in an official's words."""

from __future__ import annotations

from hue_dti.catalogue.rollups import Feed, Match, RollUpMap, Way

MATCH_WORDS = {Match.SAME: "đúng số khung hỏi", Match.PART: "một phần", Match.PROXY: "số gần nghĩa"}

STATE_WORDS = {"measured": "đã đo", "reported": "đã báo", "missing": "còn thiếu", "not_local": "chờ tỉnh nhập"}
"""How a component stands, by the slug of its state."""


def rollup_summary(made: RollUpMap) -> str:
    """One line: how much of the framework is fed."""
    silent = sum(len(each.components) for each in made.not_local)
    near = ", ".join(f"{sum(feed.match is match for feed in made.feeds)} {words}" for match, words in MATCH_WORDS.items())
    return f"{len(made.feeds)} dòng tổng hợp lên {made.framework} ({near}); {silent} không có ở địa phương, đều nêu lý do"


def way_words(feed: Feed, part: str, whole: str) -> str:
    """How the share comes about; `part` and `whole` are the names of the measures."""
    match feed.way:
        case Way.RATIO:
            return f"tổng “{part}” ÷ tổng “{whole}”"
        case Way.INVERSE:
            return f"1 − tổng “{part}” ÷ tổng “{whole}”"
        case Way.UNITS:
            reached = f"từ {feed.at_least}" if feed.at_least else f"từ {feed.in_a_year} cả năm, chia theo số tháng đã qua,"
            return f"số đơn vị có {reached} “{part}” ÷ số đơn vị đã báo"
