"""A dead or lying source gives an error with its reason, or a fault for a figure; never a figure, never a zero."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.sandbox.faults import parse
from hue_dti.errors import SourceAnswerInvalid, SourceRefused, SourceUnreachable

REFUSED = {
    "403": (SourceRefused, "từ chối truy cập"),
    "404": (SourceRefused, "mã 404"),
    "500": (SourceUnreachable, "mã lỗi 500 sau 2 lần thử"),
    "html": (SourceAnswerInvalid, "kiểu nội dung"),
    "html_as_promised": (SourceAnswerInvalid, "không phải là"),
    "text": (SourceAnswerInvalid, "kiểu nội dung"),
    "broken": (SourceAnswerInvalid, "không phải|ghi tổng số"),
    "truncated": (SourceAnswerInvalid, "cắt giữa chừng"),
    "gzip_bomb": (SourceAnswerInvalid, "dài quá"),
    "redirect": (SourceRefused, "chuyển hướng sang máy khác"),
}
REFUSED_JSON = {
    "other_json": (SourceAnswerInvalid, "không có dạng đã thỏa thuận"),
    "nan": (SourceAnswerInvalid, "không phải là JSON đúng"),
    "empty": (SourceAnswerInvalid, "các trang có 0 dòng"),
    "repeated": (SourceAnswerInvalid, "có mặt hai lần|có tổng số"),
    "endless": (SourceAnswerInvalid, "quá 5 trang vẫn chưa hết"),
}
ONE_OF_EACH_SHAPE = ("super_app", "web_news", "antivirus", "district", "documents")
LISTS = ("super_app", "digital_address")


@pytest.mark.parametrize("source", ONE_OF_EACH_SHAPE)
@pytest.mark.parametrize("fault", REFUSED)
def test_no_figure_comes_from_a_source_that_is_ill(fault, source, pull_ill, store):
    kind, said = REFUSED[fault]
    with pytest.raises(kind, match=said) as caught:
        pull_ill(source, fault)
    assert str(caught.value).startswith(f"Nguồn {source}, GET http://127.0.0.1")
    assert store.answers


@pytest.mark.parametrize("source", LISTS)
@pytest.mark.parametrize("fault", REFUSED_JSON)
def test_a_list_that_contradicts_itself_gives_no_figure(fault, source, pull_ill):
    kind, said = REFUSED_JSON[fault]
    with pytest.raises(kind, match=said):
        pull_ill(source, fault)


@pytest.mark.parametrize("source", [*LISTS, "public_services"])
@pytest.mark.parametrize("fault", ["negative", "words"])
def test_a_figure_that_is_none_is_a_fault_with_its_place_and_not_a_zero(fault, source, pull_ill):
    try:
        pulled = pull_ill(source, fault)
    except SourceAnswerInvalid:
        assert source == "super_app", "only its head of events has figures beside the rows"
    else:
        assert pulled.readings == ()
        assert {each.place.partition(".")[0] for each in pulled.faults} == {"$"}
        assert all("không phải là số đếm" in each.what or "số âm" in each.what for each in pulled.faults)


@pytest.mark.parametrize("source", ONE_OF_EACH_SHAPE)
def test_a_source_that_recovers_gives_its_figures(source, pull_ill, store):
    pulled = pull_ill(source, "500x1")
    assert pulled.readings
    assert store.answers[0].status == 500


def test_a_source_that_asks_to_wait_is_waited_for(pull_ill, store):
    assert pull_ill("digital_address", "503x1;0").readings
    assert [answer.status for answer in store.answers][:2] == [503, 200]


@pytest.mark.parametrize(
    ("fault", "limit", "said"),
    [("hang", {"read_timeout_s": "0.2"}, "không trả lời trong thời gian chờ"), ("drip", {"total_timeout_s": "0.4"}, "nhỏ giọt")],
)
def test_a_source_that_does_not_come_to_an_end_is_unreachable(fault, limit, said, pull_ill):
    with pytest.raises(SourceUnreachable, match=said):
        pull_ill("digital_address", fault, **limit)


def test_the_wrong_token_is_refused_and_not_shown(pull, store):
    with pytest.raises(SourceRefused, match=r"từ chối truy cập \(mã 401\)") as caught:
        pull("super_app", token="sai-ma-truy-cap")
    assert "sai-ma-truy-cap" not in str(caught.value) + repr(store.answers)


def test_figures_dated_in_the_future_are_a_lie(nam_dong, healthy, store):
    with pytest.raises(SourceAnswerInvalid, match="10/06/2024 ở tương lai"):
        nam_dong.pull(healthy, store, "digital_address", moment=datetime(2024, 6, 9, 16, 59, tzinfo=UTC))
    assert nam_dong.pull(healthy, store, "digital_address", moment=datetime(2024, 6, 9, 17, 1, tzinfo=UTC)).readings


def test_faults_are_read_from_one_line():
    assert parse("super_app=500x2,antivirus=html") == {"super_app": "500x2", "antivirus": "html"}
    assert parse("") == {}
