"""Forms that change something: only with this browser's token, from our own pages; the key behind them cannot be guessed or read."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.config import Settings
from hue_dti.errors import SettingError
from hue_dti.services.secret_key import FILE, secret_key
from hue_dti.web import create_app
from tests.web.board import ABOUT, board, quiet_board, token

__all__ = ["board", "quiet_board"]
GOOD = "s0-Kh4o.bi-mat_cua-tinh/2024+Q2=ok"
ACTS = ["/nguon/police/chay-ngay", "/nguon/police/thu-hoi", "/canh-bao/1/nhan"]


@pytest.mark.parametrize("address", ACTS)
@pytest.mark.parametrize("sent", [None, "", "x", "IjEyMyI.Zk0000.aaaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_without_its_token_a_form_changes_nothing_and_says_what_to_do(address, sent, quiet_board):
    client = quiet_board.browse()
    at = datetime.now(UTC)
    quiet_board.storage.alerts.settle("483", Verdict((Finding("cham", Kind.BEHIND, "s", "chậm", at),), frozenset()), at)
    token(client)
    answer = client.post(address, data={**ABOUT, "nguoi": "B", "ly-do": "x"} | ({} if sent is None else {"csrf_token": sent}))
    assert answer.status_code == 400
    assert "tải lại trang rồi bấm lại" in answer.text
    assert "Traceback" not in answer.text
    assert quiet_board.jobs() == []


def test_the_token_of_another_browser_is_none(quiet_board):
    stolen = token(quiet_board.browse())
    other = quiet_board.browse()
    token(other)
    assert other.post(ACTS[0], data={**ABOUT, "csrf_token": stolen}).status_code == 400
    assert quiet_board.browse().post(ACTS[0], data={**ABOUT, "csrf_token": stolen}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://la.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "http://127.0.0.1.la.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(headers, quiet_board):
    client = quiet_board.browse()
    answer = client.post(ACTS[0], data={**ABOUT, "csrf_token": token(client)}, headers=headers)
    assert answer.status_code == 403
    assert "trang khác" in answer.text
    assert quiet_board.jobs() == []


def test_a_form_under_a_foreign_host_name_is_refused(quiet_board):
    client = quiet_board.browse()
    answer = client.post(ACTS[0], data={**ABOUT, "csrf_token": token(client)}, headers={"Host": "dti.example.vn"})
    assert answer.status_code == 403
    assert quiet_board.jobs() == []


def test_our_own_form_is_taken(board):
    client = board.browse()
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post(ACTS[0], data={**ABOUT, "csrf_token": token(client)}, headers=own).status_code == 303


@pytest.mark.parametrize("address", ACTS)
def test_reading_never_changes_anything(address, quiet_board):
    answer = quiet_board.browse().get(address, query_string=ABOUT)
    assert answer.status_code == 405
    assert quiet_board.jobs() == []


def test_the_cookie_is_out_of_scripts_and_other_sites_reach(quiet_board):
    for host, secure in (("127.0.0.1:8931", False), ("localhost", False), ("[::1]:8931", False)):
        cookie = quiet_board.app.test_client().get("/dang-nhap", headers={"Host": host}).headers["Set-Cookie"]
        assert cookie.startswith("hue_dti=")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure
    cookie = quiet_board.app.test_client().get("/dang-nhap", base_url="https://127.0.0.1").headers["Set-Cookie"]
    assert cookie.startswith("__Host-hue_dti=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_a_page_without_a_form_leaves_no_session(quiet_board):
    assert "Set-Cookie" not in quiet_board.app.test_client().get("/").headers


def test_a_page_with_a_token_is_kept_by_nobody_else(quiet_board):
    answer = quiet_board.browse().get("/nguon", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_a_token_looks_different_each_time_so_that_a_compressed_page_s_length_tells_nothing_of_it(board):
    client = board.browse()
    seen = {token(client) for _ in range(20)}
    assert len(seen) == 20
    assert len({each[:8] for each in seen}) == 20
    assert client.post(ACTS[0], data={**ABOUT, "csrf_token": seen.pop()}).status_code == 303


def test_the_installation_s_key_is_made_once_and_for_its_owner_alone(tmp_path):
    settings = Settings(home=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 48
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert secret_key(settings) == secret_key(settings)


def test_two_installations_have_two_keys(tmp_path):
    assert secret_key(Settings(home=tmp_path / "a")) != secret_key(Settings(home=tmp_path / "b"))


def test_the_umask_does_not_open_the_key(tmp_path):
    before = os.umask(0)
    try:
        secret_key(Settings(home=tmp_path))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["x", "bi-mat", GOOD[:31], "a" * 64, "ab" * 32])
def test_a_key_that_can_be_guessed_is_refused_at_the_start_and_never_printed(key, quiet_board):
    with pytest.raises(SettingError, match="HUE_DTI_SECRET_KEY") as refused:
        create_app(replace(quiet_board.settings, secret_key=key), quiet_board.storage)
    assert len(key) < 8 or key not in str(refused.value)
    assert "secrets.token_urlsafe(48)" in str(refused.value)


def test_a_given_key_is_used_and_nothing_is_written(tmp_path):
    assert secret_key(Settings(home=tmp_path, secret_key=GOOD)) == GOOD
    assert list(tmp_path.iterdir()) == []
    assert GOOD not in repr(Settings(secret_key=GOOD))


@pytest.mark.parametrize(("mode", "content"), [(0o644, GOOD), (0o600, "ngan"), (0o600, ""), (0o640, GOOD)])
def test_a_key_file_that_others_can_read_or_that_is_broken_is_refused(mode, content, tmp_path):
    (tmp_path / FILE).write_text(content)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(SettingError, match=FILE) as refused:
        secret_key(Settings(home=tmp_path))
    assert GOOD not in str(refused.value)


def test_two_processes_of_the_site_know_each_other_s_forms(board):
    first, second = board.browse(), create_app(board.settings, board.storage).test_client()
    sent = token(first)
    second.set_cookie("hue_dti", first.get_cookie("hue_dti").value)
    assert second.post(ACTS[0], data={**ABOUT, "csrf_token": sent}).status_code == 303
