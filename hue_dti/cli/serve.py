"""`hue-dti serve` and `hue-dti sandbox`: the long-running processes."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from hue_dti.accounts.passwords import ready
from hue_dti.cli.common import Workplace, hand, now, workplace
from hue_dti.cli.companions import companions, parent_option, stop_ourselves, with_parent
from hue_dti.errors import SettingError
from hue_dti.services.accounts import first_code
from hue_dti.services.sandbox import LOOPBACK, installed_sandbox
from hue_dti.services.secret_key import secret_key
from hue_dti.web import create_app
from hue_dti.web.at_once import AtOnce

_PARENT = "HUE_DTI_SERVED_BY"
"""What tells a process of the site whose it is, however early that one goes."""

MOST_PROCESSES = 4
"""Of a server whose operator says nothing; each takes about 200 MB."""

WORKING = 4
"""Requests worked on at once by a process: while one waits for the database others compute; more only take the processor from them."""

READING, SPARE = 8, 2
"""Requests that wait for their bodies meanwhile, on threads of their own; and threads for whoever else comes. With three times as many
a site that everybody hammers at answers a third less, for each newcomer takes the interpreter from those at work.
"""


@click.command()
@click.option("--port", metavar="SỐ", type=click.IntRange(1, 65535), default=8931, show_default=True, help="Cổng trên 127.0.0.1.")
@click.option(
    "--workers", metavar="SỐ", type=click.IntRange(1, 16), help="Số tiến trình phục vụ; mặc định mỗi lõi một tiến trình, nhiều nhất 4."
)
@click.option("--no-scheduler", is_flag=True, help="Không giữ lịch chạy ở đây (đã chạy 'hue-dti scheduler' ở nơi khác).")
@click.option("--no-worker", is_flag=True, help="Không làm việc trong hàng đợi ở đây (đã chạy 'hue-dti worker' ở nơi khác).")
def serve(port: int, workers: int | None, no_scheduler: bool, no_worker: bool) -> None:
    """Chạy trang web, lịch chạy và một tiến trình làm việc; chỉ trả lời tại 127.0.0.1, muốn mở ra mạng xem docs/operations.md."""
    beside = [name for name, left_out in (("scheduler", no_scheduler), ("worker", no_worker)) if not left_out]
    with workplace() as place:
        secret_key(place.settings)  # one that may not be used is told here, not by each process of the site
        refuse_taken(port)
        say_how_to_begin(place, port)
        with companions(beside):
            run_server(port, workers or min(os.cpu_count() or 1, MOST_PROCESSES))


def run_server(port: int, workers: int = 1) -> None:
    """Serve the web site on loopback until stopped; SettingError when somebody already listens on the port."""
    refuse_taken(port)
    click.echo(f"Trang web: http://{LOOPBACK}:{port}/  (Ctrl+C để dừng)")
    serve_site("hue_dti.cli.serve:site", port, workers)


def serve_site(target: str, port: int, workers: int) -> None:
    """Serve the site that `target` makes in each process, until stopped; a process that falls is started again."""
    os.environ[_PARENT] = str(os.getpid())
    os.register_at_fork(after_in_child=_stoppable)
    server = Granian(
        target,
        factory=True,
        address=LOOPBACK,
        port=port,
        workers=workers,
        blocking_threads=WORKING + READING + SPARE,
        interface=Interfaces.WSGI,
        websockets=False,
        respawn_failed_workers=True,
    )
    if sys.stdin is not None and sys.stdin.isatty():  # a hang-up is the terminal's end there, and a reload where there is none
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    try:
        server.serve()
    except SystemExit:
        click.echo("Tiến trình phục vụ trang web hỏng liền mấy lần nên trang web đã dừng; xem lỗi ở trên, sửa rồi chạy lại.", err=True)
        raise


def _stoppable() -> None:
    """Let a process of the site that is still starting be ended by its server: until it listens for itself, it has the server's handler,
    which ends nothing there, and the server would wait for it without end. Ctrl+C reaches all of them, and the server passes it on.
    """
    if os.environ[_PARENT] == str(os.getppid()):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def say_how_to_begin(place: Workplace, port: int) -> None:
    """Where nobody has an account, print the code by which the first administrator makes theirs."""
    code = first_code(place.storage, hand(), now())
    if code is not None:
        click.echo("Chưa có tài khoản nào. Tạo quản trị viên đầu tiên:")
        click.echo(f"  mở http://{LOOPBACK}:{port}/bat-dau và nhập mã {code} (dùng một lần, trong 48 giờ)")


def site() -> Flask:
    """The web site in a process of the server's, which ends with the server however that ends."""
    with_parent(stop_ourselves, int(os.environ[_PARENT]) if _PARENT in os.environ else os.getppid())
    ready()
    made = create_app()
    made.wsgi_app = AtOnce(made.wsgi_app, WORKING, READING)  # type: ignore[method-assign]
    gc.freeze()  # the criteria stay as long as the process; looking for rubbish among them took time from every so many pages
    return made


def refuse_taken(port: int) -> None:
    """Granian shares a port with whoever listens there already, and both would answer in turn: refuse that."""
    with socket.socket() as asking:
        if asking.connect_ex((LOOPBACK, port)) == 0:
            raise SettingError(f"Cổng {port} đang có chương trình khác dùng; hãy dừng chương trình đó hoặc chọn cổng khác bằng --port.")


@click.command()
@click.option("--port", metavar="SỐ", type=click.IntRange(1, 65535), default=8932, show_default=True, help="Cổng trên 127.0.0.1.")
@click.option("--name", metavar="TÊN", default="nam_dong", show_default=True, help="Bộ hệ thống mô phỏng đã cài.")
@parent_option
def sandbox(port: int, name: str, parent: int | None) -> None:
    """Chạy các hệ thống của tỉnh ở dạng mô phỏng, để thử nghiệm."""
    from werkzeug.serving import run_simple

    with_parent(stop_ourselves, parent)
    refuse_taken(port)
    run_simple(LOOPBACK, port, installed_sandbox(name).load()(), threaded=True)


COMMANDS = (serve, sandbox)
