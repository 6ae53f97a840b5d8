"""The system account that may run PostgreSQL, which refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hue_dti.errors import StorageError

NAME = "hue_dti_pg"
_STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class SystemAccount:
    """Whom the server's programs run as; `switch` is False when that is ourselves."""

    name: str
    uid: int
    gid: int
    switch: bool

    def own(self, path: Path) -> None:
        """Give the path to the account, for nobody else to open."""
        path.chmod(0o700)
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def check_reach(self, folder: Path) -> None:
        """Raise StorageError when a folder above is closed to the account."""
        for above in folder.parents if self.switch else ():
            status = above.stat()
            if not status.st_mode & 0o001 and not (status.st_uid == self.uid and status.st_mode & 0o100):
                raise StorageError(
                    f"Tài khoản hệ thống '{self.name}' chạy PostgreSQL không đi qua được thư mục {above}; "
                    f"hãy đặt HUE_DTI_HOME vào nơi khác (ví dụ /var/lib/hue_dti) hoặc chạy: chmod o+x {above}"
                )


def server_account() -> SystemAccount:
    """Return ourselves, or, for root, the account made for the server (created at the first call)."""
    if os.geteuid() != 0:
        return SystemAccount(str(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
    if not _exists(NAME):
        _create()
    for name in (NAME, *_STAND_INS):
        if _exists(name):
            entry = pwd.getpwnam(name)
            return SystemAccount(name, entry.pw_uid, entry.pw_gid, switch=True)
    raise StorageError(f"Không tạo được tài khoản hệ thống '{NAME}' để chạy PostgreSQL; hãy chạy bằng người dùng thường thay vì root.")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _create() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is not None:
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own words only; a failure is met by the stand-ins
