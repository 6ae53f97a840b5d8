"""The ranking beside a plan for a criteria set: first, neighbours, last, the district's table, this year against last."""

from fractions import Fraction

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.outline import outline_of
from hue_dti.errors import FrameworkError
from hue_dti.plans.excerpt_of_set import TOTAL, Shares, excerpt_of_set, shares_of, shares_text
from hue_dti.plans.model import Standings
from hue_dti.resources import folder


def table(count, moved=0):
    """So many communes of three districts, the first the best; the one `moved` places on stands higher than it did."""
    rows = []
    for at in range(count):
        shares = {TOTAL: Fraction(count - (at + moved) % count, 2 * count), "I": Fraction(at + 1, count)}
        rows.append(Shares(f"x{at}", f"Xã {at}", f"h{at % 3}", f"Huyện {at % 3}", shares if at % 2 else {TOTAL: shares[TOTAL]}))
    return shares_text(rows, ("I", "II"))


@pytest.fixture(scope="module")
def outline():
    return outline_of(load_catalogue(folder("criteria")).sets["hue-commune-2024"])


def test_first_neighbours_and_last_stand_in_it_and_the_district_by_itself(outline):
    found = excerpt_of_set(outline, Standings("Xã 15", 2024, table(30), table(30, moved=4), period="2024-Q2"), "x15")
    assert [each and each.rank for each in found.shown] == [1, 2, 3, None, 14, 15, 16, 17, 18, None, 28, 29, 30]
    assert [each.unit for each in found.shown if each and each.own] == ["Xã 15"]
    assert (found.units, found.whole.rank, found.region, found.region_rank, len(found.in_region)) == (30, 16, "Huyện 0", 6, 10)
    assert (found.previous_rank, found.whole.previous) == (20, Fraction(11, 60))
    assert [(each.name, each.rank) for each in found.lines] == [(outline.groups[0].name, 8)]
    assert (found.words(found.whole.value), found.standings.measured, found.standings.before) == (
        "25,00%",
        "Quý II năm 2024",
        "Quý II năm 2023",
    )


def test_a_table_reads_back_as_it_was_kept_and_no_unit_is_put_in_it(outline):
    assert shares_text(shares_of(table(9)), ("I", "II")) == table(9)
    with pytest.raises(FrameworkError, match="không có Xã 77"):
        excerpt_of_set(outline, Standings("Xã 77", 2024, table(9), period="2024-Q2"), "x77")


def test_one_district_alone_has_no_table_of_its_own_and_another_number_of_units_no_change_of_rank(outline):
    one = [Shares(f"x{at}", f"Xã {at}", "483", "Huyện Nam Đông", {TOTAL: Fraction(at + 1, 9)}) for at in range(4)]
    found = excerpt_of_set(outline, Standings("Xã 1", 2024, shares_text(one, ()), table(9), period="2024-Q2"), "x1")
    assert (found.region, found.in_region, found.previous_rank) == ("", (), None)
    assert [each.rank for each in found.shown] == [1, 2, 3, 4]
