"""The key that signs cookies and forms: given by the province, or made once and kept in the home folder for its owner alone."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from hue_dti.config import Settings
from hue_dti.errors import SettingError
from hue_dti.storage import home_folder
from hue_dti.storage.embedded import passable

SHORTEST = 32
FEWEST_DIFFERENT = 8
FILE = "secret-key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HOW = 'hãy tạo khóa mới bằng: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def secret_key(settings: Settings) -> str:
    """The installation's key; SettingError for one that could be guessed or read by others. It is never printed."""
    if settings.secret_key is not None:
        return _strong(settings.secret_key, "HUE_DTI_SECRET_KEY")
    path = home_folder(settings) / FILE
    if not path.exists():
        _make(path)
    return _read(path)


def _read(path: Path) -> str:
    try:
        if path.stat().st_mode & _OTHERS:
            raise SettingError(f"{path}: người khác trên máy này đọc được khóa bí mật; hãy chạy: chmod 600 {path}")
        return _strong(path.read_text(encoding="ascii").strip(), str(path))
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingError(f"{path}: không đọc được khóa bí mật ({type(fault).__name__}); hãy xóa tệp này để tạo khóa mới.") from None


def _make(path: Path) -> None:
    """Write a new key under its name in one piece; whoever comes second finds the first one's."""
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    try:
        passable(path.parent)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    except OSError as fault:
        raise SettingError(
            f"{path}: không ghi được khóa bí mật ({fault.strerror}); hãy cho chương trình ghi vào HUE_DTI_HOME hoặc đặt HUE_DTI_SECRET_KEY."
        ) from None
    finally:
        fresh.unlink(missing_ok=True)


def _strong(key: str, where: str) -> str:
    if len(key) < SHORTEST:
        raise SettingError(f"{where}: khóa bí mật chỉ có {len(key)} ký tự, cần ít nhất {SHORTEST}; {_HOW}")
    if len(set(key)) < FEWEST_DIFFERENT:
        raise SettingError(f"{where}: khóa bí mật lặp lại quá ít ký tự nên dễ đoán; {_HOW}")
    return key
