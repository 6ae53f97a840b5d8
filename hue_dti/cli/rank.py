"""`hue-dti rank`: places of communes, districts and agencies by total, group or criterion, and why they changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from hue_dti.catalogue.scalars import nearest
from hue_dti.cli.common import PeriodParam, console, period_option, workplace
from hue_dti.errors import NoSetInForce
from hue_dti.numerals import format_percent
from hue_dti.periods import Period
from hue_dti.reports.standings_xlsx import standings_book
from hue_dti.reports.target import deliver
from hue_dti.services.standings import field_of, ranking
from hue_dti.standings.model import Field, Ranking
from hue_dti.standings.ranks import TOTAL, keys_of
from hue_dti.standings.shown import shown
from hue_dti.standings.words import move_words
from hue_dti.units.model import Level

LEVELS = {"commune": Level.COMMUNE, "district": Level.DISTRICT, "agency": Level.AGENCY}
MOST_NAMED = 12


@click.command("rank")
@period_option()
@click.option("--level", type=click.Choice(list(LEVELS)), required=True, help="Cấp được xếp hạng; cấp tỉnh xem 'hue-dti dti'.")
@click.option("--by", "key", default=TOTAL, metavar="MÃ", help="Mã nhóm (III) hoặc tiêu chí (III.1); không ghi thì theo tổng điểm.")
@click.option("--within", "region", default="", metavar="MÃ", help="Chỉ trong một vùng: mã huyện của các xã, mã tỉnh của các huyện.")
@click.option("--against", type=PeriodParam(), metavar="KỲ", help="So với kỳ này: hạng đổi vì đâu.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
@click.option("--xlsx", "book", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP", help="Ghi thêm bảng Excel.")
def rank_(period: Period, level: str, key: str, region: str, against: Period | None, as_json: bool, book: Path | None) -> None:
    """Xếp hạng trên các quý đã chốt: theo tổng điểm, nhóm hoặc tiêu chí; bằng nhau thì đồng hạng, thiếu số liệu thì không xếp hạng.

    Có --against thì thay đổi hạng được tách thành phần do số liệu của mình, do các đơn vị khác, do cách tính và do đơn vị thêm, bớt;
    các phần cộng lại đúng bằng thay đổi.
    """
    with workplace() as place:
        field = field_of(place.storage, LEVELS[level], period)
        if field is None:
            raise NoSetInForce(f"{period.label} chưa có quý nào được chốt cho cấp này; hãy chạy 'hue-dti close' trước.")
        _check(field, key, region)
        found = ranking(place.storage, field, key, region, against)
    if book is not None:
        deliver(standings_book(found), book)
    if as_json:
        click.echo(json.dumps(shown(found), ensure_ascii=False, indent=2))
    else:
        _print(found)


def _check(field: Field, key: str, region: str) -> None:
    known = keys_of(field.criteria_set)
    if key not in known:
        raise click.BadParameter(f"không có nhóm hay tiêu chí '{key}'; {nearest(key, known)}.", param_hint="--by")
    codes = tuple(each.code for each in field.regions)
    if region and region not in codes:
        raise click.BadParameter(f"không có vùng '{region}'; {nearest(region, codes)}.", param_hint="--within")


def _print(found: Ranking) -> None:
    field = found.field
    table = Table(
        "Hạng", "Đơn vị", "Vùng", "Trong vùng", "Tỷ lệ điểm", "Xếp loại", title=f"Xếp hạng theo {found.title}, {field.period.label}"
    )
    if found.against is not None:
        table.add_column(f"So với {found.against.label}")
    for place in found.places:
        share = format_percent(place.value.share) if place.value.share is not None else place.value.reason
        region = field.units[place.member.region].name if place.member.region in field.units else place.member.region
        cells = [
            str(place.rank or "–"),
            field.units[place.member.unit].name,
            region,
            str(place.region_rank or "–"),
            share,
            place.rank_class,
        ]
        table.add_row(*cells, *([_moved(found, place.member.unit)] if found.against is not None else []))
    console().print(table)
    if not field.criteria_set.official:
        click.echo("Không phải bộ chỉ số chính thức; chỉ để theo dõi và so sánh.")
    for name in field.left_out:
        click.echo(f"{name} được chấm theo cách tính khác nên không xếp chung.")
    absent = field.absent_from(found.region)
    if absent:
        click.echo(f"{len(absent)} đơn vị chưa chốt quý này nên chưa có trong bảng: {_some([unit.name for unit in absent])}.")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{', '.join(names[:MOST_NAMED])} và {len(names) - MOST_NAMED} đơn vị khác"


def _moved(found: Ranking, unit: str) -> str:
    move = found.changes.moves.get(unit) if found.changes is not None else None
    return move_words(move) if move is not None else "–"


COMMANDS = (rank_,)
