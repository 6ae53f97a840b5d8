"""The trail as an auditor reads it: sentences newest first, narrowed and taken away; what a signed-in person takes away leaves an event."""

import csv
import io
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from openpyxl import load_workbook

from hue_dti.accounts.model import Grant, Role
from hue_dti.trail.chain import code
from hue_dti.trail.model import Hand
from tests.people import PROVINCE, enter, signed_in
from tests.web.conftest import Reader, words

AT = datetime(2024, 6, 10, 1, 0, tzinfo=UTC)
AN, BINH = Hand("an.le", "Lê Văn An", "10.1.2.3"), Hand("binh", "Trần Thị Bình")


@pytest.fixture
def told(bare):
    """Sixty events of two persons over sixty days."""
    bare.storage.trail.note(
        *(BINH.did("base.approved", AT + timedelta(days=n), unit="20167", subject=f"households {n}", old="1", new="2") for n in range(58)),
        AN.did("moon.painted", AT + timedelta(days=58), subject="<b>=1+1</b>"),
        AN.did("name.dismissed", AT + timedelta(days=59), subject='=HYPERLINK("http://x")', reason="+cộng"),
    )
    return bare


@pytest.fixture
def auditor(told):
    return Reader(signed_in(told.app, "kiem.toan", Grant(Role.PROVINCE_ADMIN, PROVINCE)))


def lines(page):
    return [words(each.p) for each in page.select(".told-list > li")]


def test_events_are_sentences_newest_first_and_pages_go_on(auditor, told):
    page = auditor.open("/nhat-ky")
    shown = lines(page)
    assert len(shown) == 50
    assert shown[:2] == [
        'Lê Văn An (an.le) bỏ tên “=HYPERLINK("http://x")” khỏi danh sách chờ xác nhận',
        "Lê Văn An (an.le): moon.painted <b>=1+1</b>",
    ]
    assert shown[2].startswith("Trần Thị Bình (binh) duyệt số liệu nền households 57 của ")
    assert "lý do: +cộng" in words(page.select_one(".told-list > li"))
    assert code(told.storage.trail.head()) in words(page.select_one(".head"))
    older = auditor.open(page.select_one("a[rel=next]")["href"])
    assert len(lines(older)) == 10
    assert older.select_one("a[rel=next]") is None


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("tu-ngay=2024-06-10&den-ngay=2024-06-11", 2),
        ("nguoi=an.le", 2),
        ("nguoi=tran+thi", 58),
        ("nguoi=ai+day", 0),
        ("don-vi=20167", 58),
        ("don-vi=khong+co", 0),
        ("viec=base.", 58),
        ("viec=la", 60),
        ("viec=base.&nguoi=an.le", 0),
        ("tu-ngay=hom-qua", 60),
    ],
)
def test_the_list_is_narrowed_by_day_person_unit_and_kind(auditor, asked, count):
    page = auditor.open(f"/nhat-ky?{asked}")
    assert words(page.select_one("[role=status]")) == f"{count} sự kiện"
    assert len(lines(page)) == min(count, 50)


def test_a_number_to_go_on_from_that_is_none_is_not_found(auditor):
    assert [auditor.get(address).status_code for address in ("/nhat-ky?truoc=abc", "/nhat-ky.pdf")] == [404, 404]


def test_the_table_holds_what_is_asked_for_and_no_formula(auditor):
    answer = auditor.get("/nhat-ky.csv?nguoi=an.le")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["59", "60"]
    assert (rows[2][8], rows[2][11]) == ('\'=HYPERLINK("http://x")', "'+cộng")
    book = load_workbook(io.BytesIO(auditor.get("/nhat-ky.xlsx?nguoi=an.le").data))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book.active["I3"].value == '=HYPERLINK("http://x")'


def test_the_table_tells_each_event_in_the_words_of_the_page(told, auditor):
    enter(told.storage, "huong.phu", Grant(Role.OFFICER, "20164"), name="Trần Phú")
    told.storage.trail.note(
        AN.did("account.granted", AT, unit="20161", subject="huong.phu", new="officer 20161"),
        AN.did("entry.saved", AT, unit="20161", subject="households, 2024-Q3"),
    )
    rows = list(csv.reader(io.StringIO(auditor.get("/nhat-ky.csv").data.decode("utf-8-sig"))))[1:]
    (taking_away, *shown) = [[words(part) for part in each.div("p")] for each in auditor.open("/nhat-ky").select(".told-list > li")]
    assert "tải về nhat-ky-" in taking_away[0]
    of_table = [[told.lstrip("'") for told in row[2:4] if told] for row in rows][::-1]
    assert of_table[: len(shown)] == shown
    assert ["Lê Văn An (an.le) nhập Hộ gia đình, Quý III/2024 của Thị trấn Khe Tre"] in of_table


def test_taking_a_table_away_is_an_event_and_reading_is_none(auditor, told):
    auditor.open("/nhat-ky")
    assert told.storage.trail.count() == 60
    auditor.get("/nhat-ky.csv")
    (kept,) = told.storage.trail.page(most=1)
    assert (kept.event.act, kept.event.actor, kept.event.subject[:8]) == ("export.made", "kiem.toan", "nhat-ky-")


def test_a_file_that_cannot_be_recorded_is_not_given(auditor, told):
    with psycopg.connect(told.settings.owner_url, autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON audit_event FROM hue_dti_app")
    told.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = auditor.get("/nhat-ky.csv")
    assert answer.status_code >= 500
    assert b"households" not in answer.data


def test_only_who_may_read_the_trail_finds_it(told):
    officer = Reader(signed_in(told.app, "can.bo", Grant(Role.OPERATOR, PROVINCE)))
    officer.open("/nhat-ky", 404)
    assert "/nhat-ky" not in {each["href"] for each in officer.open("/").select("a")}
    assert told.anonymous().get("/nhat-ky").status_code == 302


def test_asking_a_source_says_who_asked(golden, reader):
    token = reader.open("/nguon").select_one("input[name=csrf_token]")["value"]
    reader.client.post("/nguon/super_app/chay-ngay", data={"csrf_token": token, "don-vi": "483", "ky": "2024-Q2"})
    asked = [each.event for each in golden.storage.trail.page() if each.event.act == "source.asked"]
    assert (asked[0].unit, asked[0].subject.endswith("Quý II năm 2024"), asked[0].actor != "") == ("483", True, True)
    assert asked[0].address == "127.0.0.1"


def test_roles_units_persons_and_refusals_are_told_in_words_with_the_unit_s_name_of_then(told, auditor):
    enter(told.storage, "huong.phu", Grant(Role.OFFICER, "20164"), name="Trần Phú")
    told.storage.trail.note(
        AN.did("account.granted", AT, unit="20161", subject="huong.phu", new="officer 20161", reason="huong.phu"),
        AN.did("access.refused", AT, unit="20161", subject="GET /duyet/20161/2024-Q3"),
        AN.did("access.refused", AT, unit="20161", subject="POST /duyet/20161/2026-Q1"),
    )
    shown = [words(each.div) for each in auditor.open("/nhat-ky").select(".told-list > li")][:4]
    who = "Lê Văn An (an.le)"
    assert f"{who} bị từ chối khi mở biểu mẫu của trang /duyet/20161/2026-Q1 của Xã Khe Tre" in shown
    assert f"{who} bị từ chối khi mở trang /duyet/20161/2024-Q3 của Thị trấn Khe Tre" in shown
    said = "mới: cán bộ nhập số liệu, Thị trấn Khe Tre; lý do: nhận bàn giao từ Trần Phú"
    assert f"{who} trao quyền cho Trần Phú (huong.phu) của Thị trấn Khe Tre {said}" in shown
