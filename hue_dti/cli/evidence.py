"""`hue-dti evidence verify`, `scan`, `judge`: whether every file is still what was handed in; scan what waits; judge signatures again."""

from __future__ import annotations

import os

import click

from hue_dti.cli.common import hand, now, workplace
from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.numerals import format_count
from hue_dti.services.evidence_files import body_of
from hue_dti.services.evidence_scan import judge_again, scan_waiting
from hue_dti.storage import home_folder


@click.group()
def evidence() -> None:
    """Tệp minh chứng: kiểm tra còn nguyên, quét vi-rút những tệp đang chờ, xét lại chữ ký số."""


@evidence.command()
def verify() -> None:
    """Đọc lại mọi tệp minh chứng và so mã SHA-256 với lúc nộp (mã kết thúc 1 khi có tệp mất hoặc bị sửa)."""
    with workplace() as place:
        home, wrong = home_folder(place.settings), 0
        known = place.storage.evidence.files()
        for sha256 in known:
            try:
                body_of(home, sha256)
            except StorageError as fault:
                click.echo(str(fault))
                wrong += 1
    click.echo(f"{format_count(len(known) - wrong)}/{format_count(len(known))} tệp minh chứng còn như lúc nộp")
    if wrong:
        raise SystemExit(1)


@evidence.command()
def scan() -> None:
    """Quét vi-rút các tệp nộp lúc ClamAV không trả lời (mã kết thúc 1 khi còn tệp phải chờ)."""
    settings = Settings.from_environment(os.environ)
    with workplace(settings) as place:
        waiting, judged = scan_waiting(place.storage, settings, home_folder(settings), hand(), now)
    click.echo(f"Đã quét {format_count(judged)}/{format_count(waiting)} tệp đang chờ")
    if judged < waiting:
        raise SystemExit(1)


@evidence.command()
@click.option("--all", "everything", is_flag=True, help="Xét lại mọi tệp, kể cả khi chứng thư gốc không đổi.")
def judge(everything: bool) -> None:
    """Xét lại chữ ký số các tệp nộp trước khi chứng thư gốc (HUE_DTI_TRUST_ROOTS) thay đổi; kết quả cũ vẫn giữ, có ngày."""
    settings = Settings.from_environment(os.environ)
    with workplace(settings) as place:
        done = judge_again(place.storage, settings, home_folder(settings), hand(), now, everything)
    looked = format_count(done.looked - len(done.failed))
    click.echo(f"Đã xét lại {looked}/{format_count(done.looked)} tệp, {format_count(done.changed)} tệp có kết quả khác trước")
    for sha256 in done.failed:
        click.echo(f"{sha256}: không xét lại được; hãy chạy: hue-dti evidence verify", err=True)
    if done.failed:
        raise SystemExit(1)


COMMANDS = (evidence,)
