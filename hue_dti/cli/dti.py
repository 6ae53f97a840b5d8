"""`hue-dti dti`: the ministry's index from the values of main indices, with pillars, ranks, growth and ranks within regions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import click
from rich.table import Table

from hue_dti.cli.common import console
from hue_dti.cli.framework import chosen_framework, frameworks
from hue_dti.errors import CellFault, ValuesRefused
from hue_dti.numerals import decimal_text, format_count, format_percent
from hue_dti.rollup.assess import assess, check_computable, printed
from hue_dti.rollup.model import Assessment, Standing, Summary, UnitResult, UnitValues
from hue_dti.rollup.read_regions import read_region, read_region_lists
from hue_dti.rollup.read_values import DecimalSign, Spelling, read_values
from hue_dti.rollup.shown import shown, shown_summary

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--framework", "code", required=True, metavar="MÃ", help="Mã khung: province-922, ministry-922… (hue-dti criteria framework)."
)
@click.option("--values", "file", type=_FILE, required=True, metavar="TỆP.csv", help="Cột unit và mỗi chỉ số chính một cột (mã hoặc tên).")
@click.option("--previous", type=_FILE, metavar="TỆP.csv", help="Năm trước, cùng các cột, hoặc chỉ unit và index đã công bố.")
@click.option("--region", "regions", multiple=True, metavar="TÊN=TỆP|TỆP.csv", help="Vùng: mỗi dòng một đơn vị; hoặc CSV cột region, unit.")
@click.option(
    "--decimal", type=click.Choice([each.value for each in DecimalSign]), default="dot", show_default=True, help="Dấu của phần thập phân."
)
@click.option("--points", is_flag=True, help="Tệp ghi điểm đạt được của mỗi chỉ số chính, không ghi giá trị từ 0 đến 1.")
@click.option("--precision", type=click.IntRange(0, 12), metavar="SỐ", help="Xếp hạng ở bao nhiêu chữ số lẻ; mặc định như khung công bố.")
@click.option("--main", "with_main", is_flag=True, help="In thêm bảng từng chỉ số chính.")
@click.option("--summary", is_flag=True, help="Chỉ in trung bình và số đơn vị trên trung bình.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
def dti(
    code: str,
    file: Path,
    previous: Path | None,
    regions: tuple[str, ...],
    decimal: str,
    points: bool,
    precision: int | None,
    with_main: bool,
    summary: bool,
    as_json: bool,
) -> None:
    """Tính DTI, trụ cột và xếp hạng từ giá trị các chỉ số chính.

    Mỗi lỗi của tệp một dòng trên stderr: tệp:dòng:cột: sai gì; sửa thế nào. Có lỗi thì không tính gì và mã thoát là 1.
    """
    framework = chosen_framework(frameworks(), code)
    check_computable(framework)
    spelt = Spelling(DecimalSign(decimal), points)
    units = read_values(_text(file), str(file), framework, spelt)
    before = read_values(_text(previous), str(previous), framework, spelt, published_alone=True) if previous else ()
    found = assess(framework, units, before, _regions(regions, units), precision)
    if as_json:
        click.echo(json.dumps(shown_summary(found) if summary else shown(found), ensure_ascii=False, indent=2))
        return
    if not summary:
        console().print(_ranking(found))
        if with_main:
            console().print(_by_main(found))
    _tell_summary(found)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise ValuesRefused([CellFault(str(path), line, 1, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")]) from None


def _regions(written: Sequence[str], units: Sequence[UnitValues]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in written:
        name, sign, file = each.partition("=")
        path = Path(file if sign and name.strip() else each)
        if not path.is_file():
            raise click.BadParameter(f"không có tệp '{path}'; hãy viết TÊN=TỆP, hoặc tệp CSV có cột region, unit.", param_hint="--region")
        text = _text(path)
        found |= {name.strip(): read_region(text, str(path), units)} if sign else read_region_lists(text, str(path), units)
    return found


def _ranking(found: Assessment) -> Table:
    table = Table(title=found.framework.title, title_justify="left", box=None, pad_edge=False)
    regions = list(dict.fromkeys(each.region for result in found.results for each in result.regions))
    compared = any(result.index.previous is not None for result in found.results)
    table.add_column("Hạng", justify="right")
    table.add_column("Đơn vị", no_wrap=True)
    for name in ("DTI", *(each.name for each in found.pillars)):
        table.add_column(name, justify="right")
    for name in ("Tăng trưởng", "Hạng trước") if compared else ():
        table.add_column(name, justify="right")
    for name in regions:
        table.add_column(f"Hạng {name}", justify="right")
    for result in found.results:
        table.add_row(*_cells(result, found.precision, compared, regions))
    return table


def _cells(result: UnitResult, digits: int, compared: bool, regions: list[str]) -> list[str]:
    cells = [str(result.index.rank), result.unit, _value(result.index.value, digits)]
    cells += [_with_rank(standing, digits) for standing in result.pillars.values()]
    if compared:
        index = result.index
        cells += [_growth(index.growth), "–" if index.previous_rank is None else str(index.previous_rank)]
    places = {each.region: f"{each.ranks['index']}/{each.units}" for each in result.regions}
    return cells + [places.get(name, "") for name in regions]


def _by_main(found: Assessment) -> Table:
    table = Table(title="Chỉ số chính: giá trị (hạng)", title_justify="left", box=None, pad_edge=False)
    table.add_column("Đơn vị", no_wrap=True)
    for each in found.main:
        table.add_column(each.name, justify="right")
    for result in found.results:
        table.add_row(result.unit, *(_with_rank(result.main[each.code], found.precision) for each in found.main))
    return table


def _tell_summary(found: Assessment) -> None:
    units = len(found.results)
    halfway = _value(found.framework.halfway, 1)
    for each in (found.index, *found.pillars):
        grown = f", tăng trưởng {_growth(each.growth)}" if each.growth is not None else ""
        click.echo(
            f"{each.name}: trung bình {_value(each.mean, found.precision)}{grown}; "
            f"{format_count(each.above_mean)}/{format_count(units)} đơn vị trên trung bình, "
            f"{format_count(each.from_halfway)}/{format_count(units)} từ {halfway} trở lên{_published(each, found.precision)}"
        )
    for names, words in ((found.new, "Không có trong tệp năm trước"), (found.gone, "Chỉ có trong tệp năm trước")):
        if names:
            click.echo(f"{words}: {', '.join(names)}")


def _published(each: Summary, digits: int) -> str:
    if each.furthest is None:
        return ""
    mean = "" if each.published_mean is None else f"; trung bình các giá trị công bố {_value(each.published_mean, digits)}"
    return f"{mean}; lệch nhiều nhất so với công bố {_value(each.furthest[1], 6)} ({each.furthest[0]})"


def _value(value: Fraction, digits: int) -> str:
    return decimal_text(printed(value, digits), digits).replace(".", ",")


def _with_rank(standing: Standing, digits: int) -> str:
    return f"{_value(standing.value, digits)} ({standing.rank})"


def _growth(growth: Fraction | None) -> str:
    return "–" if growth is None else format_percent(growth, 1)


COMMANDS = (dti,)
