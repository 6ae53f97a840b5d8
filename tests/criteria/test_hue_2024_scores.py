"""Huế's district set gives a real district's quarter the statuses its committee printed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hue_dti.catalogue.model import Catalogue
from hue_dti.numerals import POINT
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Period
from hue_dti.scoring.engine import score
from hue_dti.scoring.frame import frame_from
from hue_dti.scoring.model import ScoreSheet
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

QUARTER = Period.parse("2024-Q2")
CUTOFF = date(2024, 6, 10)
SEEN = date(2020, 1, 1)
UNITS = (
    OrgUnit("483", "Huyện Nam Đông", Level.DISTRICT, None, SEEN),
    OrgUnit("20161", "Thị trấn Khe Tre", Level.COMMUNE, "483", SEEN),
)
ORIGIN = Origin("test", "GET /", datetime(2024, 6, 10, tzinfo=UTC), "0" * 64, "$")

FIGURES = {
    "staff": 968,
    "offices": 49,
    "offices_assigned": 49,
    "households": 7258,
    "residents": 26427,
    "villages": 60,
    "accounts": 15958,
    "accounts_standardised": 4466,
    "households_broadband": 4021,
    "citizen_readers": 5000,
    "teams": 60,
    "teams_strengthened": 32,
    "team_members": 274,
    "team_conferences": 1,
    "staff_standardised": 921,
    "staff_readers": 781,
    "staff_wallets": 787,
    "staff_signatures": 968,
    "citizen_wallets": 785,
    "citizen_signatures": 989,
    "addresses": 3632,
    "shops": 742,
    "shops_vietqr": 318,
    "policy_news": 1,
    "internal_news": 1,
    "citizen_bulletins": 6,
    "notices": 14,
    "leader_news": 104,
    "unit_news": 25,
    "radio_bulletins": 9,
    "reflections": 8,
    "reflections_on_time": 8,
    "reflections_dissatisfied": 1,
    "reflections_upset": 0,
    "steering_committee": 2,
    "steering_meetings": 2,
    "page_review": 1,
    "annual_plan": date(2024, 1, 8).toordinal(),
    "directives_received": 19,
    "directives_issued": 19,
    "ranking_platform": 1,
    "systems": 6,
    "systems_hosted": 6,
    "computers": 968,
    "computers_malware": 968,
    "computers_virus": 968,
    "computers_infected": 0,
    "infection_notices": 0,
    "infection_notices_handled": 0,
    "procedures": 387,
    "procedures_online": 185,
    "applications": 1663,
    "applications_online": 1627,
    "applications_checked": 1214,
    "applications_violating": 64,
    "workplace_reflections": 8,
    "workplace_feedback": 3,
    "workplace_questions": 2,
    "workplace_press": 0,
    "workplace_meetings": 5,
    "workplace_storage": 0,
    "report_logins": 212,
    "map_layers": 3,
    "budget": 312_000_000_000,
    "budget_digital": 1_950_000_000,
    "vneid_level2": 8200,
    "marketplace_sellers": 7,
    "marketplace_products": 5,
    "smart_services": 0,
    "digitised_assets": 4,
}
ACHIEVED = [
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
]
NOT_STARTED = ["III.5", "IV.4", "IV.6", "IV.7", "IV.8"]
POINTS = {
    "I.6": 10000,
    "III.1": 95145,
    "III.2": 83958,
    "III.3": 61532,
    "IV.3": 53333,
    "VI.1": 23902,
    "VI.2": 195670,
    "VI.3": 94728,
    "VI.4": 66667,
    "VI.7": 62500,
    "VII.1": 82000,
    "VII.5": 50041,
    "VIII.4": 81302,
    "IX.4": 87500,
    "IX.5": 100000,
}


def sheet(catalogue: Catalogue, set_code: str = "hue-district-2024", period: Period = QUARTER, **figures: int) -> ScoreSheet:
    observations = []
    for code, value in (FIGURES | figures).items():
        unit = "483" if Level.DISTRICT in catalogue.measures[code].levels else "20161"
        observations.append(Observation(unit, code, period, value, State.MEASURED, CUTOFF, ORIGIN))
    criteria_set = catalogue.sets[set_code]
    frame = frame_from(build_tree(UNITS, CUTOFF, "483"), catalogue.measures, observations)
    return score(criteria_set, catalogue.measures, frame, period, criteria_set.calendar.cutoff(period))[0]


def test_the_second_quarter_of_nam_dong_has_20_achieved_28_in_progress_and_5_not_started(catalogue: Catalogue) -> None:
    lines = {line.code: line.status.slug for line in sheet(catalogue).criteria}
    assert [code for code, status in lines.items() if status == "achieved"] == ACHIEVED
    assert [code for code, status in lines.items() if status == "not_started"] == NOT_STARTED
    assert sum(status == "in_progress" for status in lines.values()) == 28


@pytest.mark.parametrize(("code", "points"), POINTS.items())
def test_points_follow_the_printed_counts(catalogue: Catalogue, code: str, points: int) -> None:
    assert sheet(catalogue).criterion(code).points == points


def test_the_total_is_out_of_665_of_which_595_are_stated(catalogue: Catalogue) -> None:
    total = sheet(catalogue).total
    assert (total.max_points, total.max_points_stated) == (665 * POINT, 595 * POINT)


def test_a_plan_of_february_earns_half_and_is_still_finished(catalogue: Catalogue) -> None:
    line = sheet(catalogue, annual_plan=date(2024, 2, 1).toordinal()).criterion("II.1")
    assert (line.points, line.status.slug) == (5 * POINT, "achieved")


def test_a_district_without_reflections_is_not_assessed_on_them(catalogue: Catalogue) -> None:
    quarter = sheet(catalogue, reflections=0, reflections_on_time=0, reflections_dissatisfied=0)
    assert [quarter.criterion(code).status.slug for code in ("IX.3", "IX.4", "IX.5")] == ["not_applicable"] * 3


def test_no_citizen_upset_counts_as_achieved_only_at_the_end_of_the_year(catalogue: Catalogue) -> None:
    year_end = sheet(catalogue, period=Period.parse("2024-Q4"))
    assert sheet(catalogue).criterion("IX.5").status.slug == "in_progress"
    assert year_end.criterion("IX.5").status.slug == "achieved"


def test_what_was_due_on_15_november_is_not_achieved_afterwards(catalogue: Catalogue) -> None:
    year_end = sheet(catalogue, period=Period.parse("2024-Q4"))
    assert [year_end.criterion(code).status.slug for code in ("I.3", "II.3", "IV.3")] == ["not_achieved"] * 3


def test_a_commune_is_scored_by_the_unofficial_set_out_of_260(catalogue: Catalogue) -> None:
    commune = sheet(catalogue, "hue-commune-2024")
    assert commune.unit == "20161"
    assert commune.total.max_points == 260 * POINT
    assert commune.criterion("III.1").points == 95145
