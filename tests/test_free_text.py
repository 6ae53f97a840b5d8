"""Words that persons write: what disturbs is left out, what deceives is refused with its place, and lengths end somewhere."""

import pytest

from hue_dti.errors import ReviewRefused
from hue_dti.free_text import one_line, paragraphs


def line(text, longest=500):
    return one_line(text, "Lý do", longest, ReviewRefused)


def test_words_copied_from_elsewhere_lose_only_what_nobody_sees():
    assert line("  Thi\u00adếu\u200b  thôn\t3\n\ufeff. ") == "Thiếu thôn 3 ."
    assert line("Thie\u0302\u0301u") == "Thiếu"
    assert paragraphs("Một\r\n\r\n\r\nHai  ba\r", "Lời", 500, ReviewRefused) == "Một\n\nHai ba"


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u061c"])
def test_signs_that_turn_the_reader_s_eye_round_are_refused_with_their_place(sign):
    with pytest.raises(ReviewRefused, match="Lý do có ký tự đảo chiều chữ sau “Số đúng là ”; hãy xoá chỗ đó rồi gõ lại"):
        line(f"Số đúng là {sign}132")


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\ue000", "\ud800", "\U000e0041", "\U0003fffe"])
def test_control_signs_and_signs_nobody_can_see_are_refused(sign):
    with pytest.raises(ReviewRefused, match="ký tự điều khiển hoặc ký tự lạ"):
        line(f"a{sign}")


def test_words_end_where_their_field_ends():
    assert line("x" * 500) == "x" * 500
    with pytest.raises(ReviewRefused, match="Lý do dài quá 500 chữ"):
        line("x" * 501)
