"""Why a rank changed, and what a unit is strong and weak in, as an official says it."""

from __future__ import annotations

from hue_dti.numerals import format_count, format_percent
from hue_dti.rollup.movement import RankMove
from hue_dti.standings.profile import Side


def move_words(move: RankMove) -> str:
    """`tăng 2 bậc: số liệu của mình +3, các đơn vị khác −1`; `giữ hạng` with what evened out."""
    parts = [
        f"{name} {_signed(part)}"
        for name, part in (
            ("số liệu của mình", move.own),
            ("các đơn vị khác", move.others),
            ("cách tính đổi", move.rules),
            ("đơn vị thêm, bớt", move.units),
        )
        if part
    ]
    turned = f"tăng {move.places} bậc" if move.places > 0 else f"giảm {-move.places} bậc" if move.places < 0 else "giữ hạng"
    return f"{turned}: {', '.join(parts)}" if parts else turned


def side_words(side: Side) -> str:
    """`Hạ tầng số: 76,40% số điểm, hạng 2/10, trung bình 61,02%`; without a place, why."""
    place = side.place
    ranked = f", hạng {place.rank}/{format_count(place.ranked)}" if place.rank is not None and place.ranked > 1 else ""
    mean = f", trung bình {format_percent(side.mean)}" if side.mean is not None else ""
    why = f" (chưa xếp hạng: {place.value.reason})" if place.rank is None and place.value.reason else ""
    low = "; tuy hạng khá nhưng giá trị còn thấp" if side.hidden else ""
    return f"{side.name}: {format_percent(side.share)} số điểm{ranked}{mean}{why}{low}"


def _signed(part: int) -> str:
    return f"+{part}" if part > 0 else f"−{-part}"
