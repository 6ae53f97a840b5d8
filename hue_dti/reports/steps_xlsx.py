"""Next steps as a workbook: each by itself, one after the other, and what is not proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hue_dti.catalogue.model import Measure
from hue_dti.reports.xlsx import book_of
from hue_dti.reports.xlsx_sheets import Cell, Points, Sheet, SheetColumn
from hue_dti.steps.model import NextSteps, Step
from hue_dti.steps.words import amount, doing

_COLUMNS = tuple(
    SheetColumn(title, width)
    for title, width in (
        ("Tiêu chí", 9), ("Việc", 60), ("Khối lượng", 20), ("Chậm nhất", 12), ("Điểm được thêm", 12), ("Điểm sau đó", 12),
        ("Hạng sau đó", 10), ("Tên tiêu chí", 50), ("Tiêu chí khác cũng đổi điểm", 20),
    )
)  # fmt: skip
_LOST = tuple(SheetColumn(title, width) for title, width in (("Tiêu chí", 9), ("Tên tiêu chí", 60), ("Điểm còn mất", 12), ("Vì sao", 60)))


def steps_book(found: NextSteps, measures: Mapping[str, Measure], title: str) -> bytes:
    """The workbook; points are numbers, the same steps give the same bytes."""
    lost = tuple((each.criterion.code, each.criterion.name, Points(each.points), each.reason) for each in found.lost)
    return book_of(
        (
            Sheet("Từng việc", _COLUMNS, _rows(found.steps, measures), 2),
            Sheet("Lần lượt", _COLUMNS, _rows(found.path, measures), 2),
            Sheet("Không đề xuất", _LOST, lost, 1),
        ),
        title,
    )


def _rows(steps: Sequence[Step], measures: Mapping[str, Measure]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            step.criterion.code,
            doing(step, measures),
            amount(step, measures) or None,
            step.until,
            Points(step.gain),
            Points(step.points),
            step.rank,
            step.criterion.name,
            ", ".join(step.also) or None,
        )
        for step in steps
    )
