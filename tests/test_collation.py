"""Vietnamese order, folded search and one spelling at the border."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hue_dti.collation import fold, nfc, sort_key, spelling

# The order of ICU 72 (locale vi) and of Perl's Unicode::Collate::Locale (vi), which agree on every line.
ICU_ORDER = """
a | à | ả | ã | á | ạ | A Lưới | A Ngo | A Roàng | ă | ằ | ẳ | ẵ | ắ | ặ | â | ầ | ẩ | ẫ | ấ | ậ | Ân | b | c | d | Dương |
Dương Nỗ | đ | Đông Ba | Đống Đa | Đồng Đăng | Đương | e | è | ẻ | ẽ | é | ẹ | ê | ề | ể | ễ | ế | ệ | Êm | f | g | h | Hường |
Hưởng | Hướng | Hương Giang | Hương Hoà | Hương Hòa | Hương Hữu | Hương Lộc | Hương Phú | Hương Sơn | Hương Xuân | i | ì | ỉ | ĩ
| í | ị | j | k | Khe Tre | l | m | ma | Ma | MA | mà | Mà | mả | mã | má | mạ | n | ng | nga | nghe | nh | o | ò | ỏ | õ | ó |
ọ | ô | ồ | ổ | ỗ | ố | ộ | Ôm | ông | Ông Ích Khiêm | ơ | ờ | ở | Ở | ỡ | ớ | ợ | p | Phong Điền | Phú Lộc | Phước Vĩnh | q |
Quảng Điền | r | s | t | Thuỷ | Thủy | Thượng Long | Thượng Lộ | Thượng Nhật | Thượng Quảng | Trường 1 | Trường 10 | Trường 2 |
Trường A | Trường Tiểu học - Trung học cơ sở Nam Phú | Trường Tiểu học và Trung học cơ sở Nam Phú | Tuý | Túy | u | ù | ủ | ũ |
ú | ụ | ư | ừ | ử | ữ | ứ | ự | Ưu Điềm | v | Vỹ Dạ | w | x | xã (A) | xã A | Xã A | xã-A | y | ỳ | ỷ | ỹ | ý | ỵ | z
"""


def _words() -> list[str]:
    return [word.strip() for word in ICU_ORDER.replace("\n", " ").split(" | ")]


def test_the_order_is_the_one_of_icu() -> None:
    shuffled = _words()
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == _words()


def test_no_two_words_of_the_list_stand_at_the_same_place() -> None:
    assert len({sort_key(word) for word in _words()}) == len(_words())


def test_order_does_not_depend_on_how_the_letters_are_composed() -> None:
    assert [sort_key(unicodedata.normalize("NFD", word)) for word in _words()] == [sort_key(word) for word in _words()]


def test_a_letter_of_another_alphabet_comes_after_ours_and_does_not_disturb_them() -> None:
    assert sorted(["Ω", "z", "đ", "中"], key=sort_key) == ["đ", "z", "Ω", "中"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dong dang", "Xã Đồng Đăng"),
        ("đồng", "Đồng Đăng"),
        ("hoa", "Hương Hoà"),
        ("hoà", "Hương Hòa"),
        ("khe tre", "Thị  trấn\u00a0Khe Tre"),
        ("thuong lo", unicodedata.normalize("NFD", "Xã Thượng Lộ")),
        ("NAM ĐÔNG", "huyện Nam Đông"),
        ("phu loc", "Xã Ph\u200bú Lộc"),
        ("dak", "Ðăk Nông"),
    ],
)
def test_a_hurried_search_finds_the_name(typed: str, name: str) -> None:
    assert fold(typed) in fold(name)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_texts_that_are_canonically_the_same_fold_sort_and_spell_the_same(one: str, other: str) -> None:
    for text in (one, one + other):
        apart = unicodedata.normalize("NFD", text)
        assert (fold(apart), sort_key(apart), spelling(apart)) == (fold(nfc(text)), sort_key(nfc(text)), spelling(nfc(text)))


def test_spelling_forgives_the_place_of_the_tone_but_not_another_mark() -> None:
    assert spelling("Thị xã Hương THUỶ") == spelling("thị xã hương thủy")
    assert spelling("Hương Vân") != spelling("Hương Văn")
    assert spelling("má") != spelling("mà")


def test_text_enters_composed() -> None:
    assert nfc(unicodedata.normalize("NFD", "Thừa Thiên Huế")) == "Thừa Thiên Huế"
