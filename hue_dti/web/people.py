"""The administrator's pages of persons: who there is, invite, grant, take back, switch off, hand over."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask, Response, abort, flash, redirect, render_template, request, url_for

from hue_dti.accounts.account import ROLES, Account, Kind, checked_login
from hue_dti.accounts.model import Grant, Role
from hue_dti.collation import fold, sort_key
from hue_dti.errors import AccountRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import format_date
from hue_dti.services import accounts as act
from hue_dti.services import granting
from hue_dti.services.own_proof import prove_password, reset_second
from hue_dti.web.access import event, hand
from hue_dti.web.language import translate
from hue_dti.web.listing import LONGEST_WORDS, matches
from hue_dti.web.sessions import actor, signed_in
from hue_dti.web.sign_in import caller
from hue_dti.web.site import now, site, today, units

LONGEST_REASON = 500
DEMO = "demo"
"""Who gives roles in a demonstration."""

_REFUSED = 409
_RUNNING = frozenset({Role.PROVINCE_ADMIN, Role.OPERATOR, Role.SCREEN})
"""Roles whose holders run the system and take over nobody's figures."""
ACTS = ("moi-lai", "cap", "thu", "khoa", "mo", "ban-giao", "bo-ma")
"""What can be done with a person's account, as the addresses spell it."""
_OWN = {
    "moi-lai": "Không tự lấy mã mời cho chính mình; hãy đổi mật khẩu ở trang Tài khoản của tôi.",
    "cap": "Không tự cấp vai trò cho chính mình; hãy nhờ quản trị khác.",
    "thu": "Không tự thu vai trò quản trị của chính mình; hãy nhờ quản trị khác.",
    "khoa": "Không tự khóa tài khoản của chính mình; hãy nhờ quản trị khác.",
    "ban-giao": "Không tự bàn giao việc của chính mình; hãy nhờ quản trị khác.",
    "bo-ma": "Không tự bỏ mã hai lớp của chính mình ở đây; hãy cài lại ở trang Tài khoản của tôi.",
}
"""What nobody does to the own account here, and what to do instead."""


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/nguoi-dung", "people", people)
    app.add_url_rule("/nguoi-dung/moi", "invite", invite, methods=["GET", "POST"])
    app.add_url_rule("/nguoi-dung/<login>", "person", person)
    app.add_url_rule(f"/nguoi-dung/<login>/<any({', '.join(repr(each) for each in ACTS)}):what>", "change_person", change, methods=["POST"])
    app.context_processor(lambda: {"ROLES": ROLES})


def people() -> str:
    """Everybody, or those whose name, login or unit fits the words asked for."""
    asked = request.args.get("q", "").strip()[:LONGEST_WORDS]
    names = _names()
    found = [
        each
        for each in site().storage.accounts.all()
        if matches(fold(asked), " ".join([each.name, each.post, each.login, *(names.get(held.grant.unit, "") for held in each.held)]))
    ]
    found.sort(key=lambda each: (not each.active, sort_key(each.name.rpartition(" ")[2]), sort_key(each.name)))
    return render_template("people.html", people=found, names=names, asked=asked, today=today())


def invite() -> Response | str | tuple[str, int]:
    """Make an account and show its code, this once."""
    if request.method == "GET":
        return _form("", {"don-vi": request.args.get("don-vi", "")})
    told = {name: request.form.get(name, "") for name in ("ten", "ho-ten", "chuc-vu", "thu")}
    try:
        grant = _grant()
        login = checked_login(told["ten"])
        said = event("account.invited", grant.unit, login, new=f"{grant.role} {grant.unit}")
        code = act.add_account(
            site().storage, login, told["ho-ten"], told["chuc-vu"], told["thu"], [grant], actor().login, now(), trail=[said]
        )
    except AccountRefused as fault:
        return _form(str(fault), request.form), _REFUSED
    return render_template("invited.html", person=_person(login), code=code)


def person(login: str, said: str = "") -> str:
    """One person: roles with who gave them, state, and what can be done."""
    chosen = _person(login)
    return render_template(
        "person.html",
        person=chosen,
        names=_names(),
        givers={DEMO: translate("bản trình diễn"), **{each.login: each.name for each in site().storage.accounts.all()}},
        units=_choices(),
        said=said,
        typed=request.form if said else {},
        today=today(),
        others=_heirs(chosen),
        tasks=site().storage.assignments.of_person(login),
        sessions=site().storage.sessions.standing(login),
        second=site().storage.second_factors.find(login),
        own=login == actor().login,
        asks=bool((me := signed_in()) and me.account.has_password),
        demo=chosen.kind is Kind.DEMO,
    )


def change(login: str, what: str) -> Response | str | tuple[str, int]:
    """Do one thing with a person's account; what was wrong is said on the person's page."""
    chosen = _person(login)
    try:
        _not_one_s_own(chosen, what)
        if what == "moi-lai":
            return _invite_again(chosen)
        {"cap": _give, "thu": _take, "khoa": _switch_off, "mo": _switch_on, "ban-giao": _hand_over, "bo-ma": _without_second}[what](chosen)
    except AccountRefused as fault:
        return person(login, str(fault)), _REFUSED
    return redirect(url_for("person", login=login), 303)  # type: ignore[return-value]


def _invite_again(chosen: Account) -> str:
    if not chosen.active:
        raise AccountRefused("Tài khoản đang bị khóa; hãy mở lại trước khi gửi lời mời.")
    code = act.invite(
        site().storage, chosen.login, actor().login, now(), [event("account.invited", granting.first_unit(chosen), chosen.login)]
    )
    return render_template("invited.html", person=chosen, code=code)


def _give(chosen: Account) -> None:
    if not granting.give(site().storage, chosen, _grant(), hand(), now(), _until()):
        raise AccountRefused(f"{chosen.name} đã có vai trò này ở đơn vị đó rồi.")


def _take(chosen: Account) -> None:
    number = request.form.get("so", "")
    held = next((each for each in chosen.held if str(each.number) == number), None)
    if held is None:
        raise AccountRefused("Vai trò này không còn; hãy xem lại danh sách.")
    granting.take(site().storage, chosen, held.number, hand(), now())


def _switch_off(chosen: Account) -> None:
    granting.switch(site().storage, chosen, False, hand(), now(), _reason())


def _switch_on(chosen: Account) -> None:
    granting.switch(site().storage, chosen, True, hand(), now())


def _without_second(chosen: Account) -> None:
    """As when the phone is lost: the person sets up another one. The administrator proves who asks, and says why."""
    me = signed_in() or abort(404)
    if not _reason():
        raise AccountRefused("Hãy ghi lý do, ví dụ: mất điện thoại, đã gặp trực tiếp.")
    prove_password(site().storage, me.account, me.standing, request.form.get("mat-khau-cu", ""), caller(), now())
    reset_second(site().storage, chosen, hand(), now(), _reason())


def _hand_over(chosen: Account) -> None:
    """A leaver's criteria and roles to somebody else, and the leaver's account switched off where that was ticked."""
    heir = site().storage.accounts.find(request.form.get("nguoi-nhan", ""))
    if heir is None or not heir.active or heir.login == chosen.login:
        raise AccountRefused("Hãy chọn một người khác đang dùng tài khoản để nhận việc.")
    if heir.login == actor().login:
        raise AccountRefused("Không tự nhận vai trò của người khác; hãy nhờ quản trị khác bàn giao.")
    off = bool(request.form.get("khoa"))
    granting.hand_over(site().storage, chosen, heir, off, hand(), now(), _reason())
    told = "Đã bàn giao việc của %(old)s cho %(new)s và khóa tài khoản này." if off else "Đã bàn giao việc của %(old)s cho %(new)s."
    flash(translate(told, old=chosen.name, new=heir.name))


def _heirs(leaver: Account) -> list[Account]:
    """Who can take the work over: nobody who runs the system; those of the leaver's own units first."""
    mine = {held.grant.unit for held in leaver.held}
    kept = [
        each
        for each in site().storage.accounts.all()
        if each.active and each.login != leaver.login and not any(held.grant.role in _RUNNING for held in each.held)
    ]
    return sorted(kept, key=lambda each: (not mine & {held.grant.unit for held in each.held}, sort_key(each.name)))


def _not_one_s_own(chosen: Account, what: str) -> None:
    """AccountRefused for what nobody does to the own account here; a role that does not administer one may lay down."""
    administers = {str(each.number) for each in chosen.held if each.grant.role is Role.PROVINCE_ADMIN}
    lays_down = what == "thu" and request.form.get("so", "") not in administers
    if chosen.login == actor().login and what in _OWN and not lays_down:
        raise AccountRefused(translate(_OWN[what]))


def _person(login: str) -> Account:
    return site().storage.accounts.find(login) or abort(404)


def _grant() -> Grant:
    """The role and unit of a form; the unit is written as the list offers it, its code first, or the code alone."""
    role, unit = request.form.get("vai-tro", ""), _unit_asked(request.form.get("don-vi", ""))
    if role not in {each.value for each in Role}:
        raise AccountRefused("Hãy chọn vai trò.")
    if not unit:
        raise AccountRefused("Hãy chọn đơn vị.")
    return Grant(Role(role), unit)


def _unit_asked(text: str) -> str:
    """The code that was chosen or typed, or that of the only unit of today with the name that was typed."""
    said = text.partition("·")[0].strip()
    alike = sorted({unit.code for unit in units() if unit.exists_on(today()) and fold(unit.name) == fold(said)})
    if said in _names() or not alike:
        return said
    if len(alike) > 1:
        raise AccountRefused(f"Có {len(alike)} đơn vị tên '{said}' (mã {', '.join(alike)}); hãy chọn trong danh sách hoặc gõ mã.")
    return alike[0]


def _until() -> date | None:
    text = request.form.get("den-ngay", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise AccountRefused(f"Ngày '{text}' không đọc được; hãy chọn trong lịch hoặc viết như 2026-12-31.") from None


def _reason() -> str:
    return one_line(request.form.get("ly-do", ""), "Lý do", LONGEST_REASON, AccountRefused)


def _names() -> dict[str, str]:
    return {unit.code: unit.name for unit in units()}


def _choices() -> list[str]:
    """Units as the list of a form offers them, those of today first, the others with their last day."""
    last = {unit.code: unit for unit in units()}
    ended = {code: unit.valid_to for code, unit in last.items() if unit.valid_to is not None and unit.valid_to < today()}
    shown = sorted(last.values(), key=lambda unit: (unit.code in ended, sort_key(unit.name)))
    until = {code: f" · {translate('đến ngày %(day)s', day=format_date(day))}" for code, day in ended.items()}
    return [f"{unit.code} · {unit.name}{until.get(unit.code, '')}" for unit in shown]


def _form(said: str, typed: Any) -> str:
    return render_template("invite.html", said=said, typed=typed, units=_choices(), longest=act.LONGEST_NAME)
