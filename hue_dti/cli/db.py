"""`hue-dti db …` and `hue-dti doctor`: the database's tables, and the health of the whole installation."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from hue_dti.cli.common import console, hand, now
from hue_dti.config import Settings
from hue_dti.services.doctor import Check, Verdict, examine
from hue_dti.storage import downgrade as take_down
from hue_dti.storage import kept_running, migration_state
from hue_dti.storage import upgrade as bring_up

_COLOURS = {Verdict.GOOD: "green", Verdict.LOOK: "yellow", Verdict.BROKEN: "red"}


@click.group()
def db() -> None:
    """Các bảng của cơ sở dữ liệu: nâng lên, hạ xuống, xem đang ở bản nào."""


@db.command()
def upgrade() -> None:
    """Đưa các bảng lên bản mới nhất; cần HUE_DTI_OWNER_URL khi dùng máy chủ riêng."""
    settings = _settings()
    with kept_running(settings):
        before = migration_state(settings)
        bring_up(settings, hand(), now())
        click.echo(f"Các bảng ở bản {migration_state(settings).current} (trước đó: {before.current or 'chưa có'}).")


@db.command()
@click.argument("revision", metavar="BẢN")
@click.confirmation_option(
    "--yes", prompt="Hạ bản sẽ xoá bảng và số liệu của các bản mới hơn. Đã sao lưu và chắc chắn?", help="Không hỏi lại."
)
def downgrade(revision: str) -> None:
    """Đưa các bảng về BẢN cũ hơn (ví dụ 0004, hoặc base: bỏ hết); bị từ chối khi sẽ mất bản chốt."""
    settings = _settings()
    with kept_running(settings):
        take_down(settings, revision, hand(), now())
        click.echo(f"Các bảng ở bản {migration_state(settings).current or 'chưa có'}.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def status(as_json: bool) -> None:
    """Các bảng đang ở bản nào; kết thúc với mã 1 khi chưa phải bản chương trình cần."""
    state = migration_state(_settings())
    if as_json:
        click.echo(json.dumps({"current": state.current, "head": state.head, "up_to_date": state.up_to_date}))
    elif state.newer_than_program:
        click.echo(f"Các bảng ở bản {state.current}, mới hơn chương trình ({state.head}); hãy cài bản chương trình mới hơn.")
    else:
        todo = "" if state.up_to_date else "; hãy chạy: hue-dti db upgrade"
        click.echo(f"Các bảng ở bản {state.current or 'chưa có'}, chương trình cần bản {state.head}{todo}.")
    if not state.up_to_date:
        raise SystemExit(1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def doctor(as_json: bool) -> None:
    """Khám cả hệ thống: tốt, cần xem hay hỏng, và phải làm gì; kết thúc với mã 1 khi có chỗ hỏng."""
    checks = tuple(examine(_settings(), now()))
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        _print(checks)
    if any(check.verdict is Verdict.BROKEN for check in checks):
        raise SystemExit(1)


def _print(checks: tuple[Check, ...]) -> None:
    table = Table("Mục", "Tình trạng", "Thấy gì", "Cần làm gì")
    for check in checks:
        table.add_row(check.name, Text(check.verdict, _COLOURS[check.verdict]), Text(check.found), Text(check.remedy))
    console().print(table)


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


COMMANDS = (db, doctor)
