"""Behind a reverse proxy: only the names that were told, what the proxy says only when asked to believe it, cookies for encrypted lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hue_dti.config import Settings
from hue_dti.errors import SettingError
from hue_dti.web import create_app

HOST = "dti.example.vn"
TOKEN = "mot-ma-do-dai-hon-24-ky-tu"
THROUGH = {"Host": HOST, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def opened(golden):
    settings = replace(golden.settings, trusted_hosts=(HOST,), proxy_hops=1, metrics_token=TOKEN)
    return create_app(settings, golden.storage).test_client()


def test_the_named_host_is_answered_on_an_encrypted_line(opened):
    answer = opened.get("/dang-nhap", headers=THROUGH)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Set-Cookie"].startswith("__Host-hue_dti=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "chưa mở ra mạng" not in answer.text
    assert opened.get("/ngon-ngu/en", headers=THROUGH).headers["Set-Cookie"].startswith("__Host-ngon_ngu=")


@pytest.mark.parametrize("host", ["la.example", f"{HOST}.la.example", f"la.{HOST}", "127.0.0.1", "localhost", "10.0.0.1"])
def test_another_host_s_name_is_refused(host, opened):
    assert opened.get("/", headers={**THROUGH, "Host": host}).status_code == 400


def test_whoever_reaches_the_port_without_the_proxy_is_refused(opened):
    assert opened.get("/", headers={"Host": HOST}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).status_code == 403
    assert opened.get("/healthz", headers={"Host": "127.0.0.1:8931"}).status_code == 200


def test_what_a_proxy_tells_counts_only_when_it_is_to_be_believed(golden):
    client = create_app(replace(golden.settings, trusted_hosts=(HOST,)), golden.storage).test_client()
    answer = client.get("/dang-nhap", headers={**THROUGH, "X-Forwarded-Host": "la.example"})
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers
    assert "la.example" not in answer.text


def test_the_measures_need_the_token_from_elsewhere(opened):
    assert opened.get("/metrics", headers=THROUGH).status_code == 404
    assert opened.get("/metrics", headers={**THROUGH, "Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert opened.get("/metrics", headers={**THROUGH, "Authorization": f"Bearer {TOKEN}x"}).status_code == 404


@pytest.mark.parametrize("hosts", ["https://dti.vn", "dti.vn:443", "*.vn", "dti", "a b.vn", "-dti.vn"])
def test_a_host_that_cannot_be_one_is_refused_by_name(hosts):
    with pytest.raises(SettingError, match="HUE_DTI_TRUSTED_HOSTS"):
        Settings.from_environment({"HUE_DTI_TRUSTED_HOSTS": hosts})


@pytest.mark.parametrize(
    "address",
    [
        "dti.vn",
        "http://dti.vn",
        "https://dti",
        "https://dti.vn/chuyen-doi-so",
        "https://a@dti.vn",
        "https://dti.vn?a",
        "javascript:x//dti.vn",
    ],
)
def test_an_address_that_cannot_be_the_site_s_is_refused_by_name(address):
    with pytest.raises(SettingError, match="HUE_DTI_PUBLIC_URL"):
        Settings.from_environment({"HUE_DTI_PUBLIC_URL": address})


@pytest.mark.parametrize("address", ["https://dti.vn", "https://dti.vn:8443", "http://127.0.0.1:8000", "http://localhost"])
def test_the_site_s_address_is_read_without_its_last_stroke(address):
    assert Settings.from_environment({"HUE_DTI_PUBLIC_URL": f"{address}/"}).public_url == address


@pytest.mark.parametrize(("name", "text"), [("PROXY_HOPS", "nhiều"), ("PROXY_HOPS", "9"), ("METRICS_TOKEN", "ngan"), ("DEMO", "có")])
def test_settings_of_the_door_that_cannot_be_are_refused_by_name(name, text):
    with pytest.raises(SettingError, match=f"HUE_DTI_{name}"):
        Settings.from_environment({f"HUE_DTI_{name}": text})
