"""What every answer obeys: loopback only, strict headers, nothing from elsewhere, no dead link, reading only."""

from __future__ import annotations

import gzip
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask_bootstrap import Bootstrap5

from hue_dti.web.access import matrix

QUARTER = "/don-vi/483/2024-Q2"
PAGES = [
    "/",
    "/tim?q=huong",
    "/nguon",
    "/ten-don-vi",
    "/canh-bao",
    "/so-lieu-nen",
    "/don-vi/46",
    QUARTER,
    f"{QUARTER}?nhom=III",
    f"{QUARTER}/tieu-chi/III.1",
    f"{QUARTER}/bao-cao",
    "/don-vi/20179/2024-Q2",
    "/don-vi/483.mn-huong-phu/2024-Q2",
    "/don-vi/483/2024-Q1",
    "/xep-hang/xa/2024-Q2",
    "/man-hinh",
    "/man-hinh/bang",
    "/khong-co",
]
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
DOOR = {"sign_in", "sign_in_code", "accept_invitation", "first_run", "second_factor", "invite"}
CHANGING = re.compile(r"(?<=name=\"csrf_token\" value=)\"[^\"]+\"")
"""A form's token under its mask."""
ADDRESS = re.compile(r'(?:href|src|action|srcset|poster|data)="([^"]*)"')


def policy(answer):
    return dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize(
    "address",
    [
        *PAGES,
        f"{QUARTER}/bao-cao.xlsx",
        f"{QUARTER}/ban-chot",
        "/static/hue.css",
        "/static/wall.js",
        "/healthz",
        "/readyz",
        "/metrics",
        "/ngon-ngu/en",
        "/bootstrap/static/css/bootstrap.min.css",
    ],
)
def test_every_answer_carries_the_strict_headers(address, reader):
    answer = reader.get(address)
    assert POLICY.items() <= policy(answer).items()
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_for_nothing_from_elsewhere_and_has_no_styles_or_scripts_in_its_text(address, reader):
    text = reader.get(address).text
    for found in ADDRESS.findall(text):
        assert not urlsplit(unescape(found)).netloc, found
    assert re.search(r"\sstyle=|<style|\son[a-z]+=", text) is None
    assert all(re.search(r'src="/', tag) for tag in re.findall(r"<script[^>]*>", text))
    assert "bootstrap.min.js" not in text


def test_the_style_sheets_ask_for_nothing_from_elsewhere(reader):
    for address in ("/static/hue.css", "/static/wall.css", "/bootstrap/static/css/bootstrap.min.css"):
        assert [
            url for url in re.findall(r"url\(([^)]*)\)", reader.get(address).text) if not url.strip("\"'").startswith("data:image/svg")
        ] == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_weighs_little_on_the_line(address, reader, still):
    answer = reader.get(address, headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < 60_000
    if answer.status_code == 200:
        assert answer.headers["Content-Encoding"] == "gzip"
        whole, plain = gzip.decompress(answer.data).decode(), reader.get(address).text
        assert CHANGING.sub("", whole) == CHANGING.sub("", plain)


@pytest.mark.parametrize(
    "options",
    [
        {"remote_addr": "10.0.0.7"},
        {"remote_addr": "::2"},
        {"host": "dti.example.vn"},
        {"host": "127.0.0.1.example.vn"},
        {"host": "example.vn:80"},
    ],
)
def test_only_this_machine_under_its_own_name_is_answered(options, reader):
    environment = {"REMOTE_ADDR": options.get("remote_addr", "127.0.0.1"), "HTTP_HOST": options.get("host", "127.0.0.1:8931")}
    for address in ("/", QUARTER, "/static/hue.css", "/bootstrap/static/css/bootstrap.min.css"):
        answer = reader.get(address, environ_overrides=environment)
        assert answer.status_code == 403
        assert "Huyện" not in answer.text


@pytest.mark.parametrize(
    "environment",
    [
        {"HTTP_HOST": "127.0.0.1"},
        {"HTTP_HOST": "localhost:8931"},
        {"HTTP_HOST": "[::1]:8931", "REMOTE_ADDR": "::1"},
        {"HTTP_HOST": "[::1]"},
    ],
)
def test_every_name_of_this_machine_is_answered(environment, reader):
    assert reader.get("/", environ_overrides=environment).status_code == 200


def test_an_address_only_reads_or_only_changes_and_nobody_changes_without_a_right(golden):
    rules = [rule for rule in golden.app.url_map.iter_rules() if rule.endpoint not in DOOR]
    reading = {rule.endpoint for rule in rules if rule.methods <= {"GET", "HEAD", "OPTIONS"}}
    changing = {rule.endpoint for rule in rules if rule.methods == {"POST", "OPTIONS"}}
    assert reading | changing == {rule.endpoint for rule in rules}
    assert {endpoint for endpoint in changing if matrix()[endpoint].public} == {"sign_out", "bind_invitation"}
    assert Bootstrap5.bootstrap_version.startswith("5.")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_sent_to_a_page(method, reader):
    answer = getattr(reader.client, method)(QUARTER)
    assert answer.status_code == 405
    assert "Không mở được theo cách này" in answer.text


def one_of_a_kind(address):
    """Pages of one kind are many and one stands for all: of one commune, of one agency, of a quarter nobody pulled, of a raw answer, of
    what is narrowed in the same way, of a component of the province seen from one unit. (The proof `accessibility` opens all of them.)"""
    address = re.sub(r"(?<=^/don-vi)/\d{3}\.[^/?.]+\b(?=/)", "/coquan", address)
    address = re.sub(r"/[^/?.]+\.[^/?.]+\b(?=/\d{4}-Q\d)", "/coquan", re.sub(r"/\d{5}(?=[/?]|$)", "/xa", address))
    if "nhom=" in address or "tinh-trang=" in address or address.startswith("/tinh/"):
        address = re.sub(r"=[^&]+", "=", address)
    quarter = re.search(r"/\d{4}-Q\d", address)
    if quarter and quarter[0] != "/2024-Q2":
        return re.sub(r"/don-vi/[^/]+/|(?<=/)[IVX\d]+(?:\.\d+)+(?=[?/]|$)", "", address)
    if address.startswith("/cau-tra-loi-goc/"):
        parts = urlsplit(address)
        return parts.path, tuple(name.rpartition("/")[2] for name in parse_qs(parts.query).get("cua", [])), "tai" in parts.query
    return address


def test_every_link_of_every_page_leads_somewhere(reader):
    waiting, seen, texts = ["/"], {"/"}, {}
    anchors = set()
    while waiting:
        address = waiting.pop()
        answer = reader.get(address)
        assert answer.status_code in {200, 302}, address
        text = unescape(answer.text) if answer.mimetype == "text/html" else ""
        texts[address] = set(re.findall(r' id="([^"]+)"', text))
        found = [answer.headers["Location"]] if answer.status_code == 302 else re.findall(r'href="([^"]*)"', text)
        for link in found:
            target, _, anchor = link.partition("#")
            target = target or address
            if anchor:
                anchors.add((target, anchor))
            kind = one_of_a_kind(target)
            if kind not in seen and not target.startswith("/ngon-ngu/") and not skipped(target) and not elsewhere(target):
                seen.add(kind)
                waiting.append(target)
    assert len(texts) > 300
    assert {(target, anchor) for target, anchor in anchors if target in texts and anchor not in texts[target]} == set()


def elsewhere(address):
    """The unit's own web site, to which its articles lead."""
    return address.startswith("http://127.0.0.1:")


def skipped(address):
    """Files of the communes' reports are slow to write and tested by themselves."""
    return re.search(r"/don-vi/\d{5}/.*\.(pdf|docx|xlsx)$", address) is not None
