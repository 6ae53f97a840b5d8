"""PostgreSQL is restarted while a worker closes a quarter: the worker goes on and the quarter is complete."""

from benchmarks.proofs.installation import installation
from benchmarks.proofs.killed_closes import ABSENT
from benchmarks.proofs.restarted import restart_at


def test_a_close_cut_off_by_a_restart_of_the_database_is_done_again_by_the_same_worker():
    with installation() as place:
        place.fill()
        with place.copy() as settings:
            assert restart_at("inside-after-the-snapshot-s-rows", place, settings) == ABSENT
