"""`hue-dti show --json` gives the real quarter: the statuses, shares and lists that the district's report printed."""

import csv
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from hue_dti.units.names import NameIndex
from tests.golden_quarter import PERIOD

LINE = {"code", "group", "status", "part", "whole", "share", "points", "max_points", "assumed", "shortfalls"}
GROUP = {"code", "achieved", "in_progress", "not_started", "points", "max_points"}
TOTAL = {"points", "max_points", "max_points_stated", "converted", "achieved", "in_progress", "not_started"}

GROUPS = {
    "I": (5, 5, 0),
    "II": (2, 1, 0),
    "III": (1, 4, 1),
    "IV": (3, 1, 4),
    "V": (4, 0, 0),
    "VI": (2, 5, 0),
    "VII": (1, 4, 0),
    "VIII": (0, 4, 0),
    "IX": (2, 4, 0),
}
"""Achieved, in progress, not started, as document 002 prints them."""

ACHIEVED = {
    "I.1",
    "I.2",
    "I.4",
    "I.5",
    "I.9",
    "II.1",
    "II.2",
    "III.6",
    "IV.1",
    "IV.2",
    "IV.5",
    "V.1",
    "V.2",
    "V.3",
    "V.4",
    "VI.5",
    "VI.6",
    "VII.4",
    "IX.2",
    "IX.3",
}
NOT_STARTED = {"III.5", "IV.4", "IV.6", "IV.7", "IV.8"}

SHARES = {
    "I.4": (104, 24, "1.000000"),
    "I.5": (25, 24, "1.000000"),
    "I.10": (781, 968, "0.806818"),
    "II.2": (19, 19, "1.000000"),
    "III.1": (921, 968, "0.951446"),
    "III.2": (4466, 15958, "0.279860"),
    "III.3": (4466, 7258, "0.615321"),
    "III.4": (4021, 7258, "0.554009"),
    "IV.2": (60, 60, "1.000000"),
    "IV.3": (32, 60, "0.533333"),
    "VI.1": (185, 387, "0.478036"),
    "VI.2": (1627, 1663, "0.978352"),
    "VI.3": (64, 1214, "0.947282"),
    "VII.1": (None, None, "0.820000"),
    "VII.2": (785, 15958, "0.049192"),
    "VII.3": (989, 15958, "0.061975"),
    "VII.5": (3632, 7258, "0.500413"),
    "VIII.4": (787, 968, "0.813017"),
    "IX.3": (8, 8, "1.000000"),
    "IX.4": (1, 8, "0.875000"),
}

LISTS = {"I.10": (33, 187), "III.1": (24, 47), "IV.3": (5, 28), "VIII.4": (39, 181), "VII.5": (10, 3632)}
"""Units in the list and its sum."""


@pytest.fixture(scope="module")
def printed_list(request):
    """The four lists of document 002, as printed."""
    with (request.path.parents[1] / "units" / "printed_lists_2024_q2.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_keys_are_those_other_programs_rely_on(sheet):
    assert {"unit", "period", "criteria_set", "snapshot_sha256", "criteria", "groups", "total"} <= sheet.keys()
    assert all(line.keys() >= LINE for line in sheet["criteria"])
    assert all({"unit", "missing"} == row.keys() for line in sheet["criteria"] for row in line["shortfalls"])
    assert all(group.keys() >= GROUP for group in sheet["groups"])
    assert sheet["total"].keys() >= TOTAL


def test_counts_are_integers_and_points_and_shares_are_exact_texts(sheet):
    for line in sheet["criteria"]:
        assert all(line[key] is None or type(line[key]) is int for key in ("part", "whole"))
        assert line["share"] is None or re.fullmatch(r"[01]\.\d{6}", line["share"])
        assert all(re.fullmatch(r"\d+(\.\d{0,3}[1-9])?", line[key]) for key in ("points", "max_points"))


def test_the_quarter_is_nam_dongs_second_under_the_decision_in_force(sheet, golden):
    assert (sheet["unit"], sheet["period"], sheet["criteria_set"]) == ("483", str(PERIOD), "hue-district-2024")
    assert sheet["snapshot_sha256"] == golden.storage.newest_head("483").sha256


def test_twenty_criteria_are_achieved_twenty_eight_in_progress_five_not_started(sheet):
    total = sheet["total"]
    assert (total["achieved"], total["in_progress"], total["not_started"]) == (20, 28, 5)
    assert {group["code"]: (group["achieved"], group["in_progress"], group["not_started"]) for group in sheet["groups"]} == GROUPS


def test_every_criterion_has_the_status_that_the_report_printed(lines):
    assert len(lines) == 53
    assert {code for code, line in lines.items() if line["status"] == "achieved"} == ACHIEVED
    assert {code for code, line in lines.items() if line["status"] == "not_started"} == NOT_STARTED
    assert {line["status"] for code, line in lines.items() if code not in ACHIEVED | NOT_STARTED} == {"in_progress"}


@pytest.mark.parametrize("code", SHARES)
def test_a_share_is_the_one_the_counts_give(code, lines):
    line = lines[code]
    assert (line["part"], line["whole"], line["share"]) == SHARES[code]


@pytest.mark.parametrize("code", LISTS)
def test_a_shortfall_list_has_as_many_units_and_the_sum_that_were_printed(code, lines):
    listed = lines[code]["shortfalls"]
    assert (len(listed), sum(row["missing"] for row in listed)) == LISTS[code]


@pytest.mark.parametrize("code", ["I.10", "III.1", "VIII.4", "VII.5"])
def test_a_shortfall_list_is_the_printed_one_unit_by_unit(code, lines, printed_list, snapshot):
    names = NameIndex(snapshot.tree.units)
    wanted = {names.resolve(row["unit_as_printed"]).code: int(row["count"]) for row in printed_list if row["criterion"] == code}
    assert {row["unit"]: row["missing"] for row in lines[code]["shortfalls"]} == wanted


def test_every_shortfall_list_sums_to_what_the_text_says(lines):
    listing = [line for line in lines.values() if line["shortfalls"]]
    assert len(listing) == 10
    for line in listing:
        wanted = line["part"] if line["shortfalls_show"] == "achieved" else line["whole"] - line["part"]
        assert sum(row["missing"] for row in line["shortfalls"]) == wanted, line["code"]
        assert all(row["missing"] > 0 for row in line["shortfalls"])


def test_a_shortfall_list_goes_from_the_largest_down_and_names_each_unit_once(lines):
    for line in lines.values():
        numbers = [row["missing"] for row in line["shortfalls"]]
        assert numbers == sorted(numbers, reverse=True)
        assert len({row["unit"] for row in line["shortfalls"]}) == len(numbers)


def test_groups_and_total_are_exact_sums(sheet):
    for group in sheet["groups"]:
        own = [line for line in sheet["criteria"] if line["group"] == group["code"]]
        for key in ("points", "max_points"):
            assert Decimal(group[key]) == sum(Decimal(line[key]) for line in own)
    for key in ("points", "max_points", "achieved", "in_progress", "not_started"):
        assert Decimal(sheet["total"][key]) == sum(Decimal(group[key]) for group in sheet["groups"])


def test_points_are_the_maximum_times_the_exact_share_rounded_half_up_once(lines, printed):
    reckoned = 0
    for code, line in lines.items():
        rule = printed[code]["rule"].get("then", printed[code]["rule"])
        if line["whole"] and rule["kind"] in {"ratio", "inverse", "count", "uses"}:
            share = Fraction(line["part"], line["whole"])
            share = 1 - share if rule["kind"] == "inverse" else share / (Fraction(rule.get("target", "100%").rstrip("%")) / 100)
            exact = Fraction(line["max_points"]) * min(share, 1) * 10_000
            assert Fraction(line["points"]) * 10_000 == (2 * exact + 1) // 2, code
            reckoned += 1
    assert reckoned == 41


def test_the_maximum_is_665_points_of_which_the_decision_states_595(sheet):
    total = sheet["total"]
    assert (total["max_points"], total["max_points_stated"]) == ("665", "595")
    assert sorted(line["code"] for line in sheet["criteria"] if line["assumed"]) == [
        "IX.1",
        "IX.2",
        "IX.3",
        "IX.4",
        "IX.5",
        "IX.6",
        "VIII.4",
    ]
    assert Decimal(total["converted"]) == Decimal(total["points"])


def test_nothing_of_what_the_province_has_opened_is_absent(sheet):
    assert not any(line["partial"] for line in sheet["criteria"] if line["code"] not in NOT_STARTED)
    assert sheet["total"]["present_figures"] == sheet["total"]["expected_figures"]
