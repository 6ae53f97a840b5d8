"""Hậu Giang's 95 components of 2022: result, status and advice as printed, points where the rule and the maximum are known."""

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.cli import cli
from hue_dti.errors import ValuesRefused
from hue_dti.resources import folder
from hue_dti.rollup.components import ComponentValue, by_component
from hue_dti.rollup.read_components import read_components
from hue_dti.rollup.read_values import DecimalSign
from hue_dti.scoring.model import Status

PROVINCE = load_frameworks(folder("criteria"))["province-922"]
FILE = folder("criteria") / "frameworks" / "examples" / "hau-giang-2022-components.csv"
TEXT = FILE.read_text(encoding="utf-8")
CODES = {component.code for _, component in PROVINCE.lines()}


def read(text, decimal=DecimalSign.DOT):
    return read_components(text, "hg.csv", PROVINCE, decimal)


@pytest.fixture(scope="module")
def found():
    given = read(TEXT)
    return {main.main.code: main for main in by_component(PROVINCE, given.values, given.published)}


def line(found, code):
    return next(line for main in found.values() for each in main.components for line in each.lines if line.component.code == code)


def test_the_example_gives_every_component_and_part_of_the_framework():
    given = read(TEXT)
    assert set(given.values) == CODES
    assert set(given.published) == {main.code for main in PROVINCE.scored}
    assert given.values["2.9"] == ComponentValue(
        "Chưa ban hành", Fraction(0), Status.NOT_ACHIEVED, "Ban hành chính sách thuê chuyên gia CDS"
    )


def test_the_points_of_digital_infrastructure_come_back_but_for_the_one_part_nobody_printed(found):
    infrastructure = found["infrastructure"]
    assert infrastructure.points == Fraction("54.16") + Fraction(60, 7)  # 7.436 + 8.82 + 6.237 + 10 + 15 + 0 + 6.667, and 6/7 of 10
    assert (infrastructure.known_of, infrastructure.open_of) == (90, 10)
    assert abs(infrastructure.rest - 10) < Fraction(1, 100)
    assert (line(found, "3.6.1").points, line(found, "3.6.2").points, line(found, "3.6").points) == (Fraction(60, 7), None, None)
    assert (line(found, "3.5").points, line(found, "3.5").status) == (15, Status.IN_PROGRESS)


def test_what_was_published_leaves_full_marks_for_the_open_components_of_awareness_and_institutions(found):
    for code, points, open_of in (("awareness", Fraction("23.33"), 70), ("institutions", 10, 60)):
        assert (found[code].points, found[code].rest, found[code].open_of) == (points, open_of, open_of)
    assert all(main.sound for main in found.values())


def test_a_result_without_a_share_or_a_component_without_a_maximum_earns_no_invented_points(found):
    assert (line(found, "4.11").points, line(found, "4.11").status, line(found, "4.11").value.result) == (None, None, "(2022: 192 người)")
    assert (line(found, "6.12").points, line(found, "6.12").status) == (None, Status.IN_PROGRESS)
    assert (line(found, "6.4").status, line(found, "6.4").value.result) == (None, "")


def test_a_target_that_is_reached_is_achieved(found):
    assert (line(found, "7.8").earned_share, line(found, "7.8").status) == (1, Status.ACHIEVED)
    assert line(found, "7.1").earned_share == Fraction("8.06") / 20


def test_published_points_that_cannot_be_right_are_not_sound():
    given = read(TEXT.replace("awareness,,,,,93.33", "awareness,,,,,93.50"))
    assert [main.main.code for main in by_component(PROVINCE, given.values, given.published) if not main.sound] == ["awareness"]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("1.1,✓,100%", "1.99,✓,100%", "hg.csv:3:1: mã '1.99' không có trong khung province-922"),
        ("1.3,", "1.2,", "hg.csv:5:1: mã '1.2' viết hai lần"),
        ("33.3%", "130%", "hg.csv:5:3: tỷ lệ là '130%', lớn hơn 100%"),
        ("33.3%", '"33,3%"', "hg.csv:5:3: tỷ lệ là '33,3%'"),
        ("not_achieved", "not_achievd", "hãy viết 'not_achieved'"),
        (",93.33", ",193.33", "hg.csv:2:6: điểm là '193.33', quá điểm tối đa"),
        ("code,result,share", "code,result,ratio", "hg.csv:1:3: cột 'ratio' không dùng ở đây"),
    ],
)
def test_each_mistake_is_told_with_file_line_and_column(right, wrong, told):
    with pytest.raises(ValuesRefused) as caught:
        read(TEXT.replace(right, wrong, 1))
    assert any(told in str(fault) for fault in caught.value.faults), caught.value.faults


def test_decimal_commas_are_read_when_said():
    assert read('code,share\n1.3,"33,3%"\n', DecimalSign.COMMA).values["1.3"].share == Fraction("0.333")


def run(*args):
    return CliRunner().invoke(cli, ["dti", "--framework", "province-922", *map(str, args)])


def test_the_command_tells_result_status_points_and_advice_of_every_component():
    done = run("--components", FILE)
    assert done.exit_code == 0
    assert "3. Hạ tầng số: công bố 72,73/100; tính được 62,7314/90 điểm; phần chưa tính được: 10/10 điểm" in done.stdout
    assert "Chưa ban hành · Không đạt · 0/10 điểm (suy luận) → Ban hành chính sách thuê chuyên gia CDS" in done.stdout
    assert "(2022: 192 người) · Có số liệu, không có tỷ lệ · điểm tối đa 5" in done.stdout
    told = json.loads(run("--components", FILE, "--json").stdout)
    assert {line["code"] for main in told for line in main["components"]} == CODES


def test_components_and_values_are_not_given_together():
    assert run("--components", FILE, "--values", FILE).exit_code == 2
    assert run().exit_code == 2
