"""One more percent of a component as an official says it, and for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.rollups import Way
from hue_dti.numerals import POINT, decimal_text, format_count, format_percent, format_points, share_text
from hue_dti.steps.province import Percent

_INDEX_DIGITS = 6


def doing(each: Percent, measures: Mapping[str, Measure]) -> str:
    """`Thêm 73 hộ có internet cáp quang băng rộng`; units where units are counted."""
    feed = each.figure.feed
    if feed.way is Way.UNITS:
        return f"Thêm {format_count(each.count)} đơn vị đạt mức: {_lower(measures[feed.part].name)}"
    return f"{'Giảm' if each.fewer else 'Thêm'} {format_count(each.count)} {_lower(measures[feed.part].name)}"


def worth(each: Percent) -> str:
    """`từ 55,40% lên 56,41%, +0,15 điểm`."""
    about = " (tạm tính, còn đơn vị chưa có số)" if each.provisional else ""
    shares = f"từ {format_percent(each.before)} lên {format_percent(each.after)}"
    return f"{shares}, +{format_points(each.points * POINT)} điểm{about}"


def shown(found: Sequence[Percent]) -> list[dict[str, object]]:
    """In order; points and shares as decimal texts."""
    return [
        {
            "component": each.component.code,
            "measure": each.figure.feed.part,
            "count": each.count,
            "fewer": each.fewer,
            "before": share_text(each.before),
            "after": share_text(each.after),
            "points": decimal_text(each.points, 4, trim=True),
            "index": decimal_text(each.index, _INDEX_DIGITS, trim=True),
            "provisional": each.provisional,
        }
        for each in found
    ]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
