"""What the board reads: pulls and their answers, one job in the queue however often it is asked for, signs of life."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hue_dti.observations.model import SourceFault
from hue_dti.storage import Deferred, Pace, work

PULL = Deferred("pull_source", {"unit": "483", "period": "2024-Q2", "source": "super_app"})


def pull(storage, make, outcome, minute, source="super_app", period=None, observed=3, faults=()):
    at = make.at + timedelta(minutes=minute)
    run = storage.begin_pull(source, "483", period or make.period, at)
    if outcome:
        storage.finish_pull(run, outcome, "" if outcome == "ok" else f"lý do {minute}", 1, observed, faults, at)
    return run


def test_a_source_s_record_counts_failures_since_it_last_did_well(storage, make):
    for minute, outcome in enumerate(["failed", "ok", "failed", "partial", "failed", "failed", None]):
        pull(storage, make, outcome, minute)
    pull(storage, make, "failed", 9, "meetings", period="2024-Q1")
    records = storage.board.source_records("483")
    one = records["super_app"]
    assert (one.first_asked, one.last_good) == (make.at, make.at + timedelta(minutes=3))
    assert (one.failures, one.failed_at, one.reason) == (2, make.at + timedelta(minutes=5), "lý do 5")
    never = records["meetings"]
    assert (never.last_good, never.failures, never.reason) == (None, 1, "lý do 9")


def test_a_source_that_does_well_has_no_failure_on_record(storage, make):
    pull(storage, make, "ok", 0)
    one = storage.board.source_records("483")["super_app"]
    assert (one.failures, one.failed_at, one.reason) == (0, None, "")


def test_recent_pulls_come_oldest_first_and_no_more_than_asked_for(storage, make):
    runs = [pull(storage, make, "ok", minute) for minute in range(5)]
    other = pull(storage, make, "failed", 6, "meetings")
    pull(storage, make, "ok", 7, period="2024-Q1")
    recent = storage.board.recent_pulls("483", make.period, 3)
    assert {source: [run.id for run in pulls] for source, pulls in recent.items()} == {"super_app": runs[2:], "meetings": [other]}
    assert storage.board.newest_run("super_app", "483", make.period).id == runs[-1]
    assert storage.board.pulled()[0] == ("483", type(make.period).parse("2024-Q1"))


def test_answers_are_told_in_the_order_they_came_without_their_bodies(storage, make):
    run, other = pull(storage, make, None, 0), pull(storage, make, None, 1)
    for number in range(3):
        storage.raw_store(run).keep(make.answer(request=f"GET /{number}", body=f"{number}".encode()))
    answers = storage.board.answers_of(run, other)
    assert [answer.request for answer in answers[run]] == ["GET /0", "GET /1", "GET /2"]
    assert answers[other] == ()


def test_a_fault_remembers_the_answer_it_stands_in(storage, make):
    fault = SourceFault("dòng 17", "số âm", "a" * 64)
    pull(storage, make, "partial", 0, faults=[fault, SourceFault("dòng 18", "số âm")])
    assert storage.board.newest_run("super_app", "483", make.period).faults == (fault, SourceFault("dòng 18", "số âm"))


def test_asked_for_twice_a_job_is_queued_once_even_by_many_at_the_same_moment(storage, database):
    with ThreadPoolExecutor(8) as pool:
        queued = list(pool.map(lambda _: storage.board.queue_once(PULL), range(24)))
    assert len({each.number for each in queued}) == 1
    assert [each.before for each in queued].count(False) == 1
    assert storage.board.queued(PULL, Deferred("heartbeat")) == (storage.board.queue_once(PULL), None)


def test_a_job_that_runs_is_not_queued_again_and_one_that_is_done_is(storage):
    seen = []

    def pulls(**_):
        running = storage.board.queue_once(PULL)
        seen.append((running.running, running.before, storage.board.job_status(running.number), storage.board.workers()))

    first = storage.board.queue_once(PULL)
    work(storage, {"pull_source": pulls}, until_empty=True)
    assert seen == [(True, True, "doing", 1)]
    assert storage.board.job_status(first.number) is None
    assert storage.board.workers() == 0
    assert not storage.board.queue_once(PULL).before


def test_a_job_that_failed_tells_so(storage):
    def fails(**_):
        raise ValueError

    queued = storage.board.queue_once(PULL)
    work(storage, {"pull_source": fails}, Pace(), until_empty=True)
    assert storage.board.job_status(queued.number) == "failed"


def test_a_worker_without_a_heartbeat_is_not_alive(storage, database):
    with database.connect() as connection:
        connection.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '11 seconds'), (now())")
    assert storage.board.workers() == 1


def test_a_trial_is_kept_until_the_next_one_and_a_day_at_most(storage, make):
    storage.board.keep_trial("483", make.period, "meetings", {"failure": "cũ"}, make.at)
    storage.board.keep_trial("483", make.period, "super_app", {"failure": "một"}, make.at + timedelta(hours=12))
    storage.board.keep_trial("483", make.period, "super_app", {"failure": "hai"}, make.at + timedelta(hours=25))
    assert storage.board.trial("483", make.period, "super_app").told == {"failure": "hai"}
    assert storage.board.trial("483", make.period, "meetings") is None
