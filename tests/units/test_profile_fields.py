"""What a cell of the general information may be; whatever could carry a second header, a formula or a person's name is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hue_dti.units.profile import HEADINGS, LONGEST, NotSo, read_field


@pytest.mark.parametrize("text", ["vanphong@namdong.example", "A.B-c+1@x.y.vn", " phong.vhtt@thuathienhue.gov.vn "])
def test_an_address_is_kept_in_small_letters(text):
    assert read_field("email", text) == text.strip().lower()


@pytest.mark.parametrize(
    "text",
    [
        "vanphong",
        "a@b",
        "a@@b.vn",
        ".a@b.vn",
        "a..b@c.vn",
        "a@b.vn, c@d.vn",
        "a@b.vn;c@d.vn",
        "a b@c.vn",
        "Văn phòng <a@b.vn>",
        "a@b.vn\nBcc: c@d.vn",
        "a@b.vn\r\nBcc: c@d.vn",
        "a@b.vn\u2028Bcc: c@d.vn",
        "ă@b.vn",
        "a@-b.vn",
        f"{'a' * 65}@b.vn",
        '"a b"@c.vn',
        "mailto:a@b.vn",
    ],
)
def test_what_is_not_one_plain_address_is_refused(text):
    with pytest.raises(NotSo):
        read_field("email", text)


@given(st.text(max_size=80))
def test_no_address_that_passes_can_begin_a_second_header_or_name_a_second_mailbox(text):
    try:
        address = read_field("email", text)
    except NotSo:
        return
    assert address == "" or (
        address.count("@") == 1 and address.isascii() and address.isprintable() and not set(address) & set(" ,;:<>\"'()")
    )


@pytest.mark.parametrize("text", ["0234 3875 123", "(0234) 3875.123", "+84 234 3875 123", "0905123456"])
def test_a_telephone_is_kept_as_written(text):
    assert read_field("phone", text) == text


@pytest.mark.parametrize("text", ["113", "3875123", "0234 3875 123 máy lẻ 5", "+1 555 0100 200", "0234-3875-1234567", "khong"])
def test_what_cannot_be_rung_is_refused(text):
    with pytest.raises(NotSo, match="số điện thoại"):
        read_field("phone", text)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "namdong.vn", "https://namdong", "ftp://a.vn", "https://a.vn/<b>", "https://a@b.vn/"]
)
def test_only_a_web_address_leads_out_of_the_page(text):
    with pytest.raises(NotSo, match="trang thông tin"):
        read_field("website", text)


@pytest.mark.parametrize(
    "text", ["Ông Trần Văn An", "bà Lê Thị Bình", "Chánh Văn phòng: Ông Trần Văn An", "Phó Chủ tịch (đ/c An)", "Đồng chí An"]
)
@pytest.mark.parametrize("field", ["post", "leader_post"])
def test_a_post_is_not_a_person(field, text):
    with pytest.raises(NotSo, match="chức danh"):
        read_field(field, text)


@pytest.mark.parametrize("text", ["Chánh Văn phòng HĐND và UBND", "Phó Chủ tịch UBND tỉnh Bà Rịa - Vũng Tàu", "Hiệu trưởng"])
def test_a_post_is_kept(text):
    assert read_field("post", text) == text


@pytest.mark.parametrize(("text", "number"), [("60", 60), ("64.782", 64782), ("0", 0), ("", None)])
def test_a_number_is_read_as_officials_write_it_and_absence_is_not_zero(text, number):
    assert read_field("area_ha", text) == number


@pytest.mark.parametrize("text", ["647,82", "-1", "sáu mươi", "60 xã 5", "99999999999"])
def test_a_number_that_could_mean_two_things_is_refused(text):
    with pytest.raises(NotSo):
        read_field("villages", text)


@pytest.mark.parametrize("field", HEADINGS)
@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@SUM(1)", "a\x00b", "x" * (LONGEST + 1), "a\u202eb"])
def test_formulas_unseen_characters_and_endless_texts_are_refused_in_every_column(field, text):
    with pytest.raises(NotSo):
        read_field(field, text)


def test_a_cell_copied_from_elsewhere_is_read_on_one_line_without_what_nobody_sees():
    assert read_field("address", "Thôn 1,\n xã\tHương\u200b Sơn") == "Thôn 1, xã Hương Sơn"
    assert read_field("email", "a\u200b@b.vn") == "a@b.vn"
