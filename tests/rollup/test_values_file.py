"""A values file is read exactly or refused cell by cell; nothing is guessed."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.errors import ValuesRefused
from hue_dti.resources import folder
from hue_dti.rollup.assess import assess, index_of, pillar_of
from hue_dti.rollup.model import UnitValues
from hue_dti.rollup.read_regions import read_region, read_region_lists
from hue_dti.rollup.read_values import DecimalSign, Spelling, read_values
from hue_dti.scoring.ranking import competition

PROVINCE = load_frameworks(folder("criteria"))["province-922"]
CODES = [main.code for main in PROVINCE.scored]
HEADER = ",".join(("unit", *CODES))
ROW = "Huế,0.9,0.7,0.7264,0.3328,0.5582,0.7243,0.4433,0.3605"
COMMA = Spelling(decimal=DecimalSign.COMMA)


def read(text, spelt=None):
    return read_values(text, "gia-tri.csv", PROVINCE, spelt or Spelling())


def faults(text, spelt=None):
    with pytest.raises(ValuesRefused) as caught:
        read(text, spelt)
    return [str(fault) for fault in caught.value.faults]


def test_codes_and_vietnamese_names_are_both_columns_in_any_order():
    by_code = read(f"{HEADER}\n{ROW}\n")
    names = ",".join(("Đơn vị", *(main.name for main in PROVINCE.scored)))
    assert read(f"{names}\n{ROW}\n") == by_code
    turned = "\n".join(",".join(reversed(line.split(","))) for line in (HEADER, ROW))
    assert read(turned)[0].main == by_code[0].main


def test_decimal_commas_are_read_when_said_with_semicolons_tabs_or_quotes():
    plain = read(f"{HEADER}\n{ROW}\n")
    for delimiter in (";", "\t"):
        text = f"{HEADER}\n{ROW}\n".replace(",", delimiter).replace(".", ",")
        assert read(text, COMMA) == plain
    quoted = ",".join(f'"{cell}"' for cell in ROW.replace(".", "|").split(",")).replace("|", ",")
    assert read(f"\ufeff{HEADER}\r\n{quoted}\r\n", COMMA) == plain


def test_a_comma_that_was_not_said_is_a_fault_of_its_cell_and_so_is_a_dot():
    semicolons = f"{HEADER}\n{ROW}\n".replace(",", ";").replace("0.7264", "0,7264")
    assert faults(semicolons) == [
        "gia-tri.csv:2:4: infrastructure của Huế là '0,7264', dùng dấu ',' cho phần lẻ; hãy viết dấu '.', hoặc chọn ',' làm dấu của phần lẻ"
    ]
    assert len(faults(f"{HEADER}\n{ROW}\n", COMMA)) == 8


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        (f"{HEADER}\n{ROW}\n".replace("0.9,", ",", 1), "2:2", "để trống"),
        (f"{HEADER}\n{ROW}\n".replace("0.9,", "1.01,", 1), "2:2", "lớn hơn 1"),
        (f"{HEADER}\n{ROW}\n".replace("0.9,", "-0.1,", 1), "2:2", "không phải số"),
        (f"{HEADER}\n{ROW}\n".replace("0.9,", "90%,", 1), "2:2", "không phải số"),
        (f"{HEADER}\n{ROW}\n\n{ROW}\n", "4:1", "đã có ở dòng 2"),
        (f"{HEADER}\n{ROW},1\n", "2:10", "dòng có 10 ô, dòng tên cột có 9 ô"),
        (f"{HEADER}\n", "1:1", "không có dòng số liệu nào"),
        (f"{HEADER.replace('society', 'socety')}\n{ROW}\n", "1:9", "hãy viết 'society'"),
        (f"{HEADER.replace(',society', '')}\n{ROW.rpartition(',')[0]}\n", "1:8", "thiếu cột society (Hoạt động xã hội số)"),
        (f"{HEADER.replace('society', 'Hoạt động kinh tế số')}\n{ROW}\n", "1:9", "trùng với một cột trước"),
        (f"{HEADER.replace('government', 'Chính quyền số')}\n{ROW}\n", "1:9", "thiếu cột government"),
        (f"{HEADER.replace('unit', 'tinh')}\n{ROW}\n", "1:1", "không có cột 'unit'"),
        (f"{HEADER}\n,{ROW.partition(',')[2]}\n", "2:1", "tên đơn vị để trống"),
        (f'{HEADER}\n"{ROW}\n', "2:1", "không đọc được dòng này"),
        ("", "1:1", "không có cột 'unit'"),
    ],
)
def test_each_mistake_is_told_with_file_line_and_column(text, where, words):
    told = faults(text)
    assert any(each.startswith(f"gia-tri.csv:{where}: ") and words in each for each in told), told
    assert all("; hãy " in each for each in told)


def test_all_faults_are_told_at_once_in_file_order():
    told = faults(f"{HEADER}\n{ROW.replace('0.7,', 'x,', 1)}\nA,{','.join(['2'] * 8)}\n")
    assert [each.split(": ")[0] for each in told] == ["gia-tri.csv:2:3", *(f"gia-tri.csv:3:{column}" for column in range(2, 10))]


def test_points_are_read_as_shares_of_each_maximum_and_none_may_exceed_it():
    points = "Huế,90,70,72.64,33.28,55.82,144.86,66.495,54.075"
    assert read(f"{HEADER}\n{points}\n", Spelling(points=True)) == read(f"{HEADER}\n{ROW}\n")
    assert "quá điểm tối đa 150" in faults(f"{HEADER}\n{points.replace('66.495', '166')}\n", Spelling(points=True))[0]


def test_a_region_names_units_of_the_values_file_only_and_each_once():
    units = read(f"{HEADER}\n{ROW}\n{ROW.replace('Huế', 'Khánh Hòa')}\n")
    assert read_region("# miền Trung\nkhánh  hoà\n\nHuế\n", "v.txt", units) == ("Khánh Hòa", "Huế")
    with pytest.raises(ValuesRefused, match=r"v\.txt:2:1: 'Hếu' không có trong tệp giá trị; hãy viết 'Huế'"):
        read_region("Huế\nHếu\n", "v.txt", units)
    with pytest.raises(ValuesRefused, match=r"v\.csv:3:2: 'Huế' đã có trong vùng này"):
        read_region_lists("region,unit\nMT,Huế\nMT,Huế\n", "v.csv", units)


shares = st.fractions(min_value=0, max_value=1, max_denominator=10_000)


@given(st.lists(st.lists(shares, min_size=8, max_size=8), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_points_of_main_indices_add_up_exactly_to_the_index_and_the_pillars(values):
    units = [UnitValues(f"Tỉnh {place}", dict(zip(CODES, row, strict=True))) for place, row in enumerate(values)]
    for unit in units:
        points = {main.code: unit.main[main.code] * main.max_points for main in PROVINCE.scored}
        assert index_of(PROVINCE, unit.main) * 1000 == sum(points.values())
        for pillar in PROVINCE.pillars:
            assert pillar_of(PROVINCE, pillar, unit.main) * pillar.max_points == sum(points[code] for code in pillar.main if code in points)
    found = assess(PROVINCE, units, precision=12)
    assert sum(each.index.value for each in found.results) == found.index.mean * len(units)


@given(st.lists(shares, max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_competition_rank_is_one_more_than_how_many_are_larger(values):
    assert competition(values) == tuple(1 + sum(other > value for other in values) for value in values)
    assert competition([Fraction(1), Fraction(1, 2), Fraction(1, 2), Fraction(0)]) == (1, 2, 2, 4)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (f"{HEADER}\n{ROW}\n".replace("Huế", "Hu\x00ế"), "2:1", "có ký tự điều khiển hoặc ký tự lạ sau “Hu”"),
        (f"# nguồn\x00\n{HEADER}\n{ROW}\n", "1:1", "có ký tự điều khiển hoặc ký tự lạ"),
        (f"{HEADER}\n{ROW}\n".replace("Huế", "\u202eếuH"), "2:1", "có ký tự đảo chiều chữ ở đầu"),
        (f"{HEADER}\n{ROW}\n".replace("Huế", "H" * 201), "2:1", "tên đơn vị dài quá 200 chữ; hãy viết gọn lại"),
    ],
)
def test_a_unit_s_name_is_words_that_a_reader_sees_as_they_are(text, place, said):
    (told,) = faults(text)
    assert told.startswith(f"gia-tri.csv:{place}: ")
    assert said in told


def test_what_only_disturbs_is_left_out_and_no_fault_speaks_of_options_or_english():
    assert read(f"{HEADER}\n{ROW}\n".replace("Huế", "Hu\u200bế"))[0].unit == "Huế"
    told = faults(f'{HEADER}\n"{ROW}\n') + faults(f"{HEADER}\n{ROW}\n".replace("0.9,", "9,")) + faults(f"{HEADER}\n{ROW}\n", COMMA)
    assert [each for each in told if "--" in each or "unexpected" in each] == []
