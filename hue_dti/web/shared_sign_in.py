"""Come in by the province's shared sign-in (OpenID Connect); rights only by an invitation that was bound to it."""

from __future__ import annotations

import secrets
from dataclasses import astuple

from flask import Flask, Response, abort, make_response, redirect, render_template, request, session, url_for

from hue_dti.accounts.codes import code_key
from hue_dti.config import Oidc
from hue_dti.errors import AccountRefused
from hue_dti.services.oidc import Pending, begin, discover, finish
from hue_dti.services.sign_in import may_come_in, must_wait
from hue_dti.web.access import address
from hue_dti.web.language import own_address, translate
from hue_dti.web.sessions import actor
from hue_dti.web.sign_in import caller, come_in
from hue_dti.web.site import now, site

_AWAY, _INVITED = "away", "invited"
_REFUSED = 409
_AWAY_FOR_S = 600


def register(app: Flask) -> None:
    """Give the pages their addresses; there is nothing at them where no shared sign-in is set."""
    app.add_url_rule("/dang-nhap/dung-chung", "shared_sign_in", shared_sign_in)
    app.add_url_rule("/dang-nhap/dung-chung/ve", "shared_return", shared_return)
    app.add_url_rule("/nhan-loi-moi/dung-chung", "bind_invitation", bind_invitation, methods=["POST"])
    app.context_processor(lambda: {"shared": site().settings.oidc is not None})


def shared_sign_in() -> Response:
    """Send the browser to the other door."""
    told = _told()
    try:
        away, pending = begin(told, discover(told), _back())
    except AccountRefused as fault:
        return _say(str(fault))
    session[_AWAY] = [*astuple(pending), int(now().timestamp()), own_address(request.args.get("ve", "/"))]
    return redirect(away)  # type: ignore[return-value]


def shared_return() -> Response:
    """The browser comes back: whoever the issuer says it is comes in, if an invitation was bound to that."""
    told, away, invited = _told(), session.pop(_AWAY, None), session.pop(_INVITED, "")
    if away is None or now().timestamp() - away[3] > _AWAY_FOR_S or actor().signed_in:
        return redirect(url_for("sign_in"))  # type: ignore[return-value]
    pending = Pending(*away[:3])
    if not secrets.compare_digest(request.args.get("state", "").encode(), pending.state.encode()):
        return _say(translate("Lần đăng nhập này không bắt đầu từ trang này; hãy làm lại."))
    try:
        subject = finish(told, discover(told), pending, request.args.get("code", ""), _back(), now())
    except AccountRefused as fault:
        site().storage.trail.note(caller().event("account.sign_in_failed", None, "tài khoản dùng chung", now()))
        return _say(str(fault))
    if invited:
        guest = site().storage.accounts.invited(invited, now())
        event = caller().event("account.bound", guest, told.issuer, now())
        site().storage.accounts.bind(invited, told.issuer, subject, now(), [event])
    account = site().storage.accounts.known_as(told.issuer, subject)
    if account is None or not may_come_in(account, site().settings):
        site().storage.trail.note(caller().event("account.sign_in_failed", account, "tài khoản dùng chung chưa được mời", now()))
        return _say(translate("Tài khoản dùng chung này chưa được mời vào đây. Hãy xin quản trị một mã mời."))
    return come_in(account, away[4])


def bind_invitation() -> Response:
    """Remember an invitation's code while the browser goes to the other door."""
    _told()
    wait, key = must_wait(site().storage, f"(mã mời){address()}", address(), now()), code_key(request.form.get("ma-moi", ""))
    if wait or site().storage.accounts.invited(key, now()) is None:
        return _say(translate("Mã mời không đúng, đã dùng hoặc quá 48 giờ; hãy xin người quản trị mã mới."))
    session[_INVITED] = key
    return make_response(render_template("shared_further.html"))


def _told() -> Oidc:
    return site().settings.oidc or abort(404)


def _back() -> str:
    return url_for("shared_return", _external=True)


def _say(words: str) -> Response:
    return make_response(render_template("shared_refused.html", said=words), _REFUSED)
