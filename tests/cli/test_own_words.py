"""What the command line says of its own use is Vietnamese wherever it is typed."""

import subprocess
import sys

import pytest

from hue_dti.cli.click_words import word, words


def typed(*line):
    """The program as an operator starts it: its exit and what it printed."""
    done = subprocess.run([sys.executable, "-m", "hue_dti", *line], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("rollup",), 2, ("Cách dùng:", "Lỗi: Thiếu tùy chọn '--period'", "Xem cách dùng:")),
        (("rollupp",), 2, ("Lỗi: Không có lệnh 'rollupp'", "Có phải 'rollup' không?")),
        (("rank", "--help"), 0, ("Cách dùng: ", "rank [TÙY CHỌN]", "Tùy chọn:", "In hướng dẫn này rồi thôi.")),
        (("user", "--help"), 0, ("user [TÙY CHỌN] LỆNH [THAM SỐ]...",)),
    ],
)
def test_wrong_use_and_help_are_told_in_vietnamese(line, code, said):
    ended, printed = typed(*line)
    assert ended == code
    assert [each for each in said if each not in printed] == []
    assert not [each for each in ("Usage:", "Try ", "Error:", "Missing", "Options:", "[OPTIONS]", "COMMAND [ARGS]") if each in printed]


def test_what_is_not_listed_stays_as_it_was_written():
    assert (word("Usage:"), word("một câu khác")) == ("Cách dùng:", "một câu khác")
    assert words("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 2) == "{value!r} không phải một trong {choices}."
