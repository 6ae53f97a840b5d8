"""Base figures proposed by a secretary with the filled form, approved by the province's administrator, never by who proposed."""

import csv
import io
from datetime import date

import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.trail.model import Selection
from hue_dti.units.model import Level
from tests.people import signed_in
from tests.web.board import page_of
from tests.web.conftest import place, words

YEAR, ADDRESS = 2024, "/so-lieu-nen?don-vi=483&nam=2024"
HEAD = ["Mã đơn vị", "Tên đơn vị", "Số liệu", "Năm", "Giá trị", "Số liệu đến ngày", "Văn bản", "Lý do"]


@pytest.fixture(scope="module")
def site(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("base")) as made:
        yield made


@pytest.fixture(scope="module")
def secretary(site):
    return signed_in(site.app, "thu.ky.nen", Grant(Role.SECRETARY, "483"), name="Phạm Thị Thư")


@pytest.fixture(scope="module")
def administrator(site):
    return signed_in(site.app, "quan.tri.nen", Grant(Role.PROVINCE_ADMIN, "46"), name="Lê Quang Trị")


def send(client, *rows):
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    token = page_of(client, ADDRESS).select_one("#de-nghi input[name=csrf_token]")["value"]
    file = (io.BytesIO(text.getvalue().encode()), "bieu-mau.csv")
    return client.post(f"/so-lieu-nen/483/{YEAR}/de-nghi", data={"csrf_token": token, "tep": file}, follow_redirects=True)


def decide(client, what, reason=""):
    form = page_of(client, ADDRESS).select_one("#cho-duyet form")
    data = [(each["name"], each["value"]) for each in form.select("input")] + [("viec", what), ("ly-do", reason)]
    return client.post(
        form["action"], data={name: [value for key, value in data if key == name] for name, _ in data}, follow_redirects=True
    )


def row(unit="20164", value="275", document="12/BC-UBND"):
    return [unit, "", "households", YEAR, value, "31/12/2023", document, ""]


def approved(site):
    return {each.measure: each.value for each in site.storage.base.approved(["20164"], YEAR)}


def test_the_form_comes_with_every_unit_and_goes_back_as_proposals_that_another_approves(site, secretary, administrator):
    form = secretary.get(f"/so-lieu-nen/483/{YEAR}/mau.csv").get_data(as_text=True)
    assert "20164" in form
    assert {year: secretary.get(f"/so-lieu-nen/483/{year}/mau.csv").status_code for year in (0, 1900, 9999)} == dict.fromkeys(
        (0, 1900, 9999), 404
    )
    assert "Đã ghi 1 đề nghị" in send(secretary, row()).text
    assert approved(site) == {}
    assert not page_of(secretary, ADDRESS).select("#cho-duyet form"), "who proposes has no button to approve"
    assert "Duyệt" in words(page_of(administrator, ADDRESS).select_one("#cho-duyet form"))
    assert decide(administrator, "duyet").status_code == 200
    assert approved(site) == {"households": 275}
    assert "Lê Quang Trị" in words(page_of(administrator, ADDRESS).select_one("#nhat-ky"))
    assert {"base.proposed", "base.approved"} <= {each.event.act for each in site.storage.trail.every(Selection())}


def test_who_proposed_does_not_approve_even_with_the_right_to(site):
    both = signed_in(site.app, "hai.vai.nen", Grant(Role.SECRETARY, "483"), Grant(Role.PROVINCE_ADMIN, "46"), name="Hồ Hai Vai")
    assert "Đã ghi 1 đề nghị" in send(both, row(value="301", document="15/BC-UBND")).text
    number = max(each.number for each in site.storage.base.proposals(["20164"], YEAR))
    shown = page_of(both, ADDRESS).select_one("#de-nghi input[name=csrf_token]")
    told = {"csrf_token": shown["value"], "so": str(number), "viec": "duyet", "ly-do": ""}
    refused = both.post(f"/so-lieu-nen/483/{YEAR}/quyet-dinh", data=told)
    assert (refused.status_code, "do chính hai.vai.nen, Hồ Hai Vai nhập" in refused.text) == (409, True)
    assert approved(site).get("households") != 301
    assert both.post(f"/so-lieu-nen/483/{YEAR}/quyet-dinh", data={**told, "viec": "tu-choi", "ly-do": "rút lại"}).status_code in (302, 303)


def test_one_wrong_cell_keeps_nothing_and_says_which_row(site, secretary):
    communes = [each for each in site.storage.units() if each.level is Level.COMMUNE and each.exists_on(date(YEAR, 12, 31))]
    elsewhere = next(each.code for each in communes if each.parent != "483")
    refused = send(secretary, row(value="281", document="13/BC"), row("20167", "nhiều"), row(elsewhere))
    assert refused.status_code == 422
    said = words(BeautifulSoup(refused.text, "html.parser").select_one("#loi"))
    assert "Dòng 3:" in said
    assert "Dòng 4: đơn vị này không thuộc phần việc của bạn" in said
    assert not page_of(secretary, ADDRESS).select("#cho-duyet .act-of")


def test_a_rejection_wants_a_reason_and_an_old_page_decides_nothing(site, secretary, administrator):
    send(secretary, row(value="290", document="14/BC"))
    without = decide(administrator, "tu-choi")
    assert without.status_code == 409
    assert "hãy ghi lý do." in without.text
    assert "--reason" not in without.text
    old = page_of(administrator, ADDRESS).select_one("#cho-duyet form")
    assert decide(administrator, "tu-choi", "sai số hộ").status_code == 200
    data = {each["name"]: each["value"] for each in old.select("input")} | {"viec": "duyet"}
    late = administrator.post(old["action"], data=data)
    assert late.status_code == 409
    assert "không còn chờ duyệt" in late.text
    assert approved(site) == {"households": 275}
