"""`hue-dti dti`: the ministry's index from the values of main indices, or one unit's points from the results of components."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from hue_dti.catalogue.scalars import nearest
from hue_dti.cli.common import console
from hue_dti.cli.criteria import home
from hue_dti.cli.dti_components import tell_components
from hue_dti.cli.dti_tables import by_main, ranking, tell_summary
from hue_dti.cli.dti_unit import tell_unit
from hue_dti.cli.framework import chosen_framework, frameworks
from hue_dti.rollup.assess import assess, same_unit
from hue_dti.rollup.model import Assessment, UnitValues
from hue_dti.rollup.read_components import read_components
from hue_dti.rollup.read_regions import read_region, read_region_lists
from hue_dti.rollup.read_values import DecimalSign, Spelling, read_values
from hue_dti.rollup.shown import shown, shown_summary
from hue_dti.rollup.unit_sheet import unit_sheet
from hue_dti.services.regions import region_files, text_of

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--framework", "code", required=True, metavar="MÃ", help="Mã khung: province-922, ministry-922… (hue-dti criteria framework)."
)
@click.option("--values", "file", type=_FILE, metavar="TỆP.csv", help="Cột unit và mỗi chỉ số chính một cột (mã hoặc tên).")
@click.option("--components", type=_FILE, metavar="TỆP.csv", help="Một đơn vị, mỗi chỉ số thành phần một dòng; thay cho --values.")
@click.option("--previous", type=_FILE, metavar="TỆP.csv", help="Năm trước, cùng các cột, hoặc chỉ unit và index đã công bố.")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="TÊN=TỆP|TỆP.csv",
    help="Vùng: mỗi dòng một đơn vị; CSV cột region, unit; hoặc provinces-63, provinces-34 có sẵn.",
)
@click.option(
    "--decimal", type=click.Choice([each.value for each in DecimalSign]), default="dot", show_default=True, help="Dấu của phần thập phân."
)
@click.option("--points", is_flag=True, help="Tệp ghi điểm đạt được của mỗi chỉ số chính, không ghi giá trị từ 0 đến 1.")
@click.option("--precision", type=click.IntRange(0, 12), metavar="SỐ", help="Xếp hạng ở bao nhiêu chữ số lẻ; mặc định như khung công bố.")
@click.option("--unit", "unit", metavar="TÊN", help="Chỉ in một đơn vị: điểm được, điểm mất, điểm mạnh, điểm yếu, vì sao đổi hạng.")
@click.option("--main", "with_main", is_flag=True, help="In thêm bảng từng chỉ số chính.")
@click.option("--summary", is_flag=True, help="Chỉ in trung bình và số đơn vị trên trung bình.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
def dti(
    code: str,
    file: Path | None,
    components: Path | None,
    previous: Path | None,
    regions: tuple[str, ...],
    decimal: str,
    points: bool,
    precision: int | None,
    unit: str | None,
    with_main: bool,
    summary: bool,
    as_json: bool,
) -> None:
    """Tính DTI, trụ cột và xếp hạng từ giá trị các chỉ số chính; hoặc điểm từng chỉ số thành phần của một đơn vị.

    Mỗi lỗi của tệp một dòng trên stderr: tệp:dòng:cột: sai gì; sửa thế nào. Có lỗi thì không tính gì và mã thoát là 1.
    """
    framework = chosen_framework(frameworks(), code)
    if components is not None and not (file or previous or regions or points or precision or unit or with_main or summary):
        tell_components(read_components(text_of(components), str(components), framework, DecimalSign(decimal)), framework, as_json)
        return
    if file is None or components is not None:
        raise click.UsageError("Hãy ghi một trong hai: --values TỆP.csv, hoặc --components TỆP.csv (chỉ đi cùng --decimal, --json).")
    spelt = Spelling(DecimalSign(decimal), points)
    units = read_values(text_of(file), str(file), framework, spelt)
    before = read_values(text_of(previous), str(previous), framework, spelt, published_alone=True) if previous else ()
    found = assess(framework, units, before, _regions(regions, units), precision)
    if unit is not None:
        tell_unit(unit_sheet(found, _named(unit, found)), found, as_json)
        return
    if as_json:
        click.echo(json.dumps(shown_summary(found) if summary else shown(found), ensure_ascii=False, indent=2))
        return
    if not summary:
        console().print(ranking(found))
        if with_main:
            console().print(by_main(found))
    tell_summary(found)


def _named(text: str, found: Assessment) -> str:
    """The unit as the file has it; wrong use, with the nearest named, when it is not there."""
    known = {same_unit(result.unit): result.unit for result in found.results}
    if same_unit(text) not in known:
        raise click.BadParameter(f"không có đơn vị '{text}' trong tệp; {nearest(text, tuple(known.values()))}.", param_hint="--unit")
    return known[same_unit(text)]


def _regions(written: Sequence[str], units: Sequence[UnitValues]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    shipped = region_files(home())
    for each in written:
        name, sign, file = each.partition("=")
        path = Path(file if sign and name.strip() else each)
        if not sign and not path.is_file():
            path = shipped.get(each, path)
        if not path.is_file():
            words = f"không có tệp '{file or each}'; hãy viết TÊN=TỆP, tệp CSV có cột region, unit, hoặc {', '.join(shipped)}."
            raise click.BadParameter(words, param_hint="--region")
        text = text_of(path)
        found |= {name.strip(): read_region(text, str(path), units)} if sign else read_region_lists(text, str(path), units)
    return found


COMMANDS = (dti,)
