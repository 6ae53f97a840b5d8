"""Vietnamese unless asked for English; search forgives missing marks."""

from __future__ import annotations

import re

import pytest

from hue_dti.web.language import english

QUARTER = "/don-vi/483/2024-Q2"
PAGES = [
    "/",
    "/nguon",
    "/canh-bao",
    QUARTER,
    f"{QUARTER}/tieu-chi/III.1",
    f"{QUARTER}/bao-cao",
    "/xep-hang/xa/2024-Q2",
    "/don-vi/483/2024-Q1",
    "/khong-co",
    "/tim?q=zzz",
]


def words(node):
    return " ".join(node.get_text(" ").split())


def test_the_pages_speak_vietnamese_until_english_is_chosen(golden):
    reader = golden.browse()
    assert reader.open(QUARTER).html["lang"] == "vi"
    answer = reader.get(f"/ngon-ngu/en?ve={QUARTER}?nhom=III")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{QUARTER}?nhom=III")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    page = reader.open(QUARTER)
    assert page.html["lang"] == "en"
    assert "In progress" in words(page.main)
    assert "Q2 2024" in words(page.h1)
    reader.get("/ngon-ngu/vi")
    assert "Đang thực hiện" in words(reader.open(QUARTER).main)


@pytest.mark.parametrize("address", PAGES)
def test_no_vietnamese_word_of_ours_is_left_on_an_english_page(address, golden):
    reader = golden.browse()
    reader.get("/ngon-ngu/en")
    page = reader.open(address, 404 if address == "/khong-co" else 200)
    for quoted in page.select("[lang=vi]"):
        quoted.decompose()
    ours = [text for text in english() if len(text) > 12 and "%(" not in text]
    assert len(ours) > 80
    assert [text for text in ours if text in words(page)] == []


@pytest.mark.parametrize(
    "target",
    [
        "https://example.vn/",
        "//example.vn",
        "/\\example.vn",
        "/%09/example.vn",
        "/%0a/example.vn",
        "\\\\example.vn",
        "javascript:alert(1)",
        "/%5Cexample.vn",
        "",
        "http:/x",
    ],
)
def test_the_switch_never_leads_off_the_site(target, reader):
    answer = reader.get(f"/ngon-ngu/en?ve={target}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_the_switch_comes_back_to_the_page_with_its_filter(reader):
    link = reader.open(f"{QUARTER}?nhom=III&q=a+b").select_one(".top-links a[hreflang]")["href"]
    assert reader.get(link).headers["Location"] == f"{QUARTER}?nhom=III&q=a+b"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("nam dong", "Huyện Nam Đông"),
        ("NAM ĐÔNG", "Huyện Nam Đông"),
        ("483", "Huyện Nam Đông"),
        ("thuong lo", "Xã Thượng Lộ"),
        ("mam non huong phu", "Trường Mầm non Hương Phú"),
    ],
)
def test_a_unit_is_found_without_marks_by_any_beginning_of_its_words(asked, found, reader):
    assert found in [words(each) for each in reader.open(f"/tim?q={asked}").select(".found a")]


def test_words_are_found_at_their_beginning_only(reader):
    names = [words(each) for each in reader.open("/tim?q=huong").select(".found a")]
    assert "Xã Hương Sơn" in names
    assert "Phường Tây Lộc" not in names


def test_criteria_are_found_too(reader):
    page = reader.open("/tim?q=vi+dien+tu")
    assert any(each["href"].startswith(f"{QUARTER}/tieu-chi/") for each in page.select(".found a")) or page.select_one(".empty")
    assert words(reader.open("/tim?q=III.1").select_one(".found a")).startswith("III.1 ")


def test_a_word_in_brackets_is_found_too(reader):
    assert "VIII.1 " in words(reader.open("/tim?q=VietQR").select_one(".found a")) + " "


def test_the_unit_of_exactly_that_name_comes_first_with_the_time_it_lasted(reader):
    first, *others = reader.open("/tim?q=Hương+Phú").select(".found li")
    assert all("Hương Phú" in words(each.a) for each in others)
    assert words(first.a) == "Xã Hương Phú"
    assert "từ ngày 01/01/2025 đến ngày 30/06/2025" in words(first)


def test_a_source_that_was_never_read_is_not_called_correct_or_complete(bare):
    page = bare.browse().open("/nguon?don-vi=483&ky=2024-Q2")
    line = words(page.select_one(".sources > li .source-words"))
    assert "chưa lấy lần nào" in line
    assert line.endswith("Chưa lấy lần nào nên chưa đánh giá được.")
    assert "kết thúc hoạt động hết ngày 31/12/2024" in words(page.select_one(".head"))


def test_nothing_found_says_how_to_ask(reader):
    assert "không dấu" in words(reader.open("/tim?q=qqqq").select_one(".empty"))


def test_the_sources_read_as_sentences(reader):
    lines = [words(each.select_one(".source-words")) for each in reader.open("/nguon").select(".sources > li")]
    assert len(lines) == 16
    assert re.fullmatch(
        r"Ứng dụng Hue-S tốt · lấy \d\d:\d\d hôm (?:nay|qua) \(.*\) · 230 số liệu đúng.* đủ.* số liệu hợp lệ.* nguồn trả lời.*", lines[0]
    )


def test_a_source_that_failed_says_why_and_its_figures_are_not_zero(bare):
    from datetime import UTC, datetime

    at = datetime(2024, 6, 11, tzinfo=UTC)
    run = bare.storage.begin_pull("police", "483", "2024-Q2", at)
    bare.storage.finish_pull(run, "failed", "không kết nối được <b>trong 5 giây</b>", 3, 0, (), at)
    page = bare.browse().open("/nguon?don-vi=483&ky=2024-Q2")
    line = next(each for each in page.select(".sources > li") if "Công an" in words(each.h2))
    assert "nguồn lỗi" in words(line)
    assert "<b>trong 5 giây</b>" in line.select_one(".note").text
