"""Start the installed sandbox as a process of its own on loopback, and stop it without leaving anything behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import yaml

from hue_dti.errors import SettingError, SourceUnreachable
from hue_dti.services.sources import SourceSettings

LOOPBACK = "127.0.0.1"
START_TIMEOUT_S = 60.0


@contextmanager
def running_sandbox(name: str = "nam_dong") -> Iterator[dict[str, SourceSettings]]:
    """Run the sandbox while the block lasts; gives the settings of every source it plays."""
    entry = installed_sandbox(name)
    port = free_port()
    command = [sys.executable, "-m", "hue_dti", "sandbox", "--port", str(port), "--name", name, "--parent", str(os.getpid())]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is ours to pass on: whoever asks it is to end first
    )
    try:
        _wait(port, process)
        described = import_module(entry.module).sources(f"http://{LOOPBACK}:{port}")
        yield {code: SourceSettings(each["connector"], _settings(each)) for code, each in described.items()}
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        if process.poll() is None:
            process.kill()
            process.wait()


def declared(sources: Mapping[str, SourceSettings], path: Path) -> dict[str, str]:
    """Write the sandbox's sources as a province writes its own; returns the environment in which other processes ask them."""
    environment = {"HUE_DTI_SOURCES": str(path), "HUE_DTI_SANDBOX": "1"}
    entries: dict[str, dict[str, str]] = {}
    for code, source in sources.items():
        entries[code] = {"connector": source.connector}
        for key, text in source.settings.items():
            if key == "token":
                entries[code]["token_env"] = name = f"{code.upper()}_TOKEN"
                environment[name] = text
            elif text and key != "network":
                entries[code][key] = text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return environment


def installed_sandbox(name: str) -> EntryPoint:
    """The sandbox of that name; SettingError names the installed ones when there is none."""
    installed = {entry.name: entry for entry in entry_points(group="hue_dti.sandbox")}
    if name not in installed:
        raise SettingError(f"Chưa cài bộ mô phỏng '{name}'; đang có: {', '.join(sorted(installed)) or 'không có bộ nào'}.")
    return installed[name]


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def _settings(entry: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in entry.items() if key != "connector"}


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SourceUnreachable(
                f"Bộ mô phỏng dừng ngay khi khởi động (mã {process.returncode}); hãy chạy 'hue-dti sandbox' để xem lỗi."
            )
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=0.2):
            return
        time.sleep(0.05)
    raise SourceUnreachable(f"Bộ mô phỏng không trả lời ở cổng {port} sau {START_TIMEOUT_S:.0f} giây; hãy chạy lại.")
