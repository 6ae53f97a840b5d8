"""A published result ranked by a group, a pillar or a line: on exact points, pillars as they are printed, empty sheets without a rank."""

import pytest

from hue_dti.rollup.rounds import GROUP, LINE, PILLAR, Key, places_by


def row(name, rank, group, pillar):
    return {"unit": name, "name": name, "rank": rank, "groups": {"1": group}, "pillars": {"cq": pillar}}


TOLD = {
    "precision": 4,
    "results": [row("B", 1, 70_000, "48791/100000"), row("A", 2, 70_001, "48794/100000"), row("C", 3, 10, "1/2"), row("D", None, 0, "0/1")],
    "marks": {name: {"1.1": {"points": points}} for name, points in (("A", 5), ("B", 9), ("C", 5), ("D", 0))},
}


@pytest.mark.parametrize(
    ("key", "ranked"),
    [
        (Key(GROUP, "1", ""), [(1, "A"), (2, "B"), (3, "C"), (None, "D")]),
        (Key(PILLAR, "cq", ""), [(1, "C"), (2, "A"), (2, "B"), (None, "D")]),
        (Key(LINE, "1.1", ""), [(1, "B"), (2, "A"), (2, "C"), (None, "D")]),
    ],
)
def test_each_key_has_its_own_places(key, ranked):
    assert [(rank, told["unit"]) for rank, _, told in places_by(TOLD, key)] == ranked
