"""A person's own account: roles, password, and where else they are signed in."""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, render_template, request, url_for

from hue_dti.errors import AccountRefused
from hue_dti.services.accounts import change_password
from hue_dti.trail.model import Kept, Selection
from hue_dti.trail.sentences import sentence
from hue_dti.web.access import event
from hue_dti.web.language import translate
from hue_dti.web.sessions import SignedIn, has_to_have_second, signed_in
from hue_dti.web.sign_in import caller, typed_twice
from hue_dti.web.site import now, site, today, units
from hue_dti.web.trail_words import in_words

_REFUSED = 409
_OF_ACCOUNTS = (
    *("account.accepted", "account.bound", "account.disabled", "account.enabled", "account.granted", "account.invited"),
    *("account.password_changed", "account.proof_failed", "account.revoked"),
    *("account.second_factor_removed", "account.second_factor_reset", "account.second_factor_set"),
)
"""What a person is told of changes to the account, whoever made them."""
_LATELY = 10
_BROWSERS = (
    ("CocCoc", "Cốc Cốc"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/tai-khoan", "own_account", own_account)
    app.add_url_rule("/tai-khoan/mat-khau", "change_password", new_password, methods=["POST"])
    app.add_url_rule("/tai-khoan/ket-thuc-phien", "end_session", end_session, methods=["POST"])
    app.add_template_filter(browser_name, "browser_name")


def own_account(said: str = "", done: str = "") -> str:
    """Who one is here, and one's sign-ins."""
    me = _me()
    known = {me.account.login: me.account.name}
    return render_template(
        "own_account.html",
        person=me.account,
        names={unit.code: unit.name for unit in units()},
        sessions=site().storage.sessions.standing(me.account.login),
        this=me.standing.key,
        second=site().storage.second_factors.find(me.account.login),
        said=said,
        owed=has_to_have_second(me.account),
        lately=[(kept.event.at, sentence(in_words(kept.event, known), "", translate)) for kept in _lately(me.account.login)],
        done=done or request.args.get("xong", ""),
        today=today(),
    )


def new_password() -> Response | str | tuple[str, int]:
    """Change the password; every other sign-in ends."""
    me = _me()
    try:
        old, new = request.form.get("mat-khau-cu", ""), typed_twice()
        change_password(site().storage, me.account, me.standing, old, new, caller(), now())
    except AccountRefused as fault:
        return own_account(str(fault)), _REFUSED
    return redirect(url_for("own_account", xong="mat-khau"), 303)  # type: ignore[return-value]


def end_session() -> Response:
    """End one of one's own sign-ins, or all but this one."""
    me = _me()
    asked = request.form.get("phien", "")
    for each in site().storage.sessions.standing(me.account.login):
        if each.key == asked or (asked == "khac" and each.key != me.standing.key):
            said = event("account.session_ended", "", me.account.login)
            site().storage.sessions.end(each.key, "own", now(), me.account.login, [said])
    return redirect(url_for("own_account", xong="phien"), 303)  # type: ignore[return-value]


def _lately(login: str) -> list[Kept]:
    """The newest changes to the account."""
    return [
        each for each in site().storage.trail.page(Selection(acts=_OF_ACCOUNTS, subject=login), most=50) if each.event.subject == login
    ][:_LATELY]


def _me() -> SignedIn:
    return signed_in() or abort(404)


def browser_name(agent: str) -> str:
    """A browser as one calls it, from what it says of itself."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), translate("trình duyệt khác"))
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} · {system}" if system else browser
