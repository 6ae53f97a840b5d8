"""The quarter as it stands, as it was frozen, and how many figures lie between."""

from dataclasses import replace
from datetime import date

import pytest

from benchmarks.proofs.quarters import PERIOD
from hue_dti.catalogue.load import load_texts
from hue_dti.errors import NoSetInForce, StorageError
from hue_dti.observations.model import RegisteredDocument, State
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of, changed_since, draft, frozen
from hue_dti.snapshots.bundle import encode
from hue_dti.snapshots.verify import verify

PLAN = RegisteredDocument("483", "issued", "13/KH-UBND", date(2024, 1, 8), "Kế hoạch", "Chuyển đổi số", "UBND huyện", "II.1")
LETTER = replace(PLAN, number="399/UBND", issued_on=date(2024, 3, 6), criterion="")
IN_QUARTER = replace(PLAN, number="500/UBND", issued_on=date(2024, 5, 6), criterion="")
AFTER = replace(PLAN, number="600/UBND", issued_on=date(2024, 6, 11))


def drafted(district):
    return draft(district.storage, district.catalogue, district.unit, PERIOD, district.now())


def test_a_draft_scores_the_unit_and_its_communes_and_is_not_frozen(district):
    quarter = drafted(district)
    assert quarter.head.sha256 == ""
    assert quarter.head.cutoff == quarter.tree.as_of == date(2024, 6, 10)
    assert quarter.sheet.unit == "483"
    assert len(quarter.sheet.criteria) == 53
    assert [sheet.unit for sheet in quarter.lower] == [unit.code for unit in quarter.tree.units if unit.level == "commune"]
    assert len(quarter.ranking) == 10
    assert verify(encode(quarter)[1]) == ()


def test_a_draft_carries_the_files_of_its_sets_the_measures_and_the_checks_only(district):
    texts = district.catalogue.texts | {"khac/district-2030.yaml": "code: khác"}
    quarter = draft(district.storage, replace(district.catalogue, texts=texts), district.unit, PERIOD, district.now())
    assert set(quarter.texts) == {"hue/measures.yaml", "hue/checks.yaml", "hue/district-2024.yaml", "hue/commune-2024.yaml"}


def test_measures_under_a_longer_name_are_frozen_too(district):
    texts = {name.replace("hue/measures", "hue/hue.measures"): text for name, text in district.catalogue.texts.items()}
    quarter = draft(district.storage, load_texts(texts), district.unit, PERIOD, district.now())
    assert "hue/hue.measures.yaml" in quarter.texts
    assert verify(encode(quarter)[1]) == ()


def test_a_figure_that_did_not_come_is_missing_and_never_zero(district, figures):
    quarter = drafted(district)
    absent = next(key for key in quarter.figures if key not in figures)
    assert quarter.figures[absent].state is State.MISSING
    assert quarter.figures[absent].value is None


def test_a_figure_whose_source_failed_says_why(empty_district):
    empty_district.fail("web_news", "Trang tin không trả lời sau 3 lần")
    figure = drafted(empty_district).figure("483", "leader_news")
    assert (figure.state, figure.value, figure.reason) == (State.SOURCE_FAILED, None, "Trang tin không trả lời sau 3 lần")


def test_a_source_that_answered_after_it_failed_is_not_called_failed(empty_district):
    empty_district.fail("web_news", "Trang tin không trả lời")
    empty_district.pull([], source="web_news")
    assert drafted(empty_district).figure("483", "leader_news").state is State.MISSING


def test_a_figure_that_came_before_the_source_failed_is_kept(district, figures):
    district.fail("web_news", "Trang tin không trả lời")
    assert drafted(district).figure("483", "leader_news").value == figures["483", "leader_news"].value


def test_a_commune_is_drafted_with_the_reason_of_the_districts_pull(empty_district):
    empty_district.fail("super_app", "Hết hạn truy cập")
    commune = next(unit for unit in empty_district.storage.units() if unit.code == "20161")
    quarter = draft(empty_district.storage, empty_district.catalogue, commune, PERIOD, empty_district.now())
    assert quarter.sheet.criteria_set == "hue-commune-2024"
    assert quarter.lower_set is None
    assert quarter.figure("20161", "accounts").reason == "Hết hạn truy cập"


def test_a_figure_at_a_level_where_the_measure_is_not_observed_stays_out(district, figures):
    district.pull([replace(figures["20161", "accounts"], unit="483")])
    assert drafted(district).figure("483", "accounts") is None


def test_the_register_holds_the_quarters_documents_and_earlier_ones_that_prove_a_criterion(district):
    district.pull([], source="documents", documents=(PLAN, LETTER, IN_QUARTER, AFTER))
    assert [document.number for document in drafted(district).documents] == ["13/KH-UBND", "500/UBND"]


def test_a_unit_without_a_set_in_force_cannot_be_drafted(district):
    agency = next(unit for unit in district.storage.units() if unit.level == "agency")
    with pytest.raises(NoSetInForce, match="bộ tiêu chí"):
        draft(district.storage, district.catalogue, agency, PERIOD, district.now())


def test_reading_gives_the_draft_until_the_quarter_is_closed_and_the_newest_closing_after(district, correct):
    def now_read():
        return read(district.storage, district.catalogue, district.unit, PERIOD, district.now()).head.sha256

    assert now_read() == ""
    first = district.close()
    assert now_read() == first.sha256
    correct("483", "leader_news", value=1)
    assert now_read() == first.sha256, "a closed quarter never changes"
    second = district.close("Sửa số tin")
    assert now_read() == second.sha256
    assert frozen(district.storage, first.sha256).head.sha256 == first.sha256, "the old one is still there"


def test_a_frozen_quarter_brings_its_own_criteria(district):
    district.close()
    quarter = read(district.storage, district.catalogue, district.unit, PERIOD, district.now())
    assert catalogue_of(quarter).sets["hue-district-2024"] == district.catalogue.sets["hue-district-2024"]
    assert catalogue_of(quarter) is catalogue_of(quarter)


def test_the_count_of_figures_changed_since_closing(district, correct):
    district.close()
    quarter = read(district.storage, district.catalogue, district.unit, PERIOD, district.now())
    assert changed_since(district.storage, quarter) == 0
    correct("483", "leader_news")
    assert changed_since(district.storage, quarter) == 0, "the same figure came again"
    correct("483", "leader_news", value=1)
    correct("20161", "accounts", as_of=date(2024, 6, 9))
    district.fail("telecom", "Không trả lời")
    assert changed_since(district.storage, quarter) == 2


def test_asking_for_a_snapshot_that_is_not_there_says_so(district):
    with pytest.raises(StorageError, match="a" * 64):
        frozen(district.storage, "a" * 64)
