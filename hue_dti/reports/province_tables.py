"""The tables of the province's paper, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from hue_dti.catalogue.model import Measure, ValueKind
from hue_dti.catalogue.rollup_words import MATCH_WORDS, STATE_WORDS
from hue_dti.catalogue.rollups import Way
from hue_dti.numerals import POINT, format_count, format_percent, format_points
from hue_dti.reports.model import Column, Row, Table, Text
from hue_dti.reports.texts import listed, text
from hue_dti.reports.xlsx import book_of
from hue_dti.reports.xlsx_sheets import Cell, Points, Sheet, SheetColumn
from hue_dti.rollup.local import LocalFigure
from hue_dti.rollup.losses import UnitLoss
from hue_dti.rollup.province import Line, RollUp


def counts(figure: LocalFigure, measures: Mapping[str, Measure]) -> str:
    """Part of whole in words, with their noun: `4.021/7.258 hộ`."""
    if figure.feed.way is Way.UNITS:
        return f"{format_count(figure.part)}/{format_count(figure.whole)} đơn vị"
    measure = measures[figure.feed.part]
    noun = "đồng" if measure.kind is ValueKind.AMOUNT else measure.noun
    if figure.feed.way is Way.INVERSE:
        noun = measure.name[:1].lower() + measure.name[1:]
    return f"{format_count(figure.part)}/{format_count(figure.whole)} {noun}"


def mains(rolled: RollUp) -> Table:
    """Main indices, then pillars, then the whole."""
    rows = []
    for main in rolled.mains:
        known = main.main.max_points if main.uses_entered else main.known_of
        own = main.low if main.uses_entered else main.points
        told = (_points(own), _points(known)) if known else ("–", "–")
        rows.append(_row(main.main.name, *told, _points(main.main.max_points), _span(main.low, main.high)))
    whole = rolled.framework.divisor
    total = _span(rolled.index.low * whole, rolled.index.high * whole)
    rows.append(_row(text("appendix", "total"), _points(rolled.points), _points(rolled.known_of), _points(whole), total, group=True))
    for pillar, value in rolled.pillars:
        span = _span(value.low * pillar.max_points, value.high * pillar.max_points)
        rows.append(_row(text("province_dti", "pillar", name=pillar.name), "", "", _points(pillar.max_points), span))
    return Table(_columns("main_columns", (0.34, 0.16, 0.16, 0.14, 0.2), ("left", "right", "right", "right", "right")), tuple(rows))


def losses(found: Sequence[UnitLoss]) -> Table:
    """The units that cost most."""
    rows = []
    for number, loss in enumerate(found, start=1):
        parts = "; ".join(text("province_dti", "losses_part", code=code, missing=format_count(part.missing)) for code, part in loss.parts)
        rows.append(_row(format_count(number), loss.unit.name, _points(loss.points), parts))
    return Table(_columns("losses_columns", (0.08, 0.34, 0.18, 0.4), ("center", "left", "right", "left")), tuple(rows))


def components(rolled: RollUp, measures: Mapping[str, Measure]) -> Table:
    """Every component and part under its main index."""
    rows = []
    for main in rolled.mains:
        rows.append(_row("", main.main.name, group=True))
        rows += [_component(line, measures) for whole in main.lines for line in whole.lines]
    widths = (0.07, 0.33, 0.12, 0.14, 0.09, 0.09, 0.07, 0.09)
    aligned = ("left", "left", "left", "right", "right", "right", "right", "right")
    return Table(_columns("components_columns", widths, aligned), tuple(rows))


def waiting(rolled: RollUp) -> Table:
    """The components no local count feeds, why, and who could tell."""
    rows = [_row(", ".join(each.components), each.why, each.held_by) for each in rolled.made.not_local]
    return Table(_columns("waiting_columns", (0.2, 0.5, 0.3), ("left", "left", "left")), tuple(rows))


def workbook(rolled: RollUp, found: Sequence[UnitLoss], measures: Mapping[str, Measure], title: str) -> bytes:
    """The same as a workbook: components, main indices, units that cost most, what is not local; numbers as numbers."""
    return book_of((_components_sheet(rolled, measures), _mains_sheet(rolled), _losses_sheet(found), _waiting_sheet(rolled)), title)


def _component(line: Line, measures: Mapping[str, Measure]) -> Row:
    figure, given = line.local, line.entered
    result = given.result if line.uses == "entered" and given else counts(figure, measures) if figure and figure.coverage.have else ""
    return _row(
        line.component.code,
        line.component.name,
        STATE_WORDS[line.state.value],
        result,
        "" if line.share is None else format_percent(line.share),
        _none(line) if line.points is None else ("~" if line.provisional else "") + _points(line.points),
        "" if line.component.max_points is None else _points(line.component.max_points),
        "" if figure is None else f"{format_count(figure.coverage.have)}/{format_count(figure.coverage.expected)}",
    )


def _components_sheet(rolled: RollUp, measures: Mapping[str, Measure]) -> Sheet:
    columns = _widths(
        ("Mã", 8), ("Chỉ số chính", 24), ("Chỉ số thành phần", 52), ("Tình trạng", 14), ("Phần đạt", 16), ("Tổng", 16), ("Tỷ lệ", 10),
        ("Điểm", 10), ("Điểm tối đa", 10), ("Tạm tính", 9), ("Đơn vị có số", 12), ("Đơn vị phải có", 12), ("Phủ được", 44),
        ("Kết quả tỉnh nhập", 16), ("Tài liệu", 36),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for main in rolled.mains:
        for line in (each for whole in main.lines for each in whole.lines):
            figure, given = line.local, line.entered
            there = figure is not None and figure.coverage.have > 0
            rows.append(
                (
                    line.component.code,
                    main.main.name,
                    line.component.name,
                    STATE_WORDS[line.state.value],
                    figure.part if figure is not None and there else None,
                    figure.whole if figure is not None and there else None,
                    line.share,
                    _exact(line.points) if line.points is not None else _none(line) or None,
                    _exact(line.component.max_points),
                    "x" if line.provisional else None,
                    figure.coverage.have if figure is not None else None,
                    figure.coverage.expected if figure is not None else None,
                    f"{MATCH_WORDS[figure.feed.match]}: {figure.feed.covers}" if figure is not None else None,
                    given.share if given is not None else None,
                    given.document if given is not None else None,
                )
            )
    return Sheet("Chỉ số thành phần", columns, tuple(rows), 3)


def _mains_sheet(rolled: RollUp) -> Sheet:
    columns = _widths(("Chỉ số", 34), ("Tính được", 12), ("Đã biết cách tính", 12), ("Ít nhất", 12), ("Nhiều nhất", 12), ("Tối đa", 12))
    rows: list[tuple[Cell, ...]] = [
        (main.main.name, *map(_exact, (main.points, main.known_of, main.low, main.high, main.main.max_points))) for main in rolled.mains
    ]
    for pillar, value in rolled.pillars:
        low, high = value.low * pillar.max_points, value.high * pillar.max_points
        rows.append((f"Trụ cột {pillar.name}", None, None, *map(_exact, (low, high, pillar.max_points))))
    return Sheet("Chỉ số chính", columns, tuple(rows), 1)


def _losses_sheet(found: Sequence[UnitLoss]) -> Sheet:
    columns = _widths(("Mã đơn vị", 10), ("Đơn vị", 30), ("Chỉ số", 10), ("Thiếu", 12), ("Điểm tỉnh thêm", 14))
    rows = [(loss.unit.code, loss.unit.name, code, part.missing, _exact(part.points)) for loss in found for code, part in loss.parts]
    return Sheet("Mất điểm", columns, tuple(rows), 2)


def _waiting_sheet(rolled: RollUp) -> Sheet:
    rows = [(code, each.why, each.held_by) for each in rolled.made.not_local for code in each.components]
    return Sheet("Không có ở địa phương", _widths(("Mã", 8), ("Vì sao", 80), ("Nơi giữ số", 44)), tuple(rows), 1)


def _none(line: Line) -> str:
    """What stands for points that nobody can tell: a dash where the maximum is known, nothing where it is not."""
    return "" if line.component.max_points is None else "–"


def _exact(points: Fraction | None) -> Points | None:
    """Points to the fourth decimal, as they are printed."""
    return None if points is None else Points(round(points * POINT))


def _widths(*titles: tuple[str, float]) -> tuple[SheetColumn, ...]:
    return tuple(SheetColumn(*each) for each in titles)


def _columns(key: str, widths: tuple[float, ...], aligned: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(*each) for each in zip(listed("province_dti", key), widths, aligned, strict=True))


def _row(*cells: str, group: bool = False) -> Row:
    return Row(tuple((Text(cell),) if cell else () for cell in cells), group)


def _span(low: Fraction, high: Fraction) -> str:
    return _points(low) if low == high else f"{_points(low)} – {_points(high)}"


def _points(points: Fraction | None) -> str:
    return "?" if points is None else format_points(points * POINT)
