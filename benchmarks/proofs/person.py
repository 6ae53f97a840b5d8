"""Somebody who is signed in: an account and its sign-in made straight in the database, and the cookie of a browser that holds it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask

from hue_dti.accounts.codes import key_of, new_token
from hue_dti.accounts.model import Grant, Role
from hue_dti.accounts.second_factor import new_secret
from hue_dti.storage import Storage

PROVINCE = "46"
EVERYTHING = (Grant(Role.PROVINCE_ADMIN, PROVINCE), Grant(Role.OPERATOR, PROVINCE))
"""What the usual reader may do: administer, and run the operations centre; not enter and not approve."""

USUAL = "quan.tri.thu"
COOKIE = "hue_dti"


def enter(storage: Storage, login: str = USUAL, *grants: Grant, at: datetime | None = None, **told: str) -> str:
    """The number of a new sign-in of this person, whose account is made where there is none."""
    moment = at or datetime.now(UTC)
    if storage.accounts.find(login) is None:
        name, post = told.get("name", f"Người {login}"), told.get("post", "Chuyên viên")
        storage.accounts.add(login, name, post, "", grants or EVERYTHING, "thử", moment)
        storage.second_factors.set(login, new_secret(), 0, ["-"], moment, "")
    token = new_token()
    storage.sessions.open(key_of(token), login, "127.0.0.1", "thử", moment)
    return token


def cookie(app: Flask, token: str) -> str:
    """The cookie of a browser that holds the sign-in."""
    signer: Any = app.session_interface.get_signing_serializer(app)
    return str(signer.dumps({"_user_id": token, "_fresh": True}))


def browser_cookie(app: Flask, address: str, login: str = USUAL, *grants: Grant) -> Any:
    """The same for a real browser, at the address where the site is served."""
    return {"name": COOKIE, "value": cookie(app, enter(storage_of(app), login, *grants)), "url": address, "httpOnly": True}


def storage_of(app: Flask) -> Storage:
    """What the site works on."""
    storage: Storage = app.extensions["hue_dti"].storage
    return storage
