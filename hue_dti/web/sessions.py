"""Who asks: Flask-Login over sign-ins that stand in the database, so that one which was ended there is over at the next request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from hue_dti.accounts.account import Account, Session, is_over
from hue_dti.accounts.codes import key_of
from hue_dti.accounts.model import PUBLIC, Actor
from hue_dti.accounts.second_factor import is_due
from hue_dti.services.sign_in import Opened, may_come_in
from hue_dti.trail.model import Event
from hue_dti.web.site import now, site, today

WENT_OUT = "signed_out"


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person behind a sign-in; the browser's cookie holds its number, the database only the number's hash."""

    def __init__(self, token: str, standing: Session, account: Account) -> None:
        self.token = token
        self.standing = standing
        self.account = account
        self.actor = account.actor(today())
        self.owes_second = _owes_second(account)

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token


def register(app: Flask) -> None:
    """Let Flask-Login ask us whose sign-in a cookie names."""
    manager = LoginManager()
    manager.session_protection = None  # the sign-in's row is what counts, not the address a phone has just now
    manager.user_loader(_behind)
    manager.init_app(app, add_context_processor=False)


def signed_in() -> SignedIn | None:
    """The sign-in of this request; None for the public, and while the database does not say."""
    if g.get("unreachable"):
        return None
    found = current_user._get_current_object()  # once: every question through the proxy looks for the person again
    if not found.is_authenticated:
        return None
    g.person_known = True
    return cast(SignedIn, found)


def actor() -> Actor:
    """Who asks, with the rights of this moment; or who stands in while something is worked out for many."""
    if "stand_in" in g:
        return cast(Actor, g.stand_in)
    found = signed_in()
    return found.actor if found else PUBLIC


@contextmanager
def standing_in(other: Actor) -> Iterator[None]:
    """Let somebody else be who asks, for as long as the block lasts."""
    g.stand_in = other
    try:
        yield
    finally:
        del g.stand_in


def begin(opened: Opened) -> None:
    """Give the browser the number of a new sign-in; what it held before, form tokens too, is gone."""
    standing = site().storage.accounts.behind(key_of(opened.token))
    if standing is None:
        raise LookupError("a sign-in that was opened just now is not there")
    session.clear()
    session.permanent = opened.lasting
    login_user(SignedIn(opened.token, *standing))


def finish(trail: Sequence[Event]) -> None:
    """End the sign-in of this request, in the database too."""
    found = signed_in()
    if found is not None:
        site().storage.sessions.end(found.standing.key, WENT_OUT, now(), trail=trail)
    logout_user()
    session.clear()


def has_to_have_second(account: Account) -> bool:
    """Whether the person's roles ask for a second factor."""
    return is_due(account.kind, account.grants(today()), site().settings.second_factor == "approvers")


def _owes_second(account: Account) -> bool:
    """Whether the person has to set up a second factor before anything else."""
    return has_to_have_second(account) and site().storage.second_factors.find(account.login) is None


def _behind(token: str) -> SignedIn | None:
    """Whose sign-in this is, when it still counts; a sign of life is noted."""
    found = site().storage.accounts.behind(key_of(token))
    if found is None:
        return None
    standing, account = found
    moment = now()
    if not may_come_in(account, site().settings) or is_over(standing, account.grants(today()), moment):
        return None
    site().storage.sessions.seen(standing, moment)
    return SignedIn(token, standing, account)
