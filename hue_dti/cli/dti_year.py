"""`hue-dti dti-year`: a year's published index of all provinces, handed in with its document, looked at before it is kept, and ranked."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hue_dti.accounts.model import Actor
from hue_dti.catalogue.frameworks import Framework, Scope
from hue_dti.cli.common import Workplace, console, hand, machine_account, now, workplace
from hue_dti.cli.criteria import home
from hue_dti.cli.dti_tables import ranking, tell_summary
from hue_dti.cli.framework import chosen_framework, frameworks
from hue_dti.errors import NumeralError, ResultRefused
from hue_dti.numerals import format_date, parse_date
from hue_dti.rollup.assess import assess, printed_text, same_unit
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.read_values import DecimalSign, Spelling
from hue_dti.rollup.shown import shown
from hue_dti.rollup.year_results import YearResult, changed
from hue_dti.services.accounts import province_of
from hue_dti.services.doer import Doer
from hue_dti.services.regions import official_regions, regions_among, text_of
from hue_dti.services.year_results import Draft, Source, check, earlier, keep, province_names, ranking_of, sources

_FRAMEWORK = click.option("--framework", "code", default="province-922", show_default=True, metavar="MÃ", help="Khung mà năm ấy đo theo.")
_YEAR = click.argument("year", type=click.IntRange(2000, 2200), metavar="NĂM")


@click.group("dti-year")
def dti_year() -> None:
    """Kết quả DTI đã công bố của các tỉnh, từng năm: liệt kê, xếp hạng, ghi từ tệp giá trị."""


@dti_year.command("list")
def list_() -> None:
    """Mỗi năm có kết quả một dòng: khung, bản đang dùng, văn bản hoặc đợt đánh giá."""
    with workplace() as place:
        found = sources(place.storage, _of_provinces())
    for each in found:
        what = f"đợt {each.round}, lần {each.number}" if each.round else f"bản {each.number}"
        click.echo(f"{each.year}  {each.framework:<14}{what:<24}{each.title}")
    if not found:
        click.echo("Chưa có kết quả năm nào; ghi bằng: hue-dti dti-year keep TỆP.csv NĂM …")


@dti_year.command()
@_YEAR
@_FRAMEWORK
@click.option("--round", "round_code", metavar="MÃ", help="Kết quả của đợt đánh giá này, không phải bản đã ghi.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
def show(year: int, code: str, round_code: str | None, as_json: bool) -> None:
    """Xếp hạng các tỉnh của một năm, trong vùng, so với năm trước có kết quả."""
    framework, lists = chosen_framework(_of_provinces(), code), official_regions(home())
    with workplace() as place:
        known = sources(place.storage, {code: framework})
        source = next((each for each in known if each.year == year and round_code in (None, each.round)), None)
        if source is None:
            raise ResultRefused(f"Chưa có kết quả năm {year} theo khung {code}; xem các năm đã có: hue-dti dti-year list")
        before = earlier(source, known)
        found = ranking_of(place.storage, source, before, framework, lists)
    if as_json:
        click.echo(json.dumps(shown(found), ensure_ascii=False, indent=2))
        return
    click.echo(_source_words(source, before))
    console().print(ranking(found))
    tell_summary(found)
    if not any(each.regions for each in found.results):
        click.echo("Không có danh sách vùng nào khớp với các tỉnh của năm này nên chưa xếp trong vùng.")


@dti_year.command("keep")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP.csv")
@_YEAR
@_FRAMEWORK
@click.option("--document", required=True, metavar="VĂN BẢN", help="Số, ký hiệu hoặc tên văn bản công bố.")
@click.option("--issued-on", required=True, metavar="NGÀY", help="Ngày của văn bản.")
@click.option(
    "--decimal", type=click.Choice([each.value for each in DecimalSign]), default="dot", show_default=True, help="Dấu của phần thập phân."
)
@click.option("--points", is_flag=True, help="Tệp ghi điểm đạt được của mỗi chỉ số chính, không ghi giá trị từ 0 đến 1.")
@click.option("--reason", default="", metavar="LÝ DO", help="Vì sao thay bản đang có; bắt buộc từ bản thứ hai.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người ghi; mặc định là tài khoản đang dùng máy.")
@click.option("--confirm", is_flag=True, help="Ghi; không có thì chỉ in sẽ ghi gì.")
def keep_(
    file: Path,
    year: int,
    code: str,
    document: str,
    issued_on: str,
    decimal: str,
    points: bool,
    reason: str,
    by: str,
    confirm: bool,
) -> None:
    """Xem một tệp giá trị, rồi ghi làm kết quả của năm khi có --confirm; có một ô sai thì không ghi gì.

    Khung chưa biết điểm của các chỉ số chính (như province-405) thì tệp chỉ có hai cột unit, index: DTI lấy đúng như đã công bố.
    """
    framework, spelt = chosen_framework(_of_provinces(), code), Spelling(DecimalSign(decimal), points)
    try:
        day = parse_date(issued_on)
    except NumeralError as fault:
        raise click.BadParameter(str(fault), param_hint="--issued-on") from None
    with workplace() as place:
        before = next(iter(place.storage.year_results.versions(code, year)), None)
        doer = Doer(Actor(by, by, "", ()), now(), hand(by).address)
        words = (text_of(file), spelt, document, day, reason, before.number if before is not None else 0)
        draft, rows = check(Draft(code, year, str(file), *words), framework, doer.today)
        _tell_draft(place, framework, rows, before)
        if not confirm:
            click.echo("Chưa ghi gì; thêm --confirm để ghi.")
            return
        made = keep(place.storage, draft, framework, doer, province_of(place.storage.units()))
    click.echo(f"Đã ghi bản {made.number} của năm {made.year}: {made.document}.")


def _of_provinces() -> dict[str, Framework]:
    return {code: each for code, each in frameworks().items() if each.scope is Scope.PROVINCE}


def _source_words(source: Source, before: Source | None) -> str:
    what = f"đợt đánh giá {source.round}, lần {source.number}" if source.round else f"bản {source.number}"
    return f"DTI {source.year}, {what}: {source.title}" + (f"; so với năm {before.year}" if before is not None else "")


def _tell_draft(place: Workplace, framework: Framework, rows: tuple[UnitValues, ...], before: YearResult | None) -> None:
    """What the file would bring: how many, the mean, the own province, what it changes."""
    found = assess(framework, rows, (), regions_among(official_regions(home()), rows))
    click.echo(f"{len(rows)} tỉnh, thành phố; DTI trung bình {printed_text(found.index.mean, found.precision)}.")
    names = {same_unit(name) for name in province_names(place.storage.units())}
    own = next((each for each in found.results if same_unit(each.unit) in names), None)
    if own is None:
        click.echo("Tỉnh mình không có trong tệp; hãy xem lại tên tỉnh.")
    else:
        click.echo(f"{own.unit}: {printed_text(own.index.value, found.precision)}, hạng {own.index.rank}/{len(rows)}.")
    if before is not None:
        told = changed(rows, before.values(framework))
        click.echo(f"Thay bản {before.number} ({before.document}, {format_date(before.issued_on)}): {len(told)} tỉnh đổi giá trị.")
        click.echo("\n".join(f"  {name}" for name in told))


COMMANDS = (dti_year,)
