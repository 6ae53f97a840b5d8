"""No source leads into this machine, its link, its database or a cloud's metadata: not as written, not by name, not by redirect."""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime

import pytest
from werkzeug.wrappers import Request, Response

from connectors.fields import JSON
from connectors.http import Asker
from hue_dti.addresses import Network, read_address, resolved
from hue_dti.config import Settings
from hue_dti.errors import SettingError, SourceError, SourceRefused, SourcesError
from hue_dti.services.pull import pull_quarter
from hue_dti.services.sources import SourceSettings, load_sources, network_of
from hue_dti.services.try_source import try_source
from tests.connectors.hostile_addresses import ALLOWED, LEADING, WRITTEN
from tests.golden_quarter import PERIOD

NOW = datetime(2024, 6, 24, tzinfo=UTC)
DATABASE = Settings(database_url="postgresql://a:b@db.province.example/x", owner_url="postgresql://a:b@10.9.9.9:5432/x")
STRICT = network_of(DATABASE)
SETTINGS = {**STRICT.as_settings(), "attempts": "1", "connect_timeout_s": "0.3"}
_LOOK_UP = socket.getaddrinfo


@pytest.fixture
def names(monkeypatch):
    """What names lead to; each look-up is noted, and a list of lists gives another answer each time."""
    led, asked = {}, []

    def look_up(host, port, *args, **kwargs):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            asked.append(host)
            if host not in led:
                raise socket.gaierror(socket.EAI_NONAME, "unknown") from None
            found = led[host].pop(0) if isinstance(led[host], list) else led[host]
            return [each for address in found for each in _LOOK_UP(address, port, *args, **kwargs)]
        return _LOOK_UP(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    led["asked"] = asked
    return led


@pytest.fixture
def nothing_is_connected(monkeypatch):
    """Every connection that is tried."""
    tried = []
    monkeypatch.setattr("urllib3.util.connection.create_connection", lambda address, *args, **kwargs: tried.append(address))
    return tried


class Listener:
    """A server that must not be asked."""

    def __init__(self):
        self.requests = []

    def __call__(self, environ, start_response):
        self.requests.append(Request(environ))
        return Response(b'{"ok": 1}', mimetype="application/json")(environ, start_response)


def test_there_are_more_than_sixty_of_them():
    assert len(set(WRITTEN)) >= 60


@pytest.mark.parametrize("address", WRITTEN)
def test_a_hostile_address_is_refused_when_the_file_is_read(address, tmp_path):
    path = tmp_path / "nguon.yaml"
    written = address.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
    path.write_text(f'super_app:\n  connector: super_app\n  base: "{written}"\n', encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        load_sources(path, {}, STRICT)
    assert {fault.line for fault in caught.value.faults} == {3}
    assert any("'base' của nguồn super_app" in fault.what for fault in caught.value.faults)


@pytest.mark.parametrize("address", WRITTEN)
def test_a_hostile_address_is_refused_when_the_source_is_tried(address, golden, nothing_is_connected, names):
    source = {"super_app": SourceSettings("super_app", {"base": address, **SETTINGS})}
    trial = try_source(golden.storage, golden.catalogue, "super_app", source["super_app"], golden.unit, PERIOD, golden.now)
    assert (trial.pulled, trial.answers) == (None, ())
    assert "cài đặt 'base'" in trial.failure
    assert nothing_is_connected == names["asked"] == []


def test_every_hostile_address_is_refused_when_sources_are_pulled(another_quarter, nothing_is_connected, names):
    quarter = another_quarter()
    for address in WRITTEN:
        source = {"super_app": SourceSettings("super_app", {"base": address, **SETTINGS})}
        (outcome,) = pull_quarter(quarter.storage, quarter.catalogue, source, quarter.unit, PERIOD, quarter.now, ["super_app"])
        assert (outcome.outcome, outcome.requests, outcome.observations) == ("failed", 0, 0), address
        assert "cài đặt 'base'" in outcome.reason
    assert nothing_is_connected == names["asked"] == []


@pytest.mark.parametrize("led", LEADING.values(), ids=LEADING)
def test_a_name_that_leads_there_is_refused_before_anything_is_connected(led, names, nothing_is_connected, store):
    names["noi.example"] = led
    asker = Asker("super_app", {"base": "http://noi.example", **SETTINGS}, store, lambda: NOW)
    with pytest.raises(SourceRefused, match=r"dẫn vào chính máy này|máy chủ cơ sở dữ liệu"):
        asker.get("", {}, JSON)
    assert nothing_is_connected == store.answers == []


@pytest.mark.parametrize("address", ALLOWED)
def test_the_province_s_own_platforms_stand_on_private_addresses_and_may_be_asked(address):
    assert read_address(address, STRICT).text == address


def test_a_name_is_looked_up_once_and_the_judged_address_is_the_one_connected(names, nothing_is_connected, store):
    names["lgsp.example"] = [("10.1.2.3",), ("127.0.0.1",)]
    asker = Asker("super_app", {"base": "http://lgsp.example:8080", **SETTINGS}, store, lambda: NOW)
    with pytest.raises(AttributeError):  # the stub gives no socket
        asker.get("", {}, JSON)
    assert nothing_is_connected == [("10.1.2.3", 8080)]
    assert names["asked"].count("lgsp.example") == 1


def test_a_name_that_leads_here_at_the_second_look_is_not_asked(names, serve, store):
    listener = Listener()
    port = int(serve(listener).rpartition(":")[2])
    names["lgsp.example"] = [("203.0.113.5",), ("127.0.0.1",)]
    settings = {"base": f"http://lgsp.example:{port}", **SETTINGS, "attempts": "2", "backoff_s": "0"}
    with pytest.raises(SourceRefused, match="dẫn vào chính máy này"):
        Asker("super_app", settings, store, lambda: NOW).get("", {}, JSON)
    assert listener.requests == store.answers == []


def test_the_name_stays_in_the_request_although_the_address_is_connected(names, serve, store):
    listener = Listener()
    port = int(serve(listener).rpartition(":")[2])
    names["lgsp.example"] = ("127.0.0.1",)
    settings = {"base": f"http://lgsp.example:{port}", "network": "sandbox"}
    assert Asker("super_app", settings, store, lambda: NOW).get("", {}, JSON).body == b'{"ok": 1}'
    assert [request.host for request in listener.requests] == [f"lgsp.example:{port}"]


def test_a_redirect_into_this_machine_is_not_followed(serve, store):
    listener = Listener()
    away = Response(status=302, headers={"Location": f"{serve(listener)}/noi-bo"})
    with pytest.raises(SourceRefused, match="chuyển hướng sang máy khác"):
        Asker("super_app", {"base": serve(away), "network": "sandbox"}, store, lambda: NOW).get("", {}, JSON)
    assert listener.requests == []


@pytest.mark.parametrize("path", ["../noi-bo", "a/../../b", "%2e%2e/b", "a\\b", "a\r\nX: 1", "a//b", "%0d%0aX", "a/%zz"])
def test_a_path_does_not_climb_out_of_the_base_address(path, serve, store, tmp_path):
    listener = Listener()
    with pytest.raises(SettingError, match="cài đặt 'path'"):
        Asker("super_app", {"base": serve(listener), "network": "sandbox"}, store, lambda: NOW).get(path, {}, JSON)
    assert listener.requests == []


def test_a_link_to_the_next_page_does_not_leave_the_base_address(serve, store):
    listener = Listener()
    asker = Asker("super_app", {"base": f"{serve(listener)}/api", "network": "sandbox"}, store, lambda: NOW)
    answer = asker.get("", {}, JSON)
    for link in ("//10.0.0.1/api/x", "http://10.0.0.1/api/x", "/khac", "../khac", "https://localhost/api/", "javascript:x", "http://["):
        with pytest.raises(SourceError):
            asker.follow(answer, link, JSON)
    assert asker.follow(answer, "/api/2", JSON).body == b'{"ok": 1}'
    assert len(listener.requests) == 2


def test_without_the_sandbox_setting_the_sandbox_itself_is_refused(serve, store):
    listener = Listener()
    with pytest.raises(SettingError, match="HUE_DTI_SANDBOX=1"):
        Asker("super_app", {"base": serve(listener)}, store, lambda: NOW)
    assert Settings.from_environment({}).sandbox is False
    assert network_of(Settings.from_environment({"HUE_DTI_SANDBOX": "1"})).as_settings() == {"network": "sandbox"}


@pytest.mark.parametrize("text", ["true", "yes", "2"])
def test_the_sandbox_setting_is_one_or_nothing(text):
    with pytest.raises(SettingError, match="HUE_DTI_SANDBOX"):
        Settings.from_environment({"HUE_DTI_SANDBOX": text})


def test_a_sandbox_may_ask_this_machine_but_not_its_database(serve):
    port = int(serve(Listener()).rpartition(":")[2])
    beside = Network(sandbox=True, never=frozenset({("127.0.0.1", 5432)}))
    assert resolved("localhost", port, beside)
    with pytest.raises(ValueError, match="cơ sở dữ liệu"):
        read_address("http://127.0.0.1:5432", beside)
    with pytest.raises(ValueError, match="cơ sở dữ liệu"):
        resolved("localhost", 5432, beside)


def test_an_address_of_this_machine_s_own_card_is_refused():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("203.0.113.5", 9))
        own = probe.getsockname()[0]
    with pytest.raises(ValueError, match="chính máy này"):
        read_address(f"http://{own}", Network())
