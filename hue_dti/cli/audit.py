"""`hue-dti audit`: read the trail of what was done, and check that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from hue_dti.cli.common import console, workplace
from hue_dti.numerals import format_count, format_moment
from hue_dti.periods import LOCAL
from hue_dti.services.trail_anchors import trail_anchors, verify_trail
from hue_dti.trail.chain import code, read_code
from hue_dti.trail.model import Head, Kept, Selection
from hue_dti.trail.sentences import change, sentence

SHOWN = 20
"""Flaws printed; the rest are counted."""


@click.group()
def audit() -> None:
    """Nhật ký: ai đã làm gì, khi nào, vì sao; và kiểm tra nhật ký có bị sửa không."""


def _codes(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> tuple[Head, ...]:
    heads = [(text, read_code(text)) for text in texts]
    for text, head in heads:
        if head is None:
            raise click.BadParameter(f"'{text}' không phải mã nhật ký; hãy chép đúng như in trên báo cáo, như 000123-7F3A-91C2-0B5E.")
    return tuple(head for _, head in heads if head is not None)


@audit.command()
@click.option("--anchors", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="TỆP", help="Tệp neo giữ ở nơi khác.")
@click.option("--code", "told", multiple=True, callback=_codes, metavar="MÃ", help="Mã nhật ký in trên báo cáo, thư (dùng nhiều lần được).")
def verify(anchors: Path | None, told: tuple[Head, ...]) -> None:
    """Kiểm tra cả nhật ký: có dòng nào bị sửa, xóa, đổi chỗ, cắt đuôi hay tính lại không (mã kết thúc 1 khi có)."""
    with workplace() as place:
        path = anchors or trail_anchors(place.settings)
        found = verify_trail(place.storage, path, told)
    for flaw in found.flaws[:SHOWN]:
        click.echo(flaw, err=True)
    if len(found.flaws) > SHOWN:
        click.echo(f"và {format_count(len(found.flaws) - SHOWN)} chỗ khác nữa", err=True)
    if found.flaws:
        raise SystemExit(1)
    if found.head is None:
        click.echo("Nhật ký chưa có sự kiện nào.")
    else:
        click.echo(f"Nhật ký nguyên vẹn: {format_count(found.head.seq)} sự kiện, mã {code(found.head)}.")
    if found.anchors:
        click.echo(f"Khớp với {format_count(found.anchors)} mã giữ bên ngoài.")
    else:
        click.echo(f"Chú ý: chưa có mã nào giữ bên ngoài ('{path}'); việc cắt đuôi hoặc tính lại cả chuỗi chưa kiểm được.", err=True)


def _day(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """A local day's first moment."""
    if text is None:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.combine(datetime.strptime(text, form).date(), time(), LOCAL)  # noqa: DTZ007 - the zone is given beside it
        except ValueError:
            continue
    raise click.BadParameter(f"'{text}' không phải ngày; hãy viết như 15/06/2024.")


def _narrowing(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--act", "acts", multiple=True, metavar="VIỆC", help="Loại việc: quarter.closed, hoặc base. cho cả nhóm."),
        click.option("--unit", "units", multiple=True, metavar="MÃ", help="Mã đơn vị."),
        click.option("--by", default="", metavar="NGƯỜI", help="Tài khoản hoặc tên người làm."),
        click.option("--until", callback=_day, metavar="NGÀY", help="Đến hết ngày."),
        click.option("--since", callback=_day, metavar="NGÀY", help="Từ ngày."),
    ):
        command = option(command)
    return command


@audit.command()
@_narrowing
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, metavar="SỐ", help="Số sự kiện in ra.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def show(
    since: datetime | None, until: datetime | None, by: str, units: tuple[str, ...], acts: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """In các sự kiện, mới nhất trước."""
    wanted = Selection(since, until + timedelta(days=1) if until else None, by, units, acts)
    with workplace() as place:
        found, names = place.storage.trail.page(wanted, most=limit), {unit.code: unit.name for unit in place.storage.units()}
    if as_json:
        click.echo(json.dumps([_told(kept) for kept in found], ensure_ascii=False, indent=2))
    elif not found:
        click.echo("Không có sự kiện nào như vậy.")
    else:
        table = Table("Số", "Lúc", "Việc")
        for kept in found:
            event = kept.event
            words = "\n".join(part for part in (sentence(event, names.get(event.unit, event.unit)), change(event)) if part)
            table.add_row(str(kept.seq), format_moment(event.at), words)
        console().print(table)


def _told(kept: Kept) -> dict[str, object]:
    event = kept.event
    words = ("act", "actor", "name", "unit", "subject", "old", "new", "reason", "address", "request")
    return {"seq": kept.seq, "at": event.at.astimezone(LOCAL).isoformat(), **{w: getattr(event, w) for w in words}, "hash": kept.hash}


COMMANDS = (audit,)
