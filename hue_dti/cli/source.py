"""`hue-dti source`: check the sources file, and try one source without storing anything."""

from __future__ import annotations

import os

import click
from rich.console import Console
from rich.table import Table

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.cli.common import console, now, period_option, unit_option, workplace
from hue_dti.config import Settings
from hue_dti.errors import SettingError
from hue_dti.numerals import format_count, format_date
from hue_dti.observations.model import RawAnswer
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.sources import SourceSettings, sources_of
from hue_dti.services.try_source import Trial, try_source

NOTHING_STORED = "Không ghi gì vào cơ sở dữ liệu."
ANSWERS_SHOWN, SIGNS_SHOWN, FIGURES_SHOWN, FAULTS_SHOWN = 5, 600, 40, 20


@click.group()
def source() -> None:
    """Kiểm tra và thử các nguồn số liệu."""


@source.command()
def check() -> None:
    """Kiểm tra tệp nguồn số liệu (HUE_DTI_SOURCES); mọi lỗi được in ra: tệp:dòng: sai gì; sửa thế nào."""
    settings = Settings.from_environment(os.environ)
    described = sources_of(settings, os.environ, load_catalogue(settings.criteria or folder("criteria")))
    click.echo(f"Tệp nguồn số liệu đúng: {format_count(len(described))} nguồn.")


@source.command("test")
@click.argument("name", metavar="NGUỒN")
@unit_option()
@period_option()
def test_command(name: str, unit_text: str, period: Period) -> None:
    """Hỏi thử một nguồn: câu trả lời gốc, số đọc được, số sẽ ghi hoặc bị từ chối và vì sao; không ghi gì.

    Nguồn lỗi thì mã thoát là 1.
    """
    with workplace() as place:
        described = sources_of(place.settings, os.environ, place.catalogue, complete=False)
        if name not in place.catalogue.sources:
            raise SettingError(f"Không có nguồn '{name}'; các nguồn: {', '.join(place.catalogue.sources)}.")
        trial = try_source(place.storage, place.catalogue, name, described.get(name), place.unit(unit_text, period), period, now)
        say_trial(console(), trial, described.get(name), place.catalogue)
    if trial.admission is None:
        raise SystemExit(1)


def say_trial(out: Console, trial: Trial, source: SourceSettings | None, catalogue: Catalogue, last: str = NOTHING_STORED) -> None:
    """The answers' beginnings, the figures as they were read, and what would become of each; then the last line."""
    out.print(f"1. Câu trả lời gốc: {format_count(len(trial.answers))}")
    for answer in trial.answers[:ANSWERS_SHOWN]:
        out.print(f"   {answer.request}: mã {answer.status}, {answer.content_type}, {format_count(len(answer.body))} byte")
        out.print(f"   {beginning(answer)}")
    if len(trial.answers) > ANSWERS_SHOWN:
        out.print(f"   … và {format_count(len(trial.answers) - ANSWERS_SHOWN)} câu trả lời nữa")
    if trial.pulled is None or trial.admission is None:
        out.print(f"Nguồn lỗi: {trial.failure}")
        if source is not None and source.owner:
            out.print(f"Báo cho: {source.owner}")
        return
    documents = trial.pulled.documents or ()
    out.print(f"2. Số đọc được: {format_count(len(trial.pulled.readings))}, văn bản: {format_count(len(documents))}")
    out.print(_figures(trial, catalogue))
    out.print(f"3. Lỗi: {format_count(len(trial.admission.faults))}")
    for fault in trial.admission.faults[:FAULTS_SHOWN]:
        out.print(f"   {fault.place}: {fault.what}")
    if len(trial.admission.faults) > FAULTS_SHOWN:
        out.print(f"   … và {format_count(len(trial.admission.faults) - FAULTS_SHOWN)} lỗi nữa")
    if last:
        out.print(last)


def beginning(answer: RawAnswer) -> str:
    """The first signs of a text answer on one line; a file that is no text is only named."""
    try:
        text = answer.body[: SIGNS_SHOWN * 4].decode("utf-8", errors="strict" if len(answer.body) <= SIGNS_SHOWN * 4 else "ignore")
    except UnicodeDecodeError:
        text = ""
    line = " ".join(text.split())
    if not line or sum(not sign.isprintable() for sign in line) > len(line) // 20:
        return "(không phải chữ)" if answer.body else "(rỗng)"
    return "".join(sign if sign.isprintable() else "?" for sign in line[:SIGNS_SHOWN]) + ("…" if len(line) > SIGNS_SHOWN else "")


def _figures(trial: Trial, catalogue: Catalogue) -> Table:
    """One row per figure that was read: what would become of it."""
    table = Table("Đơn vị", "Số liệu", "Giá trị", "Đến ngày", "Chỗ", "Sẽ ra sao")
    if trial.pulled is None or trial.admission is None:
        return table
    kept = {(each.origin.raw_sha256, each.origin.place, each.measure) for each in trial.admission.fresh}
    why = {fault.place: fault.what for fault in trial.admission.faults}
    for reading in trial.pulled.readings[:FIGURES_SHOWN]:
        measure = catalogue.measures.get(reading.measure)
        stored = (reading.raw_sha256, reading.place, reading.measure) in kept
        fate = "ghi" if stored else f"từ chối: {why.get(reading.place, 'không qua kiểm tra')}"
        value = "" if reading.value is None else format_count(reading.value)
        table.add_row(reading.unit, measure.name if measure else reading.measure, value, format_date(reading.as_of), reading.place, fate)
    if len(trial.pulled.readings) > FIGURES_SHOWN:
        table.add_row("…", f"và {format_count(len(trial.pulled.readings) - FIGURES_SHOWN)} số nữa", "", "", "", "")
    return table


COMMANDS = (source,)
