"""`hue-dti evidence verify`, `scan`: whether every file is still what was handed in; scan what waits."""

from __future__ import annotations

import os

import click

from hue_dti.accounts.model import PUBLIC
from hue_dti.cli.common import now, workplace
from hue_dti.config import Settings
from hue_dti.errors import StorageError
from hue_dti.numerals import format_count
from hue_dti.services.desk import Desk
from hue_dti.services.evidence_files import body_of
from hue_dti.services.evidence_scan import scan_waiting
from hue_dti.storage import home_folder


@click.group()
def evidence() -> None:
    """Tệp minh chứng: kiểm tra còn nguyên, quét vi-rút những tệp đang chờ."""


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
        waiting, judged = scan_waiting(Desk(place.storage, place.catalogue, settings, home_folder(settings), PUBLIC, now))
    click.echo(f"Đã quét {format_count(judged)}/{format_count(waiting)} tệp đang chờ")
    if judged < waiting:
        raise SystemExit(1)


COMMANDS = (evidence,)
