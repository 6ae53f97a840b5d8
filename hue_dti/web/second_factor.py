"""Set up the code of one's phone: the square to read, the first code, and the codes for when the phone is lost."""

from __future__ import annotations

import segno
from flask import Flask, Response, abort, make_response, redirect, render_template, request, session, url_for

from hue_dti.accounts.second_factor import address, new_secret, step_of
from hue_dti.errors import AccountRefused
from hue_dti.services.own_proof import Proof, asks_password, prove, remove_second, set_second
from hue_dti.services.sign_in import must_wait
from hue_dti.web.access import address as reader_address
from hue_dti.web.language import translate
from hue_dti.web.own_account import own_account
from hue_dti.web.sessions import SignedIn, has_to_have_second, signed_in
from hue_dti.web.sign_in import caller
from hue_dti.web.site import now, site

_SECRET = "new_secret"  # noqa: S105 - where the cookie keeps it, sealed, while it is being set up
_REFUSED = 409
_TOO_OFTEN = "Đã thử quá nhiều lần; hãy đợi ít phút."
_WRONG = "Mã không đúng. Hãy xem giờ điện thoại có đúng không rồi gõ mã mới."


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/tai-khoan/ma-hai-lop", "second_factor", second_factor, methods=["GET", "POST"])
    app.add_url_rule("/tai-khoan/tat-ma-hai-lop", "without_second_factor", without_second_factor, methods=["POST"])


def second_factor() -> Response | str:
    """Show the square; take the first code, proof where there is a factor already, and then show the recovery codes, this once."""
    me = signed_in() or abort(404)
    if request.method == "GET" or _SECRET not in session:
        session.setdefault(_SECRET, site().vault.seal(me.account.login, new_secret()))
        return _square(me)
    login, moment = me.account.login, now()
    wait = must_wait(site().storage, f"{login} (cài mã)", reader_address(), moment)
    step = None if wait else step_of(_new(me), request.form.get("ma", ""), moment)
    if step is None:
        return make_response(_square(me, translate(_TOO_OFTEN if wait else _WRONG)), _REFUSED)
    try:
        known = site().storage.second_factors.find(login)
        if known is not None or asks_password(me.account, me.standing, known, moment):
            known = prove(site().storage, site().vault, me.account, me.standing, _proof(), caller(), moment)
        codes = set_second(site().storage, site().vault, me.account, me.standing, _new(me), step, known, caller(), moment)
    except AccountRefused as fault:
        return make_response(_square(me, str(fault)), _REFUSED)
    del session[_SECRET]
    return render_template("recovery_codes.html", codes=codes)


def without_second_factor() -> Response | tuple[str, int]:
    """Switch it off, where the role does not ask for it."""
    me = signed_in() or abort(404)
    try:
        remove_second(site().storage, site().vault, me.account, me.standing, _proof(), has_to_have_second(me.account), caller(), now())
    except AccountRefused as fault:
        return own_account(str(fault)), _REFUSED
    return redirect(url_for("own_account", xong="ma-hai-lop"), 303)  # type: ignore[return-value]


def _proof() -> Proof:
    return Proof(request.form.get("mat-khau-cu", ""), request.form.get("ma-cu", ""))


def _new(me: SignedIn) -> str:
    """The secret being set up, which the cookie holds sealed."""
    return site().vault.open(me.account.login, str(session[_SECRET]))


def _square(me: SignedIn, said: str = "") -> str:
    secret = _new(me)
    drawn = segno.make(address(secret, me.account.login), micro=False).svg_data_uri(scale=5, border=2)
    spelt = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    known = site().storage.second_factors.find(me.account.login)
    password = asks_password(me.account, me.standing, known, now())
    return render_template("second_factor.html", drawn=drawn, spelt=spelt, said=said, owed=me.owes_second, known=known, password=password)
