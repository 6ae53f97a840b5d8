"""`hue-dti round fill`: units' own marks out of the platform's figures, looked at before they are kept."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

import click

from hue_dti.appraisal.rounds import UnitSheet
from hue_dti.cli.common import now, workplace
from hue_dti.cli.rollup import ways
from hue_dti.cli.round import desk_at, doer_at, no_unit, round_
from hue_dti.numerals import format_points
from hue_dti.rollup.offered import Offer, Offers, fillings
from hue_dti.services.round_offers import OfferBook, Taken, take_units, taken


@round_.command()
@click.argument("code", metavar="MÃ")
@click.option("--unit", "units", multiple=True, metavar="MÃ", help="Đơn vị trong đợt; ghi nhiều lần được.")
@click.option("--all", "every", is_flag=True, help="Mọi đơn vị trong đợt, thay cho --unit.")
@click.option("--overwrite", is_flag=True, help="Ghi đè cả dòng đang ghi điểm khác; không có thì chỉ ghi dòng chưa có điểm.")
@click.option("--confirm", is_flag=True, help="Lưu; không có thì chỉ xem trước.")
@click.option("--by", default=getpass.getuser, metavar="NGƯỜI", help="Người làm; mặc định là tài khoản đang dùng máy.")
def fill(code: str, units: Sequence[str], every: bool, overwrite: bool, confirm: bool, by: str) -> None:
    """Lấy điểm tự đánh giá từ số liệu của hệ thống: một đơn vị thì in điểm cũ, điểm mới, căn cứ, dòng để nguyên và vì sao; nhiều đơn vị thì
    mỗi đơn vị một dòng, lưu tất cả hoặc không lưu gì.
    """
    if bool(units) == every:
        raise click.UsageError("Hãy ghi --unit MÃ (một hoặc nhiều lần), hoặc --all.")
    with workplace() as place:
        desk = desk_at(place, code)
        sheets = desk.sheets if every else [desk.sheet(unit) or no_unit(unit) for unit in dict.fromkeys(units)]
        book = OfferBook(place.storage, place.catalogue, ways(place.catalogue), desk.round, now())
        made: list[Taken] = []
        for sheet in sheets:
            offers = book.of(sheet.unit.code)
            told = taken(sheet, offers, overwrite)
            made += [Taken(sheet, told, (sheet.unit.code, desk.round.host))] if told else []
            _show(sheet, offers, len(told), alone=len(sheets) == 1)
        count = sum(len(each.told) for each in made)
        if not confirm:
            click.echo(f"{count} dòng sẽ ghi; chưa lưu gì, thêm --confirm để lưu.")
            return
        count = take_units(place.storage, desk, made, doer_at(by, desk.round.host))
    click.echo(f"Đã ghi {count} dòng của {made[0].sheet.unit.name if len(made) == 1 else f'{len(made)} đơn vị'}.")


def _show(sheet: UnitSheet, offers: Offers, count: int, alone: bool) -> None:
    """What the figures give the unit: line by line where it stands alone, which ends the command when they give nothing."""
    if offers.basis is None:
        click.echo(
            f"Chưa có điểm hệ thống tính: {offers.why}." if alone else f"{sheet.unit.name}: chưa có điểm hệ thống tính, {offers.why}"
        )
        if alone:
            raise SystemExit(1)
    elif not alone:
        click.echo(f"{sheet.unit.name}: {count} dòng sẽ ghi, theo {offers.basis.words}")
    else:
        click.echo(f"Theo {offers.basis.words}:")
        for each in fillings(sheet, offers):
            old = format_points(each.own.points) if each.own is not None else "chưa có"
            click.echo(f"{each.line.code:<10}{old:>8} → {_new(each.offer)}")


def _new(offer: Offer) -> str:
    if offer.points is None:
        return f"để nguyên: {offer.why}"
    return f"{format_points(offer.points)}  {offer.figure}".rstrip()


COMMANDS: tuple[click.Command, ...] = ()
"""The command hangs on the group `round`."""
