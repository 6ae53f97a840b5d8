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
    """`Hạ tầng số: 76,40% số điểm, hạng 2/10, trung bình 61,02%`."""
    place, share = side.place, side.place.value.share
    ranked = f", hạng {place.rank}/{format_count(place.ranked)}, trung bình {format_percent(side.mean)}" if place.ranked > 1 else ""
    low = "; tuy hạng khá nhưng giá trị còn thấp" if side.hidden else ""
    return f"{side.name}: {format_percent(share)} số điểm{ranked}{low}" if share is not None else side.name


def _signed(part: int) -> str:
    return f"+{part}" if part > 0 else f"−{-part}"
