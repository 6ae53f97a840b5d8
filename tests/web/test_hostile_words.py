"""Names, reasons, documents and answers that look like code appear literally, on every page that shows them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup

from benchmarks.proofs.quarters import PERIOD, observations, wholes
from hue_dti.accounts.model import Grant, Role
from hue_dti.observations.model import Observation, Origin, RawAnswer, RegisteredDocument, State
from hue_dti.services.close import close_quarter
from hue_dti.storage import open_storage
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree
from hue_dti.web import create_app
from tests.people import USUAL, signed_in

NOW = datetime(2024, 6, 11, tzinfo=UTC)
SCRIPT, TEMPLATE, BREAKOUT = "<script>alert(1)</script>", "{{71*1234567891}}", '"><img src=x onerror=alert(1)>'
SINCE = date(2020, 1, 1)
UNITS = [
    OrgUnit("666", f"Huyện {SCRIPT}", Level.DISTRICT, "46", SINCE),
    OrgUnit("66601", f"Xã {BREAKOUT}", Level.COMMUNE, "666", SINCE),
    OrgUnit("66602", f"Xã {TEMPLATE} <b>&amp;", Level.COMMUNE, "666", SINCE),
    OrgUnit("666.a", f"Trường {BREAKOUT}", Level.AGENCY, "666", SINCE, None, "66601"),
]
BODY = json.dumps({"a": SCRIPT, "b": [BREAKOUT]}).encode()
QUARTER = f"/don-vi/666/{PERIOD}"
PAGES = [
    "/",
    "/nguon",
    "/canh-bao",
    "/tim?q=huyen+script",
    "/tim?q=%3Cscript%3Ealert(1)%3C/script%3E",
    QUARTER,
    f"{QUARTER}?q=%22%3E%3Cimg+src=x%3E&nhom=%3Cb%3E&tinh-trang=%22%3E",
    f"{QUARTER}/tieu-chi/III.1",
    f"{QUARTER}/tieu-chi/VII.1",
    f"{QUARTER}/bao-cao",
    f"/xep-hang/xa/{PERIOD}?huyen=666",
    f"/don-vi/66601/{PERIOD}",
    f"/don-vi/66602/{PERIOD}/tieu-chi/III.2",
    f"/don-vi/666.a/{PERIOD}",
    "/don-vi/666/2024-Q1",
]


@pytest.fixture(scope="module")
def hostile(server, catalogue, tmp_path_factory):
    """A district whose every text is an attack, closed."""
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        storage.save_units([OrgUnit("46", "Tỉnh", Level.PROVINCE, None, SINCE), *UNITS])
        run = storage.begin_pull("super_app", "666", PERIOD, NOW)
        sha256 = storage.raw_store(run).keep(
            RawAnswer(hashlib.sha256(BODY).hexdigest(), f"GET /{SCRIPT}", 200, f"text/html; {BREAKOUT}", NOW, BODY)
        )
        tree = build_tree(storage.units(), catalogue.sets["hue-district-2024"].calendar.cutoff(PERIOD), "666")
        seen = [
            replace(each, origin=replace(each.origin, raw_sha256=sha256, place=BREAKOUT))
            for each in observations(tree, catalogue.measures, wholes(catalogue), 5)
            if each.measure != "vneid_level2"
        ]
        absent = Observation(
            "666", "vneid_level2", PERIOD, None, State.MISSING, tree.as_of, Origin("police", "", NOW, "", ""), f"vì {SCRIPT}"
        )
        storage.save_observations(run, [*seen, absent])
        document = RegisteredDocument("666", "issued", f"1/{SCRIPT}", date(2024, 5, 1), "Kế hoạch", f"Về {BREAKOUT}", TEMPLATE, "II.1")
        storage.save_documents(run, "666", PERIOD, [document])
        storage.finish_pull(run, "partial", f"lỗi {SCRIPT}", 1, len(seen), (), NOW)
        close_quarter(storage, catalogue, UNITS[0], PERIOD, lambda: NOW, by=SCRIPT, reason="")
        settings = replace(database.settings, home=tmp_path_factory.mktemp("hostile"))
        rights = (Grant(role, UNITS[0].code) for role in (Role.PROVINCE_ADMIN, Role.OPERATOR))
        yield signed_in(create_app(settings, storage), USUAL, *rights), sha256


@pytest.mark.parametrize("address", PAGES)
def test_hostile_words_are_shown_as_words(address, hostile):
    client, _ = hostile
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    assert [script["src"].partition("?")[0] for script in page.select("script")] == ["/static/hue.js"]
    assert page.img is None
    assert [element for element in page.find_all() if any(name.startswith("on") for name in element.attrs)] == []
    assert "<b>&" not in answer.text
    assert "87654320261" not in page.get_text()


@pytest.mark.parametrize(
    ("address", "said"),
    [(QUARTER, SCRIPT), (f"/don-vi/66601/{PERIOD}", BREAKOUT), (f"/don-vi/66602/{PERIOD}", TEMPLATE), ("/nguon", f"lỗi {SCRIPT}")],
)
def test_and_nothing_of_them_is_lost(address, said, hostile):
    client, _ = hostile
    assert said in BeautifulSoup(client.get(address, buffered=True).text, "html.parser").get_text()


@pytest.mark.parametrize("shown", ["", "?cua=666/2024-Q2/66601/accounts", "?tai=1"])
def test_an_answer_that_is_a_page_itself_never_runs(shown, hostile):
    client, sha256 = hostile
    answer = client.get(f"/cau-tra-loi-goc/{sha256}{shown}", buffered=True)
    assert answer.status_code == 200
    if answer.mimetype == "text/html":
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
    else:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.data == BODY


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_the_files_of_such_a_district_are_written_too(kind, hostile):
    client, _ = hostile
    answer = client.get(f"{QUARTER}/bao-cao.{kind}", buffered=True)
    assert answer.status_code == 200
    assert "\n" not in answer.headers["Content-Disposition"]
    assert "<" not in answer.headers["Content-Disposition"].replace("%3C", "")
