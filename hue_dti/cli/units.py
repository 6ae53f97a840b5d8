"""`hue-dti units`: the tree of a day, what became of a unit, and the events that change units."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

import click

from hue_dti.cli.common import PeriodParam, console, hand, now, workplace
from hue_dti.cli.unit_words import events_table, life_lines, line_lines, preview_lines, preview_told, tree_lines
from hue_dti.errors import UnknownUnit
from hue_dti.numerals import format_count, format_date
from hue_dti.periods import LOCAL, Period
from hue_dti.services.unit_events import apply_event, find, preview, revert_event
from hue_dti.services.unit_line import unit_line
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex
from hue_dti.units.tree import build_tree

_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def units() -> None:
    """Đơn vị theo thời gian: cây đơn vị tại một ngày, đơn vị trước và sau sắp xếp, các sự kiện nhập, tách, đổi tên, chuyển."""


@units.command()
@click.argument("day", type=_DAY, metavar="NGÀY")
@click.option("--unit", "unit_text", default="", metavar="MÃ|TÊN", help="Chỉ in từ đơn vị này trở xuống.")
def at(day: datetime, unit_text: str) -> None:
    """Cây đơn vị tại một ngày (2025-06-30 hoặc 30/06/2025)."""
    with workplace() as place:
        there = [unit for unit in place.storage.units() if unit.exists_on(day.date())]
    root = NameIndex(there).resolve(unit_text).code if unit_text else None
    click.echo("\n".join(tree_lines(build_tree(there, day.date(), root))))


@units.command()
@click.argument("unit_text", metavar="MÃ|TÊN")
@click.option("--at", "day", type=_DAY, default=None, metavar="NGÀY", help="Mã hoặc tên này là của ngày nào; mặc định là hôm nay.")
def show(unit_text: str, day: datetime | None) -> None:
    """Một đơn vị: từ đâu mà có, đã thành đơn vị nào, theo văn bản nào. Mã và tên được dùng lại nên cần biết ngày."""
    with workplace() as place:
        known, line = place.storage.units(), place.storage.lineage()
    click.echo("\n".join(life_lines(line, _named(known, unit_text, _asked(day)))))


@units.command()
@click.argument("unit_text", metavar="MÃ|TÊN")
@click.option("--at", "day", type=_DAY, default=None, metavar="NGÀY", help="Ngày nào; mặc định là hôm nay.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def below(unit_text: str, day: datetime | None, as_json: bool) -> None:
    """Mọi đơn vị phía trên và bên dưới một đơn vị vào một ngày, từng cấp."""
    asked = _asked(day)
    with workplace() as place:
        found = unit_line(place.storage, _named(place.storage.units(), unit_text, asked), asked)
    if as_json:
        told = {"unit": found.unit.code, "day": str(asked), "above": [each.code for each in found.above]}
        click.echo(json.dumps({**told, "below": [each.code for each in found.below]}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(line_lines(found)))


@units.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def events(as_json: bool) -> None:
    """Các sự kiện sắp xếp đơn vị: văn bản, ngày có hiệu lực, đã áp dụng hay chưa."""
    with workplace() as place:
        known = place.storage.unit_events.all()
    if as_json:
        told = [{"number": each.event.number, "effective_on": str(each.event.effective_on), "holds": each.holds} for each in known]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif known:
        console().print(events_table(known))
    else:
        click.echo("Chưa có sự kiện nào; hãy ghi vào criteria/units/events/ (cách ghi: docs/units.md).")


@units.command("preview")
@click.argument("number", metavar="SỐ")
@click.option(
    "--period", type=PeriodParam(), default=None, metavar="KỲ", help="Chứng minh bằng số của kỳ này; mặc định là kỳ gần nhất có số."
)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def preview_(number: str, period: Period | None, as_json: bool) -> None:
    """Xem trước một sự kiện: cây đổi thế nào, từng số liệu trước và sau có bằng nhau không, phần nào chưa có nơi nhận."""
    with workplace() as place:
        seen = preview(place.storage, place.catalogue, number, period)
    click.echo(json.dumps(preview_told(seen), ensure_ascii=False, indent=2) if as_json else "\n".join(preview_lines(seen)))


@units.command()
@click.argument("number", metavar="SỐ")
@click.option("--by", required=True, metavar="NGƯỜI", help="Tên và chức vụ người áp dụng.")
@click.option("--reason", default="", metavar="GHI_CHÚ", help="Ghi chú thêm, nếu có.")
def apply(number: str, by: str, reason: str) -> None:
    """Áp dụng một sự kiện; quyền gắn với đơn vị cũ kết thúc cùng đơn vị đó."""
    with workplace() as place:
        ended = apply_event(place.storage, number, hand(by), now(), reason)
        event = find(place.storage, number).event
    click.echo(f"Đã áp dụng sự kiện {number}: {event.title}, từ {format_date(event.effective_on)} theo {event.resolution.number}.")
    if ended:
        click.echo(f"Quyền của {format_count(len(ended))} người ở đơn vị cũ đã kết thúc: {', '.join(ended)}; hãy cấp quyền ở đơn vị mới.")


@units.command()
@click.argument("number", metavar="SỐ")
@click.option("--by", required=True, metavar="NGƯỜI", help="Tên và chức vụ người hoàn tác.")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Vì sao hoàn tác.")
def revert(number: str, by: str, reason: str) -> None:
    """Hoàn tác một sự kiện khi đơn vị mới chưa có số liệu, bản chốt hay quyền nào."""
    with workplace() as place:
        revert_event(place.storage, number, hand(by), now(), reason)
    click.echo(f"Đã hoàn tác sự kiện {number}; các đơn vị trở lại như trước.")


def _asked(day: datetime | None) -> date:
    return day.date() if day is not None else now().astimezone(LOCAL).date()


def _named(known: Sequence[OrgUnit], text: str, day: date) -> OrgUnit:
    """The unit of this code or name that day; where a code has other bearers, the refusal says since when."""
    try:
        return NameIndex(unit for unit in known if unit.exists_on(day)).resolve(text)
    except UnknownUnit:
        others = [unit for unit in known if unit.code == text.strip()]
        if not others:
            raise
        raise UnknownUnit(_not_that_day(text, day, [unit.valid_from for unit in others])) from None


def _not_that_day(text: str, day: date, firsts: list[date]) -> str:
    since = ", ".join(format_date(each) for each in firsts)
    return f"Ngày {format_date(day)} không có đơn vị mã '{text}'; mã này có các đơn vị từ ngày {since}: hãy thêm --at NGÀY."


COMMANDS = (units,)
