"""The golden quarter on its way to the province: what `hue-dti rollup` says of it, closed and not."""

import json
from fractions import Fraction

import pytest


@pytest.fixture(scope="module")
def found(typed):
    done = typed("rollup", "--period", "2024-Q2", "--closed", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def lines_of(found):
    lines = [line for main in found["main"] for line in main["components"]]
    return {line["code"]: line for each in lines for line in (each, *each.get("parts", ()))}


def test_the_counts_of_the_frozen_quarter_are_summed_and_the_rest_of_the_province_is_said_to_be_missing(found):
    line = lines_of(found)["3.3"]
    assert (line["local"]["part"], line["local"]["whole"], line["share"]) == (4021, 7258, "0.554009")
    assert (line["local"]["units"]["have"], line["local"]["units"]["expected"]) == (10, 141)
    assert len(line["local"]["units"]["absent"]) == 131
    assert (line["points"], line["provisional"]) == ("5.5401", True)
    assert (found["closed"], len(found["open"]), found["basis"]) == (["483"], 8, "closed")
    assert found["index"] == {"low": "0.000000", "high": "1.000000", "exact": False}


def test_a_component_opens_down_to_its_communes_and_they_add_up(typed):
    told = json.loads(typed("rollup", "--period", "2024-Q2", "--component", "8.4", "--json").stdout)
    (nam_dong,) = (each for each in told["units"] if each["unit"] == "483")
    assert (nam_dong["part"], nam_dong["whole"], nam_dong["told"]) == (3632, 7258, 10)
    assert sum(each["part"] for each in nam_dong["below"]) == 3632
    assert sum(Fraction(each["gain"]) for each in told["units"]) == Fraction(nam_dong["gain"])


def test_an_unknown_component_or_a_period_without_a_map_is_said(typed):
    assert typed("rollup", "--period", "2024-Q2", "--component", "3.33").exit_code == 2
    done = typed("rollup", "--period", "2023-Q2")
    assert done.exit_code == 1
    assert "Chưa có bảng tổng hợp nào" in str(done.exception)


def test_a_reader_sees_what_is_measured_reported_missing_and_left_to_the_province(typed):
    said = typed("rollup", "--period", "2024-Q2").stdout
    assert "95 chỉ số thành phần: đã đo 8, đã báo 6, còn thiếu 4, chờ tỉnh nhập 77." in said
    assert "Tính được 14,4919 trên 40 điểm, trong đó 40 điểm tạm tính" in said
    assert "Huyện Nam Đông: 25,5081 điểm" in said
