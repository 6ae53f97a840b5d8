"""The door: sign in, sign out, come in by an invitation, make the first administrator."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, abort, make_response, redirect, render_template, request, session, url_for

from hue_dti.accounts.account import Account
from hue_dti.errors import AccountRefused
from hue_dti.services.accounts import LONGEST_NAME, accept, make_first
from hue_dti.services.sign_in import LONGEST_LOGIN, Caller, Halfway, Refused, must_wait, open_session, sign_in, sign_in_further
from hue_dti.web import kept_form
from hue_dti.web.access import address, event, request_number
from hue_dti.web.language import own_address, translate
from hue_dti.web.navigation import first_page
from hue_dti.web.sessions import actor, begin, finish
from hue_dti.web.site import now, site

_WRONG, _TOO_OFTEN = 401, 429
_HALF, _HALF_FOR_S = "half", 300
"""Where the cookie keeps who typed the right password, and for how many seconds that counts."""
_WRONG_CODE = "Mã không đúng, đã dùng hoặc đã qua. Hãy đợi mã mới trên điện thoại."
_CODES = "(mã mời)"
"""What tries with codes are counted as, besides their address."""


def register(app: Flask) -> None:
    """Give the door its addresses."""
    app.add_url_rule("/dang-nhap", "sign_in", sign_in_page, methods=["GET", "POST"])
    app.add_url_rule("/dang-nhap/ma", "sign_in_code", sign_in_code, methods=["GET", "POST"])
    app.add_url_rule("/dang-xuat", "sign_out", sign_out, methods=["POST"])
    app.add_url_rule("/nhan-loi-moi", "accept_invitation", accept_page, methods=["GET", "POST"])
    app.add_url_rule("/bat-dau", "first_run", first_run, methods=["GET", "POST"])


def sign_in_page() -> Response | str:
    """Ask for login and password; after that, to the page that was asked for."""
    if request.method == "GET":
        return _in() if actor().signed_in else _door()
    login, password = request.form.get("ten", ""), request.form.get("mat-khau", "")
    opened = sign_in(site().storage, site().settings, login, password, caller(), now())
    if isinstance(opened, Refused):
        return _later(opened.wait_s) if opened.wait_s else _answer(_door(translate("Tên đăng nhập hoặc mật khẩu không đúng.")), _WRONG)
    if isinstance(opened, Halfway):
        further = _halfway(opened.account, request.values.get("ve", ""))
        return _code_page() if kept_form.FIELD in request.form else further
    begin(opened)
    return _inside(_in)


def sign_in_code() -> Response | str:
    """Ask for the code of the phone from whoever typed the right password just now."""
    login, at, wanted = session.get(_HALF, ["", 0, ""])
    if not login or now().timestamp() - at > _HALF_FOR_S:
        return redirect(url_for("sign_in"), 303)  # type: ignore[return-value]
    if request.method == "GET":
        return _code_page()
    opened = sign_in_further(site().storage, site().settings, site().vault, login, request.form.get("ma", ""), caller(), now())
    if isinstance(opened, Refused):
        said = _wait_words(opened.wait_s) if opened.wait_s else translate(_WRONG_CODE)
        return _answer(_code_page(said), _TOO_OFTEN if opened.wait_s else _WRONG)
    begin(opened)
    return _inside(lambda: redirect(own_address(wanted) if wanted else first_page(), 303))  # type: ignore[arg-type, return-value]


def sign_out() -> Response:
    """End the sign-in; the browser forgets what it kept of this site."""
    finish([event("account.signed_out", "", actor().login)])
    answer = redirect(url_for("home"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer  # type: ignore[return-value]


def accept_page() -> Response | str:
    """Use an invitation's code and choose a password."""
    if request.method == "GET":
        return render_template("invitation.html", said="", typed=request.args)
    wait = must_wait(site().storage, _CODES + address(), address(), now())
    if wait:
        return _later(wait)
    try:
        account = accept(site().storage, request.form.get("ma", ""), typed_twice(), caller(), now())
    except AccountRefused as fault:
        return _answer(render_template("invitation.html", said=str(fault), typed=request.form), 409)
    return come_in(account, "")


def first_run() -> Response | str:
    """Make the first administrator; there is no such page once there is an account."""
    if site().storage.accounts.any():
        abort(404)
    if request.method == "GET":
        return render_template("first_run.html", said="", typed={}, longest=(LONGEST_LOGIN, LONGEST_NAME))
    wait = must_wait(site().storage, _CODES + address(), address(), now())
    if wait:
        return _later(wait)
    code, login, name, post = (request.form.get(field, "") for field in ("ma", "ten", "ho-ten", "chuc-vu"))
    try:
        account = make_first(site().storage, code, login, name, post, typed_twice(), caller(), now())
    except AccountRefused as fault:
        page = render_template("first_run.html", said=str(fault), typed=request.form, longest=(LONGEST_LOGIN, LONGEST_NAME))
        return _answer(page, 409)
    return _come_in(account)


def typed_twice() -> str:
    """The password, which was typed twice."""
    once, again = request.form.get("mat-khau", ""), request.form.get("nhac-lai", "")
    if once != again:
        raise AccountRefused(translate("Hai lần gõ mật khẩu khác nhau; hãy gõ lại cả hai."))
    return once


def come_in(account: Account, wanted: str) -> Response:
    """Let in whoever proved who they are elsewhere; the code of their phone is asked all the same."""
    if site().storage.second_factors.find(account.login) is not None:
        return _halfway(account, wanted)
    begin(open_session(site().storage, account, caller(), now()))
    return redirect(wanted if wanted not in ("", "/") else first_page(), 303)  # type: ignore[return-value]


def _halfway(account: Account, wanted: str) -> Response:
    session.clear()
    session[_HALF] = [account.login, int(now().timestamp()), wanted]
    return redirect(url_for("sign_in_code"), 303)  # type: ignore[return-value]


def _come_in(account: Account) -> Response:
    begin(open_session(site().storage, account, caller(), now()))
    return redirect(first_page(), 303)  # type: ignore[return-value]


def _inside(onward: Callable[[], Response]) -> Response | str:
    """Where somebody goes who came in: back to the form that was sent too late, else onward."""
    kept = request.form.get(kept_form.FIELD, "")
    return _answer(kept_form.back_inside(kept), 200) if kept_form.opened(kept) is not None else onward()


def _code_page(said: str = "") -> str:
    return render_template("sign_in_code.html", said=said, kept=request.form.get(kept_form.FIELD, ""))


def _in() -> Response:
    wanted = request.values.get("ve", "")
    return redirect(own_address(wanted) if wanted else first_page(), 303)  # type: ignore[return-value]


def _door(said: str = "") -> str:
    typed, wanted = request.form.get("ten", "")[:LONGEST_LOGIN], request.values.get("ve", "")
    kept = request.form.get(kept_form.FIELD, "")
    return render_template("sign_in.html", said=said, typed=typed, wanted=wanted, kept=kept, nobody=not site().storage.accounts.any())


def _later(wait_s: int) -> Response:
    answer = _answer(_door(_wait_words(wait_s)), _TOO_OFTEN)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def _wait_words(wait_s: int) -> str:
    return translate("Đã thử quá nhiều lần. Hãy đợi %(n)s phút rồi thử lại; tài khoản không bị khóa.", n=-(-wait_s // 60))


def _answer(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def caller() -> Caller:
    """Who knocks."""
    return Caller(address(), request.headers.get("User-Agent", ""), request_number())
