"""The sources file: every fault with its line and what to write, and no secret in it, from it or after it."""

from __future__ import annotations

import logging
import re
import traceback
from datetime import UTC, datetime

import pytest
import requests
from werkzeug.wrappers import Request, Response

from connectors.fields import JSON
from connectors.http import Asker
from hue_dti.catalogue.load import load_catalogue
from hue_dti.errors import SourcesError
from hue_dti.resources import folder
from hue_dti.services.sources import load_sources

NOW = datetime(2024, 6, 24, tzinfo=UTC)
UNITS = frozenset({"483", "20161", "20179"})
CANARY = "chim-hoang-yen-5d1f"
BROKEN = {
    "an unknown key gets the nearest one": ("  pat: api", 4, "'pat' của nguồn super_app không phải là cài đặt", "hãy viết 'path'"),
    "a token in the file": (f"  token: {CANARY}", 4, "'token' của nguồn super_app ghi mã bí mật ngay trong tệp", "token_env"),
    "a password in the file": (f"  password: {CANARY}", 4, "ghi mã bí mật", "password_env"),
    "a key in a header": (f"  header:\n    X-Api-Key: {CANARY}", 5, "ghi mã bí mật", "X-Api-Key_env"),
    "a secret for the name of a variable": (f"  token_env: {CANARY}", 4, "không phải tên biến môi trường", "hãy ghi tên biến"),
    "a variable that is not set": ("  token_env: KHONG_CO_DAU", 4, "cần biến môi trường KHONG_CO_DAU", "hãy đặt biến này"),
    "a secret file that is not there": ("  token_file: khong-co", 4, "chỉ tới một tệp không có", "hãy sửa đường dẫn"),
    "a secret file that others may read": ("  token_file: ho.txt", 4, "người khác đọc được", "chmod 600"),
    "a limit that is no number": ("  attempts: nhiều", 4, "là 'nhiều', không phải một số dương", "chẳng hạn 20"),
    "a range that is none": ("  expected:\n    accounts: 5..2", 5, "là '5..2', không phải một khoảng", "0..40000"),
    "a range of another source's measure": ("  expected:\n    staff: 0..9", 5, "không phải số liệu lấy từ nguồn super_app", "hãy viết"),
    "a limit of freshness that is no number of days": ("  fresh_days: tháng", 4, "không phải số ngày", "45"),
    "a setting that only the installation gives": ("  network: sandbox", 4, "không phải là cài đặt", "hãy viết"),
    "a list": ("  path: [a, b]", 4, "không phải một dòng chữ", "path: …"),
    "an empty value": ("  path:", 4, "để trống", "path: …"),
    "a path that climbs": ("  path: ../x", 4, "có '..'", "thẳng"),
    "a certificate that is not there": ("  certificate_file: c.pem", 4, "chỉ tới một tệp không có", "hãy sửa đường dẫn"),
    "a key that others may read": ("  key_file: ho.txt", 4, "người khác đọc được", "chmod 600"),
    "a key without its certificate": (
        "  key_file: kin.txt",
        4,
        "'key_file' của nguồn super_app đi một mình",
        "hãy ghi cả certificate_file",
    ),
    "a certificate of another key": ("  certificate_file: ho.txt\n  key_file: kin.txt", 5, "không phải khóa của", "một cặp PEM"),
    "authorities in a file that has none": ("  ca_file: ho.txt", 4, "'ca_file' của nguồn super_app chỉ tới một tệp không có chứng", "PEM"),
    "a unit that there is not": ("  units:\n    TT KT: '20178'", 5, "'units.TT KT' của nguồn super_app là '20178'", "hãy viết '20179'"),
    "one key twice": ("  base: https://b.example", 4, "khóa 'base' viết hai lần", "hãy bỏ một lần"),
}


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(folder("criteria"))


@pytest.fixture
def read(tmp_path, catalogue):
    """Read a file of one source with these lines; its folder has an open and a closed secret file."""
    for name, mode in (("ho.txt", 0o644), ("kin.txt", 0o600)):
        (tmp_path / name).write_text(f"{CANARY}\n", encoding="utf-8")
        (tmp_path / name).chmod(mode)

    def run(lines, environ=None, head="super_app:\n  connector: super_app\n  base: https://a.example\n", complete=True):
        path = tmp_path / "nguon.yaml"
        path.write_text(f"{head}{lines}\n", encoding="utf-8")
        return load_sources(path, environ or {}, None, catalogue, complete, UNITS)

    return run


@pytest.mark.parametrize(("lines", "line", "what", "remedy"), BROKEN.values(), ids=BROKEN)
def test_a_fault_says_the_line_what_is_wrong_and_what_to_write(lines, line, what, remedy, read, tmp_path):
    with pytest.raises(SourcesError) as caught:
        read(lines)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == (str(tmp_path / "nguon.yaml"), line)
    assert what in fault.what
    assert remedy in fault.remedy
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_all_faults_of_all_sources_are_told_at_once(read):
    lines = "  pat: x\n  attempts: 0\n"
    lines += "super_ap:\n  connector: super_app\n  base: https://a.example\npolice:\n  connector: spredsheet\n  base: ''"
    with pytest.raises(SourcesError) as caught:
        read(lines)
    assert [fault.line for fault in caught.value.faults] == [4, 5, 6, 10]
    assert "hãy viết 'super_app'" in str(caught.value)
    assert "hãy viết 'spreadsheet'" in str(caught.value)


def test_a_measure_spelt_wrong_in_a_value_is_a_fault_too(read):
    for code, rest in (("district", "connector: spreadsheet, base: 'https://a.example', kinds: budgt=amount"), ("antivirus", DROPPED)):
        with pytest.raises(SourcesError) as caught:
            read("", head=f"{code}: {{{rest}}}")
        (fault,) = caught.value.faults
        assert f"không phải số liệu lấy từ nguồn {code}" in fault.what
        assert fault.remedy in ("hãy viết 'budget'", "hãy viết 'computers'")


def test_a_criterion_that_no_set_has_proves_nothing(read):
    head = "documents:\n  connector: documents\n  base: https://a.example\n"
    with pytest.raises(SourcesError) as caught:
        read("  proof:\n    annual_plan: II.11\n    steering_committee: I.1", head=head)
    (fault,) = caught.value.faults
    assert (fault.line, fault.remedy) == (5, "hãy viết 'II.1'")
    assert "'II.11', không có tiêu chí nào mã đó" in fault.what


def test_units_are_not_judged_where_nobody_knows_them(read, tmp_path, catalogue):
    read("  units:\n    TT KT: '20179'")
    assert load_sources(tmp_path / "nguon.yaml", {}, None, catalogue)["super_app"].units == {"TT KT": "20179"}


DROPPED = "connector: drop_folder, folder: /srv/x, machine: Máy, unit: Đơn vị, computers: computrs"
LACKING = ("  token_env: KHONG_CO_DAU", "  token_file: khong-co", "  ca_file: ho.txt", "  certificate_file: c.pem\n  key_file: kin.txt")
POLICE = "police:\n  connector: spreadsheet\n  base: https://b.example"


@pytest.mark.parametrize("lines", LACKING)
def test_what_only_this_machine_lacks_costs_only_its_own_source(lines, read):
    found = read(f"{lines}\n{POLICE}", complete=False)
    assert "của tệp nguồn" in found["super_app"].lacks
    assert "(dòng 4" in found["super_app"].lacks
    assert (found["police"].lacks, CANARY in found["super_app"].lacks) == ("", False)


@pytest.mark.parametrize("address", ["https://127.0.0.1/x", "ftp://a.example", "https://a.example/../x"])
def test_an_address_that_may_not_be_asked_costs_only_its_own_source(address, read):
    found = read(f"super_app:\n  connector: super_app\n  base: {address}\n{POLICE}", head="", complete=False)
    assert "'base'" in found["super_app"].lacks
    assert "(dòng 3 của tệp nguồn)" in found["super_app"].lacks
    assert found["police"].lacks == ""
    with pytest.raises(SourcesError):
        read(f"super_app:\n  connector: super_app\n  base: {address}\n{POLICE}", head="")


@pytest.mark.parametrize("lines", [f"  token_env: {CANARY}", f"  token: {CANARY}", "  pat: x"])
def test_what_is_written_wrong_is_a_fault_of_the_file_for_a_pull_too(lines, read):
    with pytest.raises(SourcesError):
        read(lines, complete=False)


@pytest.mark.parametrize("text", ["", "[]", "super_app", "super_app: x", "a: b: c", "\x00", "super_app: {base: https://a.example}"])
def test_a_file_that_is_no_list_of_sources_is_a_fault_and_no_crash(text, read):
    with pytest.raises(SourcesError):
        read(text, head="")


def test_everything_that_a_source_may_say_is_read(read):
    lines = """  owner: IOC, 0234
  fresh_days: 30
  expected: {accounts: 0..40000}
  units: {TT Khe Tre: '20161'}
  header: {X-Don-Vi: H57, X-Api-Key_env: KHOA_API}
  transaction_header: X-Transaction-Id
  token_file: kin.txt
  ca_file: AUTHORITIES
  pause_s: 0.5"""
    source = read(lines.replace("AUTHORITIES", requests.certs.where()), {"KHOA_API": f"{CANARY}-2"})["super_app"]
    assert (source.owner, source.fresh_days, source.expected, source.units) == (
        "IOC, 0234",
        30,
        {"accounts": (0, 40000)},
        {"TT Khe Tre": "20161"},
    )
    assert source.settings["token"] == CANARY
    assert source.settings["secret_header.X-Api-Key"] == f"{CANARY}-2"
    assert source.settings["header.X-Don-Vi"] == "H57"
    assert CANARY not in repr(source)


class Echo:
    """A careless system: it repeats everything it was sent, in its body, its headers and a redirect."""

    def __init__(self):
        self.seen = []

    def __call__(self, environ, start_response):
        asked = Request(environ)
        self.seen.append(dict(asked.headers))
        sent = " ".join(f"{name}: {value}" for name, value in asked.headers.items())
        answers = {
            "/chuyen": Response(status=302, headers={"Location": f"/loi?khoa={asked.headers.get('X-Api-Key', '')}"}),
            "/loi": Response(sent, 403, mimetype="text/html"),
        }
        quoted = sent.replace("\\", "\\\\").replace('"', '\\"')
        answer = answers.get(asked.path, Response(f'{{"ok": "{quoted}"}}', mimetype="application/json"))
        answer.headers["X-Transaction-Id"] = f"GD-0001 {asked.headers.get('X-Api-Key', '')}"
        return answer(environ, start_response)


@pytest.fixture
def echo(serve):
    listener = Echo()
    return listener, serve(listener)


AUTHENTICATION = {
    "token": {"token": CANARY},
    "password": {"user": "huế", "password": CANARY},
    "header": {"secret_header.X-Api-Key": CANARY},
}


@pytest.mark.parametrize("given", AUTHENTICATION.values(), ids=AUTHENTICATION)
@pytest.mark.parametrize("path", ["", "chuyen"])
def test_a_secret_that_a_system_repeats_is_neither_kept_nor_told(given, path, echo, store, caplog):
    caplog.set_level(logging.DEBUG)
    listener, base = echo
    asker = Asker("super_app", {"base": base, "network": "sandbox", "transaction_header": "X-Transaction-Id", **given}, store, lambda: NOW)
    told = ""
    try:
        told = repr(asker.get(path, {}, JSON))
    except Exception as error:
        told = "".join(traceback.format_exception(error))
    kept = b"".join(answer.body for answer in store.answers) + repr(store.answers).encode()
    sent = " ".join(listener.seen[0].values())
    secret = given.get("secret_header.X-Api-Key") or re.search(r"(?:Bearer|Basic) (\S+)", sent)[1]
    assert secret in sent
    for form in (secret, CANARY):
        assert form not in kept.decode() + told + caplog.text


def test_a_gateway_s_transaction_id_is_kept_with_the_request(echo, store):
    settings = {"base": echo[1], "network": "sandbox", "header.X-Don-Vi": "H57", "transaction_header": "X-Transaction-Id"}
    Asker("super_app", settings, store, lambda: NOW).get("", {}, JSON)
    assert store.answers[0].request.endswith("[X-Transaction-Id: GD-0001 ]")
    assert echo[0].seen[0]["X-Don-Vi"] == "H57"


def test_basic_authentication_carries_names_with_marks(echo, store):
    Asker("super_app", {"base": echo[1], "network": "sandbox", "user": "huế", "password": "mật"}, store, lambda: NOW).get("", {}, JSON)
    assert echo[0].seen[0]["Authorization"] == "Basic aHXhur86beG6rXQ="


def test_requests_keep_the_pace_that_the_file_asks_for(echo, store):
    pauses = []
    asker = Asker("super_app", {"base": echo[1], "network": "sandbox", "pause_s": "9"}, store, lambda: NOW, pauses.append)
    asker.get("", {}, JSON)
    asker.get("", {}, JSON)
    assert len(pauses) == 1
    assert 8 < pauses[0] <= 9
