"""`hue-dti demo`: a real district's quarter, from the sources to the report ready to sign, then the web site."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console

from hue_dti.accounts.account import ROLES
from hue_dti.cli.common import Workplace, console, now, out_option, workplace
from hue_dti.cli.companions import companions
from hue_dti.cli.pull import outcome_table, say_outcome
from hue_dti.cli.serve import run_server
from hue_dti.errors import SettingError
from hue_dti.numerals import format_count, format_points
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.services.demo_users import demo_users
from hue_dti.services.demo_year import demo_year
from hue_dti.services.open_quarter import read
from hue_dti.services.pull import pull_quarter
from hue_dti.services.quarter import catalogue_of, newest_of
from hue_dti.services.report import FORMATS, write_reports
from hue_dti.services.sandbox import declared, running_sandbox
from hue_dti.services.secret_key import secret_key
from hue_dti.services.source_model import SourceSettings
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import home_folder
from hue_dti.units.model import OrgUnit

SOURCES_FILE = "demo-sources.yaml"
UNIT, PERIOD, BY = "483", Period.parse("2024-Q2"), "demo"
NEXT, TOLD_OF_COMMUNES = PERIOD.next(), ("super_app", "digital_address", "antivirus")
"""The quarter that officers go on typing, and the machines that tell of communes in it."""


@click.command()
@out_option("báo cáo")
@click.option("--no-serve", is_flag=True, help="Chạy xong thì dừng, không mở trang web.")
@click.option("--port", metavar="SỐ", type=click.IntRange(1, 65535), default=8931, show_default=True, help="Cổng của trang web.")
def demo(out: Path, no_serve: bool, port: int) -> None:
    """Huyện Nam Đông, Quý II/2024: lấy số liệu, chấm điểm, chốt, lập báo cáo, mở trang web."""
    _leave_in_order()
    screen = console()
    started = time.monotonic()
    with ExitStack() as stack:
        with _step(screen, "1. Mở cơ sở dữ liệu và nạp đơn vị"):
            place = stack.enter_context(workplace())
            secret_key(place.settings)
            _refuse_real_figures(place)
        unit = place.unit(UNIT, PERIOD)
        with _step(screen, f"2. Lấy số liệu {PERIOD.label} của {unit.name} từ các hệ thống (mô phỏng trên máy này)"):
            sources = stack.enter_context(running_sandbox())
            outcomes = pull_quarter(
                place.storage, place.catalogue, sources, unit, PERIOD, now, on_done=lambda outcome: say_outcome(screen, outcome)
            )
        screen.print(outcome_table(outcomes))
        with _step(screen, "3. Chấm điểm và chốt số liệu"):
            _close(place, unit)
            snapshot = read(place.storage, place.catalogue, unit, PERIOD, now())
        _say_result(screen, snapshot)
        with _step(screen, "4. Lập báo cáo"):
            paths = write_reports(place.storage, snapshot, catalogue_of(snapshot), FORMATS, out, place.settings.report_fonts)
        for path in paths:
            screen.print(f"   {path}")
        screen.print(f"Xong trong {_seconds(time.monotonic() - started)}.")
        if no_serve:
            screen.print("Chạy 'make demo' (không có --no-serve) để mở trang web.")
        else:
            with _step(screen, f"5. Mở {NEXT.label}: số của máy lấy sẵn, phần còn lại để cán bộ nhập"):
                _open_next(place, sources, unit)
                demo_year(place.storage, BY, now())
            _say_users(screen, place)
            # The systems go on playing, so that a source can be asked again from the page.
            os.environ.update(HUE_DTI_DEMO="1", **declared(sources, home_folder(place.settings) / SOURCES_FILE))
            with companions(("scheduler", "worker")):
                run_server(port)


def _leave_in_order() -> None:
    """Turn the signals that would end the process at once into an exit that stops the sandbox first."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda caught, _: sys.exit(128 + caught))


def _refuse_real_figures(place: Workplace) -> None:
    """Invented figures cannot be taken out again of a province's own database."""
    if place.settings.database_url is not None and any(head.closed_by != BY for head in place.storage.newest_heads()):
        raise SettingError(
            "DATABASE_URL chỉ tới cơ sở dữ liệu đã có bản chốt thật, bản trình diễn sẽ ghi số liệu mô phỏng vào đó; "
            "hãy bỏ biến này để dùng cơ sở dữ liệu đi kèm."
        )


def _close(place: Workplace, unit: OrgUnit) -> None:
    """Close the quarter; run again after a criterion was changed, it is closed again."""
    reason = "Chạy lại bản trình diễn" if newest_of(place.storage, unit.code, PERIOD) else ""
    close_quarter(place.storage, place.catalogue, unit, PERIOD, now, BY, reason, home_folder(place.settings))


def _open_next(place: Workplace, sources: Mapping[str, SourceSettings], unit: OrgUnit) -> None:
    """Let the machines have told of the next quarter, once, so that its form has both locked cells and open ones."""
    if not place.storage.last_pulls(unit.code, NEXT):
        pull_quarter(place.storage, place.catalogue, sources, unit, NEXT, now, TOLD_OF_COMMUNES)


@contextmanager
def _step(screen: Console, title: str) -> Iterator[None]:
    screen.print(title)
    started = time.monotonic()
    yield
    screen.print(f"   xong, {_seconds(time.monotonic() - started)}")


def _say_result(screen: Console, snapshot: Snapshot) -> None:
    total = snapshot.sheet.total
    screen.print(
        f"   {format_count(total.achieved)}/{format_count(len(snapshot.sheet.criteria))} tiêu chí đạt, "
        f"{format_count(total.in_progress)} đang thực hiện, {format_count(total.not_started)} chưa thực hiện; "
        f"{format_points(total.points, 2)}/{format_points(total.max_points)} điểm"
    )
    screen.print(f"   Bản chốt số {snapshot.head.sequence}: {snapshot.head.sha256}")


def _say_users(screen: Console, place: Workplace) -> None:
    screen.print("6. Tài khoản để thử (mật khẩu mới mỗi lần chạy; bản thật không cho các tài khoản này vào):")
    for user, password in demo_users(place.storage, now()):
        screen.print(f"   {user.login:<18} {password}   {ROLES[user.grant.role]}: {user.name}, {user.post}")


def _seconds(elapsed: float) -> str:
    return f"{elapsed:.1f} giây".replace(".", ",")


COMMANDS = (demo,)
