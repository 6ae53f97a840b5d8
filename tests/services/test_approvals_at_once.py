"""Two people approve at the same moment: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hue_dti.errors import ApprovalRefused
from hue_dti.services.base import approve
from hue_dti.storage import open_storage
from tests.patience import HERE, until
from tests.services.base_figures import CHIEF, COMMUNE, Office

OTHER = "Phạm Thị Dung"
WAITING = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'base_decision'::regclass AND {HERE}"


@pytest.fixture
def at_once(district, database):
    """Let both approve with connections of their own; the book is held shut until both have checked and want to write."""

    def one(by, numbers):
        with open_storage(database.settings) as storage:
            try:
                return approve(storage, district.catalogue, numbers, by, district.now)
            except ApprovalRefused as refused:
                return refused

    def both(first, second):
        with ThreadPoolExecutor(2) as pool, database.connect("postgres") as held, database.connect("postgres") as watch:
            with held.transaction():
                held.execute("LOCK TABLE base_decision IN SHARE MODE")
                done = [pool.submit(one, by, numbers) for by, numbers in ((CHIEF, first), (OTHER, second))]
                until(lambda: watch.execute(WAITING).fetchone() == (2,))
            return [each.result() for each in done]

    return both


def winner_and_loser(outcomes):
    (lost,) = [each for each in outcomes if isinstance(each, ApprovalRefused)]
    (won,) = [each for each in outcomes if not isinstance(each, ApprovalRefused)]
    return won, lost


def test_of_two_approvals_of_one_proposal_one_wins_and_the_other_is_told_by_whom(district, at_once):
    number = Office(district).propose(2_000_000)
    won, lost = winner_and_loser(at_once([number], [number]))
    assert f"đã được {won.by} duyệt" in str(lost)
    assert [each.number for each in district.storage.base.decisions()] == [won.number]


def test_of_two_values_for_one_figure_one_wins_and_the_other_still_waits(district, at_once):
    office = Office(district)
    numbers = office.propose(2_000_000), office.propose(3_000_000)
    won, lost = winner_and_loser(at_once([numbers[0]], [numbers[1]]))
    assert "số được duyệt vừa đổi" in str(lost)
    (standing,) = district.storage.base.approved([COMMUNE], 2024)
    assert standing.proposal == won.proposals[0].number
    (waiting,) = [each for each in district.storage.base.proposals() if each.waiting]
    assert office.approve(waiting.number).proposals[0].old_value == standing.value


def test_acts_that_share_proposals_in_another_order_do_not_lock_each_other_out(district, at_once):
    office = Office(district)
    one, other = office.propose(2_000_000), office.propose(2_000_000, measure="villages")
    won, _ = winner_and_loser(at_once([one, other], [other, one]))
    assert len(won.proposals) == 2
    assert len(district.storage.base.decisions()) == 1
