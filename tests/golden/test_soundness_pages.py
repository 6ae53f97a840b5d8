"""Pages that say how sound figures are: what contradicts, what is missing, which names wait, the four labels of a source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from hue_dti.observations.model import State
from tests.golden_quarter import PERIOD, UNIT, described
from tests.services.test_unknown_names import PRINTED, SCHOOL, strange

QUARTER = f"/don-vi/{UNIT}/2024-Q2"


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def words(tag):
    return " ".join(tag.get_text().split())


def test_the_quarter_page_says_that_all_figures_came_and_names_the_four_contradictions(golden):
    section = page(golden.site(), QUARTER).find(id="du-dung")
    text = words(section)
    assert "100,00%" in text
    assert "787 > Ví điện tử của người dân trên Hue-S 785" in text
    assert len(section.find_all("li")) == 4


def test_a_commune_s_page_tells_of_itself_only(golden):
    text = words(page(golden.site(), "/don-vi/20161/2024-Q2").find(id="du-dung"))
    assert "787" not in text
    assert "100,00%" in text


def test_the_quarter_page_names_what_is_missing_and_who_owes_it(another_quarter):
    quarter = another_quarter()
    (figure,) = [each for each in quarter.storage.observations(["20161"], PERIOD) if each.measure == "households"]
    run = quarter.storage.begin_pull("district", UNIT, PERIOD, quarter.now())
    quarter.storage.save_observations(run, [replace(figure, value=None, state=State.MISSING)])
    text = words(page(quarter.site(), QUARTER).find(id="du-dung"))
    assert "Hộ gia đình · Phòng Văn hóa và Thông tin huyện" in text
    assert "100,00%" not in text


def test_every_source_that_was_asked_carries_its_four_labels(golden):
    lines = page(golden.site(), "/nguon").select("ul.sources > li")
    assert lines
    for line in lines:
        assert [label in words(line) for label in ("đúng", "đủ", "số liệu hợp lệ", "nguồn trả lời")] == [True] * 4
    assert "đúng: 4 chỗ mâu thuẫn" in words(next(line for line in lines if "Ứng dụng Hue-S" in words(line)))


def test_a_source_that_does_not_answer_is_not_called_alive(another_quarter):
    quarter = another_quarter()
    quarter.close()
    quarter.pull(described("http://127.0.0.1:9", attempts="1"), "police")
    lines = page(quarter.site(), "/nguon").select("ul.sources > li")
    police = next(line for line in lines if "Công an" in words(line))
    assert "nguồn trả lời: lần hỏi mới nhất không trả lời" in words(police)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_names_page_lists_what_waits_with_the_command_to_type_and_is_escaped(another_quarter, language):
    quarter = another_quarter()
    hostile = "<b>Trường</b> TH TTKT"
    with strange({SCHOOL: hostile}) as (sources, _):
        quarter.pull(sources, "super_app")
    browser = quarter.site()
    browser.set_cookie("ngon_ngu", language)
    found = page(browser, "/ten-don-vi")
    assert found.select_one("main b") is None
    assert words(found.select_one("tbody th")) == hostile
    assert words(found.select_one("tbody code")) == f"hue-dti names confirm super_app '{hostile}' --unit 483.th-khe-tre"


def test_the_names_page_without_names_says_what_would_fill_it(golden):
    assert "Không có tên nào chờ" in words(page(golden.site(), "/ten-don-vi").main)
    assert PRINTED not in golden.site().get("/ten-don-vi").text
