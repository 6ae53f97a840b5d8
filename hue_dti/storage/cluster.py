"""One PostgreSQL data folder with its socket: make it, start it, stop it. Why it runs is somebody else's business."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from hue_dti.errors import StorageError
from hue_dti.storage.account import SystemAccount

SUPERUSER = "postgres"
_LONGEST_SOCKET = 107  # bytes, sockaddr_un of Linux, with the name of the socket file
_SOCKET = ".s.PGSQL.5432"
_CONFIGURATION = "hue_dti.conf"
_PATIENCE = 60  # seconds
_launched: dict[Path, int] = {}
"""The servers that are children of this process: data folder to process number."""


@dataclass(frozen=True)
class Cluster:
    """A server below `folder`, which belongs to us; `folder/server` belongs to the account that runs it.

    `programs` holds initdb and pg_ctl (PostgreSQL 15 or later); `settings` are lines of postgresql.conf.
    """

    folder: Path
    programs: Path
    account: SystemAccount
    settings: tuple[str, ...] = ()

    @property
    def own_folder(self) -> Path:
        return self.folder / "server"

    @property
    def data(self) -> Path:
        return self.own_folder / "data"

    @property
    def log(self) -> Path:
        return self.own_folder / "log"

    @property
    def socket_folder(self) -> Path:
        """Where the socket stands: beside the data, or in the temporary folder when that path is too long for a socket."""
        if len(os.fsencode(self.own_folder / _SOCKET)) < _LONGEST_SOCKET:
            return self.own_folder
        digest = hashlib.sha256(os.fsencode(self.own_folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"hue_dti-{digest}"

    def answers(self) -> bool:
        """Whether a server takes connections."""
        try:
            psycopg.connect(host=str(self.socket_folder), user=SUPERUSER, dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Make the data folder if there is none and start the server; does nothing when it answers already."""
        if self.answers() or self._comes_up():
            return
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._init()
        self._check_version()
        self._configure()
        self._drop_stale_locks()
        self._launch()

    def stop(self) -> None:
        """Stop the server; running transactions are rolled back. Does nothing when none runs, whatever a killed one left behind."""
        if (self.data / "postmaster.pid").exists() and (self._somebody_inside() or not Path("/proc/self").exists()):
            self._run("pg_ctl", "stop", "-w", "-t", str(_PATIENCE), "-s", "-m", "fast", "-D", str(self.data))
        if self.data in _launched:
            with suppress(ChildProcessError):
                os.waitpid(_launched.pop(self.data), 0)
        self._wait_until_empty()
        if self.socket_folder != self.own_folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _wait_until_empty(self) -> None:
        """Wait for the server's last breath: it drops its lock file a moment before it ends."""
        for _ in range(_PATIENCE * 50):
            if not self._somebody_inside():
                return
            time.sleep(0.02)

    def _launch(self) -> None:
        """Start the server as our own child, so that no unburied process stays behind where nobody adopts orphans."""
        with self.log.open("ab") as log:
            self.account.own(self.log)
            process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [self.programs / "postgres", "-D", str(self.data)],
                **self._as_account(),
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        for _ in range(_PATIENCE * 50):
            if process.poll() is not None:
                raise StorageError(f"PostgreSQL đi kèm không chạy được ở {self.folder}.\n{self._log_end()}")
            if self._is_ready():
                break
            time.sleep(0.02)
        _launched[self.data] = process.pid
        process.returncode = 0  # it may outlive us, and that is no fault to warn of

    def _is_ready(self) -> bool:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        except (FileNotFoundError, IndexError):
            return False

    def _comes_up(self) -> bool:
        """Whether a server that is starting, recovering or stopping takes connections within a minute."""
        for _ in range(_PATIENCE * 10):
            if not self._somebody_inside():
                return False
            time.sleep(0.1)
            if self.answers():
                return True
        return False

    def _make_folders(self) -> None:
        for folder in {self.own_folder, self.socket_folder}:
            folder.mkdir(parents=True, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.account.uid}:
                raise StorageError(f"Thư mục {folder} thuộc người khác; hãy xoá nó hoặc đặt HUE_DTI_HOME vào nơi khác.")
            self.account.own(folder)
            self.account.check_reach(folder)

    def _init(self) -> None:
        unfinished = self.own_folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The builtin provider knows Unicode by itself; before 17 the same order comes from the C library.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C") if self._major() >= 17 else ("--locale=C.UTF-8",)
        self._run("initdb", "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync", *locale)
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write(f"\ninclude = '{_CONFIGURATION}'\n")
        unfinished.rename(self.data)

    def _major(self) -> int:
        return int(self._run("pg_ctl", "--version").split()[2].split(".")[0])

    def _check_version(self) -> None:
        written = int((self.data / "PG_VERSION").read_text())
        if written != self._major():
            raise StorageError(
                f"Dữ liệu ở {self.data} là của PostgreSQL {written}, chương trình đi kèm là PostgreSQL {self._major()}; "
                "hãy sao lưu bằng bản cũ rồi phục hồi, hoặc đặt HUE_DTI_HOME vào thư mục mới."
            )

    def _configure(self) -> None:
        lines = (
            "listen_addresses = ''",
            f"unix_socket_directories = '\"{self.socket_folder}\"'",
            "unix_socket_permissions = 0700",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            *self.settings,
        )
        path = self.data / _CONFIGURATION
        path.write_text("\n".join(lines) + "\n")
        self.account.own(path)

    def _drop_stale_locks(self) -> None:
        """Drop lock files that name a process which is not the server's: PostgreSQL takes any living (or unburied) one for it."""
        if Path("/proc/self").exists() and not self._somebody_inside():
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            (self.socket_folder / f"{_SOCKET}.lock").unlink(missing_ok=True)

    def _somebody_inside(self) -> bool:
        """Whether any process works in the data folder, as all of PostgreSQL's do."""
        if not self.data.exists():
            return False
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").samefile(self.data):
                    return True
            except OSError:  # gone meanwhile, or another user's
                continue
        return False

    def _as_account(self) -> dict[str, Any]:
        switch = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account.switch else {}
        return {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, "stdin": subprocess.DEVNULL} | switch

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, **self._as_account(), capture_output=True, text=True, check=False)  # noqa: S603 - our own programs
        if done.returncode != 0:
            raise StorageError(
                f"PostgreSQL đi kèm: {program} không chạy được ở {self.folder}.\n{done.stdout}{done.stderr}{self._log_end()}".strip()
            )
        return str(done.stdout)

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:]) if self.log.exists() else ""
