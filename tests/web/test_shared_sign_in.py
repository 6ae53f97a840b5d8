"""The province's shared sign-in against a real provider on loopback: code with PKCE, rights by invitation only, forged tokens refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from hue_dti.accounts.model import Grant, Role
from hue_dti.config import Oidc, Settings
from hue_dti.errors import AccountRefused, SettingError
from hue_dti.services.accounts import add_account
from hue_dti.services.oidc import subject_of
from hue_dti.web import create_app
from tests.web.board import page_of
from tests.web.conftest import place, serving

CLIENT, SECRET, NONCE = "hue-dti", "bi-mat-cua-ung-dung", "mot-so-dung-mot-lan"
KEY, OTHER = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
KEYS = {"keys": [KEY.as_dict(private=False)]}
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OWN = {"iss": "https://dn.example", "aud": CLIENT, "sub": "u-1", "nonce": NONCE, "exp": NOW.timestamp() + 300, "iat": NOW.timestamp()}
TOLD = Oidc("https://dn.example", CLIENT, SECRET)


def signed(claims: dict[str, Any], key: Any = KEY, **header: str) -> str:
    return str(jwt.encode({"alg": "RS256", "kid": "1", **header}, claims, key))


def plain(part: Any) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in OWN.items() if key != name}


def swapped(claims: dict[str, Any]) -> str:
    head, _, signature = signed(OWN).split(".")
    return f"{head}.{plain(claims)}.{signature}"


def by_password(claims: dict[str, Any], password: bytes) -> str:
    words = f"{plain({'alg': 'HS256', 'kid': '1'})}.{plain(claims)}"
    return f"{words}.{urlsafe_b64encode(hmac.digest(password, words.encode(), 'sha256')).rstrip(b'=').decode()}"


FORGED = {
    "of another issuer": signed({**OWN, "iss": "https://la.example"}),
    "of an issuer with a slash more": signed({**OWN, "iss": "https://dn.example/"}),
    "for another client": signed({**OWN, "aud": "khac"}),
    "for two clients without saying which asked": signed({**OWN, "aud": [CLIENT, "khac"]}),
    "asked by another client": signed({**OWN, "aud": [CLIENT, "khac"], "azp": "khac"}),
    "for nobody": signed(without("aud")),
    "long over": signed({**OWN, "exp": NOW.timestamp() - 120}),
    "without an end": signed(without("exp")),
    "whose end is a text": signed({**OWN, "exp": str(NOW.timestamp() + 300)}),
    "without a beginning": signed(without("iat")),
    "from the future": signed({**OWN, "iat": NOW.timestamp() + 3600}),
    "not yet valid": signed({**OWN, "nbf": NOW.timestamp() + 3600}),
    "of another sign-in": signed({**OWN, "nonce": "khac"}),
    "of no sign-in": signed(without("nonce")),
    "without a signature": f"{plain({'alg': 'none'})}.{plain(OWN)}.",
    "signed with the public key as a password": by_password(OWN, KEY.as_pem(private=False)),
    "signed by somebody else": signed(OWN, OTHER),
    "signed by an unknown key": signed(OWN, OTHER, kid="2"),
    "with other words under the signature": swapped({**OWN, "sub": "u-2"}),
    "without a subject": signed(without("sub")),
    "with an empty subject": signed({**OWN, "sub": ""}),
    "with a number for a subject": signed({**OWN, "sub": 1}),
    "that is no token": "khong.phai.the",
    "that is nothing": "",
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_refused(kind):
    with pytest.raises(AccountRefused, match="tài khoản dùng chung"):
        subject_of(FORGED[kind], KEYS, TOLD, NONCE, NOW)


def test_the_issuer_s_own_token_names_its_subject():
    assert subject_of(signed(OWN), KEYS, TOLD, NONCE, NOW) == "u-1"
    assert subject_of(signed({**OWN, "aud": [CLIENT, "khac"], "azp": CLIENT}), KEYS, TOLD, NONCE, NOW) == "u-1"


@dataclass
class Issuer:
    """A provider as it runs in a province: it remembers what it was asked and gives a token only for the right verifier."""

    base: str = ""
    subject: str = "u-1"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask("issuer")
        app.add_url_rule("/.well-known/openid-configuration", "known", self.known)
        app.add_url_rule("/di", "authorize", self.authorize)
        app.add_url_rule("/the", "token", self.token, methods=["POST"])
        app.add_url_rule("/khoa", "keys", lambda: KEYS)
        return app

    def known(self) -> dict[str, str]:
        places = {"authorization_endpoint": "/di", "token_endpoint": "/the", "jwks_uri": "/khoa"}
        return {"issuer": self.changed.get("issuer", self.base), **{name: self.base + path for name, path in places.items()}}

    def authorize(self) -> Any:
        code = f"ma-{len(self.asked)}"
        self.asked[code] = request.args.to_dict()
        return redirect(f"{request.args['redirect_uri']}?code={code}&state={request.args['state']}")

    def token(self) -> Any:
        asked = self.asked.pop(request.form["code"], None)
        proof = urlsafe_b64encode(hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != proof or asked["redirect_uri"] != request.form["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        now = datetime.now(UTC).timestamp()
        claims = {"iss": self.base, "aud": CLIENT, "sub": self.subject, "nonce": asked["nonce"], "exp": now + 60, "iat": now}
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed({**claims, **self.changed.get("claims", {})})}


@pytest.fixture(scope="module")
def served():
    issuer = Issuer()
    with serving(issuer.app()) as base:
        issuer.base = base
        yield issuer


@pytest.fixture
def issuer(served):
    served.changed.clear()
    return served


@pytest.fixture(scope="module")
def site(server, catalogue, served, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("shared")) as made:
        settings = replace(made.settings, oidc=Oidc(served.base, CLIENT, SECRET))
        yield made.storage, create_app(settings, made.storage)


def travel(client, spoil=lambda address: address) -> Any:
    """Go to the other door and come back with what it gives."""
    import requests

    away = client.get("/dang-nhap/dung-chung").headers["Location"]
    assert parse_qs(urlsplit(away).query)["code_challenge_method"] == ["S256"]
    back = urlsplit(spoil(requests.get(away, allow_redirects=False, timeout=60).headers["Location"]))
    return client.get(f"{back.path}?{back.query}")


def invited(storage, app, login) -> Any:
    code = add_account(storage, login, "Nguyễn Dùng Chung", "Công chức", "", [Grant(Role.OFFICER, "20179")], "kiểm thử", datetime.now(UTC))
    client = app.test_client()
    token = page_of(client, "/nhan-loi-moi").select_one("input[name=csrf_token]")["value"]
    assert client.post("/nhan-loi-moi/dung-chung", data={"csrf_token": token, "ma-moi": code}).status_code == 200
    return client


def test_who_was_not_invited_does_not_come_in_however_well_known_elsewhere(site, issuer):
    storage, app = site
    issuer.subject = "nguoi-la"
    client = app.test_client()
    answer = travel(client)
    assert answer.status_code == 409
    assert "chưa được mời" in answer.text
    assert client.get("/tai-khoan").status_code == 302
    assert [each.login for each in storage.accounts.all() if each.login == "nguoi-la"] == []


def test_an_invitation_binds_the_account_and_from_then_on_it_opens(site, issuer):
    storage, app = site
    issuer.subject = "u-77"
    client = invited(storage, app, "dung.chung")
    assert travel(client).status_code == 303
    assert "Nguyễn Dùng Chung" in client.get("/tai-khoan").text
    again = app.test_client()
    assert travel(again).status_code == 303
    assert again.get("/tai-khoan").status_code == 200
    storage.accounts.switch("dung.chung", False, "kiểm thử", datetime.now(UTC))
    assert travel(app.test_client()).status_code == 409


def test_one_subject_is_one_account(site, issuer):
    storage, app = site
    issuer.subject = "u-88"
    assert travel(invited(storage, app, "mot.nguoi")).status_code == 303
    second = invited(storage, app, "hai.nguoi")
    travel(second)
    assert "hai.nguoi" not in second.get("/tai-khoan").text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda address: address.replace("state=", "state=x"),
        lambda address: address.partition("&state")[0],
        lambda address: address.replace("code=ma-", "code=khac-"),
    ],
    ids=["another state", "no state", "another code"],
)
def test_a_return_that_is_not_this_browser_s_own_is_refused(spoil, site, issuer):
    assert travel(site[1].test_client(), spoil).status_code == 409


def test_a_stolen_code_is_worth_nothing_in_another_browser(site, issuer):
    import requests

    first, second = site[1].test_client(), site[1].test_client()
    away = first.get("/dang-nhap/dung-chung").headers["Location"]
    back = urlsplit(requests.get(away, allow_redirects=False, timeout=60).headers["Location"])
    assert second.get(f"{back.path}?{back.query}").headers["Location"] == "/dang-nhap"
    second.get("/dang-nhap/dung-chung")
    with second.session_transaction() as kept:
        state = kept["away"][0]
    code = parse_qs(back.query)["code"][0]
    assert second.get(f"{back.path}?code={code}&state={state}").status_code == 409, "its verifier is another one"


@pytest.mark.parametrize("changed", [{"issuer": "https://la.example"}, {"claims": {"nonce": "x"}}, {"claims": {"aud": "x"}}])
def test_a_provider_that_is_not_itself_lets_nobody_in(changed, site, issuer):
    issuer.changed.update(changed)
    client = site[1].test_client()
    answer = client.get("/dang-nhap/dung-chung") if "issuer" in changed else travel(client)
    assert answer.status_code == 409


def test_where_none_is_set_there_is_no_such_page(anonymous):
    assert anonymous.get("/dang-nhap/dung-chung").status_code == 404
    assert "dùng chung" not in anonymous.get("/dang-nhap").text


@pytest.mark.parametrize("environ", [{"ISSUER": "http://dn.example", "CLIENT_ID": "x"}, {"ISSUER": "https://dn.example"}])
def test_a_provider_without_encryption_or_without_our_name_there_is_refused(environ):
    with pytest.raises(SettingError, match="HUE_DTI_OIDC_ISSUER"):
        Settings.from_environment({f"HUE_DTI_OIDC_{name}": text for name, text in environ.items()})
