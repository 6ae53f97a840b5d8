"""Thừa Thiên Huế of 2024 and the agencies of Nam Đông, against the lists a district printed in June 2024."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from hue_dti.errors import AmbiguousUnit, UnknownUnit
from hue_dti.resources import folder
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.names import NameIndex, name_key
from hue_dti.units.tree import build_tree, unit_on

CUT_OFF = date(2024, 6, 10)
PRINTED = Path(__file__).parent / "printed_lists_2024_q2.csv"


@pytest.fixture(scope="module")
def units() -> tuple[OrgUnit, ...]:
    return load_units(folder("criteria"))


@pytest.fixture(scope="module")
def nam_dong(units: tuple[OrgUnit, ...]) -> Tree:
    return build_tree(units, CUT_OFF, "483")


def _printed() -> list[dict[str, str]]:
    with PRINTED.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_province_of_2024_has_9_districts_and_141_communes(units: tuple[OrgUnit, ...]) -> None:
    tree = build_tree(units, CUT_OFF, "46")
    assert tree.units[0].name == "Tỉnh Thừa Thiên Huế"
    assert len(tree.children("46")) == 9
    assert Counter(unit.level for unit in tree.units) == {Level.PROVINCE: 1, Level.DISTRICT: 9, Level.COMMUNE: 141, Level.AGENCY: 34}


def test_nam_dong_has_10_communes_in_vietnamese_order_and_then_34_agencies(nam_dong: Tree) -> None:
    communes = [unit.name for unit in nam_dong.children("483") if unit.level is Level.COMMUNE]
    assert communes == [
        "Xã Hương Hữu",
        "Xã Hương Lộc",
        "Xã Hương Phú",
        "Xã Hương Sơn",
        "Xã Hương Xuân",
        "Thị trấn Khe Tre",
        "Xã Thượng Long",
        "Xã Thượng Lộ",
        "Xã Thượng Nhật",
        "Xã Thượng Quảng",
    ]
    assert [unit.level for unit in nam_dong.children("483")] == [Level.COMMUNE] * 10 + [Level.AGENCY] * 34


def test_every_printed_name_is_one_unit_and_each_unit_stands_once_in_a_list(nam_dong: Tree) -> None:
    names = NameIndex(nam_dong.units)
    in_list: dict[str, list[str]] = defaultdict(list)
    for row in _printed():
        in_list[row["footnote"]].append(names.resolve(row["unit_as_printed"]).code)
    assert {footnote: len(codes) for footnote, codes in in_list.items()} == {"2": 33, "3": 24, "4": 10, "5": 39}
    assert all(len(set(codes)) == len(codes) for codes in in_list.values())
    assert {code for codes in in_list.values() for code in codes} == {unit.code for unit in nam_dong.units} - {"483"}


def test_the_sums_by_unit_are_the_sums_of_the_printed_lists(nam_dong: Tree) -> None:
    names, sums = NameIndex(nam_dong.units), Counter[str]()
    by_level: dict[tuple[str, Level], int] = defaultdict(int)
    for row in _printed():
        unit = names.resolve(row["unit_as_printed"])
        sums[row["footnote"]] += int(row["count"])
        by_level[row["footnote"], unit.level] += int(row["count"])
    assert sums == {"2": 187, "3": 47, "4": 3632, "5": 181}
    assert by_level["4", Level.COMMUNE] == 3632
    assert by_level["3", Level.COMMUNE] == 7
    assert by_level["3", Level.AGENCY] == 40


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("xã Hương Sơn", "20167"),
        ("Xã Hương Sơn", "20167"),
        ("Hương Sơn", "20167"),
        ("huong son", "20167"),
        ("Thị trấn khe tre", "20161"),
        ("Khe Tre", "20161"),
        ("Nam Đông", "483"),
        ("nam-dong", "483"),
        ("483", "483"),
        ("Trường Tiểu học TTKT", "483.th-khe-tre"),
        ("Trường Tiểu học Thị trấn khe tre", "483.th-khe-tre"),
        ("Tiểu học Hương Phú", "483.th-huong-phu"),
        ("Trường Mầm non Hương Hoà", "483.mn-huong-hoa"),
    ],
)
def test_a_unit_answers_to_its_name_in_any_case_with_or_without_marks_and_level_word(nam_dong: Tree, written: str, code: str) -> None:
    assert NameIndex(nam_dong.units).find(written) == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Trường TH TTKT", "483.th-khe-tre"),
        ("Trường THCS TTKT", "483.thcs-khe-tre"),
        ("TH&THCS Kim Đồng", "483.th-thcs-kim-dong"),
        ("Trường PTDTNT Nam Đông", "483.thcs-noi-tru"),
        ("MN Hương Phú", "483.mn-huong-phu"),
        ("TT GDNN-GDTX", "483.tt-gdnn-gdtx"),
        ("TT VH-TTTT huyện", "483.tt-vh-tttt"),
        ("Phòng NN&PTNT", "483.phong-nong-nghiep"),
        ("Phòng GD&ĐT", "483.phong-giao-duc"),
        ("VP HĐND&UBND", "483.van-phong"),
        ("TT. Khe Tre", "20161"),
        ("Trường Mầm nom Thượng Lonh", "483.mn-thuong-long"),
    ],
)
def test_an_abbreviation_or_slip_is_suggested_first_and_never_resolved(nam_dong: Tree, written: str, meant: str) -> None:
    names = NameIndex(nam_dong.units)
    assert names.find(written) is None
    assert names.suggest(written)[0] == meant
    with pytest.raises(UnknownUnit, match="Ý bạn là") as refusal:
        names.resolve(written)
    assert nam_dong.unit(meant).name in str(refusal.value)


def test_a_name_like_none_gets_no_suggestion(nam_dong: Tree) -> None:
    assert NameIndex(nam_dong.units).suggest("Bệnh viện") == ()
    assert NameIndex(nam_dong.units).suggest(" ,.- ") == ()


def test_a_name_that_several_units_of_the_province_have_is_asked_about(units: tuple[OrgUnit, ...]) -> None:
    names = NameIndex(units)
    for shared, one, other in (("Hương Xuân", "20017", "20179"), ("Xã Hương Phong", "20002", "20080"), ("phu-loc", "482", "20107")):
        with pytest.raises(AmbiguousUnit) as refusal:
            names.find(shared)
        assert one in str(refusal.value)
        assert other in str(refusal.value)
    with pytest.raises(AmbiguousUnit):  # the district of 2024 and the commune of 2025: only a day tells which
        names.find("nam-dong")
    for day, code in ((CUT_OFF, "483"), (date(2025, 7, 1), "20179")):
        assert NameIndex(unit for unit in units if unit.exists_on(day)).find("nam-dong") == code
    assert names.find("Xã Hương Xuân") == "20179"


def test_marks_tell_two_wards_apart_that_look_alike_without_them(units: tuple[OrgUnit, ...]) -> None:
    names = NameIndex(units)
    assert (names.find("Hương Vân"), names.find("Hương Văn")) == ("20008", "20011")
    with pytest.raises(AmbiguousUnit):
        names.find("huong van")


def test_the_district_ended_with_2024(units: tuple[OrgUnit, ...]) -> None:
    assert unit_on(units, "483", date(2024, 12, 31)).name == "Huyện Nam Đông"
    with pytest.raises(UnknownUnit, match="01/01/2025"):
        build_tree(units, date(2025, 1, 1), "483")


def test_wards_that_hue_gained_in_2021_are_not_in_it_before(units: tuple[OrgUnit, ...]) -> None:
    assert unit_on(units, "19900", date(2021, 7, 1)).parent == "474"
    with pytest.raises(UnknownUnit):
        unit_on(units, "19900", date(2021, 6, 30))


def test_no_two_agencies_of_nam_dong_fold_to_the_same_name(nam_dong: Tree) -> None:
    keys = [name_key(name) for unit in nam_dong.units for name in (unit.name, *unit.aliases)]
    assert len(set(keys)) == len(keys)
