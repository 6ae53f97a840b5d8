"""The words a secretary may change: a slip in them is told with the file, the place and what may stand there."""

import pytest

from hue_dti.errors import ReportError
from hue_dti.reports import texts as fixed
from hue_dti.reports.texts import listed, text
from hue_dti.reports.wording import runs


@pytest.fixture
def changed(monkeypatch):
    """Other words than those of the file."""
    words = {"lead": "Thực hiện {decison}", "open": "Đạt {n", "subject": ["về {period}", "và {x}"], "good": "{{n}} là {n}"}
    monkeypatch.setattr(fixed, "texts", lambda: words)


def test_a_placeholder_misspelt_is_told_with_those_that_may_stand_there(changed):
    with pytest.raises(ReportError, match=r"texts\.yaml, mục 'lead': 'Thực hiện \{decison\}'.*dùng được: \{decision\}, \{year\}"):
        text("lead", decision="Quyết định", year="2024")


@pytest.mark.parametrize("path", ["open", "subject"])
def test_a_brace_left_open_and_a_wrong_line_of_a_list_are_told_too(path, changed):
    with pytest.raises(ReportError, match=path):
        listed(path, n="3", period="Quý II") if path == "subject" else text(path, n="3")


def test_a_text_that_was_taken_out_is_named(changed):
    with pytest.raises(ReportError, match=r"thiếu mục 'results\.points'"):
        text("results", "points")


def test_doubled_braces_stand_for_themselves_and_words_are_not_filled_twice(changed):
    assert text("good", n="{n}") == "{n} là {n}"


def test_a_lone_brace_in_a_sentence_is_told():
    with pytest.raises(ReportError, match="ngoặc nhọn lẻ"):
        runs("Đạt {n", {"n": "3"})
