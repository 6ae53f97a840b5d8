"""The published indices come back from their main-index values: 63 provinces, 26 ministries, Hậu Giang's pillars and growth."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.errors import FrameworkError, ValuesRefused
from hue_dti.resources import folder
from hue_dti.rollup.assess import assess, printed
from hue_dti.rollup.model import INDEX, UnitValues
from hue_dti.rollup.read_regions import fitting, names_in, read_official_regions, read_region_lists, whole_regions
from hue_dti.rollup.read_values import Spelling, read_values
from hue_dti.rollup.year_results import changed, keys_of, rows_by
from hue_dti.scoring.ranking import competition

FRAMEWORKS = load_frameworks(folder("criteria"))
EXAMPLES = folder("criteria") / "frameworks" / "examples"
REGIONS = folder("criteria") / "regions" / "provinces-63.csv"
TEN_THOUSANDTH = Fraction(1, 10_000)


def rows(name, framework="province-922", **spelt):
    path = EXAMPLES / name
    return read_values(path.read_text(encoding="utf-8"), path.name, FRAMEWORKS[framework], Spelling(**spelt), published_alone=True)


@pytest.fixture(scope="module")
def provinces():
    return assess(FRAMEWORKS["province-922"], rows("dti-2021-provinces.csv"))


def test_the_published_index_of_all_63_provinces_comes_back_within_a_ten_thousandth(provinces):
    off = {each.unit: abs(each.index.value - each.index.published) for each in provinces.results}
    assert len(off) == 63
    assert max(off.values()) <= TEN_THOUSANDTH


def test_the_ranks_are_those_published_and_two_provinces_share_rank_12(provinces):
    published = competition([each.index.published for each in provinces.results])
    assert [each.index.rank for each in provinces.results] == list(published)
    shared = [each.unit for each in provinces.results if each.index.rank == 12]
    assert shared == ["Thanh Hóa", "Vĩnh Phúc"]
    assert [each.index.rank for each in provinces.results][13] == 14
    (first, second) = (each.index.value for each in provinces.results[11:13])
    assert first != second, "they share the rank at the printed precision only"


def test_at_a_finer_precision_they_share_no_rank():
    finer = assess(FRAMEWORKS["province-922"], rows("dti-2021-provinces.csv"), precision=6)
    assert sorted(each.index.rank for each in finer.results) == list(range(1, 64))


def test_means_and_counts_are_those_of_the_ministry_s_book(provinces):
    index = provinces.index
    assert (printed(index.mean, 4), index.above_mean, index.from_halfway) == (Fraction("0.4014"), 31, 6)
    means = {"awareness": "0.6281", "institutions": "0.4857", "workforce": "0.2424", "security": "0.3267"}
    means |= {"government": "0.4376", "economy": "0.3612", "society": "0.2975"}
    assert {each.code: printed(each.mean, 4) for each in provinces.main if each.code in means} == {
        code: Fraction(mean) for code, mean in means.items()
    }


def test_the_stated_formula_gives_the_pillars_of_one_province_in_2021_but_means_above_those_published(provinces):
    hau_giang = next(each for each in provinces.results if each.unit == "Hậu Giang").pillars
    assert {code: (printed(each.value, 4), each.rank) for code, each in hau_giang.items()} == {
        "government": (Fraction("0.5190"), 15),
        "economy": (Fraction("0.4400"), 28),
        "society": (Fraction("0.4444"), 23),
    }
    published = {"government": "0.4317", "economy": "0.4098", "society": "0.3989"}
    off = {each.code: printed(each.mean - Fraction(published[each.code]), 4) for each in provinces.pillars}
    assert off == {"government": Fraction("0.0006"), "economy": Fraction("0.0044"), "society": Fraction("0.0007")}
    text = (Path(__file__).parents[2] / "docs" / "framework-format.md").read_text(encoding="utf-8")
    assert all(f"{float(each):.4f}".replace(".", ",") in text for each in off.values())


def test_hau_giang_2022_gives_its_published_index_pillars_and_growth():
    (result,) = assess(FRAMEWORKS["province-922"], rows("hau-giang-2022.csv", points=True), rows("hau-giang-2021.csv", points=True)).results
    assert printed(result.index.value, 4) == result.index.published == Fraction("0.6342")
    pillars = {code: printed(each.value, 4) for code, each in result.pillars.items()}
    assert pillars == {code: each.published for code, each in result.pillars.items()}
    grown = [printed(each.growth * 100, 1) for each in (result.index, *result.pillars.values())]
    assert grown == [Fraction("35.8"), Fraction("39.4"), Fraction("54.5"), Fraction("39.7")]


@pytest.mark.parametrize(
    ("name", "framework", "units", "counts"),
    [
        ("dti-2021-ministries.csv", "ministry-922", 17, ("0.4595", 7, 6)),
        ("dti-2021-ministries-no-services.csv", "ministry-922-no-services", 9, ("0.2151", 3, 0)),
    ],
)
def test_the_published_index_of_the_ministries_comes_back(name, framework, units, counts):
    found = assess(FRAMEWORKS[framework], rows(name, framework))
    off = [abs(each.index.value - each.index.published) for each in found.results]
    assert (len(off), max(off) <= TEN_THOUSANDTH) == (units, True)
    assert (printed(found.index.mean, 4), found.index.above_mean, found.index.from_halfway) == (Fraction(counts[0]), *counts[1:])
    assert all(each.pillars == {} for each in found.results)


def test_ranks_within_a_region_are_among_its_units_only():
    units = rows("dti-2021-provinces.csv")
    regions = read_region_lists(REGIONS.read_text(encoding="utf-8"), "provinces-63.csv", units)
    found = assess(FRAMEWORKS["province-922"], units, regions=regions)
    ranks = {each.unit: each.regions[0].ranks["index"] for each in found.results if each.regions}
    assert sorted(len(each) for each in regions.values()) == [5, 6, 11, 13, 14, 14]
    assert (ranks["TP. Cần Thơ"], ranks["Hậu Giang"], ranks["Đồng Tháp"], ranks["Bạc Liêu"]) == (1, 2, 11, 13)
    assert (ranks["TP. Đà Nẵng"], ranks["Thừa Thiên - Huế"], ranks["TP. Hồ Chí Minh"], ranks["Lạng Sơn"]) == (1, 2, 1, 1)


def test_a_region_that_is_not_whole_has_no_ranks_and_every_province_is_in_one_region_only():
    text = REGIONS.read_text(encoding="utf-8")
    lists = read_official_regions(text, "r.csv")
    units = [row for row in rows("dti-2021-provinces.csv") if row.unit != "Kon Tum"]
    assert set(lists) - set(whole_regions(lists, units)) == {"Tây Nguyên"}
    with pytest.raises(ValuesRefused, match=r"r\.csv:68:2: 'Tỉnh Hà Giang' đã có ở dòng 5, Trung du và miền núi phía Bắc"):
        read_official_regions(f"{text}Tây Nguyên,Tỉnh Hà Giang\n", "r.csv")


def test_units_new_or_gone_since_the_year_before_are_named_and_have_no_growth(provinces):
    now, before = rows("dti-2021-provinces.csv")[:3], rows("dti-2021-provinces.csv")[1:4]
    found = assess(FRAMEWORKS["province-922"], now, before)
    assert (found.new, found.gone) == (("TP. Đà Nẵng",), ("Bắc Ninh",))
    assert [each.index.growth for each in found.results] == [None, 0, 0]


@pytest.mark.parametrize("code", ["province-405", "ministry-405", "national-922"])
def test_a_framework_of_which_too_little_is_known_is_not_computed_and_says_why(code):
    with pytest.raises(FrameworkError, match="chưa biết"):
        assess(FRAMEWORKS[code], ())


LISTS = tuple(read_official_regions(path.read_text(encoding="utf-8"), path.name) for path in sorted(REGIONS.parent.glob("*.csv")))


def named(*names):
    return [UnitValues(name, {}, {INDEX: Fraction(at + 1, 100)}) for at, name in enumerate(names)]


def test_provinces_are_ranked_in_the_regions_of_their_own_time():
    now, then = sorted(LISTS, key=lambda lists: len(names_in(lists)))
    assert (len(names_in(now)), sorted(len(names) for names in now.values())) == (34, [3, 5, 5, 6, 6, 9])
    after = named(*(name for names in now.values() for name in names))
    assert set(whole_regions(fitting(LISTS, after), after)) == set(now)
    before = rows("dti-2021-provinces.csv")
    assert fitting(LISTS, before) == then
    renamed = [replace(row, unit="Huế") if row.unit == "Thừa Thiên - Huế" else row for row in before]
    assert set(then) - set(whole_regions(fitting(LISTS, renamed), renamed)) == {"Bắc Trung Bộ và duyên hải Trung Bộ"}
    few = named("TP. Hồ Chí Minh", "Đồng Nai", "Tây Ninh", "Hà Nội")
    assert whole_regions(fitting(LISTS, few), few) == {}, "three provinces of two times are no region of the newer one"
    assert fitting((), few) == {}


def test_of_a_framework_without_points_the_published_index_alone_is_ranked():
    framework = FRAMEWORKS["province-405"]
    text = "unit,index\nTP. Huế,0.8000\nTP. Đà Nẵng,0.80004\nHà Nội,0.8100\n"
    units = read_values(text, "r.csv", framework, Spelling())
    found = assess(framework, units, named("Huế"))
    told = [(each.unit, each.index.rank) for each in found.results]
    assert told == [("Hà Nội", 1), ("TP. Đà Nẵng", 2), ("TP. Huế", 2)]
    assert (found.main, found.pillars, dict(keys_of(found))) == ((), (), {INDEX: "DTI"})
    assert [row.rank for row in rows_by(found, INDEX, ["Thành phố Huế"]) if row.own] == [2]
    later = assess(FRAMEWORKS["province-922"], units, [replace(row, unit="Hà Nội") for row in rows("dti-2021-provinces.csv")[:1]])
    assert (later.framework.main, printed(later.results[0].index.previous, 4)) == ((), Fraction(6419, 10_000)), "points known one day"
    better = read_values(text.replace("0.8100", "0.8200"), "r.csv", framework, Spelling())
    assert changed(better, units) == ("Hà Nội",)


@pytest.mark.parametrize(
    ("header", "why"),
    [("unit,awareness", "thiếu cột index"), ("unit,index,awareness", "cột 'awareness' chưa dùng được: khung province-405 chưa biết điểm")],
)
def test_what_such_a_framework_cannot_use_is_refused_with_why(header, why):
    line = ",".join("0.5" for _ in header.split(",")[1:])
    with pytest.raises(ValuesRefused, match=why):
        read_values(f"{header}\nHuế,{line}\n", "r.csv", FRAMEWORKS["province-405"], Spelling())
