"""`hue-dti backup` and `restore`: the whole database and the files of evidence into one file, and back into an empty database."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hue_dti.cli.common import hand, now
from hue_dti.config import Settings
from hue_dti.numerals import format_count, format_moment
from hue_dti.services.backup import back_up, restore_backup
from hue_dti.storage import Storage, application_engine, home_folder, kept_running


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP")
def backup(file: Path) -> None:
    """Sao lưu cả cơ sở dữ liệu, tệp neo và tệp minh chứng vào TỆP, kèm mã kiểm TỆP.sha256; hệ thống vẫn chạy trong lúc sao lưu."""
    settings = Settings.from_environment(os.environ)
    with application_engine(settings) as engine:
        done = back_up(Storage(engine), file, home_folder(settings), now, hand())
    size = format_count(file.stat().st_size // 1000)
    if done.missing:
        click.echo(
            f"Thiếu {format_count(len(done.missing))} tệp minh chứng trên đĩa: {', '.join(sha[:12] for sha in done.missing)}", err=True
        )
    click.echo(f"{file}: {format_count(done.rows)} dòng, {size} kB, các bảng ở bản {done.revision}; giữ cùng tệp {file.name}.sha256")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP")
def restore(file: Path) -> None:
    """Phục hồi bản sao lưu TỆP vào cơ sở dữ liệu trống; hoặc đủ mọi dòng, hoặc không có gì thay đổi."""
    settings = Settings.from_environment(os.environ)
    with kept_running(settings):
        done = restore_backup(settings, file, home_folder(settings), now(), hand())
    click.echo(f"Đã phục hồi {format_count(done.rows)} dòng, bản sao lưu lúc {format_moment(done.made_at)}; hãy chạy: hue-dti verify")


COMMANDS = (backup, restore)
