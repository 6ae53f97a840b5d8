"""Look an installation over: what is sound, what deserves a look, what is broken, and what to do about it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hue_dti.accounts.account import ROLES
from hue_dti.config import Settings
from hue_dti.errors import HueDtiError
from hue_dti.numerals import format_count, format_date
from hue_dti.reports.fonts import SHIPPED, load_faces
from hue_dti.resources import folder
from hue_dti.services.granting import at_odds_now
from hue_dti.services.libraries import unfit_libraries
from hue_dti.services.sealed import how_sealed
from hue_dti.services.secret_key import secret_keys
from hue_dti.services.stored_files import stored_files
from hue_dti.storage import OLDEST_SERVER, Health, home_folder, look_at, open_storage
from hue_dti.units.load import load_units
from hue_dti.units.model import OrgUnit
from hue_dti.vault import Vault

_OLDEST_PYTHON = (3, 11)
_GIGABYTE = 10**9
_TOO_LITTLE, _LITTLE = _GIGABYTE // 5, 2 * _GIGABYTE
_MOST_NAMES = 5
_SAMPLE = 50


class Verdict(StrEnum):
    """How a thing was found."""

    GOOD = "tốt"
    LOOK = "cần xem"
    BROKEN = "hỏng"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it was found, the finding, and what to do unless it is good."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


def examine(settings: Settings, now: datetime) -> Iterator[Check]:
    """Look at everything, one check after the other; what cannot be looked at is a broken check, never an error."""
    yield _python()
    yield _libraries()
    yield from _database(settings, now)
    yield _disk(settings)
    yield _fonts(settings)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Check(
            "Python", Verdict.BROKEN, found, f"hãy cài Python {'.'.join(map(str, _OLDEST_PYTHON))} trở lên rồi chạy lại make install"
        )
    return Check("Python", Verdict.GOOD, found)


def _libraries() -> Check:
    unfit = unfit_libraries()
    if unfit:
        return Check("Thư viện", Verdict.BROKEN, "; ".join(unfit), "hãy chạy lại: make install")
    return Check("Thư viện", Verdict.GOOD, "đủ và đúng phiên bản")


def _database(settings: Settings, now: datetime) -> Iterator[Check]:
    try:
        health = look_at(settings)
    except HueDtiError as fault:
        remedy = "hãy sửa như câu trên nói rồi chạy lại: hue-dti doctor"
        yield Check("Cơ sở dữ liệu", Verdict.BROKEN, str(fault).removesuffix("; hãy chạy: hue-dti doctor"), remedy)
        return
    place = "đi kèm chương trình" if settings.database_url is None else "theo DATABASE_URL"
    yield Check("Cơ sở dữ liệu", Verdict.GOOD, f"kết nối được, máy chủ {place}")
    yield from (check(health) for check in _OF_HEALTH)
    if health.migration.up_to_date:
        yield _units(settings)
        yield _secrets(settings)
        yield _roles(settings, now)
        yield from _files(settings)


def _version(health: Health) -> Check:
    found = f"PostgreSQL {health.version // 10_000}.{health.version % 10_000}"
    if health.version // 10_000 < OLDEST_SERVER:
        return Check("Phiên bản máy chủ", Verdict.BROKEN, found, f"hãy nâng cấp lên PostgreSQL {OLDEST_SERVER} trở lên")
    return Check("Phiên bản máy chủ", Verdict.GOOD, found)


def _role(health: Health) -> Check:
    powers = [word for word, has in (("siêu quản trị", health.superuser), ("chủ sở hữu các bảng", health.owner)) if has]
    if powers:
        remedy = "hãy đặt DATABASE_URL là vai trò thường (xem docs/operations.md), nếu không thì số liệu đã chốt có thể bị sửa"
        return Check("Vai trò", Verdict.BROKEN, f"{health.role}: là {' và '.join(powers)}", remedy)
    if health.creates:
        remedy = f"hãy chạy bằng vai trò sở hữu: REVOKE CREATE ON SCHEMA public FROM PUBLIC, {health.role}"
        return Check("Vai trò", Verdict.LOOK, f"{health.role}: được tạo bảng mới", remedy)
    return Check("Vai trò", Verdict.GOOD, f"{health.role}: không phải chủ sở hữu, không phải siêu quản trị")


def _migration(health: Health) -> Check:
    state = health.migration
    if state.newer_than_program:
        found = f"bản {state.current}, mới hơn chương trình ({state.head})"
        return Check("Các bảng", Verdict.BROKEN, found, "hãy cài bản chương trình mới hơn")
    if not state.up_to_date:
        return Check("Các bảng", Verdict.BROKEN, f"{state.current or 'chưa có'}, cần bản {state.head}", "hãy chạy: hue-dti db upgrade")
    return Check("Các bảng", Verdict.GOOD, f"bản {state.current}, mới nhất")


def _guards(health: Health) -> Check:
    if health.unguarded:
        remedy = "hãy hỏi người quản trị cơ sở dữ liệu ai đã tắt, chạy hue-dti verify, rồi bật lại bằng ENABLE ALWAYS TRIGGER"
        return Check("Khóa chỉ thêm", Verdict.BROKEN, f"đã tắt ở: {', '.join(health.unguarded)}", remedy)
    return Check("Khóa chỉ thêm", Verdict.GOOD, "bật ở mọi bảng cần giữ nguyên")


_OF_HEALTH: tuple[Callable[[Health], Check], ...] = (_version, _role, _migration, _guards)


def _units(settings: Settings) -> Check:
    """Units are only ever added or brought up to date from the files: one that left them would live on unseen."""
    try:
        named = {(unit.code, unit.valid_from) for unit in load_units(settings.criteria or folder("criteria"))}
        with open_storage(settings) as storage:
            stored = storage.units()
    except HueDtiError as fault:
        return Check("Đơn vị", Verdict.BROKEN, str(fault), "hãy sửa như câu trên nói rồi chạy lại: hue-dti doctor")
    ghosts = [unit for unit in stored if (unit.code, unit.valid_from) not in named]
    if not ghosts:
        return Check("Đơn vị", Verdict.GOOD, f"{format_count(len(stored))} đơn vị, đều có trong tệp")
    names = ", ".join(map(_ghost, ghosts[:_MOST_NAMES])) + (" …" if len(ghosts) > _MOST_NAMES else "")
    found = f"{format_count(len(ghosts))} đơn vị có trong cơ sở dữ liệu mà không tệp nào ghi: {names}"
    remedy = "hãy ghi lại các dòng đó vào tệp trong criteria/units/ kèm ngày cuối cùng ở cột valid_to, đừng xoá dòng"
    return Check("Đơn vị", Verdict.LOOK, found, remedy)


def _secrets(settings: Settings) -> Check:
    """Whether every secret that is kept opens under the keys of this machine."""
    name = "Khóa bí mật"
    try:
        with open_storage(settings) as storage:
            if not storage.second_factors.secrets():
                return Check(name, Verdict.GOOD, "chưa giữ bí mật nào")
            found = how_sealed(storage, Vault(secret_keys(settings, make=False)))
    except HueDtiError as fault:
        return Check(name, Verdict.BROKEN, str(fault), "hãy đặt khóa bí mật như trang web rồi chạy lại: hue-dti doctor")
    if found.broken:
        told = f"{format_count(len(found.broken))} mã hai lớp không mở được: {', '.join(found.broken[:_MOST_NAMES])}"
        remedy = "hãy thêm khóa cũ vào HUE_DTI_SECRET_KEY_FALLBACKS, hoặc đặt lại: hue-dti user reset-second-factor"
        return Check(name, Verdict.BROKEN, told, remedy)
    if found.newest < found.all:
        left = f"{format_count(found.all - found.newest)}/{format_count(found.all)} mã hai lớp chưa ở dưới khóa mới nhất"
        return Check(name, Verdict.LOOK, left, "hãy chạy: hue-dti secret rewrap")
    return Check(name, Verdict.GOOD, f"{format_count(found.all)} mã hai lớp được mã hóa bằng khóa mới nhất")


def _roles(settings: Settings, now: datetime) -> Check:
    """Accounts from before roles were kept apart may still hold two that do not go together."""
    name = "Vai trò tách bạch"
    try:
        with open_storage(settings) as storage:
            found = at_odds_now(storage, now)
    except HueDtiError as fault:
        return Check(name, Verdict.BROKEN, str(fault), "hãy sửa như câu trên nói rồi chạy lại: hue-dti doctor")
    if not found:
        return Check(name, Verdict.GOOD, "không ai vừa quản trị quyền vừa nhập, duyệt, thẩm định ở cùng nơi")
    told = [f"{each.login} ({ROLES[one.role]} ở {one.unit}, {ROLES[other.role]} ở {other.unit})" for each, one, other in found]
    names = "; ".join(told[:_MOST_NAMES]) + (" …" if len(told) > _MOST_NAMES else "")
    remedy = "hãy thu một trong hai vai trò: hue-dti user list để xem số, rồi hue-dti user revoke"
    return Check(name, Verdict.LOOK, f"{format_count(len(found))} tài khoản có vai trò không đi cùng nhau: {names}", remedy)


def _files(settings: Settings) -> Iterator[Check]:
    """A sample of what is kept beside the snapshots, another one every time."""
    try:
        with open_storage(settings) as storage:
            looked = tuple(stored_files(storage, home_folder(settings), _SAMPLE))
    except HueDtiError as fault:
        yield Check("Tệp đang giữ", Verdict.BROKEN, str(fault), "hãy sửa như câu trên nói rồi chạy lại: hue-dti doctor")
        return
    for each in looked:
        name, read = each.kind.capitalize(), f"đọc thử {format_count(each.read)}/{format_count(each.there)}"
        if each.faults:
            told = f"{read}: {'; '.join(each.faults[:_MOST_NAMES])}"
            yield Check(name, Verdict.BROKEN, told, "hãy chạy hue-dti verify để xem hết, rồi phục hồi từ bản sao lưu")
        else:
            yield Check(name, Verdict.GOOD, f"{read}, đều nguyên vẹn")


def _ghost(unit: OrgUnit) -> str:
    return f"{unit.name} ({unit.code}, từ {format_date(unit.valid_from)})"


def _disk(settings: Settings) -> Check:
    home = home_folder(settings)
    existing = next(place for place in (home, *home.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    found = f"còn {format_count(free // (_GIGABYTE // 1000))} MB ở {existing}"
    if free < _LITTLE:
        return Check("Đĩa trống", Verdict.BROKEN if free < _TOO_LITTLE else Verdict.LOOK, found, "hãy dọn bớt hoặc mở rộng ổ đĩa")
    return Check("Đĩa trống", Verdict.GOOD, found)


def _fonts(settings: Settings) -> Check:
    folder = settings.report_fonts or SHIPPED
    try:
        load_faces(settings.report_fonts)
    except HueDtiError as fault:
        return Check("Phông chữ", Verdict.BROKEN, str(fault), "hãy sửa thư mục phông chữ rồi chạy lại: hue-dti doctor")
    return Check("Phông chữ", Verdict.GOOD, f"đủ bốn kiểu, đủ chữ tiếng Việt ở {folder}")
