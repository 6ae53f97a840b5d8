"""A worker killed at a named point of a close leaves the quarter complete or absent, and the next worker completes it."""

from dataclasses import replace

import pytest

from benchmarks.proofs.crash import POINTS
from benchmarks.proofs.killed_closes import ABSENT, COMPLETE, kill_at

COMMITTED = list(POINTS).index("after-the-commit")


@pytest.mark.parametrize("point", list(POINTS)[2:])
def test_a_close_killed_on_its_way_is_complete_or_absent_and_complete_in_the_end(point, another_quarter, tmp_path):
    settings = replace(another_quarter().settings, home=tmp_path)
    expected = COMPLETE if list(POINTS).index(point) >= COMMITTED else ABSENT
    assert kill_at(point, settings, write_reports=False) == (expected, COMPLETE)
