"""`hue-dti names`, `hue-dti replay`: place the names nobody knew, read stored answers again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

import click
from rich.table import Table

from hue_dti.cli.common import Workplace, console, hand, machine_account, now, period_option, unit_option, workplace
from hue_dti.cli.pull import outcome_table, say_outcome
from hue_dti.numerals import format_count, format_moment
from hue_dti.periods import Period
from hue_dti.services.names import Waiting, confirm_name, dismiss_name, waiting_names
from hue_dti.services.replay import replay_quarter
from hue_dti.services.sources import SourceSettings, sources_of

SUGGESTED = 3


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
@click.pass_context
def names(context: click.Context, as_json: bool) -> None:
    """Tên đơn vị trong nguồn mà chưa biết là của đơn vị nào, kèm đơn vị gợi ý."""
    if context.invoked_subcommand is not None:
        return
    with workplace() as place:
        listed = waiting_names(place.storage, place.catalogue, now)
    if as_json:
        click.echo(json.dumps([_json(each) for each in listed], ensure_ascii=False, indent=2))
    elif not listed:
        click.echo("Không có tên nào chờ xác nhận: mọi tên trong các nguồn đều đã biết là của đơn vị nào.")
    else:
        _print(listed)


def _json(each: Waiting) -> dict[str, object]:
    return {
        "source": each.name.source,
        "name": each.name.name,
        "suggested": [{"unit": unit.code, "name": unit.name} for unit in each.suggested],
        "unit": each.run.unit if each.run else None,
        "period": each.run.period if each.run else None,
        "first_seen": each.name.first_seen.isoformat(),
        "last_seen": each.name.last_seen.isoformat(),
    }


def _print(listed: tuple[Waiting, ...]) -> None:
    out = console()
    table = Table(
        "Nguồn", "Tên trong nguồn", "Có thể là", "Gặp lần đầu", "Gặp gần nhất", title=f"{format_count(len(listed))} tên chờ xác nhận"
    )
    for each in listed:
        alike = "\n".join(f"{unit.name} ({unit.code})" for unit in each.suggested[:SUGGESTED]) or "chưa đoán được"
        table.add_row(each.name.source, each.name.name, alike, format_moment(each.name.first_seen), format_moment(each.name.last_seen))
    out.print(table)
    out.print("Xác nhận bằng lệnh (đổi mã đơn vị nếu gợi ý chưa đúng):")
    for each in listed:
        out.print(f"  {each.command}")


@names.command()
@click.argument("source", metavar="NGUỒN")
@click.argument("printed", metavar="TÊN")
@unit_option()
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người xác nhận; mặc định là tài khoản đang dùng máy.")
def confirm(source: str, printed: str, unit_text: str, by: str) -> None:
    """Xác nhận tên in trong nguồn là của đơn vị nào, rồi đọc lại câu trả lời đã lưu (không hỏi lại nguồn)."""
    with workplace() as place:
        described = _sources(place) if place.settings.sources is not None else {}
        done = confirm_name(place.storage, place.catalogue, described, source, printed, unit_text, by, now, hand(by))
        click.echo(f"Từ nay trong nguồn {source}, '{done.name}' là {done.unit.name} ({done.unit.code}).")
        if done.outcome is None:
            click.echo(f"Số liệu chưa đổi: {done.later}")
        else:
            console().print(outcome_table([done.outcome]))


@names.command()
@click.argument("source", metavar="NGUỒN")
@click.argument("printed", metavar="TÊN")
@click.option("--reason", required=True, metavar="LÝ_DO", help="Vì sao tên này không phải của đơn vị nào.")
@click.option("--by", default=machine_account, metavar="NGƯỜI", help="Người quyết định; mặc định là tài khoản đang dùng máy.")
def dismiss(source: str, printed: str, reason: str, by: str) -> None:
    """Bỏ một tên khỏi danh sách chờ vì không phải tên đơn vị (dòng cộng, đơn vị ngoài tỉnh …)."""
    with workplace() as place:
        name = dismiss_name(place.storage, place.catalogue, source, printed, reason, by, now(), hand(by))
        click.echo(f"Đã bỏ '{name}' của nguồn {source} khỏi danh sách chờ; dòng này vẫn không được dùng.")


@click.command()
@period_option()
@unit_option()
@click.option("--source", "only", multiple=True, metavar="NGUỒN", help="Chỉ đọc lại nguồn này (dùng nhiều lần được).")
def replay(period: Period, unit_text: str, only: tuple[str, ...]) -> None:
    """Đọc lại câu trả lời đã lưu của lần lấy mới nhất, sau khi sửa connector; không hỏi lại nguồn."""
    with workplace() as place:
        out, unit = console(), place.unit(unit_text, period)
        place.told("source.replayed", unit.code, f"{', '.join(only) or 'mọi nguồn'}, {period}")
        outcomes = replay_quarter(
            place.storage, place.catalogue, _sources(place), unit, period, now, only, on_done=lambda outcome: say_outcome(out, outcome)
        )
        out.print(outcome_table(outcomes))
    if any(outcome.outcome == "failed" for outcome in outcomes):
        raise SystemExit(1)


def _sources(place: Workplace) -> Mapping[str, SourceSettings]:
    return sources_of(place.settings, os.environ, place.catalogue, complete=False)


COMMANDS = (names, replay)
