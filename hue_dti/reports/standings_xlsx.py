"""A ranking as a workbook: ranks, values, classes, and what each change of rank is made of."""

from __future__ import annotations

from hue_dti.reports.xlsx import book_of
from hue_dti.reports.xlsx_sheets import Cell, Sheet, SheetColumn
from hue_dti.standings.model import Ranking
from hue_dti.standings.ranks import Place

_COLUMNS = (
    ("Hạng", 8),
    ("Mã", 12),
    ("Đơn vị", 34),
    ("Vùng", 26),
    ("Hạng trong vùng", 10),
    ("Tỷ lệ điểm", 12),
    ("Xếp loại", 14),
    ("Ghi chú", 40),
)
_CHANGES = (
    ("Hạng kỳ trước", 10), ("Thay đổi", 10), ("Do số liệu của mình", 12), ("Do các đơn vị khác", 12), ("Do cách tính", 10),
    ("Do đơn vị thêm, bớt", 12),
)  # fmt: skip


def standings_book(found: Ranking) -> bytes:
    """One sheet; the same ranking gives the same bytes."""
    columns = _COLUMNS + (_CHANGES if found.changes is not None else ())
    rows = tuple((*_row(found, place), *_change(found, place.member.unit)) for place in found.places)
    sheet = Sheet("Xếp hạng", tuple(SheetColumn(title, width) for title, width in columns), rows, 3)
    return book_of((sheet,), f"Xếp hạng theo {found.title}, {found.field.period.label}")


def _row(found: Ranking, place: Place) -> tuple[Cell, ...]:
    units = found.field.units
    region = units.get(place.member.region)
    return (
        place.rank,
        place.member.unit,
        units[place.member.unit].name,
        region.name if region is not None else None,
        place.region_rank,
        place.value.share,
        place.rank_class or None,
        place.value.reason or None,
    )


def _change(found: Ranking, unit: str) -> tuple[Cell, ...]:
    if found.changes is None:
        return ()
    move = found.changes.moves.get(unit)
    return (None,) * len(_CHANGES) if move is None else (move.before, move.places, move.own, move.others, move.rules, move.units)
