"""A source's file handed in on its page: seen line by line first, stored once confirmed by who looked, not for the same to approve."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.services.behind import Behind
from hue_dti.services.waiting_file import FOLDER
from hue_dti.trail.model import Selection
from hue_dti.web import create_app
from tests.golden_quarter import PERIOD, UNIT
from tests.people import signed_in
from tests.services.handed_in import HEAD, ROWS, SOURCES, counted
from tests.web.conftest import Reader, words

PAGE = f"/nguon/antivirus/nop-tep/{UNIT}/{PERIOD}"
PROVINCE = Grant(Role.OPERATOR, "46")


@pytest.fixture(scope="module")
def own(copy_quarter, tmp_path_factory):
    """A quarter of this module's own whose antivirus console is handed in as a file."""
    folder = tmp_path_factory.mktemp("handing-in")
    with copy_quarter(folder) as quarter:
        told = {code: {"connector": SOURCES[code].connector, **SOURCES[code].settings} for code in ("antivirus", "police", "super_app")}
        (folder / "nguon.yaml").write_text(json.dumps(told), encoding="utf-8")
        yield quarter, create_app(replace(quarter.settings, sources=folder / "nguon.yaml", home=folder), quarter.storage), folder


def who(own, login, *grants):
    return Reader(signed_in(own[1], login, *grants))


@pytest.fixture(scope="module")
def operator(own):
    return who(own, "truc.ban", PROVINCE)


def look(reader, text=ROWS, name="may.csv"):
    """The page after a file was chosen there."""
    token = reader.open(PAGE).select_one("main input[name=csrf_token]")["value"]
    return reader.client.post(PAGE, data={"csrf_token": token, "tep": (io.BytesIO(text.encode()), name)})


def sent(reader, answer):
    """The form that confirms, as the page has it."""
    page = reader_page(answer)
    return {each["name"]: each["value"] for each in page.select("form[action$='/ghi'] input")}


def reader_page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_the_board_leads_to_the_page_of_a_source_whose_files_are_taken_and_of_no_other(operator):
    page = operator.open(f"/nguon?don-vi={UNIT}&ky={PERIOD}")
    assert [each["href"] for each in page.select("a[href*=nop-tep]")] == [
        f"/nguon/{code}/nop-tep/483/2024-Q2" for code in ("antivirus", "police")
    ]
    assert operator.get(PAGE.replace("antivirus", "super_app")).status_code == 404


def test_every_line_is_shown_with_its_fate_and_nothing_is_stored_before_it_is_confirmed(own, operator):
    before = counted(own[0])
    page = reader_page(look(operator, f"{ROWS}\nM9;Đơn vị lạ;1;1;0\nM10;Thượng Nhật;1;2;nhiều"))
    said = words(page.main)
    assert "Chưa ghi gì. Trong tệp may.csv đọc được" in said
    assert "Đơn vị lạ" in words(page.select_one(".faults"))
    assert "may.csv!E6: Thượng Nhật: 'nhiều' không phải là số" in words(page.select_one(".faults"))
    assert len(page.select(".trial-figures tbody tr")) >= 8
    assert counted(own[0]) == before
    nothing = reader_page(look(operator, HEAD + "\nM1;Đơn vị lạ;1;1;0"))
    assert nothing.select_one("form[action$='/ghi']") is None
    for name, body, why in (("may.pdf", "x", "hãy nộp tệp .csv hoặc .xlsx"), ("may.csv", "", "rỗng"), ("a.xlsm", "x", "có macro")):
        answer = look(operator, body, name)
        assert (answer.status_code, why in answer.text) == (422, True)


def test_what_was_confirmed_counts_names_who_handed_it_in_and_is_not_for_the_same_to_approve(own, operator):
    quarter, _, folder = own
    waiting = len(list((folder / FOLDER).iterdir()))
    form = sent(operator, look(operator))
    stranger = who(own, "truc.khac", PROVINCE)
    token = stranger.open(PAGE).select_one("main input[name=csrf_token]")["value"]
    refused = stranger.client.post(f"{PAGE}/ghi", data={**form, "csrf_token": token})
    assert (refused.status_code, "không phải của bạn" in refused.text) == (422, True)
    before = counted(quarter)
    answer = operator.client.post(f"{PAGE}/ghi", data=form)
    assert answer.status_code == 303
    assert "Đã ghi tệp may.csv. 8 số liệu đã ghi, 0 chỗ bị từ chối." in words(operator.open(answer.location).select_one(".note.good"))
    assert counted(quarter)[0] == before[0] + 1
    (told,) = [kept.event for kept in quarter.storage.trail.every(Selection(acts=("file.imported",)))]
    assert (told.actor, told.unit, told.subject.startswith("may.csv, ")) == ("truc.ban", UNIT, True)
    figure = next(each for each in quarter.storage.observations(["20179"], PERIOD) if each.measure == "computers")
    assert figure.origin.request.startswith("tệp may.csv do truc.ban, Người truc.ban nộp lúc ")
    assert set(Behind(quarter.storage, PERIOD).hands(figure, None, ())) == {"truc.ban"}
    assert len(list((folder / FOLDER).iterdir())) == waiting
    again = operator.client.post(f"{PAGE}/ghi", data=form)
    assert (again.status_code, "hãy chọn lại tệp" in again.text) == (422, True)
    assert "Đúng tệp này đã có từ" in look(operator).text


def test_what_waits_too_long_is_gone_and_only_operators_find_the_page(own, operator):
    _, app, folder = own
    form = sent(operator, look(operator, ROWS.replace("M1;", "M7;")))
    assert len(list((folder / FOLDER).iterdir())) >= 1
    app.config["CLOCK"] = lambda: datetime.now(UTC) + timedelta(minutes=61)
    late = operator.client.post(f"{PAGE}/ghi", data=form)
    del app.config["CLOCK"]
    assert late.status_code == 422
    assert list((folder / FOLDER).iterdir()) == []
    for role, unit in ((Role.SECRETARY, UNIT), (Role.APPROVER, "46"), (Role.OFFICER, "20179")):
        assert who(own, f"ai.{role.value}", Grant(role, unit)).get(PAGE).status_code == 404
    assert app.test_client().get(PAGE).status_code == 302
