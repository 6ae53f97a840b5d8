"""`hue-dti alerts`: what is open, and taking one on."""

from __future__ import annotations

import json

import click
from rich.table import Table

from hue_dti.alerts.model import Alert
from hue_dti.alerts.together import matters
from hue_dti.cli.common import console, hand, now, workplace
from hue_dti.numerals import format_count, format_moment
from hue_dti.periods import LOCAL
from hue_dti.services.alerts import acknowledge, open_alerts, rules_of


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
@click.pass_context
def alerts(context: click.Context, as_json: bool) -> None:
    """Cảnh báo đang mở, cảnh báo chưa ai nhận đứng trước; 'alerts ack' để nhận xử lý."""
    if context.invoked_subcommand is not None:
        return
    with workplace() as place:
        rules_of(place.settings, place.catalogue)  # a faulty file is told here, whatever is open
        found = open_alerts(place.storage)
    if as_json:
        click.echo(json.dumps([_told(alert) for alert in found], ensure_ascii=False, indent=2))
    elif found:
        console().print(_table(found))
    else:
        click.echo("Không có cảnh báo nào đang mở.")


@alerts.command()
@click.argument("number", type=click.IntRange(1), metavar="SỐ")
@click.option("--by", required=True, metavar="TÊN", help="Tên và chức vụ người nhận xử lý.")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Lý do hoặc việc sẽ làm.")
def ack(number: int, by: str, reason: str) -> None:
    """Nhận xử lý một cảnh báo đang mở; ghi tên và việc sẽ làm để người khác biết."""
    with workplace() as place:
        taken = acknowledge(place.storage, number, by, reason, now(), hand(by))
    click.echo(f"Cảnh báo số {taken.id}: {taken.acknowledged_by} đã nhận xử lý lúc {format_moment(taken.acknowledged_at or now())}.")


def _told(alert: Alert) -> dict[str, object]:
    """An alert as JSON, moments in local time."""
    moments = {name: getattr(alert, name) for name in ("opened_at", "last_seen", "acknowledged_at")}
    return {
        "id": alert.id,
        "rule": alert.rule,
        "kind": alert.kind.value,
        "unit": alert.unit,
        "subject": alert.subject,
        "what": alert.what,
        "count": alert.count,
        **{name: moment and moment.astimezone(LOCAL).isoformat() for name, moment in moments.items()},
        "acknowledged_by": alert.acknowledged_by,
        "acknowledgement": alert.acknowledgement,
    }


def _table(found: tuple[Alert, ...]) -> Table:
    table = Table("Số", "Đơn vị", "Cảnh báo", "Từ", "Số lần", "Người nhận")
    for column in (0, 4):
        table.columns[column].justify = "right"
    for matter in matters(found):
        alert = matter.lead
        taken = f"{alert.acknowledged_by}: {alert.acknowledgement}" if alert.acknowledged_by else "chưa ai nhận"
        table.add_row(
            str(alert.id), ", ".join(matter.units), alert.what, format_moment(matter.opened_at), format_count(matter.count), taken
        )
    return table


COMMANDS = (alerts,)
