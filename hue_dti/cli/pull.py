"""`hue-dti pull`: ask the sources, end with a table of how each one did."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table

from hue_dti.cli.common import console, now, period_option, unit_option, workplace
from hue_dti.numerals import format_count, format_date
from hue_dti.periods import LOCAL, Period
from hue_dti.services.letting_in import SourceOutcome
from hue_dti.services.pull import pull_quarter
from hue_dti.services.sources import sources_of

_WORDS = {"ok": "tốt", "partial": "có dòng lỗi", "failed": "nguồn lỗi"}
FAULTS_SHOWN = 10
STOPPED_BY_HAND = 130


@click.command()
@period_option()
@unit_option()
@click.option("--source", "only", multiple=True, metavar="NGUỒN", help="Chỉ lấy từ nguồn này (dùng nhiều lần được).")
def pull(period: Period, unit_text: str, only: tuple[str, ...]) -> None:
    """Lấy số liệu của một kỳ từ các nguồn đã khai báo (HUE_DTI_SOURCES)."""
    with _stopped_by_hand(), workplace() as place:
        out = console()
        unit = place.unit(unit_text, period)
        sources = sources_of(place.settings, os.environ, place.catalogue, complete=False)
        place.told("source.asked", unit.code, f"{', '.join(only) or 'mọi nguồn'}, {period}")
        outcomes = pull_quarter(
            place.storage, place.catalogue, sources, unit, period, now, only, on_done=lambda outcome: say_outcome(out, outcome)
        )
        out.print(outcome_table(outcomes))
    if all(outcome.outcome == "failed" for outcome in outcomes):
        raise SystemExit(1)


@contextmanager
def _stopped_by_hand() -> Iterator[None]:
    """Ctrl+C ends with 130, as of any program that a person stops."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Đã dừng theo yêu cầu; các nguồn chưa xong được ghi là bị dừng, hãy chạy lại khi cần.", err=True)
        raise SystemExit(STOPPED_BY_HAND) from None


def say_outcome(out: Console, outcome: SourceOutcome) -> None:
    """One line when a source is done."""
    detail = f"{format_count(outcome.observations)} số liệu" if outcome.outcome != "failed" else outcome.reason
    out.print(f"  {outcome.name}: {_WORDS[outcome.outcome]}, {detail}")


def outcome_table(outcomes: Sequence[SourceOutcome]) -> Table:
    """Source, requests, observations, age, faults; the first faults are spelt out below."""
    table = Table("Nguồn", "Kết quả", "Yêu cầu", "Số liệu", "Số liệu đến", "Lỗi", title="Kết quả lấy số liệu", title_justify="left")
    for column in (2, 3, 5):
        table.columns[column].justify = "right"
    for each in outcomes:
        reasons = [f"{fault.place}: {fault.what}" for fault in each.faults[:FAULTS_SHOWN]]
        if len(each.faults) > FAULTS_SHOWN:
            reasons.append(f"… và {format_count(len(each.faults) - FAULTS_SHOWN)} lỗi nữa")
        faults = "\n".join([format_count(len(each.faults)), *reasons]) if each.outcome != "failed" else each.reason
        faults += f"\nBáo cho: {each.owner}" if each.owner and each.outcome != "ok" else ""
        age = _age(each)
        table.add_row(each.name, _WORDS[each.outcome], format_count(each.requests), format_count(each.observations), age, faults)
    return table


def _age(outcome: SourceOutcome) -> str:
    if outcome.oldest is None:
        return "–"
    days = (now().astimezone(LOCAL).date() - outcome.oldest).days
    return f"{format_date(outcome.oldest)} ({format_count(max(days, 0))} ngày)"


COMMANDS = (pull,)
