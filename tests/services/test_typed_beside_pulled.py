"""A typed figure and what sources tell of the same cell: a machine's figure wins, its silence and old tables do not."""

import pytest

from hue_dti.observations.model import State
from tests.services.typing_desk import Desk


@pytest.fixture
def desk(empty_district):
    return Desk(empty_district.storage, empty_district.catalogue)


def test_a_machine_s_figure_takes_the_place_of_a_typed_one_and_its_failure_does_not(desk):
    desk.type(900, "accounts")
    desk.let_in("super_app", failure="mạng hỏng")
    assert (desk.stands("accounts").value, desk.stands("accounts").state) == (900, State.REPORTED)
    desk.let_in("super_app")
    assert (desk.stands("accounts").value, desk.stands("accounts").state) == (900, State.REPORTED)
    desk.let_in("super_app", ("accounts", 950))
    assert (desk.stands("accounts").value, desk.stands("accounts").state) == (950, State.MEASURED)


def test_a_typed_part_gives_way_to_a_smaller_whole_that_a_machine_tells(desk):
    desk.type(900, "citizen_wallets")
    desk.let_in("super_app", ("accounts", 800))
    part = desk.stands("citizen_wallets")
    assert (desk.stands("accounts").value, part.value, part.state) == (800, None, State.MISSING)


def test_a_table_that_is_fetched_again_does_not_undo_what_was_typed_and_one_handed_in_later_does(desk):
    desk.type(200)
    fetched = desk.let_in("district", ("shops", 150), ("shops_vietqr", 140))
    assert (fetched.outcome, desk.stands().value, desk.stands("shops_vietqr").value) == ("ok", 200, 140)
    desk.let_in("district", ("shops", 160), whole=False)
    assert desk.stands().value == 160


def test_a_fetched_part_is_held_against_the_typed_whole(desk):
    desk.type(100)
    told = desk.let_in("district", ("shops_vietqr", 120))
    assert (told.outcome, desk.stands("shops_vietqr").state) == ("partial", State.MISSING)


def test_typing_is_no_sign_of_life_of_a_source(desk):
    desk.type(100)
    assert desk.storage.board.pulled() == ()
    assert desk.storage.board.source_records(desk.unit) == {}
