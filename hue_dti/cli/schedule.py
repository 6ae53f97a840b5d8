"""`hue-dti schedule`, `scheduler`, `worker`: what runs when, the process that watches the clock, and the one that works."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

import click
from rich.table import Table

from hue_dti.cli.common import console, now, workplace
from hue_dti.cli.companions import parent_option, stop_ourselves, with_parent
from hue_dti.numerals import format_count, format_moment
from hue_dti.periods import LOCAL
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.due import next_due
from hue_dti.schedule.read import load_schedule
from hue_dti.schedule.scheduler import MATTER, Scheduler
from hue_dti.schedule.words import for_whom, kind_in_words, when_in_words
from hue_dti.services.alerts import rules_of
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.storage import Pace, ScheduledRun, work


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In JSON cho chương trình khác đọc.")
def schedule(as_json: bool) -> None:
    """Lịch chạy: việc gì, khi nào, cho ai, lần tới và lần gần nhất (giờ Việt Nam)."""
    with _clockwork() as clockwork:
        last = clockwork.bench.storage.schedule.last_runs()
        entries_without_units = tuple(entry for entry in clockwork.entries if clockwork.is_idle(entry, now()))
        rows = [(entry, next_due(entry, clockwork.bench.catalogue, now()), last.get(entry.name)) for entry in clockwork.entries]
    if as_json:
        listing = [
            {
                "name": entry.name,
                "job": entry.job,
                "when": str(entry.when),
                "next": due and due.at.astimezone(LOCAL).isoformat(),
                "last": run and run.due_at.astimezone(LOCAL).isoformat(),
                "last_kind": run and run.kind,
            }
            for entry, due, run in rows
        ]
        click.echo(json.dumps(listing, ensure_ascii=False, indent=2))
        return
    table = Table("Tên", "Việc", "Khi nào", "Cho", "Lần tới", "Lần gần nhất")
    table.columns[0].overflow = table.columns[1].overflow = "fold"
    table.columns[2].min_width = len("hằng ngày lúc 01:00")
    for entry, due, run in rows:
        coming = "chưa có" if due is None else format_moment(due.at) + (f" ({due.period.short_label})" if due.period else "")
        table.add_row(entry.name, entry.job, when_in_words(entry.when), for_whom(entry), coming, _last(run))
    console().print(table)
    idle = [entry.name for entry in entries_without_units]
    if idle:
        click.echo(f"Cần xem: {', '.join(idle)} không có đơn vị nào đang hiệu lực để làm; hãy cập nhật criteria/units.")


def _last(run: ScheduledRun | None) -> str:
    return "chưa chạy" if run is None else f"{format_moment(run.due_at)}, {kind_in_words(run.kind)}, {format_count(run.queued)} việc"


@click.command()
@parent_option
def scheduler(parent: int | None) -> None:
    """Giữ lịch chạy: đến giờ thì xếp việc vào hàng đợi. Chạy nhiều tiến trình cũng chỉ một tiến trình giữ lịch."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with_parent(stop.set, parent)
    with _clockwork() as clockwork:
        click.echo(f"Lịch chạy có {format_count(len(clockwork.entries))} dòng; Ctrl+C để dừng.")
        Scheduler(clockwork, clockwork.bench.storage.leadership(MATTER), now, click.echo, _say_called).run(stop)


def _say_called(run: ScheduledRun) -> None:
    click.echo(f"{format_moment(run.due_at)} {run.job}: {format_count(run.queued)} việc vào hàng đợi, {kind_in_words(run.kind)}")


@click.command()
@click.option("--jobs", "jobs_at_once", metavar="SỐ", default=Pace().jobs_at_once, show_default=True, help="Số việc làm cùng lúc.")
@parent_option
def worker(jobs_at_once: int, parent: int | None) -> None:
    """Làm các việc trong hàng đợi; chạy được trên nhiều máy cùng lúc."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # until the worker itself listens to them
        signal.signal(number, lambda *_: sys.exit(0))
    with_parent(stop_ourselves, parent)
    with _bench() as bench:
        rules_of(bench.settings, bench.catalogue)  # a faulty file of alerts is told now, not when a night's pull ends
        jobs = {name: _told(name, job) for name, job in at_the_bench(bench, installed_jobs()).items()}

        def abandon() -> None:
            click.echo("Còn việc đang làm dở; tiến trình khác sẽ làm lại.", err=True)
            bench.storage.close()
            os._exit(0)

        click.echo(f"Chờ việc ({format_count(jobs_at_once)} việc cùng lúc); Ctrl+C để dừng.")
        work(bench.storage, jobs, replace(Pace(), jobs_at_once=jobs_at_once), abandon=abandon)


def _told(name: str, job: Callable[..., None]) -> Callable[..., None]:
    def run(**arguments: str) -> None:
        job(**arguments)
        click.echo(f"{format_moment(now())} {' '.join((name, *arguments.values()))}: xong")

    return run


@contextmanager
def _bench() -> Iterator[Workbench]:
    with workplace() as place:
        yield Workbench(place.settings, place.catalogue, place.storage, now)


@contextmanager
def _clockwork() -> Iterator[Clockwork]:
    with _bench() as bench:
        path = bench.settings.schedule or folder("jobs") / "schedule.yaml"
        yield Clockwork(load_schedule(path, installed_jobs(), bench.catalogue.sources), bench)


COMMANDS = (schedule, scheduler, worker)
