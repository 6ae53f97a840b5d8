"""The one door for words."""

from __future__ import annotations

import unicodedata

import pytest

from hue_dti.reports.escape import esc, on_one_line, printable


@pytest.mark.parametrize("text", ["<xã Đồng Đăng>", "<img src=/etc/passwd>", "{{7*7}}", "&amp;", "\"'", "=1+1"])
def test_markup_in_words_is_shown_literally(text: str) -> None:
    import html

    assert html.unescape(esc(text)) == text
    assert "<" not in esc(text)


def test_words_leave_in_composed_form_even_when_they_came_apart() -> None:
    assert printable(unicodedata.normalize("NFD", "Thị trấn Khe Tre")) == "Thị trấn Khe Tre"


def test_characters_that_cannot_be_seen_stand_there_by_their_number() -> None:
    assert printable("xã\u202e\x07Hương\ud800") == "xã[U+202E][U+0007]Hương[U+D800]"


def test_shapeless_spaces_go_and_other_line_ends_become_spaces() -> None:
    assert printable("Khe\u00ad\u200bTre\ufeff\tvà\r\nHương\u2028Phú") == "KheTre và\nHương Phú"


def test_a_line_break_is_a_space_where_there_is_only_one_line() -> None:
    assert on_one_line("ỦY BAN NHÂN DÂN\nHUYỆN  NAM ĐÔNG") == "ỦY BAN NHÂN DÂN HUYỆN NAM ĐÔNG"
