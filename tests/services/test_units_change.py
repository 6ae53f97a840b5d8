"""Events in an installation: applied at set-up, known and waiting later, taken back until something hangs on them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.appraisal.model import Signed
from hue_dti.appraisal.rounds import Participant, Phase, Round, RoundLine, Window
from hue_dti.catalogue.load import load_catalogue
from hue_dti.errors import StorageError, UnitEventRefused
from hue_dti.resources import folder
from hue_dti.services.setup import prepare
from hue_dti.services.unit_events import apply_event, preview, revert_event, settle_units
from hue_dti.storage import Storage, open_storage
from hue_dti.trail.model import Hand
from hue_dti.units.closure import closure
from hue_dti.units.load import load_lists, load_units
from hue_dti.units.profile import UnitProfile

NOW = datetime(2025, 7, 1, 1, tzinfo=UTC)
HAND = Hand("an", "Lê Văn An")


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(folder("criteria"))


@pytest.fixture
def fresh(database):
    """A new installation."""
    with prepare(database.settings) as storage:
        yield storage


@pytest.fixture
def standing(database):
    """An installation that had its units before any event was known."""
    with open_storage(database.settings) as storage:
        storage.save_units(load_lists(folder("criteria")))
        settle_units(storage, database.settings, NOW)
        yield storage


def test_a_new_installation_stands_where_the_shipped_events_leave_it_and_set_up_again_it_stays(fresh: Storage, database):
    wanted = set(load_units(folder("criteria")))
    assert set(fresh.units()) == wanted
    settle_units(fresh, database.settings, NOW)
    assert set(fresh.units()) == wanted
    assert [known.holds for known in fresh.unit_events.all()] == [True, True, True]


def test_an_installation_at_work_only_learns_of_events_and_an_administrator_applies_them_in_order(standing: Storage, database):
    assert [known.step for known in standing.unit_events.all()] == ["", "", ""]
    assert not [unit for unit in standing.units() if unit.valid_to is not None]
    with pytest.raises(UnitEventRefused, match="2025-01 xảy ra trước"):
        apply_event(standing, "2025-02", HAND, NOW)
    for number in ("2025-01", "2025-02", "2025-03"):
        apply_event(standing, number, HAND, NOW)
    settle_units(standing, database.settings, NOW)
    assert set(standing.units()) == set(load_units(folder("criteria")))
    assert [kept.event.act for kept in standing.trail.page()][:3] == ["units.applied"] * 3


def test_an_event_nobody_has_used_is_taken_back_and_stays_so_after_a_restart(fresh: Storage, database):
    with pytest.raises(UnitEventRefused, match="2025-03 xảy ra sau"):
        revert_event(fresh, "2025-02", HAND, NOW, "áp dụng nhầm")
    with pytest.raises(UnitEventRefused, match="phải có lý do"):
        revert_event(fresh, "2025-03", HAND, NOW, " ")
    revert_event(fresh, "2025-03", HAND, NOW, "áp dụng nhầm")
    settle_units(fresh, database.settings, NOW)
    there = [unit for unit in fresh.units() if unit.exists_on(date(2025, 7, 1))]
    assert len(there) == 1 + 9 + 133
    apply_event(fresh, "2025-03", HAND, NOW)
    assert set(fresh.units()) == set(load_units(folder("criteria")))


def test_what_hangs_on_a_new_unit_keeps_its_event_and_what_hangs_on_the_old_one_of_the_same_code_does_not(fresh: Storage):
    fresh.accounts.add("hoa", "Hồ Thị Hoa", "", "", [Grant(Role.OFFICER, "20179")], "an", datetime(2024, 5, 1, tzinfo=UTC))
    assert fresh.lineage().on("20179", date(2025, 7, 1)).name == "Xã Nam Đông"
    assert fresh.unit_events.uses(fresh.unit_events.all()[-1].event) == ()
    fresh.accounts.grant("hoa", Grant(Role.READER, "20161"), "an", NOW)
    with pytest.raises(UnitEventRefused, match=r"quyền của người dùng: 20161"):
        revert_event(fresh, "2025-03", HAND, NOW, "áp dụng nhầm")


def test_general_information_of_a_new_unit_keeps_its_event(fresh: Storage):
    fresh.profiles.save(UnitProfile("20179", email="a@b.vn"), "an", NOW)
    with pytest.raises((UnitEventRefused, StorageError), match="thông tin chung: 20179"):
        revert_event(fresh, "2025-03", HAND, NOW, "áp dụng nhầm")


def test_a_round_of_a_new_unit_keeps_its_event(fresh: Storage):
    windows = {phase: Window(date(2025, 7, 1), date(2025, 7, 1)) for phase in Phase}
    of = (Participant("20161", "Xã Khe Tre"),), (RoundLine("1", "Họp", "I", 50_000),)
    fresh.rounds.open(Round("d1", "Đợt 1", "province-922", "46", 2025, *of, windows, Signed("an", "Lê Văn An", ""), NOW))
    with pytest.raises(UnitEventRefused, match="đơn vị trong đợt đánh giá: 20161"):
        revert_event(fresh, "2025-03", HAND, NOW, "áp dụng nhầm")


def test_rights_at_a_unit_that_ends_do_not_pass_to_the_one_that_gets_its_code(standing: Storage):
    standing.accounts.add("hoa", "Hồ Thị Hoa", "", "", [Grant(Role.OFFICER, "20179")], "an", datetime(2024, 5, 1, tzinfo=UTC))
    standing.accounts.add("dno", "Cán bộ Dương Nỗ", "", "", [Grant(Role.OFFICER, "19909")], "an", datetime(2025, 2, 1, tzinfo=UTC))
    apply_event(standing, "2025-01", HAND, NOW)
    assert apply_event(standing, "2025-02", HAND, NOW) == ()
    assert apply_event(standing, "2025-03", HAND, NOW) == ("hoa",)
    assert standing.accounts.find("hoa").held == ()
    assert len(standing.accounts.find("dno").held) == 1  # kept as it was, under the city now
    revert_event(standing, "2025-03", HAND, NOW, "áp dụng nhầm")
    assert [held.grant.unit for held in standing.accounts.find("hoa").held] == ["20179"]


def test_the_preview_proves_that_nothing_is_lost_and_says_what_reaches_nobody(fresh: Storage, catalogue):
    seen = preview(fresh, catalogue, "2025-03")
    levels = {count.level.value: (count.before, count.after) for count in seen.proof.levels}
    assert levels == {"province": (1, 1), "district": (9, 0), "commune": (133, 40)}
    assert seen.proof.holds
    assert seen.known.holds


def test_the_kept_closure_is_that_of_the_units_and_answers_for_both_trees(fresh: Storage, database):
    with database.connect() as connection:
        kept = set(connection.execute("SELECT ancestor, descendant, depth, valid_from, valid_to FROM unit_closure").fetchall())
    assert kept == {(tie.ancestor, tie.descendant, tie.depth, tie.valid_from, tie.valid_to) for tie in closure(fresh.units())}
    assert len(fresh.unit_events.below("46", date(2025, 7, 1))) == 41
    assert fresh.unit_events.above("20179", date(2024, 6, 10)) == ("20179", "483", "46")
    assert fresh.unit_events.above("20179", date(2025, 7, 1)) == ("20179", "46")


def test_the_file_may_be_corrected_until_the_event_holds(standing: Storage):
    book = standing.unit_events
    first = book.all()[0].event
    book.learn([replace(first, note="đã đối chiếu")])
    assert book.all()[0].event.note == "đã đối chiếu"
    apply_event(standing, "2025-01", HAND, NOW)
    book.learn([replace(first, note="ghi khác")])
    assert book.all()[0].event.note == "đã đối chiếu"
