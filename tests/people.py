"""Persons for tests of pages; how they are made stands with the proofs, which need them too."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.proofs.person import COOKIE, EVERYTHING, PROVINCE, USUAL, browser_cookie, cookie, enter, storage_of
from hue_dti.accounts.model import Grant

__all__ = ["COOKIE", "EVERYTHING", "PROVINCE", "USUAL", "browser_cookie", "cookie", "enter", "signed_in", "storage_of"]


def signed_in(app: Flask, login: str = USUAL, *grants: Grant, **told: Any) -> FlaskClient:
    """A browser in which this person is signed in; without grants, one who may see and run everything."""
    client = app.test_client()
    client.set_cookie(COOKIE, cookie(app, enter(storage_of(app), login, *grants, **told)))
    return client
