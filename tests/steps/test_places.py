"""Places and what wins them: counted in a province that is known beforehand, and for the fewest points of any."""

from hue_dti.steps.find import tried_of
from hue_dti.steps.model import Mark
from hue_dti.steps.peers import Peers
from hue_dti.units.model import Level


def test_the_points_for_the_next_place_are_the_fewest_that_share_it(world):
    left_out = 0
    for seed in range(6):
        base = world(seed, 0.1).again(Level.COMMUNE).base
        peers = Peers.within(base, [0] * len(base.spans))
        for i, points in enumerate(peers.points_for_next(base).tolist()):
            if points:
                left_out += int(base.excluded[i])
                assert peers.rank(base, i, points) < peers.rank(base, i) == peers.rank(base, i, points - 1)
    assert left_out, "some of them have criteria that do not apply"


def test_steps_known_beforehand_are_found_with_what_they_take_give_and_win(world):
    """Of 21 accounts none is standardised: all are worth the criterion's 30 points, 12 of them the place before, 11 would not be."""
    made = world(3, 0.1)
    again = made.again(Level.COMMUNE)
    peers, found = Peers.within(again.base, [0] * len(again.base.spans)), {}
    for line in again.base.lines:
        for tried in tried_of(again, line, made.horizon(Level.COMMUNE), peers.points_for_next(again.base)):
            for step in (tried.step(again, peers, i) for i in (1, 2) if tried.gain[i]):
                ((move, *more), unit) = step.moves, step.points - step.gain
                assert not more or step.mark is Mark.FIGURES
                found[unit, step.criterion.code, step.mark] = (move.measure, move.now, move.then, step.gain, step.rank)
    assert [peers.rank(again.base, i) for i in range(5)] == [1, 2, 4, 5, 3]
    assert found[304_762, "III.2", Mark.FULL] == ("accounts_standardised", 0, 21, 300_000, 2)
    assert found[304_762, "III.2", Mark.RANK] == ("accounts_standardised", 0, 12, 171_429, 3)
    assert found[304_762, "V.3", Mark.FULL] == ("computers_infected", 85, 0, 100_000, 4)
    assert found[664_233, "I.10", Mark.FULL] == ("staff_readers", 0, 549, 100_000, 2)
