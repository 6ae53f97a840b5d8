"""One unit of `hue-dti dti` by itself: where its points are, where they are lost, and why its rank changed."""

from __future__ import annotations

import json
from fractions import Fraction

import click
from rich.table import Table

from hue_dti.cli.common import console
from hue_dti.cli.dti_tables import growth_text
from hue_dti.numerals import POINT, decimal_text, format_points, share_text
from hue_dti.rollup.assess import printed_text
from hue_dti.rollup.model import Assessment
from hue_dti.rollup.shown import shown
from hue_dti.rollup.unit_sheet import MainReading, UnitReading


def tell_unit(sheet: UnitReading, found: Assessment, as_json: bool) -> None:
    """Print the sheet; as JSON the unit's own entry of the list, with the points of each main index."""
    if as_json:
        entry = next(dict(each) for each in shown(found) if each["unit"] == sheet.result.unit)
        entry["points"] = {line.main.code: _line_json(line) for line in sheet.lines}
        click.echo(json.dumps(entry, ensure_ascii=False, indent=2))
        return
    digits, units, index = found.precision, len(found.results), sheet.result.index
    click.echo(f"{sheet.result.unit}: DTI {printed_text(index.value, digits)}, hạng {index.rank}/{units}{_since(sheet)}")
    for pillar, standing in zip(found.framework.pillars, sheet.result.pillars.values(), strict=True):
        grown = "" if standing.growth is None else f", tăng trưởng {growth_text(standing.growth)}"
        click.echo(f"{pillar.name}: {printed_text(standing.value, digits)}, hạng {standing.rank}/{units}{grown}")
    for each in sheet.result.regions:
        click.echo(f"Trong {each.region}: hạng {each.ranks['index']}/{each.units}")
    if sheet.lines:
        _tell_lines(sheet, found)
    _say_move(sheet)


def _tell_lines(sheet: UnitReading, found: Assessment) -> None:
    digits, units = found.precision, len(found.results)
    console().print(_table(sheet, digits, units))
    lost = sum((line.lost for line in sheet.lines), Fraction(0))
    click.echo(f"Mất {_points(lost)} điểm, nhiều nhất ở {max(sheet.lines, key=lambda line: line.lost).main.name}.")
    _say("Hạng cao hơn hạng chung", [f"{line.main.name} {line.standing.rank}/{units}" for line in sheet.strengths])
    below = printed_text(found.framework.halfway, 1)
    _say(f"Giá trị dưới {below}", [f"{line.main.name} {printed_text(line.standing.value, digits)}" for line in sheet.weaknesses])


def _since(sheet: UnitReading) -> str:
    index = sheet.result.index
    if index.growth is None:
        return ""
    return f"; năm trước hạng {index.previous_rank}, tăng trưởng {growth_text(index.growth)}"


def _table(sheet: UnitReading, digits: int, units: int) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Chỉ số chính")
    for name in ("Giá trị", "Hạng", "So với trung bình", "Điểm", "Mất"):
        table.add_column(name, justify="right")
    for line in sheet.lines:
        above = printed_text(abs(line.above_mean), digits)
        table.add_row(
            line.main.name,
            printed_text(line.standing.value, digits),
            f"{line.standing.rank}/{units}",
            f"{'−' if line.above_mean < 0 else '+'}{above}",
            f"{_points(line.points)}/{_points(line.points + line.lost)}",
            _points(line.lost),
        )
    return table


def _say(label: str, found: list[str]) -> None:
    if found:
        click.echo(f"{label}: {'; '.join(found)}.")


def _say_move(sheet: UnitReading) -> None:
    move = sheet.result.move
    if move is None:
        return
    causes = (
        ("số của mình", move.own),
        ("số của đơn vị khác", move.others),
        ("đổi cách tính", move.rules),
        ("đơn vị mới hoặc không còn", move.units),
    )
    said = ", ".join(f"{name} {_places(places)}" for name, places in causes if places)
    click.echo(f"Từ hạng {move.before} đến hạng {move.after}: {_places(move.places)}{f' = {said}' if said else ''}.")


def _places(places: int) -> str:
    return "giữ nguyên" if places == 0 else f"{'tăng' if places > 0 else 'giảm'} {abs(places)} bậc"


def _points(points: Fraction) -> str:
    return format_points(points * POINT)


def _line_json(line: MainReading) -> dict[str, object]:
    return {
        "points": decimal_text(line.points, 4, trim=True),
        "lost": decimal_text(line.lost, 4, trim=True),
        "above_mean": share_text(line.above_mean),
        "strong": line.strong,
        "weak": line.weak,
    }
