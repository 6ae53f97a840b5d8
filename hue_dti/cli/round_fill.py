"""`hue-dti round fill`: a unit's own marks out of the platform's figures, looked at before they are kept."""

from __future__ import annotations

import getpass

import click

from hue_dti.cli.common import now, workplace
from hue_dti.cli.rollup import ways
from hue_dti.cli.round import desk_at, doer_at, no_unit, round_
from hue_dti.numerals import format_points
from hue_dti.rollup.offered import Offer, fillings
from hue_dti.services.round_offers import OfferBook, take, taken


@round_.command()
@click.argument("code", metavar="MÃ")
@click.option("--unit", required=True, metavar="MÃ", help="Đơn vị trong đợt.")
@click.option("--overwrite", is_flag=True, help="Ghi đè cả dòng đang ghi điểm khác; không có thì chỉ ghi dòng chưa có điểm.")
@click.option("--confirm", is_flag=True, help="Lưu; không có thì chỉ xem trước.")
@click.option("--by", default=getpass.getuser, metavar="NGƯỜI", help="Người làm; mặc định là tài khoản đang dùng máy.")
def fill(code: str, unit: str, overwrite: bool, confirm: bool, by: str) -> None:
    """Lấy điểm tự đánh giá từ số liệu của hệ thống: in điểm cũ, điểm mới, căn cứ, dòng để nguyên và vì sao."""
    with workplace() as place:
        desk = desk_at(place, code)
        sheet = desk.sheet(unit) or no_unit(unit)
        offers = OfferBook(place.storage, place.catalogue, ways(place.catalogue), desk.round, now()).of(unit)
        if offers.basis is None:
            click.echo(f"Chưa có điểm hệ thống tính: {offers.why}.")
            raise SystemExit(1)
        click.echo(f"Theo {offers.basis.words}:")
        for each in fillings(sheet, offers):
            old = format_points(each.own.points) if each.own is not None else "chưa có"
            click.echo(f"{each.line.code:<10}{old:>8} → {_new(each.offer)}")
        told = taken(sheet, offers, overwrite)
        if not confirm:
            click.echo(f"{len(told)} dòng sẽ ghi; chưa lưu gì, thêm --confirm để lưu.")
            return
        count = take(place.storage, desk, sheet, told, doer_at(by, desk.round.host), (unit, desk.round.host))
    click.echo(f"Đã ghi {count} dòng của {sheet.unit.name}.")


def _new(offer: Offer) -> str:
    if offer.points is None:
        return f"để nguyên: {offer.why}"
    return f"{format_points(offer.points)}  {offer.figure}".rstrip()


COMMANDS: tuple[click.Command, ...] = ()
"""The command hangs on the group `round`."""
