"""What stands on each sheet of the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from hue_dti.catalogue.model import Catalogue, CriteriaSet, Measure, ValueKind
from hue_dti.numerals import POINT
from hue_dti.observations.base import BASE_SOURCE
from hue_dti.observations.entered import ENTERED
from hue_dti.observations.model import Origin, State
from hue_dti.reports.lines import STATUS_WORDS
from hue_dti.reports.model import Report
from hue_dti.scoring.model import CriterionScore, GroupScore
from hue_dti.snapshots.checks import remarks
from hue_dti.snapshots.model import FrozenFigure, Snapshot

STATE_WORDS = {
    State.MEASURED: "Hệ thống cung cấp",
    State.REPORTED: "Đơn vị báo cáo",
    State.CARRIED_OVER: "Dùng lại số liệu cũ",
    State.SOURCE_FAILED: "Nguồn không cung cấp được",
    State.MISSING: "Chưa có số liệu",
    State.NOT_APPLICABLE: "Không áp dụng",
}
APPROVED_BASE = "Số liệu nền đã duyệt"
TYPED = "Số nhập tay"
_PROGRESS_WORDS = ("Chưa thực hiện", "Đã bắt đầu", "Đã hoàn thành")
_DIRECTION_WORDS = {"issued": "Ban hành", "received": "Tiếp nhận"}


@dataclass(frozen=True, slots=True)
class Points:
    """Points in ten-thousandths, written as an exact number with up to four decimals."""

    ten_thousandths: int

    @property
    def number(self) -> float:
        return self.ten_thousandths / POINT


Cell = str | int | Fraction | Points | date | datetime | None
"""Words, a count, a share, points, a day, a moment, or nothing."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """Header and width in letters."""

    title: str
    width: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the first row and the first `frozen_columns` columns stay in view."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    frozen_columns: int = 0


def sheets_of(report: Report, snapshot: Snapshot, catalogue: Catalogue) -> tuple[Sheet, ...]:
    """All sheets in the order of the workbook."""
    criteria_set = catalogue.sets[snapshot.sheet.criteria_set]
    return (
        _criteria(snapshot, criteria_set, catalogue),
        _groups(snapshot, criteria_set),
        _shortfalls(snapshot, criteria_set),
        _documents(snapshot),
        _figures(snapshot, catalogue),
        _remarks(snapshot, catalogue),
        _about(report, snapshot, criteria_set),
    )


def _columns(*titles: tuple[str, float]) -> tuple[SheetColumn, ...]:
    return tuple(SheetColumn(title, width) for title, width in titles)


def _criteria(snapshot: Snapshot, criteria_set: CriteriaSet, catalogue: Catalogue) -> Sheet:
    columns = _columns(
        ("Mã", 8), ("Nhóm", 20), ("Tiêu chí", 52), ("Tình trạng", 18), ("Đạt được", 12), ("Phải đạt", 12), ("Tỷ lệ", 10),
        ("Điểm", 10), ("Điểm tối đa", 10), ("Điểm tối đa tạm tính", 12), ("Còn thiếu", 12), ("Số liệu đến ngày", 13), ("Nguồn", 28),
        ("Hạn trong năm", 11),
    )  # fmt: skip
    return Sheet("Tiêu chí", columns, tuple(_criterion(line, criteria_set, catalogue) for line in snapshot.sheet.criteria), 3)


def _criterion(line: CriterionScore, criteria_set: CriteriaSet, catalogue: Catalogue) -> tuple[Cell, ...]:
    criterion = criteria_set.criterion(line.code)
    source = catalogue.sources.get(criterion.source)
    deadline = criterion.deadline
    return (
        line.code,
        criteria_set.group_of(line.code).name,
        criterion.name,
        STATUS_WORDS[line.status],
        line.part,
        line.whole,
        line.share,
        Points(line.points),
        Points(line.max_points),
        "x" if line.assumed else None,
        line.missing,
        line.as_of,
        source.name if source else criterion.source,
        f"{deadline.day:02d}/{deadline.month:02d}" if deadline else None,
    )


def _groups(snapshot: Snapshot, criteria_set: CriteriaSet) -> Sheet:
    columns = _columns(
        ("Mã", 8), ("Nhóm", 34), ("Đạt", 12), ("Đang thực hiện", 12), ("Chưa thực hiện", 12), ("Không đạt", 12), ("Không áp dụng", 12),
        ("Điểm", 12), ("Điểm tối đa", 12),
    )  # fmt: skip
    names = {group.code: group.name for group in criteria_set.groups}
    total = snapshot.sheet.total
    counts = (total.achieved, total.in_progress, total.not_started, total.not_achieved, total.not_applicable)
    last: tuple[Cell, ...] = (None, "Cộng", *counts, Points(total.points), Points(total.max_points))
    return Sheet("Nhóm", columns, (*(_group(group, names[group.code]) for group in snapshot.sheet.groups), last), 2)


def _group(group: GroupScore, name: str) -> tuple[Cell, ...]:
    counts = (group.achieved, group.in_progress, group.not_started, group.not_achieved, group.not_applicable)
    return (group.code, name, *counts, Points(group.points), Points(group.max_points))


def _shortfalls(snapshot: Snapshot, criteria_set: CriteriaSet) -> Sheet:
    columns = _columns(
        ("Mã", 8), ("Tiêu chí", 60), ("Danh sách", 14), ("Mã đơn vị", 28), ("Đơn vị", 48), ("Số lượng", 12), ("Đơn vị tính", 16)
    )
    rows: list[tuple[Cell, ...]] = []
    for line in snapshot.sheet.criteria:
        criterion = criteria_set.criterion(line.code)
        noun = criterion.shortfall.noun if criterion.shortfall else None
        shows = "Đã đạt" if line.shows == "achieved" else "Còn thiếu"
        rows += [(line.code, criterion.name, shows, each.unit, _name(snapshot, each.unit), each.missing, noun) for each in line.shortfalls]
    return Sheet("Còn thiếu", columns, tuple(rows), 2)


def _remarks(snapshot: Snapshot, catalogue: Catalogue) -> Sheet:
    """Where figures contradict each other; nothing was changed because of it."""
    columns = _columns(
        ("Mã đơn vị", 28), ("Đơn vị", 48), ("Điều kiện", 50), ("Số liệu", 44), ("Giá trị", 12), ("Không lớn hơn", 44), ("Giá trị so", 12),
        ("Vượt", 10), ("Cần làm", 60),
    )  # fmt: skip
    rows = tuple(
        (
            each.unit, _name(snapshot, each.unit), each.check.name, catalogue.measures[each.check.part].name, each.part,
            catalogue.measures[each.check.whole].name, each.whole, each.excess, each.check.remedy,
        )
        for each in remarks(snapshot, catalogue)
    )  # fmt: skip
    return Sheet("Lưu ý", columns, rows, 2)


def _documents(snapshot: Snapshot) -> Sheet:
    columns = _columns(
        ("Ngày", 12), ("Số ký hiệu", 20), ("Loại", 18), ("Trích yếu", 70), ("Cơ quan ban hành", 30), ("Đến / đi", 12), ("Tiêu chí", 10),
        ("Ghi chú", 24), ("Mã băm bản gốc", 72), ("Vị trí", 24),
    )  # fmt: skip
    rows = tuple(
        (
            each.issued_on, each.number, each.kind, each.title, each.issuer, _DIRECTION_WORDS.get(each.direction, each.direction),
            each.criterion, each.note, each.raw_sha256, each.place,
        )
        for each in snapshot.documents
    )  # fmt: skip
    return Sheet("Văn bản", columns, rows, 2)


def _figures(snapshot: Snapshot, catalogue: Catalogue) -> Sheet:
    columns = _columns(
        ("Mã đơn vị", 28), ("Đơn vị", 48), ("Mã số liệu", 24), ("Số liệu", 44), ("Giá trị", 16), ("Đơn vị tính", 14), ("Trạng thái", 20),
        ("Số liệu đến ngày", 13), ("Nguồn", 28), ("Yêu cầu", 50), ("Lấy lúc", 20), ("Mã băm bản gốc", 72), ("Vị trí trong bản gốc", 28),
    )  # fmt: skip
    return Sheet("Số liệu", columns, tuple(_figure(each, snapshot, catalogue) for each in _in_order(snapshot, catalogue)), 2)


def _in_order(snapshot: Snapshot, catalogue: Catalogue) -> Iterator[FrozenFigure]:
    """Figures unit by unit as in the tree, measures as in the catalogue."""
    units, measures = snapshot.tree.index, {code: place for place, code in enumerate(catalogue.measures)}
    placed = sorted(
        snapshot.figures.values(),
        key=lambda each: (units.get(each.unit, len(units)), each.unit, measures.get(each.measure, len(measures)), each.measure),
    )
    return iter(placed)


def _figure(figure: FrozenFigure, snapshot: Snapshot, catalogue: Catalogue) -> tuple[Cell, ...]:
    measure, origin = catalogue.measures.get(figure.measure), figure.origin
    source = catalogue.sources.get(origin.source) if origin else None
    return (
        figure.unit,
        _name(snapshot, figure.unit),
        figure.measure,
        measure.name if measure else None,
        _value(figure.value, measure),
        _unit_of(measure),
        STATE_WORDS[figure.state],
        figure.as_of,
        source.name if source else _source_of(origin),
        origin.request if origin else None,
        origin.fetched_at if origin else None,
        origin.raw_sha256 if origin else None,
        origin.place if origin else None,
    )


def _source_of(origin: Origin | None) -> str | None:
    """Where a figure comes from that no source of the criteria told."""
    if origin is None:
        return None
    return {BASE_SOURCE: APPROVED_BASE, ENTERED: TYPED}.get(origin.source, origin.source)


def _value(value: int | None, measure: Measure | None) -> Cell:
    if value is None or measure is None:
        return value
    readers: dict[ValueKind, Callable[[int], Cell]] = {
        ValueKind.PERCENT: lambda hundredths: Fraction(hundredths, 10_000),
        ValueKind.SHARE: lambda ten_thousandths: Fraction(ten_thousandths, 10_000),
        ValueKind.DATE: date.fromordinal,
        ValueKind.PROGRESS: lambda step: _PROGRESS_WORDS[step],
    }
    reader = readers.get(measure.kind)
    return reader(value) if reader else value


def _unit_of(measure: Measure | None) -> str | None:
    if measure is None or measure.kind in {ValueKind.DATE, ValueKind.PROGRESS, ValueKind.PERCENT, ValueKind.SHARE}:
        return None
    return "đồng" if measure.kind is ValueKind.AMOUNT else measure.noun


def _about(report: Report, snapshot: Snapshot, criteria_set: CriteriaSet) -> Sheet:
    head, total = snapshot.head, snapshot.sheet.total
    decision = criteria_set.decision
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Đơn vị", _name(snapshot, head.unit)),
        ("Kỳ báo cáo", head.period),
        ("Ngày chốt của kỳ", head.cutoff),
        ("Bộ chỉ số", criteria_set.title),
        ("Quyết định", f"{decision.number} ngày {decision.issued_on:%d/%m/%Y} của {decision.issuer}"),
        ("Điểm", Points(total.points)),
        ("Điểm tối đa", Points(total.max_points)),
        ("Điểm tối đa do quyết định ghi", Points(total.max_points_stated)),
        ("Điểm loại trừ", Points(total.excluded)),
        ("Chốt lúc", head.closed_at if report.snapshot_sha256 else "Chưa chốt"),
        ("Người chốt", head.closed_by),
        ("Mã bản chốt số liệu", report.snapshot_sha256 or "Dự thảo"),
    )
    return Sheet("Thông tin", _columns(("Mục", 30), ("Nội dung", 90)), rows)


def _name(snapshot: Snapshot, unit: str) -> str:
    return snapshot.tree.unit(unit).name if unit in snapshot.tree.index else unit
