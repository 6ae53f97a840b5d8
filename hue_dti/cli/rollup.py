"""`hue-dti rollup`: the province's draft index of a quarter from the counts of all its units."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import click
from rich.table import Table

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.rollup_words import MATCH_WORDS, STATE_WORDS
from hue_dti.cli.common import PeriodParam, Workplace, console, now, period_option, workplace
from hue_dti.cli.criteria import home
from hue_dti.cli.rollup_beside import beside_as_json, print_beside
from hue_dti.numerals import POINT, format_count, format_percent, format_points
from hue_dti.periods import Period
from hue_dti.reports.target import deliver
from hue_dti.rollup.province import Line, MainLine, Range
from hue_dti.rollup.shown_province import shown_losses, shown_part, shown_roll_up
from hue_dti.services.province_paper import KINDS, paper_bytes, paper_name
from hue_dti.services.roll_up import FRAMEWORK, ProvinceQuarter, Ways, province_quarter
from hue_dti.services.two_quarters import TwoQuarters, two_quarters

_SHOWN = 12
"""Units that cost most, printed; the rest are counted."""


@click.command()
@period_option()
@click.option("--framework", "code", default=FRAMEWORK, show_default=True, metavar="MÃ", help="Khung DTI để tổng hợp lên.")
@click.option("--component", metavar="MÃ", help="Chỉ một chỉ số thành phần, chẳng hạn 3.3, mở đến từng huyện, xã.")
@click.option("--against", type=PeriodParam(), metavar="KỲ", help="Đặt cạnh kỳ này: chỉ số nào so được, chỉ số nào ngắt vì đơn vị đã đổi.")
@click.option("--closed", is_flag=True, help="Chỉ tính đơn vị đã chốt; đơn vị chưa chốt coi như chưa có số.")
@click.option("--all", "full", is_flag=True, help="In cả chỉ số thành phần không có số ở địa phương.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="THƯ_MỤC", help="Ghi báo cáo PDF, DOCX, XLSX vào đây.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def rollup(
    period: Period, code: str, component: str | None, against: Period | None, closed: bool, full: bool, out: Path | None, as_json: bool
) -> None:
    """DTI cấp tỉnh bản nháp của một kỳ, tính từ tổng số đếm của mọi đơn vị: đã đo, đã báo, còn thiếu và đơn vị làm mất nhiều điểm nhất.

    Đơn vị đã chốt thì lấy bản chốt, chưa chốt thì lấy số đang có.
    """
    with workplace() as place:
        found = _found(place, period, closed, code)
        if against is not None:
            _beside(two_quarters(place.storage, found, _found(place, against, closed, code), place.catalogue.measures), as_json)
            return
        if out is not None:
            _write(found, place, out)
            return
    if component is not None and found.roll_up.line(component) is None:
        raise click.BadParameter(f"khung {code} không có chỉ số thành phần '{component}'.", param_hint="--component")
    if as_json:
        click.echo(json.dumps(_as_json(found, component), ensure_ascii=False, indent=2))
    elif component is not None:
        _print_component(found, component)
    else:
        _print(found, full)


def _found(place: Workplace, period: Period, closed: bool, code: str) -> ProvinceQuarter:
    return province_quarter(place.storage, place.catalogue, ways(place.catalogue), period, now(), not closed, code)


def _beside(two: TwoQuarters, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(beside_as_json(two), ensure_ascii=False, indent=2))
    else:
        print_beside(two)


def _write(found: ProvinceQuarter, place: Workplace, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        path = out / paper_name(found, kind)
        deliver(paper_bytes(found, place.catalogue.measures, now(), kind, place.settings.report_fonts), path)
        click.echo(str(path))


def ways(catalogue: Catalogue) -> Ways:
    """Where the installation's local criteria lead."""
    frameworks = load_frameworks(home())
    return Ways(frameworks, load_rollups(home(), catalogue, frameworks))


def _as_json(found: ProvinceQuarter, component: str | None) -> dict[str, object]:
    said: dict[str, object] = {
        "unit": found.province.code,
        "period": str(found.period),
        "basis": "live" if found.live else "closed",
        "closed": [unit.code for unit in found.closed],
        "open": [unit.code for unit in found.open],
    }
    if component is None:
        return said | shown_roll_up(found.roll_up) | {"losses": shown_losses(found.losses)}
    below = [
        shown_part(part) | {"below": [shown_part(each) for each in found.units_of(component, part.unit.code)]}
        for part in found.units_of(component)
    ]
    mains = shown_roll_up(found.roll_up)["main"]
    lines = [line for main in mains for each in main["components"] for line in (each, *each.get("parts", ()))]  # type: ignore[attr-defined]
    return said | {"component": next(line for line in lines if line["code"] == component), "units": below}


def _print(found: ProvinceQuarter, full: bool) -> None:
    out, rolled = console(), found.roll_up
    table = Table(
        "Mã", "Chỉ số", "Tình trạng", "Kết quả", "Tỷ lệ", "Đơn vị", "Điểm", "Tối đa", title=f"{found.province.name}, {found.period.label}"
    )
    for column in (3, 4, 5, 6, 7):
        table.columns[column].justify = "right"
    for main in rolled.mains:
        table.add_section()
        table.add_row("", main.main.name, "", "", "", "", _span(main), _points(main.main.max_points), style="bold")
        for line in (each for whole in main.lines for each in whole.lines):
            if full or line.local is not None or line.entered is not None:
                table.add_row(line.component.code, line.component.name, *_cells(line))
    out.print(table)
    words = ", ".join(f"{STATE_WORDS[state.value]} {format_count(count)}" for state, count in rolled.tally.items())
    out.print(f"{format_count(len(rolled.lines))} chỉ số thành phần: {words}.")
    some = f", trong đó {_points(rolled.provisional_of)} điểm tạm tính từ số của một phần đơn vị" if rolled.provisional_of else ""
    known = f"{_points(rolled.points)} trên {_points(rolled.known_of)} điểm"
    out.print(f"Tính được {known}{some}; DTI {_value(rolled.index)}. Dấu ~ là điểm tạm tính.")
    for gap in rolled.made.gaps:
        out.print(f"Không còn nơi đếm: {', '.join(gap.components)}. {gap.why}; nơi giữ số: {gap.held_by}.")
    for pillar, value in rolled.pillars:
        out.print(f"{pillar.name}: {_value(value)}")
    closed, still = format_count(len(found.closed)), len(found.open)
    out.print(
        f"{closed} đơn vị đã chốt"
        + (f", {format_count(still)} chưa chốt ({'số đang có' if found.live else 'không tính'})" if still else "")
    )
    if found.losses:
        out.print("Đơn vị làm tỉnh mất nhiều điểm nhất (điểm tỉnh thêm nếu đơn vị đạt mức, tính lại cả tỉnh):")
    for loss in found.losses[:_SHOWN]:
        parts = ", ".join(f"{code} thiếu {format_count(part.missing)}" for code, part in loss.parts)
        out.print(f"  {loss.unit.name}: {_points(loss.points)} điểm ({parts})")


def _print_component(found: ProvinceQuarter, component: str) -> None:
    out, line = console(), found.roll_up.line(component)
    assert line is not None  # noqa: S101  asked before
    out.print(f"{line.component.code}. {line.component.name}: {STATE_WORDS[line.state.value]}")
    if line.not_local is not None:
        out.print(f"Không có ở địa phương: {line.not_local.why}. Nơi giữ số: {line.not_local.held_by}.")
    if line.local is None:
        return
    figure = line.local
    out.print(f"{MATCH_WORDS[figure.feed.match]}: {figure.feed.covers}")
    out.print(f"Kết quả {' · '.join(each for each in _cells(line)[1:4] if each)}")
    table = Table("Đơn vị", "Có / cần", "Số", "Thiếu", "Điểm tỉnh thêm")
    for column in (1, 2, 3, 4):
        table.columns[column].justify = "right"
    for part in found.units_of(component):
        gain = format_percent(part.gain, 4) + " điểm tối đa" if part.points is None else _points(part.points)
        told = f"{format_count(part.told)}/{format_count(part.expected)}"
        table.add_row(part.unit.name, told, f"{format_count(part.part)}/{format_count(part.whole)}", format_count(part.missing), gain)
    out.print(table)


def _cells(line: Line) -> tuple[str, ...]:
    """State, counts, share, coverage, points, maximum."""
    figure = line.local
    counts = units = ""
    if figure is not None:
        units = f"{format_count(figure.coverage.have)}/{format_count(figure.coverage.expected)}"
        counts = f"{format_count(figure.part)}/{format_count(figure.whole)}" if figure.coverage.have else ""
    share = "" if line.share is None else format_percent(line.share)
    unknown = "" if line.component.max_points is None else "–"
    points = unknown if line.points is None else ("~" if line.provisional else "") + _points(line.points)
    return STATE_WORDS[line.state.value], counts, share, units, points, _points(line.component.max_points)


def _span(main: MainLine) -> str:
    return _points(main.low) if main.low == main.high else f"{_points(main.low)}–{_points(main.high)}"


def _value(value: Range) -> str:
    texts = [format_percent(each / 100, 4).removesuffix("%") for each in (value.low, value.high)]
    return texts[0] if value.exact else f"từ {texts[0]} đến {texts[1]}"


def _points(points: Fraction | None) -> str:
    return "?" if points is None else format_points(points * POINT)


COMMANDS = (rollup,)
