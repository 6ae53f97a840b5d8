"""The tree of a day, with codes and names used again after a merger."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hue_dti.errors import UnknownUnit
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree, unit_on

START, MERGED, NOW = date(2020, 1, 1), date(2025, 1, 1), date(2025, 7, 1)
DAY = timedelta(days=1)


def merged_units() -> list[OrgUnit]:
    """Nam Đông as a district, then its communes under Phú Lộc, then as a commune with the code of Hương Xuân."""
    return [
        OrgUnit("46", "Tỉnh Thừa Thiên Huế", Level.PROVINCE, None, START, MERGED - DAY),
        OrgUnit("46", "Thành phố Huế", Level.PROVINCE, None, MERGED),
        OrgUnit("482", "Huyện Phú Lộc", Level.DISTRICT, "46", START, NOW - DAY),
        OrgUnit("483", "Huyện Nam Đông", Level.DISTRICT, "46", START, MERGED - DAY),
        OrgUnit("20179", "Xã Hương Xuân", Level.COMMUNE, "483", START, MERGED - DAY),
        OrgUnit("20179", "Xã Hương Xuân", Level.COMMUNE, "482", MERGED, NOW - DAY),
        OrgUnit("20179", "Xã Nam Đông", Level.COMMUNE, "46", NOW),
    ]


def _paths(day: date) -> list[tuple[str, str | None]]:
    return [(unit.name, unit.parent) for unit in build_tree(merged_units(), day).units]


def test_each_day_sees_its_own_names_and_parents() -> None:
    assert _paths(MERGED - DAY) == [
        ("Tỉnh Thừa Thiên Huế", None),
        ("Huyện Nam Đông", "46"),
        ("Xã Hương Xuân", "483"),
        ("Huyện Phú Lộc", "46"),
    ]
    assert _paths(MERGED) == [("Thành phố Huế", None), ("Huyện Phú Lộc", "46"), ("Xã Hương Xuân", "482")]
    assert _paths(NOW) == [("Thành phố Huế", None), ("Xã Nam Đông", "46")]


def test_the_parent_of_a_unit_is_the_one_of_that_day() -> None:
    assert [unit_on(merged_units(), "20179", day).parent for day in (MERGED - DAY, MERGED, NOW - DAY, NOW)] == ["483", "482", "482", "46"]


def test_a_root_that_did_not_exist_that_day_is_refused_with_the_day() -> None:
    with pytest.raises(UnknownUnit, match="Ngày 01/01/2025 không có đơn vị mã '483'"):
        build_tree(merged_units(), MERGED, "483")
    with pytest.raises(UnknownUnit, match="hãy xem lại"):
        unit_on(merged_units(), "999", START)


def test_a_tree_below_one_unit_has_it_as_root() -> None:
    tree = build_tree(merged_units(), START, "483")
    assert tree.parent == (-1, 0)
    assert tree.end == (2, 2)
    assert tree.index == {"483": 0, "20179": 1}


def test_no_units_make_an_empty_tree() -> None:
    assert len(build_tree(merged_units(), START - DAY)) == 0


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.randoms())
def test_a_subtree_is_the_range_from_the_unit_to_its_end(choices: list[int], shuffle: st.DataObject) -> None:
    parents = [None, *(f"u{choice % place}" for place, choice in enumerate(choices, start=1))]
    units = [OrgUnit(f"u{place}", f"Đơn vị {place}", Level.AGENCY, parent, START) for place, parent in enumerate(parents)]
    shuffle.shuffle(units)  # type: ignore[attr-defined]
    tree = build_tree(units, START)
    above = {unit.code: unit.parent for unit in units}
    assert tree.parent[0] == -1
    for place, unit in enumerate(tree.units):
        below = {each.code for each in tree.units[place : tree.end[place]]}
        assert below == {code for code in above if unit.code in _line(above, code)}
        assert tree.units[tree.parent[place]].code == unit.parent or place == 0


def _line(above: dict[str, str | None], code: str | None) -> list[str]:
    line = []
    while code is not None:
        line.append(code)
        code = above[code]
    return line
