"""Invite many persons from one workbook: a form with the units of today out, names in, looked at before any account is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hue_dti.accounts.account import ROLES, checked_login
from hue_dti.accounts.model import Grant, Role
from hue_dti.collation import fold, sort_key
from hue_dti.errors import AccountRefused, UnitError
from hue_dti.periods import LOCAL
from hue_dti.reports.form_xlsx import FormColumn, FormLine, form_workbook
from hue_dti.services.accounts import add_account, mail_address, told
from hue_dti.services.filled_form import Change, FilledRow, Preview, filled_rows
from hue_dti.services.granting import check_grant
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.names import NameIndex

COLUMNS = (
    *(FormColumn("Đơn vị", 34, open=True), FormColumn("Vai trò", 26, open=True), FormColumn("Họ và tên", 28, open=True)),
    *(FormColumn("Chức vụ", 36, open=True), FormColumn("Thư điện tử", 34, open=True), FormColumn("Tên đăng nhập", 26, open=True)),
)
UNIT, ROLE, NAME, POST, MAIL, LOGIN = range(len(COLUMNS))
MOST_ROWS, SPARE_ROWS = 1_000, 40
_HOW = (
    "Mỗi người một dòng; dòng không có họ tên thì bỏ qua. Đơn vị ghi mã hoặc tên. Tên đăng nhập để trống thì lấy từ họ tên, "
    "ví dụ nguyen.van.an. Cần thêm người ở một đơn vị thì ghi vào các dòng trống ở cuối."
)
_LISTED = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
_WORDS = {fold(words): role for role, words in ROLES.items()} | {fold(role.value): role for role in ROLES}


@dataclass(frozen=True, slots=True)
class Invited:
    """A person to be invited, and the role the person begins with."""

    login: str
    name: str
    post: str
    email: str
    role: str
    unit: str

    @property
    def grant(self) -> Grant:
        return Grant(Role(self.role), self.unit)


def form_of(units: Sequence[OrgUnit], now: datetime) -> bytes:
    """The workbook: a line for each province, district and commune of today, and lines to spare."""
    lists = {ROLE: tuple(ROLES.values())}
    there = sorted((unit for unit in _today(units, now) if unit.level in _LISTED), key=lambda unit: (unit.level.value, sort_key(unit.name)))
    usual = [(f"{unit.code} · {unit.name}", ROLES[Role.OFFICER] if unit.level is Level.COMMUNE else "") for unit in there]
    lines = (FormLine((unit, role, "", "", "", ""), (), lists) for unit, role in [*usual, *[("", "")] * SPARE_ROWS])
    return form_workbook("Người dùng", "Mời nhiều người dùng", _HOW, COLUMNS, lines)


def read_form(storage: Storage, body: bytes, now: datetime) -> Preview[Invited]:
    """Whom the workbook would invite, and what is wrong with the others; SettingError for a file that is not the form."""
    rows = list(filled_rows(body, COLUMNS, "mời người dùng", (NAME,), MOST_ROWS))
    return Preview(tuple(_changes(storage, rows, now)), 0)


def invite_all(
    storage: Storage, people: Sequence[Invited], hand: Hand, now: datetime
) -> tuple[Mapping[Invited, str], Mapping[Invited, str]]:
    """The code of everybody who now has an account, and why the others have none: somebody took the login meanwhile."""
    codes, refused = dict[Invited, str](), dict[Invited, str]()
    for each in people:
        said = hand.did("account.invited", now, unit=each.unit, subject=each.login, new=f"{each.role} {each.unit}")
        try:
            told_of = (each.login, each.name, each.post, each.email, [each.grant])
            codes[each] = add_account(storage, *told_of, hand.actor, now, trail=[said])
        except AccountRefused as fault:
            refused[each] = str(fault)
    return codes, refused


def _changes(storage: Storage, rows: Sequence[FilledRow], now: datetime) -> Iterator[Change[Invited]]:
    units = storage.units()
    names, index = {unit.code: unit.name for unit in units}, NameIndex(_today(units, now))
    taken = dict.fromkeys(
        (each.login for each in storage.accounts.all()), "đã có người dùng; hãy chọn tên khác, tên cũ không bao giờ cấp lại"
    )
    for row in rows:
        try:
            made = _invited(storage, row, index, taken)
        except AccountRefused as fault:
            yield Change(row.place(NAME), row.texts[UNIT], row.texts[NAME], fault=str(fault))
            continue
        taken[made.login] = f"đã có ở dòng {row.at} của tệp; hãy gõ tên khác cho người này"
        words = f"{made.login}: {ROLES[made.grant.role]}, {made.post}{f', {made.email}' if made.email else ''}"
        yield Change(row.place(NAME), names[made.unit], made.name, made, words)


def _invited(storage: Storage, row: FilledRow, index: NameIndex, taken: Mapping[str, str]) -> Invited:
    """The person of the row; AccountRefused for what is wrong with it. `taken` says of logins why they are nobody else's."""
    name, post = told(row.texts[NAME], "Họ và tên"), told(row.texts[POST], "Chức vụ")
    login = checked_login(row.texts[LOGIN] or ".".join(fold(name).split()))
    if login in taken:
        raise AccountRefused(f"Tên đăng nhập '{login}' {taken[login]}.")
    role = _WORDS.get(fold(row.texts[ROLE]))
    if role is None:
        raise AccountRefused(
            f"Không có vai trò '{row.texts[ROLE]}'; hãy chọn trong danh sách của ô." if row.texts[ROLE] else "Hãy chọn vai trò."
        )
    made = Invited(login, name, post, mail_address(row.texts[MAIL]), role.value, _unit(row.texts[UNIT], index))
    check_grant(storage, made.grant)
    return made


def _unit(text: str, index: NameIndex) -> str:
    """The code of the unit that is written as the form offers it, by its code or by its name."""
    said = text.partition("·")[0].strip()
    if not said:
        raise AccountRefused("Hãy ghi đơn vị, bằng mã hoặc tên.")
    try:
        return index.resolve(said).code
    except UnitError as fault:
        raise AccountRefused(str(fault)) from None


def _today(units: Sequence[OrgUnit], now: datetime) -> list[OrgUnit]:
    day = now.astimezone(LOCAL).date()
    return [unit for unit in units if unit.exists_on(day)]
