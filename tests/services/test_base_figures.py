"""Base figures: what one person proposes counts only when another has approved it, for all quarters of its year."""

import json
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.proofs.quarters import PERIOD
from hue_dti.errors import ApprovalRefused, StorageError
from hue_dti.observations.base import BASE_SOURCE
from hue_dti.observations.model import State
from hue_dti.services.approved import standing_for, with_approved
from hue_dti.services.base_overview import overview
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import changed_since, draft, frozen
from hue_dti.snapshots.bundle import encode
from hue_dti.snapshots.verify import verify
from hue_dti.units.model import Level, OrgUnit
from tests.services.base_figures import CHIEF, CLERK, COMMUNE, DOCUMENT, FIRST, OFFICE, Office

LARGE = 2_000_000
"""More than any invented part, so that nothing stands against it."""


@pytest.fixture
def office(district):
    return Office(district)


def drafted(district, period=PERIOD):
    return draft(district.storage, district.catalogue, district.unit, period, district.now())


def counted(district, unit=COMMUNE, measure="households"):
    return drafted(district).figure(unit, measure)


def test_a_proposal_changes_nothing(district, office):
    before = drafted(district)
    office.propose(LARGE)
    assert drafted(district).sheet == before.sheet


def test_an_approved_value_counts_in_place_of_what_the_source_told(district, office):
    number = office.propose(LARGE)
    office.approve(number)
    figure = counted(district)
    assert (figure.value, figure.state, figure.as_of) == (LARGE, State.REPORTED, date(2024, 6, 10))
    assert figure.origin.source == BASE_SOURCE
    assert CHIEF in figure.reason
    assert DOCUMENT in figure.reason


def test_an_approved_value_counts_where_no_source_told_anything(district, office, figures):
    unit, measure = next(
        (unit, measure) for unit, measure in sorted(drafted(district).figures) if measure == "staff" and (unit, measure) not in figures
    )
    office.settled(LARGE, unit=unit, measure=measure)
    assert counted(district, unit, measure).value == LARGE


def test_an_approved_value_counts_in_every_quarter_of_its_year_and_in_no_other(district, office, figures):
    for period in (PERIOD.previous(), PERIOD.next()):
        district.pull([replace(figures[COMMUNE, "households"], period=period)])
    for period in (PERIOD.previous().previous().previous(), PERIOD.next().next().next()):
        assert period.year != 2024
    office.settled(LARGE)
    for period in (PERIOD.previous(), PERIOD, PERIOD.next()):
        assert drafted(district, period).figure(COMMUNE, "households").value == LARGE
    assert district.storage.base.approved([COMMUNE], 2023) == ()
    assert district.storage.base.approved([COMMUNE], 2025) == ()


def test_approved_figures_alone_do_not_make_a_quarter(empty_district):
    Office(empty_district).settled(LARGE)
    assert drafted(empty_district).figure(COMMUNE, "households").value is None


def test_the_record_of_the_approval_is_the_raw_answer_behind_the_figure(district, office):
    office.settled(LARGE, measure="villages")
    origin = counted(district, measure="villages").origin
    answer = district.storage.raw_answer(origin.raw_sha256)
    told = json.loads(answer.body)
    assert origin.place == "$.số liệu[0].giá trị"
    assert told["số liệu"][0]["giá trị"] == LARGE
    assert (told["người duyệt"], told["số liệu"][0]["người đề nghị"], told["số liệu"][0]["văn bản"]) == (CHIEF, CLERK, DOCUMENT)
    assert (answer.request, answer.fetched_at) == (origin.request, origin.fetched_at)


def test_a_quarter_with_approved_figures_is_frozen_and_verified_offline(district, office):
    office.settled(LARGE)
    quarter = drafted(district)
    assert verify(encode(quarter)[1]) == ()
    head = district.close()
    assert frozen(district.storage, head.sha256).figure(COMMUNE, "households").origin.source == BASE_SOURCE


def test_what_a_source_tells_later_stands_beside_and_does_not_count(district, office, correct):
    office.settled(LARGE)
    correct(COMMUNE, "households", value=LARGE + 5)
    assert counted(district).value == LARGE
    (differs,) = overview(district.storage, district.catalogue, district.unit, 2024).differing
    assert (differs.told.value, differs.approved.value, differs.told.period) == (LARGE + 5, LARGE, PERIOD)


def test_a_source_that_tells_the_approved_value_does_not_differ(district, office, figures):
    office.settled(figures[COMMUNE, "households"].value)
    assert overview(district.storage, district.catalogue, district.unit, 2024).differing == ()


def test_a_later_approval_takes_the_place_of_the_earlier_and_both_are_kept(district, office):
    office.settled(LARGE)
    later = office.settled(LARGE + 1)
    assert counted(district).value == LARGE + 1
    (proposal,) = later.proposals
    assert (proposal.old_value, proposal.draft.value) == (LARGE, LARGE + 1)
    assert [each.number for each in district.storage.base.decisions([COMMUNE], 2024)] == [later.number, later.number - 1]


def test_what_was_approved_last_counts_though_it_was_proposed_first(district, office):
    first, second = office.propose(LARGE), office.propose(LARGE + 1)
    office.approve(second)
    office.approve(first)
    assert counted(district).value == LARGE
    assert [each.proposal for each in district.storage.base.approved([COMMUNE], 2024)] == [first]


def test_a_unit_with_an_approved_figure_has_it_once_and_not_the_source_s_beside_it(district, office):
    office.settled(LARGE)
    tree = drafted(district).tree
    figures = district.storage.figures([unit.code for unit in tree.units], PERIOD)
    standing = standing_for(district.storage.base.approved([COMMUNE], 2024), (), tree, district.catalogue)
    laid = with_approved(figures, standing, district.catalogue, date(2024, 6, 10)).measures["households"]
    assert sorted(laid.unit.tolist()) == sorted(set(laid.unit.tolist()))
    assert {laid.value[at] for at in range(len(laid.unit)) if figures.units[laid.unit[at]] == COMMUNE} == {LARGE}


@pytest.mark.parametrize("by", [CLERK, "lê văn an", "Le Van An", "  Lê  Văn An "])
def test_who_proposed_never_approves(district, office, by):
    number = office.propose(LARGE)
    with pytest.raises(ApprovalRefused, match="người khác phải duyệt"):
        office.approve(number, by=by)
    assert counted(district).value != LARGE


def test_the_database_itself_refuses_who_proposed(district, office, database):
    number = office.propose(LARGE)
    record = "0" * 64
    with database.connect("postgres") as connection:
        connection.execute("ALTER TABLE base_decision DROP CONSTRAINT base_decision_raw_sha256_fkey")
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO base_decision (verdict, decided_by, decided_at, reason, effects, raw_sha256) "
            "VALUES ('approved', %s, now(), '', '[]', %s)",
            (CLERK, record),
        )
        with pytest.raises(Exception, match="who_proposes_never_approves"):
            connection.execute(
                "INSERT INTO base_settlement SELECT %s, 1, 0, 'approved', %s, unit, valid_from, measure, year, proposed_by "
                "FROM base_proposal",
                (number, CLERK),
            )


def test_the_database_refuses_an_approval_under_another_name_than_the_act_s(district, office, database):
    number = office.propose(LARGE)
    office.reject(office.propose(LARGE + 1))
    with database.connect() as connection, pytest.raises(Exception, match="base_settlement_decision_id_verdict_decided_by_fkey"):
        connection.execute(
            "INSERT INTO base_settlement SELECT id, 1, 0, 'approved', 'Ai đó', unit, valid_from, measure, year, proposed_by "
            "FROM base_proposal WHERE id = %s",
            (number,),
        )


def test_nobody_approves_without_a_name(office):
    number = office.propose(LARGE)
    with pytest.raises(ApprovalRefused, match="--by"):
        office.approve(number, by=" ")


def test_what_is_settled_is_not_settled_again_and_says_by_whom(district, office):
    number = office.propose(LARGE)
    office.approve(number)
    with pytest.raises(ApprovalRefused, match=f"số {number} đã được {CHIEF} duyệt lúc"):
        office.approve(number, by="Phạm Thị Dung")
    with pytest.raises(ApprovalRefused, match="đã được"):
        office.reject(number)


def test_a_rejected_value_never_counts_and_the_reason_is_kept(district, office):
    number = office.propose(LARGE)
    decision = office.reject(number, reason="lệch niên giám")
    assert (decision.verdict, decision.reason, decision.effects) == ("rejected", "lệch niên giám", ())
    assert counted(district).value != LARGE
    with pytest.raises(ApprovalRefused, match="từ chối"):
        office.approve(number)


def test_rejecting_needs_a_reason_and_who_proposed_may_take_back(district, office):
    number = office.propose(LARGE)
    with pytest.raises(ApprovalRefused, match="hãy ghi lý do"):
        office.reject(number, reason=" ")
    assert office.reject(number, by=CLERK, reason="gõ nhầm").verdict == "rejected"


def test_an_unknown_number_is_told(office):
    with pytest.raises(ApprovalRefused, match="số 99"):
        office.approve(99)


def test_two_values_of_one_figure_are_not_approved_in_one_act(district, office):
    with pytest.raises(ApprovalRefused, match="cùng một số liệu"):
        office.approve(office.propose(LARGE), office.propose(LARGE + 1))
    assert counted(district).value != LARGE


def test_of_an_act_that_is_refused_nothing_is_kept(district, office):
    fine, wrong = office.propose(LARGE), office.propose(0, unit=OFFICE, measure="staff")
    with pytest.raises(ApprovalRefused):
        office.approve(fine, wrong)
    assert {each.number for each in district.storage.base.proposals() if each.waiting} == {fine, wrong}
    assert district.storage.base.decisions() == ()


def test_a_whole_below_a_part_that_a_quarter_has_is_refused_by_name(district, office, figures):
    part = figures[OFFICE, "staff_standardised"].value
    number = office.propose(part - 1, unit=OFFICE, measure="staff")
    with pytest.raises(ApprovalRefused, match=f"Văn phòng .*Quý II năm 2024: .*\\({part}\\) lớn hơn .*\\({part - 1}\\)"):
        office.approve(number)
    assert office.approve(office.propose(part + LARGE, unit=OFFICE, measure="staff")).verdict == "approved"


def test_a_part_that_slipped_in_beyond_an_approved_whole_is_missing_and_says_so(district, office, correct):
    office.settled(LARGE, unit=OFFICE, measure="staff")
    correct(OFFICE, "staff_standardised", value=LARGE + 1)
    figure = counted(district, OFFICE, "staff_standardised")
    assert (figure.value, figure.state) == (None, State.MISSING)
    assert "lớn hơn" in figure.reason
    assert counted(district, OFFICE, "staff").value == LARGE


def test_an_approval_tells_the_points_before_and_after_by_scoring_again(district, office):
    before = drafted(district)
    decision = office.settled(LARGE)
    after = drafted(district)
    told = {each.unit: each for each in decision.effects}
    assert (told["483"].before, told["483"].after) == (before.sheet.total.points, after.sheet.total.points)
    assert told["483"].before != told["483"].after
    lower = {sheet.unit: sheet.total.points for sheet in before.lower}, {sheet.unit: sheet.total.points for sheet in after.lower}
    assert (told[COMMUNE].before, told[COMMUNE].after, told[COMMUNE].lower) == (lower[0][COMMUNE], lower[1][COMMUNE], True)
    assert sum(moved.after - moved.before for moved in told["483"].criteria) == told["483"].after - told["483"].before
    assert district.storage.base.decisions([COMMUNE], 2024) == (decision,)


def test_a_closed_quarter_keeps_its_points_and_says_how_many_figures_changed_since(district, office):
    head = district.close()
    closed = read(district.storage, district.catalogue, district.unit, PERIOD, district.now())
    decision = office.settled(LARGE)
    (effect,) = decision.effects
    assert (effect.frozen, effect.changed, effect.before, effect.after) == (True, 1, closed.sheet.total.points, closed.sheet.total.points)
    assert read(district.storage, district.catalogue, district.unit, PERIOD, district.now()) == closed
    assert frozen(district.storage, head.sha256).figure(COMMUNE, "households").value != LARGE
    assert changed_since(district.storage, closed) == 1


def test_the_same_value_approved_changes_no_point_of_any_quarter(district, office, figures):
    decision = office.settled(figures[COMMUNE, "households"].value)
    assert {each.after - each.before for each in decision.effects} == {0}


def test_a_code_given_to_another_unit_does_not_take_the_figure_along(district, office):
    later = OrgUnit(COMMUNE, "Xã Khác", Level.COMMUNE, "483", date(2024, 3, 1))
    office.settled(LARGE)
    district.storage.save_units([later])
    assert counted(district).value != LARGE


def test_a_proposal_for_a_unit_nobody_knows_is_refused_by_the_database(office):
    with pytest.raises(StorageError, match="base_proposal"):
        office.propose(1, unit="không có")


def test_what_waits_is_shown_with_what_it_would_take_the_place_of(district, office, figures):
    office.propose(LARGE)
    (batch,) = overview(district.storage, district.catalogue, district.unit, 2024).waiting
    (proposal,) = batch.proposals
    assert (batch.by, batch.document, proposal.old_value) == (CLERK, DOCUMENT, figures[COMMUNE, "households"].value)
    assert proposal.draft.valid_from == FIRST


def test_an_approval_is_no_pull_of_any_source(district, office):
    before = district.storage.board.pulled(), district.storage.pulse().sources
    office.settled(LARGE)
    assert (district.storage.board.pulled(), district.storage.pulse().sources) == before
