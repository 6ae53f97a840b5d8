"""JSON answers that are well formed and wrong: pages that contradict each other, other days than asked, odd rows."""

from __future__ import annotations

import json

import pytest
from werkzeug.wrappers import Request, Response

from hue_dti.errors import SourceAnswerInvalid

ROWS = [{"commune": "Hương Xuân", "confirmed": 3}, {"commune": "Hương Phú", "confirmed": 2}]


def page(number, rows=None, **changed):
    return {"page": number, "totalItems": 2, "asOf": "10/06/2024", "items": ROWS[number - 1 : number] if rows is None else rows, **changed}


@pytest.fixture
def pull_pages(serve, nam_dong, store):
    """Pull addresses from a platform whose pages are these."""

    def run(*pages):
        def app(environ, start_response):
            number = int(Request(environ).args["page"])
            return Response(json.dumps(pages[number - 1]), mimetype="application/json")(environ, start_response)

        return nam_dong.pull(serve(app), store, "digital_address")

    return run


def test_pages_that_agree_are_one_list(pull_pages):
    pulled = pull_pages(page(1), page(2))
    assert [(each.unit, each.value, each.place) for each in pulled.readings] == [
        ("Hương Xuân", 3, "$.items[0].confirmed"),
        ("Hương Phú", 2, "$.items[0].confirmed"),
    ]
    assert pulled.readings[0].raw_sha256 != pulled.readings[1].raw_sha256


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (page(2, totalItems=3), "khác trang trước"),
        (page(2, asOf="09/06/2024"), "khác trang trước"),
        (page(2, rows=[ROWS[0]]), "có mặt hai lần: Hương Xuân"),
        (page(2, rows=[{"commune": "HƯƠNG  XUÂN", "confirmed": 1}]), "có mặt hai lần"),
        (page(2, rows=[]), "ghi tổng số 2 nhưng các trang có 1 dòng"),
        (page(2, rows=[ROWS[1], {"commune": "Hương Sơn", "confirmed": 1}]), "ghi tổng số 2 nhưng các trang có 3 dòng"),
        (page(1), "hỏi trang 2 nhưng nhận trang 1"),
        (page(2, page="2"), "mục 'page'"),
        (page(2, totalItems=-2), "mục 'totalItems'"),
        (page(2, asOf="hôm nay"), "ngày số liệu"),
        (page(2, items={"commune": "x"}), "thiếu danh sách 'items'"),
        ({}, "mục 'page'"),
    ],
)
def test_a_page_that_contradicts_the_first_gives_no_figure_at_all(second, said, pull_pages):
    with pytest.raises(SourceAnswerInvalid, match=said):
        pull_pages(page(1), second)


@pytest.mark.parametrize(
    "row",
    [
        None,
        7,
        [],
        {},
        {"confirmed": 2},
        {"commune": "", "confirmed": 2},
        {"commune": 20164, "confirmed": 2},
        {"commune": "a\x00b", "confirmed": 2},
        {"commune": "Hương\ud800", "confirmed": 2},
        {"commune": "Hương Phú" * 40, "confirmed": 2},
    ],
)
def test_a_row_that_names_no_unit_is_a_fault_and_the_rest_goes_on(row, pull_pages):
    pulled = pull_pages(page(1), page(2, rows=[row]))
    assert [each.unit for each in pulled.readings] == ["Hương Xuân"]
    assert [each.place for each in pulled.faults] == ["$.items[0]"]


@pytest.mark.parametrize("figure", [-1, 2.0, 2.5, "2", True, [], 10**30])
def test_a_figure_that_is_no_count_is_a_fault(figure, pull_pages):
    pulled = pull_pages(page(1), page(2, rows=[{"commune": "Hương Phú", "confirmed": figure}]))
    assert [each.unit for each in pulled.readings] == ["Hương Xuân"]
    assert pulled.faults[0].place == "$.items[0].confirmed"


def test_null_is_no_figure_and_a_key_that_left_is_a_fault(pull_pages):
    silent = pull_pages(page(1), page(2, rows=[{"commune": "Hương Phú", "confirmed": None}]))
    assert [each.unit for each in silent.readings] == ["Hương Xuân"]
    assert silent.faults == ()
    renamed = pull_pages(page(1, [{"commune": "Hương Xuân", "ok": 3}]), page(2, [{"commune": "Hương Phú", "ok": 2}]))
    assert renamed.readings == ()
    assert "không dòng nào có mục 'confirmed'" in renamed.faults[0].what


def test_a_name_in_decomposed_letters_is_composed(pull_pages):
    pulled = pull_pages(page(1, [{"commune": "Hu\u031bo\u031bng  Xua\u0302n\u200b", "confirmed": 3}]), page(2))
    assert pulled.readings[0].unit == "Hương Xuân"


REPORT = {
    "donVi": "Huyện Nam Đông",
    "tuNgay": "2024-01-01",
    "denNgay": "2024-06-10",
    "thuTuc": {"tong": 387, "trucTuyenToanTrinh": 185},
    "hoSo": {"tong": 1663, "trucTuyen": 1627},
    "giamSat": {"tong": 1214, "viPham": 64},
}


def test_a_source_that_states_no_date_has_the_cut_off_as_its_date(pull_body):
    pulled = pull_body("public_services", json.dumps(REPORT), "application/json")
    assert {f"{each.as_of}" for each in pulled.readings} == {"2024-06-10"}
    assert len(pulled.readings) == 6


@pytest.mark.parametrize(
    "changed", [{"tuNgay": "2023-01-01"}, {"denNgay": "2024-06-30"}, {"denNgay": None}, {"donVi": ""}, {"soLieuDenNgay": "2024-07-01"}]
)
def test_figures_of_other_days_or_of_nobody_are_refused(changed, pull_body):
    with pytest.raises(SourceAnswerInvalid):
        pull_body("public_services", json.dumps({**REPORT, **changed}), "application/json")


def test_a_section_that_is_missing_is_a_fault_for_its_figures_only(pull_body):
    pulled = pull_body("public_services", json.dumps({**REPORT, "giamSat": None}), "application/json")
    assert len(pulled.readings) == 4
    assert [each.place for each in pulled.faults] == ["$.giamSat.tong", "$.giamSat.viPham"]


@pytest.mark.parametrize(("section", "told"), [({"tong": 1214, "viPham": None}, []), ({"tong": 1214, "loi": 64}, ["$.giamSat.viPham"])])
def test_a_figure_of_null_is_silent_and_one_that_left_is_a_fault(section, told, pull_body):
    pulled = pull_body("public_services", json.dumps({**REPORT, "giamSat": section}), "application/json")
    assert "applications_violating" not in {each.measure for each in pulled.readings}
    assert [each.place for each in pulled.faults] == told
    assert all("đã đổi tên mục" in each.what for each in pulled.faults)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", '{"donVi": 1, "donVi": 2}', "{" * 5, '{"a":' * 100_000, '{"tong": ' + "9" * 5000 + "}", "\ufeff{}", b"\xff{}"],
    ids=["empty", "list", "null", "twice", "open", "deep", "long number", "mark", "bytes"],
)
def test_what_is_no_json_object_gives_no_figure(body, pull_body):
    with pytest.raises(SourceAnswerInvalid, match="JSON"):
        pull_body("public_services", body, "application/json")


def test_events_of_other_days_are_refused(serve, nam_dong, store):
    def app(environ, start_response):
        head = {"trang": 1, "tong_so": 0, "du_lieu": [], "don_vi": "Huyện Nam Đông", "tu_ngay": "2024-04-01", "den_ngay": "2024-06-10"}
        return Response(json.dumps({**head, "phan_anh": 8}), mimetype="application/json")(environ, start_response)

    with pytest.raises(SourceAnswerInvalid, match="không thuộc khoảng ngày đã hỏi"):
        nam_dong.pull(serve(app), store, "super_app")
