"""The province's draft index: what the public sees of it, what the operations centre gives, how it opens down to the communes."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from hue_dti.accounts.model import Grant, Role
from hue_dti.numerals import format_percent
from hue_dti.web import create_app
from tests.patience import until_so_many_wait
from tests.people import signed_in
from tests.web.conftest import words

PERIOD = "2024-Q2"
PAGE = f"/tinh/{PERIOD}"


@pytest.fixture(scope="module")
def own(copy_quarter, tmp_path_factory):
    """A quarter of this module's own, closed, in which values may be given."""
    with copy_quarter(tmp_path_factory.mktemp("province")) as quarter:
        quarter.close()
        yield quarter


@pytest.fixture(scope="module")
def centre(own):
    """Somebody of the operations centre."""
    return own.site()


@pytest.fixture(scope="module")
def stranger(own):
    """Somebody who is not signed in."""
    return create_app(own.settings, own.storage).test_client()


def said_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def token(page):
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def hidden(page, name):
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def gives(client, code, **fields):
    """Send the form of a component's page as it stands."""
    page = said_of(client, f"{PAGE}/{code}")
    form = {"csrf_token": token(page), "ma": hidden(page, "ma"), "thay": hidden(page, "thay"), **fields}
    return client.post(f"{PAGE}/{code}", data=form, content_type="multipart/form-data")


def test_the_public_sees_what_was_frozen_and_nothing_that_is_not(stranger):
    page = stranger.get(PAGE).text
    assert "Chỉ tính các đơn vị đã chốt quý: 1 trong 9" in page
    assert "14,4919" in page
    assert "Khung có 9 chỉ số chính; Đô thị thông minh chỉ để tham khảo, không có điểm, nên trang này kể 8." in page
    rows = {words(row.select_one("td")): words(row) for row in BeautifulSoup(page, "html.parser").select("#thanh-phan tbody tr") if row.td}
    assert ["đã báo 0, chưa phát sinh" in rows[code] for code in ("5.5", "4.7")] == [True, False]
    part = stranger.get(f"{PAGE}/3.3").text
    assert "4.021/7.258" in part
    assert "Kết quả do tỉnh nhập" not in part
    assert "Ghi kết quả" not in part


def test_a_component_opens_to_its_district_and_from_there_to_the_criterion_with_the_raw_answers(centre):
    part = said_of(centre, f"{PAGE}/3.3?don-vi=483")
    assert "/don-vi/483/2024-Q2/tieu-chi/III.4" in part
    assert "/don-vi/20179/2024-Q2/tieu-chi/III.4" in part
    assert centre.get("/don-vi/20179/2024-Q2/tieu-chi/III.4").status_code == 200


def test_a_component_without_a_local_count_says_why_and_who_holds_it(centre):
    page = said_of(centre, f"{PAGE}/8.1")
    assert "tỷ lệ không cộng được" in page
    assert "Công an tỉnh" in page


def test_a_value_is_given_with_its_document_and_counts_at_once_and_is_told_in_the_trail(centre, own):
    answer = gives(centre, "3.4", **{"ket-qua": "100%", "tai-lieu": "Công văn 12/STTTT ngày 05/6/2024"})
    assert answer.status_code == 303
    page = said_of(centre, f"{PAGE}/3.4")
    assert "Công văn 12/STTTT" in page
    assert "chưa kèm tệp" in page
    assert ">10</strong><span>/10 điểm" in page
    (event,) = [kept.event for kept in own.storage.trail.page() if kept.event.act == "province.given"][:1]
    assert (event.unit, event.subject, event.new) == ("46", "3.4, 2024-Q2", format_percent(1))


def test_a_file_goes_with_it_and_only_who_may_read_drafts_gets_it(centre, stranger):
    body = b"\x89PNG\r\n\x1a\n" + _png()
    assert (
        gives(centre, "2.1", **{"ket-qua": "có", "tai-lieu": "Nghị quyết 12", "tep": (BytesIO(body), "nghi-quyet.png")}).status_code == 303
    )
    page = said_of(centre, f"{PAGE}/2.1")
    assert "nghi-quyet.png" in page
    address = page.partition('<a href="/tinh/2024-Q2/2.1/')[2].partition('"')[0]
    assert centre.get(f"{PAGE}/2.1/{address}").data == body
    assert stranger.get(f"{PAGE}/2.1/{address}").status_code in (302, 404)


def test_a_maximum_from_a_document_makes_points_and_cannot_exceed_the_main_index(centre):
    assert gives(centre, "1.1", **{"ket-qua": "có", "diem-toi-da": "10", "tai-lieu": "Bảng I.4"}).status_code == 303
    assert ">10</strong><span>/10 điểm" in said_of(centre, f"{PAGE}/1.1")
    answer = gives(centre, "1.4", **{"ket-qua": "có", "diem-toi-da": "61", "tai-lieu": "Bảng I.4"})
    assert answer.status_code == 422
    assert "cộng lại là 101, quá 100" in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ket-qua": "khoảng 80", "tai-lieu": "x"}, "không đọc được; hãy viết 85,71%"),
        ({"ket-qua": "120%", "tai-lieu": "x"}, "lớn hơn 100%"),
        ({"ket-qua": "80%", "tai-lieu": " "}, "Chưa ghi tài liệu kiểm chứng"),
        ({"ket-qua": "80%", "tai-lieu": "x", "ma": "cu"}, "Biểu mẫu đã cũ"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_the_form_keeps_what_was_typed(centre, fields, words):
    answer = gives(centre, "3.7", **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert f'value="{fields["ket-qua"]}"' in answer.text


def test_a_form_that_saw_an_older_value_is_refused_and_a_form_sent_twice_counts_once(centre, own):
    page = said_of(centre, f"{PAGE}/4.3")
    form = {"csrf_token": token(page), "ma": str(uuid4()), "thay": "0", "ket-qua": "có", "tai-lieu": "QĐ 1"}
    assert [centre.post(f"{PAGE}/4.3", data=form).status_code for _ in range(2)] == [303, 303]
    late = centre.post(f"{PAGE}/4.3", data={**form, "ma": str(uuid4()), "ket-qua": "chưa"})
    assert (late.status_code, "vừa có người ghi" in late.text) == (422, True)
    assert len(own.storage.provincial.history("46", PERIOD, "province-922", "4.3")) == 1


def test_a_value_for_a_quarter_to_come_is_refused(centre):
    form = {"csrf_token": token(said_of(centre, f"{PAGE}/4.3")), "ma": str(uuid4()), "thay": "0", "ket-qua": "có", "tai-lieu": "QĐ 1"}
    assert centre.post("/tinh/2199-Q1/4.3", data=form).status_code == 404


def test_maxima_given_at_once_never_exceed_their_main_index(centre, own):
    several = [(signed_in(centre.application, f"ghi.{at}", Grant(Role.OPERATOR, "46")), f"{PAGE}/2.{at}") for at in (2, 3)]
    forms = [(client, address, said_of(client, address)) for client, address in several]

    def give(one):
        client, address, page = one
        form = {"csrf_token": token(page), "ma": hidden(page, "ma"), "thay": hidden(page, "thay"), "ket-qua": "có", "tai-lieu": "QĐ 1"}
        return client.post(address, data={**form, "diem-toi-da": "60"}).status_code

    with ThreadPoolExecutor(len(forms)) as pool:
        with own.storage.alone(f"provincial 46 {PERIOD}"), own.database.connect("postgres") as watch:  # nobody keeps a value meanwhile
            sent = [pool.submit(give, each) for each in forms]
            until_so_many_wait(watch, len(forms))
        assert sorted(each.result() for each in sent) == [303, 422]


def test_a_refused_value_leaves_no_file_behind(centre, own):
    before = len(own.storage.evidence.of(["46"], PERIOD))
    answer = gives(
        centre, "5.1", thay="777", tep=(BytesIO(b"\x89PNG\r\n\x1a\n" + _png()), "a.png"), **{"ket-qua": "có", "tai-lieu": "QĐ 1"}
    )
    assert (answer.status_code, "vừa có người ghi" in answer.text) == (422, True)
    assert len(own.storage.evidence.of(["46"], PERIOD)) == before


def test_a_value_taken_back_leaves_its_history_and_counts_no_more(centre):
    gives(centre, "4.4", **{"ket-qua": "có", "tai-lieu": "QĐ 2"})
    assert gives(centre, "4.4", viec="rut").status_code == 422
    assert gives(centre, "4.4", viec="rut", **{"ly-do": "nhầm tài liệu"}).status_code == 303
    page = said_of(centre, f"{PAGE}/4.4")
    assert "chờ tỉnh nhập" in page
    assert "nhầm tài liệu" in page
    assert gives(centre, "4.4", **{"ket-qua": "chưa", "tai-lieu": "QĐ 3"}).status_code == 303


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.APPRAISER, "46", 303),
        (Role.OPERATOR, "46", 303),
        (Role.PROVINCE_ADMIN, "46", 404),
        (Role.SECRETARY, "483", 404),
        (Role.OFFICER, "20179", 404),
    ],
)
def test_only_the_province_gives_values(own, role, unit, status):
    client = signed_in(create_app(own.settings, own.storage), f"ai-{role.value}", Grant(role, unit))
    page = said_of(client, f"{PAGE}/3.7")
    assert ("Ghi kết quả" in page) is (status == 303)
    last = own.storage.provincial.last("46", PERIOD, "province-922", "3.7")
    form = {"csrf_token": token(client.get("/tai-khoan").text), "ma": str(uuid4()), "thay": str(last)}
    answer = client.post(f"{PAGE}/3.7", data={**form, "ket-qua": "2/3", "tai-lieu": "Báo cáo"})
    assert answer.status_code == status


def test_a_quarter_without_a_map_says_so_and_an_unknown_component_is_no_page(centre):
    assert "Chưa có bảng tổng hợp nào" in said_of(centre, "/tinh/2023-Q2")
    assert centre.get(f"{PAGE}/9.99").status_code == 404
    assert centre.get(f"{PAGE}/3.3?don-vi=khong-co").status_code == 404
    assert centre.get("/tinh").headers["Location"].endswith(PAGE)


def test_components_are_narrowed_to_what_is_missing(centre):
    page = said_of(centre, f"{PAGE}?tinh-trang=missing")
    table = page.partition('id="bang-thanh-phan"')[2]
    assert "chờ tỉnh nhập" not in table
    assert "/tinh/2024-Q2/4.7" in table


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_the_paper_is_there_for_the_province_alone(centre, stranger, kind):
    answer = centre.get(f"{PAGE}/bao-cao.{kind}")
    assert answer.status_code == 200
    assert f"dti-cap-tinh-thua-thien-hue-2024-Q2-du-thao.{kind}" in answer.headers["Content-Disposition"]
    assert answer.data[:4] in (b"%PDF", b"PK\x03\x04")
    assert stranger.get(f"{PAGE}/bao-cao.{kind}").status_code == 302
    assert centre.get(f"{PAGE}/bao-cao.txt").status_code == 404


def test_the_paper_shows_as_a_page_beside_its_outline(centre):
    page = said_of(centre, f"{PAGE}/bao-cao")
    assert "4.021/7.258 hộ, đạt 55,40%" in page
    assert "IV. ĐƠN VỊ LÀM TỈNH MẤT NHIỀU ĐIỂM NHẤT" in page


def _png():
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0\xff\xff\xff")
    return chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
