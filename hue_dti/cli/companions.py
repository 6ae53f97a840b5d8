"""Processes that live and die with this one: started beside the web site, started again when they fall, stopped with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click

GRACE_S = 15.0
AGAIN_AFTER_S = 2.0


@contextmanager
def companions(commands: Iterable[str]) -> Iterator[None]:
    """Run `hue-dti COMMAND` for each while the block lasts.

    They are started before the block begins: what it forks meanwhile would hold on to a pipe that a start waits for.
    """
    ending = threading.Event()
    watchers = [threading.Thread(target=_keep, args=(command, _start(command), ending)) for command in commands]
    for watcher in watchers:
        watcher.start()
    try:
        yield
    finally:
        ending.set()
        for watcher in watchers:
            watcher.join()


def _start(command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "hue_dti", command, "--parent", str(os.getpid())],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is ours to pass on
    )


def _keep(command: str, process: subprocess.Popen[bytes], ending: threading.Event) -> None:
    """Keep the command running until the end; one that falls is started again after a moment."""
    while not ending.is_set():
        while process.poll() is None and not ending.wait(0.1):
            pass
        if not ending.is_set():
            click.echo(f"Tiến trình '{command}' dừng (mã {process.returncode}); đang chạy lại.", err=True)
            if not ending.wait(AGAIN_AFTER_S):
                process = _start(command)
    _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def with_parent(stop: Callable[[], None], parent: int | None) -> None:
    """Call `stop` when the parent is gone, however it went; without one, never."""
    if parent is not None:
        threading.Thread(target=_watch, args=(stop, parent), daemon=True).start()


def _watch(stop: Callable[[], None], parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    stop()
    time.sleep(GRACE_S)
    os._exit(1)  # what does not end in that time is stuck, and nobody is left to end it


def stop_ourselves() -> None:
    """End this process as SIGTERM from outside would."""
    os.kill(os.getpid(), signal.SIGTERM)


parent_option = click.option("--parent", type=int, hidden=True, help="Tiến trình mà tiến trình này dừng theo.")
