"""The keys that sign cookies and forms and seal secrets: given by the province, or made once and kept for their owner alone."""

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
FILE, OLDER = "secret-key", "secret-key.old"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HOW = 'hãy tạo khóa mới bằng: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def secret_keys(settings: Settings, make: bool = True) -> tuple[str, ...]:
    """The installation's key, then those before it that still count; SettingError for one that could be guessed or read by others.

    Where none was given or made yet one is made, or, without `make`, SettingError says so. None is ever printed.
    """
    older = tuple(_strong(key, "HUE_DTI_SECRET_KEY_FALLBACKS") for key in settings.secret_key_fallbacks)
    if settings.secret_key is not None:
        return (_strong(settings.secret_key, "HUE_DTI_SECRET_KEY"), *older)
    path = home_folder(settings) / FILE
    if not path.exists():
        if not make:
            raise SettingError(f"{path}: chưa có khóa bí mật; hãy chạy hue-dti serve một lần, hoặc đặt HUE_DTI_SECRET_KEY như trang web.")
        _put(path, secrets.token_urlsafe(48))
    retired = path.with_name(OLDER)
    return (_read(path)[0], *(_read(retired) if retired.exists() else ()), *older)


def secret_key(settings: Settings) -> str:
    """The installation's key alone."""
    return secret_keys(settings)[0]


def rotate(settings: Settings) -> None:
    """Put a new key in the place of the one in the home folder, which goes on counting; SettingError where the key comes from a setting."""
    path = _own_file(settings)
    older = path.with_name(OLDER)
    before = (*_read(path), *(_read(older) if older.exists() else ()))
    _replace(older, before)
    _replace(path, (secrets.token_urlsafe(48),))


def retire(settings: Settings) -> bool:
    """Let the keys of before count no longer; False when there were none."""
    older = _own_file(settings).with_name(OLDER)
    there = older.exists()
    older.unlink(missing_ok=True)
    return there


def _own_file(settings: Settings) -> Path:
    if settings.secret_key is not None:
        raise SettingError(
            "Khóa bí mật đến từ HUE_DTI_SECRET_KEY nên chương trình không tự thay: hãy đặt khóa mới vào biến đó, khóa cũ vào "
            f"HUE_DTI_SECRET_KEY_FALLBACKS, rồi khởi động lại trang web; {_HOW}"
        )
    return home_folder(settings) / FILE


def _read(path: Path) -> tuple[str, ...]:
    try:
        if path.stat().st_mode & _OTHERS:
            raise SettingError(f"{path}: người khác trên máy này đọc được khóa bí mật; hãy chạy: chmod 600 {path}")
        lines = path.read_text(encoding="ascii").split() or [""]
        return tuple(_strong(line, str(path)) for line in lines)
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingError(
            f"{path}: không đọc được khóa bí mật ({type(fault).__name__}); hãy phục hồi tệp này từ bản sao lưu của máy chủ."
        ) from None


def _put(path: Path, key: str) -> None:
    """Write a new key under its name in one piece; whoever comes second finds the first one's."""
    try:
        passable(path.parent)
        fresh = _written(path, (key,))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink(missing_ok=True)
    except OSError as fault:
        raise _unwritten(path, fault) from None


def _replace(path: Path, keys: tuple[str, ...]) -> None:
    try:
        _written(path, keys).replace(path)
    except OSError as fault:
        raise _unwritten(path, fault) from None


def _written(path: Path, keys: tuple[str, ...]) -> Path:
    """The keys in a file of another name, on the disk and for its owner alone."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _unwritten(path: Path, fault: OSError) -> SettingError:
    return SettingError(
        f"{path}: không ghi được khóa bí mật ({fault.strerror}); hãy cho chương trình ghi vào HUE_DTI_HOME hoặc đặt HUE_DTI_SECRET_KEY."
    )


def _strong(key: str, where: str) -> str:
    if len(key) < SHORTEST:
        raise SettingError(f"{where}: khóa bí mật chỉ có {len(key)} ký tự, cần ít nhất {SHORTEST}; {_HOW}")
    if len(set(key)) < FEWEST_DIFFERENT:
        raise SettingError(f"{where}: khóa bí mật lặp lại quá ít ký tự nên dễ đoán; {_HOW}")
    return key
