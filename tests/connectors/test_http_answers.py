"""How a source is asked: what is kept, how often it is asked again, and what never leaves this machine."""

from __future__ import annotations

import gzip
import threading
import time
import traceback
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from werkzeug.wrappers import Request, Response

from connectors.fields import JSON
from connectors.http import Asker
from hue_dti.errors import SettingError, SourceAnswerInvalid, SourceRefused, SourceUnreachable

NOW = datetime(2024, 6, 24, tzinfo=UTC)
SECRET = "bi-mat-khong-duoc-lo-8f3a"


class Scripted:
    """Gives one prepared answer after another, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []

    def __call__(self, environ, start_response):
        self.requests.append(Request(environ))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return (answer() if callable(answer) and not isinstance(answer, Response) else answer)(environ, start_response)


def good(body=b'{"ok": 1}'):
    return Response(body, mimetype="application/json")


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def ask(serve, store, pauses):
    """Ask a scripted server once; gives the answer."""

    def run(server, path="thong-ke", params=None, **settings):
        quick = {"read_timeout_s": "60", "total_timeout_s": "90", "backoff_s": "1", **settings}
        asker = Asker("super_app", {"base": serve(server), "network": "sandbox", **quick}, store, lambda: NOW, pauses.append)
        return asker.get(path, params or {}, JSON)

    return run


def test_an_answer_is_kept_with_its_address_status_type_and_hash(ask, store):
    answer = ask(Scripted(good()), params={"trang": "2"})
    kept = store.answers[0]
    assert (kept.body, kept.status, kept.content_type, kept.fetched_at) == (b'{"ok": 1}', 200, "application/json", NOW)
    assert kept.request.endswith("/thong-ke?trang=2")
    assert answer.sha256 == kept.sha256 == sha256(kept.body).hexdigest()


def test_an_answer_is_kept_before_it_is_refused(ask, store):
    with pytest.raises(SourceAnswerInvalid, match=r"text/html.*application/json.*trang đăng nhập"):
        ask(Scripted(Response(b"<html>", mimetype="text/html")))
    assert [answer.body for answer in store.answers] == [b"<html>"]


def test_every_failed_try_is_kept_too(ask, store, pauses):
    ask(Scripted(Response(b"one", 500), Response(b"two", 502), good()))
    assert [(answer.status, answer.body) for answer in store.answers] == [(500, b"one"), (502, b"two"), (200, b'{"ok": 1}')]
    assert (0.5 <= pauses[0] <= 1.5, 1 <= pauses[1] <= 3, len(pauses)) == (True, True, 2)


def test_a_source_that_stays_ill_is_asked_a_set_number_of_times(ask, store):
    with pytest.raises(SourceUnreachable, match=r"Nguồn super_app, GET http://127.*mã lỗi 503 sau 3 lần thử; thử lại sau"):
        ask(server := Scripted(Response(status=503)), attempts="3")
    assert len(server.requests) == len(store.answers) == 3


@pytest.mark.parametrize("status", [400, 404, 410, 501])
def test_an_error_that_another_try_would_not_change_is_not_tried_again(status, ask):
    with pytest.raises(SourceRefused, match=f"trả về mã {status}"):
        ask(server := Scripted(Response(status=status)))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_says_where_to_look(status, ask):
    with pytest.raises(SourceRefused, match="kiểm tra mã truy cập"):
        ask(Scripted(Response(status=status)))


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "kept"), [("7", 7), ("Wed, 01 Jan 2020 00:00:00 GMT", 0), ("31536000", 9)])
def test_the_pause_that_a_source_asks_for_is_kept_within_bounds(asked, kept, status, ask, pauses):
    ask(Scripted(Response(status=status, headers={"Retry-After": asked}), good()), retry_after_max_s="9")
    assert pauses == [kept]


@pytest.mark.parametrize("asked", ["soon", "-5", "1e9", ""])
def test_a_pause_that_means_nothing_falls_back_to_our_own(asked, ask, pauses):
    ask(Scripted(Response(status=503, headers={"Retry-After": asked}), good()))
    assert 0.5 <= pauses[0] <= 1.5


def test_a_machine_that_is_not_there_is_unreachable(store, pauses):
    asker = Asker("police", {"base": "http://127.0.0.1:9", "network": "sandbox", "attempts": "2"}, store, lambda: NOW, pauses.append)
    with pytest.raises(SourceUnreachable, match=r"không kết nối được.*sau 2 lần thử"):
        asker.get("", {}, JSON)
    assert store.answers == []


def test_a_body_longer_than_the_limit_is_not_read_to_its_end(ask, store):
    with pytest.raises(SourceAnswerInvalid, match="dài quá 100000 byte"):
        ask(server := Scripted(good(b"1" * 5_000_000)), max_bytes="100000")
    assert len(server.requests) == 1
    assert len(store.answers[0].body) <= 65_536


def test_the_limit_counts_what_unpacks_not_what_travels(ask, store):
    bomb = Response(gzip.compress(bytes(50_000_000)), mimetype="application/json", headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceAnswerInvalid, match="dài quá 100000 byte"):
        ask(Scripted(bomb), max_bytes="100000")
    assert len(store.answers[0].body) <= 65_536


def test_a_packed_answer_is_unpacked_and_a_damaged_one_refused(ask):
    packed = Response(gzip.compress(b'{"ok": 1}'), mimetype="application/json", headers={"Content-Encoding": "gzip"})
    assert ask(Scripted(packed)).body == b'{"ok": 1}'
    damaged = Response(b"not gzip at all", mimetype="application/json", headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceAnswerInvalid, match="nén bị hỏng"):
        ask(Scripted(damaged))


def test_a_body_cut_short_is_tried_again_and_never_believed(ask, store):
    cut = Response(b'{"ok": 1}', mimetype="application/json")
    cut.headers["Content-Length"] = "5000"
    with pytest.raises(SourceAnswerInvalid, match="bị cắt giữa chừng sau 2 lần thử"):
        ask(Scripted(cut), attempts="2")
    assert [answer.body for answer in store.answers] == [b'{"ok": 1}'] * 2


def test_an_answer_that_only_drips_is_given_up(ask):
    def drip():
        return Response((time.sleep(0.05) or b" " for _ in range(200)), mimetype="application/json")

    with pytest.raises(SourceUnreachable, match="nhỏ giọt"):
        ask(server := Scripted(drip), total_timeout_s="0.3")
    assert len(server.requests) == 1


def test_silence_is_unreachable(ask, store):
    release = threading.Event()

    def silent():
        release.wait(60)
        return good()

    with pytest.raises(SourceUnreachable, match="không trả lời trong thời gian chờ sau 2 lần thử"):
        ask(Scripted(silent), attempts="2", read_timeout_s="0.2")
    release.set()
    assert store.answers == []


def test_the_token_travels_in_the_header_only(ask, store):
    server = Scripted(good())
    ask(server, token=SECRET)
    assert server.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert SECRET not in server.requests[0].full_path
    assert SECRET not in repr(store.answers) + store.answers[0].request


def test_a_system_with_its_own_header_gets_the_token_there(ask):
    ask(server := Scripted(good()), token=SECRET, token_header="Token", token_scheme="")
    assert (server.requests[0].headers["Token"], server.requests[0].headers.get("Authorization")) == (SECRET, None)


@pytest.mark.parametrize(
    "answer",
    [
        Response(status=401),
        Response(status=404),
        Response(status=503),
        Response(b"<html>", mimetype="text/html"),
        Response(status=302, headers={"Location": "http://192.0.2.1/"}),
    ],
)
def test_no_error_shows_the_token(answer, ask, caplog):
    caplog.set_level("DEBUG")
    with pytest.raises((SourceRefused, SourceUnreachable, SourceAnswerInvalid)) as caught:
        ask(Scripted(answer), token=SECRET, attempts="2")
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in caplog.text


@pytest.mark.parametrize("token", [f"{SECRET}\nX: 1", f"{SECRET} 2", f"{SECRET}é"])
def test_a_token_that_is_no_header_is_refused_without_showing_it(token, store):
    with pytest.raises(SettingError, match="cài đặt 'token'") as caught:
        Asker("super_app", {"base": "https://hue.example", "token": token}, store, lambda: NOW)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "base",
    [
        "",
        "hue.example",
        "ftp://hue.example",
        "https://a:b@hue.example",
        "https://hue.example/?key=1",
        "https://hue.example:x",
        "http://hue.example",
    ],
)
def test_an_address_that_is_none_or_would_show_the_token_is_refused(base, store):
    with pytest.raises(SettingError, match="cài đặt 'base'"):
        Asker("super_app", {"base": base, "token": SECRET}, store, lambda: NOW)


@pytest.mark.parametrize(("name", "text"), [("read_timeout_s", "0"), ("attempts", "nhiều"), ("max_bytes", "-1"), ("attempts", "nan")])
def test_a_limit_that_is_no_positive_number_is_refused(name, text, store):
    with pytest.raises(SettingError, match=f"cài đặt '{name}'"):
        Asker("super_app", {"base": "https://hue.example", name: text}, store, lambda: NOW)


def test_a_redirect_on_the_same_host_is_followed(ask, store):
    ask(server := Scripted(Response(status=302, headers={"Location": "/moi?trang=1"}), good()))
    assert [request.path for request in server.requests] == ["/thong-ke", "/moi"]
    assert store.answers[1].request.endswith("/moi?trang=1")


def test_a_redirect_to_another_host_is_not_followed(ask, serve):
    other = Scripted(good())
    with pytest.raises(SourceRefused, match="chuyển hướng sang máy khác"):
        ask(Scripted(Response(status=302, headers={"Location": f"{serve(other)}/thong-ke"})), token=SECRET)
    assert other.requests == []


@pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:x/", "//", "javascript:alert(1)", "http:///x"])
def test_a_redirect_to_nonsense_is_refused(location, ask):
    with pytest.raises(SourceRefused):
        ask(lambda environ, start_response: start_response("302 Found", [("Location", location)]) and [])


def test_the_body_of_a_redirect_has_the_same_limit(ask, store):
    with pytest.raises(SourceAnswerInvalid, match="dài quá 100000 byte"):
        ask(Scripted(Response(b"1" * 5_000_000, 302, {"Location": "/x"})), max_bytes="100000")


def test_redirects_in_a_circle_end(ask):
    with pytest.raises(SourceRefused, match="vòng quanh"):
        ask(server := Scripted(Response(status=302, headers={"Location": "/thong-ke"})))
    assert len(server.requests) == 4


def test_cookies_are_not_carried_from_one_request_to_the_next(ask):
    ask(server := Scripted(Response(status=302, headers={"Location": "/x", "Set-Cookie": "phien=1; Path=/"}), good()))
    assert "Cookie" not in server.requests[1].headers


def test_proxies_of_the_environment_are_not_used(ask, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert ask(Scripted(good())).body == b'{"ok": 1}'


def test_passwords_of_the_environment_are_not_used(ask, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login a password {SECRET}")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    ask(server := Scripted(good()))
    assert "Authorization" not in server.requests[0].headers
