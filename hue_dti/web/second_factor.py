"""Set up the code of one's phone: the square to read, the first code, and the codes for when the phone is lost."""

from __future__ import annotations

import segno
from flask import Flask, Response, abort, make_response, render_template, request, session

from hue_dti.accounts.codes import code_key
from hue_dti.accounts.second_factor import address, new_secret, recovery_codes, step_of
from hue_dti.services.sign_in import must_wait
from hue_dti.web.access import address as reader_address
from hue_dti.web.access import event
from hue_dti.web.language import translate
from hue_dti.web.sessions import SignedIn, signed_in
from hue_dti.web.site import now, site

_SECRET = "new_secret"  # noqa: S105 - where the cookie keeps it while it is being set up; nobody else reads that cookie
_REFUSED = 409
_TOO_OFTEN = "Đã thử quá nhiều lần; hãy đợi ít phút."
_WRONG = "Mã không đúng. Hãy xem giờ điện thoại có đúng không rồi gõ mã mới."


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/tai-khoan/ma-hai-lop", "second_factor", second_factor, methods=["GET", "POST"])


def second_factor() -> Response | str:
    """Show the square; take the first code, and then show the recovery codes, this once."""
    me = signed_in() or abort(404)
    if request.method == "GET" or _SECRET not in session:
        session.setdefault(_SECRET, new_secret())
        return _square(me)
    login, moment = me.account.login, now()
    wait = must_wait(site().storage, f"{login} (cài mã)", reader_address(), moment)
    step = None if wait else step_of(session[_SECRET], request.form.get("ma", ""), moment)
    if step is None:
        return make_response(_square(me, translate(_TOO_OFTEN if wait else _WRONG)), _REFUSED)
    codes = recovery_codes()
    kept, told = [code_key(each) for each in codes], event("account.second_factor_set", "", login)
    site().storage.second_factors.set(login, session.pop(_SECRET), step, kept, moment, me.standing.key, [told])
    return render_template("recovery_codes.html", codes=codes)


def _square(me: SignedIn, said: str = "") -> str:
    secret = str(session[_SECRET])
    drawn = segno.make(address(secret, me.account.login), micro=False).svg_data_uri(scale=5, border=2)
    spelt = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return render_template("second_factor.html", drawn=drawn, spelt=spelt, said=said, owed=me.owes_second)
