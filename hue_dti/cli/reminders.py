"""`hue-dti reminders`: who was reminded of what is owed, and who could not be."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.table import Table

from hue_dti.cli.common import console, period_option, workplace
from hue_dti.numerals import format_moment
from hue_dti.periods import Period
from hue_dti.services.mail import LETTER_WORDS
from hue_dti.storage.once import SENT
from hue_dti.storage.reminders import Reminder


@click.command()
@period_option()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def reminders(period: Period, as_json: bool) -> None:
    """Thư nhắc số liệu của kỳ: đã gửi cho ai, ai chưa nhận được và vì sao; mã kết thúc 1 khi còn đơn vị chưa được nhắc."""
    with workplace() as place:
        names = {unit.code: unit.name for unit in place.storage.units() if unit.exists_on(period.end)}
        noted = place.storage.reminders.of(str(period))
    if as_json:
        click.echo(json.dumps([_json(each) for each in noted], ensure_ascii=False, indent=2))
    elif noted:
        _print(noted, names)
    else:
        click.echo(f"Chưa có thư nhắc nào của {period.label}.")
    if any(each.state != SENT for each in noted):
        raise SystemExit(1)


def _print(noted: tuple[Reminder, ...], names: dict[str, str]) -> None:
    table = Table("Đơn vị", "Trước ngày chốt", "Kết quả", "Gửi tới", "Lúc", "Ghi chú")
    for each in noted:
        twice = "có thể đã gửi hai lần; " if each.repeated else ""
        unit = f"{names.get(each.key.unit, each.key.unit)} ({each.key.unit})"
        told = (LETTER_WORDS[each.state], each.recipient, format_moment(each.noted_at), twice + each.reason)
        table.add_row(unit, f"{each.key.days_before} ngày", *told)
    console().print(table)


def _json(each: Reminder) -> dict[str, object]:
    told = asdict(each)
    return {**told.pop("key"), **told, "noted_at": each.noted_at.isoformat()}


COMMANDS = (reminders,)
