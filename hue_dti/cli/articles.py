"""`hue-dti articles`: the articles that no category takes, and a person's word on one."""

from __future__ import annotations

import json

import click
from rich.table import Table

from hue_dti.cli.common import console, hand, machine_account, now, workplace
from hue_dti.numerals import format_count, format_date
from hue_dti.observations.model import NO_MEASURE
from hue_dti.services.articles import assign
from hue_dti.storage import KeptArticle


@click.group()
def articles() -> None:
    """Tin trên trang thông tin điện tử: tin nào chưa thuộc chuyên mục nào, và tính tin đó vào đâu."""


@articles.command()
@click.option("--source", default="", metavar="NGUỒN", help="Chỉ tin của nguồn này.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def review(source: str, as_json: bool) -> None:
    """Liệt kê tin không thuộc chuyên mục nào đã khai báo, mới nhất trước; những tin này chưa được tính."""
    with workplace() as place:
        waiting = place.storage.articles.waiting(source)
    if as_json:
        click.echo(json.dumps([_json(each) for each in waiting], ensure_ascii=False, indent=2))
        return
    table = Table("Số", "Ngày đăng", "Tin", "Chuyên mục", "Nguồn", "Mã")
    for each in waiting:
        day = format_date(each.listed.day) if each.listed.day else "–"
        table.add_row(str(each.number), day, each.listed.title, each.listed.categories, each.source, each.listed.key)
    if waiting:
        console().print(table)
    click.echo(f"{format_count(len(waiting))} tin chờ phân loại.")


@articles.command("assign")
@click.argument("name", metavar="SỐ|MÃ")
@click.option("--as", "measure", required=True, metavar="SỐ_LIỆU|none", help="Tính vào số liệu nào (leader_news, unit_news), hoặc none.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người phân loại; mặc định là tài khoản đang dùng máy.")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Vì sao.")
def assign_command(name: str, measure: str, by: str, reason: str) -> None:
    """Ghi một tin tính vào số liệu nào; tính từ lần lấy số sau, quý đã chốt không đổi. Ghi lại lần nữa thì lần sau được dùng."""
    with workplace() as place:
        article = assign(place.storage, place.catalogue, name, measure, by, reason, now, hand(by))
        what = "không tính vào đâu" if measure == NO_MEASURE else f"tính vào '{place.catalogue.measures[measure].name}'"
    click.echo(f"{article.listed.title or article.listed.key}: {what} từ lần lấy số liệu sau.")


def _json(each: KeptArticle) -> dict[str, object]:
    listed = each.listed
    return {
        "number": each.number,
        "source": each.source,
        "unit": each.unit,
        "key": listed.key,
        "title": listed.title,
        "link": listed.link,
        "day": listed.day.isoformat() if listed.day else None,
        "categories": listed.categories,
        "raw_sha256": listed.raw_sha256 or None,
    }


COMMANDS = (articles,)
