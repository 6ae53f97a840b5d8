"""What the connectors bring home from the sandbox is the quarter that the documents print."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from connectors.sandbox import sources
from connectors.sandbox.golden import AS_OF, table

TOTALS = {
    "super_app": {
        "staff_standardised": 921,
        "staff_readers": 781,
        "staff_wallets": 787,
        "staff_signatures": 968,
        "accounts": 15_958,
        "accounts_standardised": 4_466,
        "citizen_readers": 6_214,
        "citizen_wallets": 785,
        "citizen_signatures": 989,
        "policy_news": 1,
        "internal_news": 1,
        "citizen_bulletins": 6,
        "notices": 14,
    },
    "digital_address": {"addresses": 3_632},
    "web_news": {"leader_news": 104, "unit_news": 25},
    "antivirus": {"computers": 968, "computers_malware": 968, "computers_virus": 968, "computers_infected": 0},
    "public_services": {
        "procedures": 387,
        "procedures_online": 185,
        "applications": 1_663,
        "applications_online": 1_627,
        "applications_checked": 1_214,
        "applications_violating": 64,
    },
    "police": {"vneid_level2": 8_200},
    "telecom": {"households_broadband": 4_021},
    "operations_centre": {
        "radio_bulletins": 9,
        "systems": 6,
        "systems_hosted": 6,
        "infection_notices": 0,
        "infection_notices_handled": 0,
    },
    "digital_workplace": {
        "workplace_reflections": 8,
        "workplace_feedback": 12,
        "workplace_questions": 5,
        "workplace_press": 0,
        "workplace_meetings": 9,
        "workplace_storage": 0,
    },
    "report_platform": {"report_logins": 212},
    "map_platform": {"map_layers": 3},
    "field_reflections": {
        "reflections": 8,
        "reflections_on_time": 8,
        "reflections_dissatisfied": 1,
        "reflections_upset": 0,
    },
    "district": {
        "staff": 968,
        "offices": 44,
        "offices_assigned": 44,
        "households": 7_258,
        "residents": 26_427,
        "shops": 742,
        "shops_vietqr": 318,
        "page_review": 1,
        "ranking_platform": 1,
        "budget": 312_000_000_000,
        "budget_digital": 1_950_000_000,
        "marketplace_sellers": 7,
        "marketplace_products": 5,
        "smart_services": 0,
        "digitised_assets": 4,
    },
    "hamlet_teams": {"villages": 60, "teams": 60, "teams_strengthened": 32, "team_members": 274},
    "meetings": {"steering_meetings": 2, "team_conferences": 1},
    "documents": {
        "directives_issued": 19,
        "directives_received": 19,
        "steering_committee": 2,
        "annual_plan": date(2024, 1, 8).toordinal(),
    },
}


@pytest.mark.parametrize("source", sorted(TOTALS))
def test_a_source_gives_the_totals_of_the_documents_and_no_fault(source, pull):
    pulled = pull(source)
    totals = Counter()
    for reading in pulled.readings:
        totals[reading.measure] += reading.value
    assert dict(totals) == TOTALS[source]
    assert pulled.faults == ()


@pytest.mark.parametrize("source", sorted(TOTALS))
def test_every_printed_name_is_known_and_every_figure_stands_at_a_level_that_observes_it(source, pull, nam_dong):
    for reading in pull(source).readings:
        unit = nam_dong.names.resolve(reading.unit)
        assert unit.level in nam_dong.measures[reading.measure]["levels"]


@pytest.mark.parametrize("source", sorted(TOTALS))
def test_every_figure_names_its_date_its_raw_answer_and_its_place(source, pull, store):
    for reading in pull(source).readings:
        assert reading.as_of == AS_OF
        assert store.body(reading.raw_sha256)
        assert reading.place


def test_every_source_of_the_catalogue_has_settings_and_figures(nam_dong):
    described = set(sources("http://127.0.0.1:1"))
    assert described == set(TOTALS) == {measure["source"] for measure in nam_dong.measures.values()}


def test_what_the_sandbox_does_not_tell_is_what_the_province_has_not_opened(nam_dong):
    told = {measure for totals in TOTALS.values() for measure in totals}
    assert set(nam_dong.measures) - told == {
        "staff_cloud",
        "staff_trained",
        "citizens_trained",
        "team_members_online",
        "specialists",
        "specialists_trained",
    }


@pytest.mark.parametrize(("measure", "agencies"), [("staff_readers", 33), ("staff_standardised", 24), ("staff_wallets", 39)])
def test_the_missing_of_each_printed_list_follow_unit_by_unit(measure, agencies, pull, nam_dong):
    staff = {reading.unit: reading.value for reading in pull("district").readings if reading.measure == "staff"}
    missing = {}
    for reading in pull("super_app").readings:
        if reading.measure == measure:
            missing[reading.unit] = staff[nam_dong.names.resolve(reading.unit).code] - reading.value
    printed = {row["printed"]: int(row["count"]) for row in table("lists.csv") if row["measure"] == measure}
    assert {unit: number for unit, number in missing.items() if number} == printed
    assert len(printed) == agencies


def test_five_communes_strengthened_their_teams(pull):
    strengthened = {each.unit: each.value for each in pull("hamlet_teams").readings if each.measure == "teams_strengthened" and each.value}
    assert sorted(strengthened) == ["Hương Phú", "Hương Sơn", "Hương Xuân", "Thượng Quảng", "Thị trấn khe tre"]


def test_the_register_gives_the_thirteen_documents_of_the_appendix(pull):
    documents = pull("documents").documents
    appendix = [each for each in documents if each.direction == "issued" and date(2024, 4, 1) <= each.issued_on <= date(2024, 6, 10)]
    assert [each.number for each in appendix] == [
        "125/KH-UBND",
        "486/UBND-VHTT",
        "530/UBND-VHTT",
        "569/UBND-VHTT",
        "586/UBND-VHTT",
        "588/UBND-VHTT",
        "605/UBND-VHTT",
        "646/UBND-VHTT",
        "648/UBND-VHTT",
        "149/KH-UBND",
        "152/KH-UBND",
        "833/UBND-VHTT",
        "848/UBND-VHTT",
    ]
    assert {each.criterion: each.number for each in documents if each.criterion in ("I.1", "II.1", "IV.5")} == {
        "I.1": "196/QĐ-UBND",
        "II.1": "13/KH-UBND",
        "IV.5": "152/KH-UBND",
    }


def test_post_that_has_nothing_to_do_with_the_criteria_stays_in_the_register(pull):
    titles = " ".join(document.title for document in pull("documents").documents)
    assert "dịch bệnh" not in titles
    assert "trật tự xây dựng" not in titles


def test_pulling_twice_gives_the_same_bytes(pull, store):
    pull("documents")
    pull("documents")
    assert len({answer.sha256 for answer in store.answers}) == 1
