"""What is due is called once: by many schedulers at a time, after the process was away, and after the clock was moved."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from benchmarks.proofs.schedulers import race
from benchmarks.province_pull import communes
from hue_dti.periods import LOCAL
from hue_dti.schedule.clockwork import UNITS_TOGETHER
from hue_dti.schedule.model import AtCutoff, BeforeCutoff, Cron, Entry
from hue_dti.schedule.scheduler import MATTER, Scheduler
from hue_dti.units.model import Level

NIGHTLY = Entry("nightly", "heartbeat", Cron("0", "1", "*", "*", "*"), frozenset())
CLOSE = Entry("close", "close_quarter", AtCutoff(6, 0), frozenset({"unit", "period"}), Level.DISTRICT, ("483",))
REMIND = Entry(
    "remind", "remind", BeforeCutoff((14, 7), 8, 0), frozenset({"unit", "period", "days_before"}), Level.DISTRICT, ("483", "480")
)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=LOCAL)
DUE = datetime(2026, 11, 22, 1, 0, tzinfo=LOCAL)


def queued(database):
    with database.connect() as connection:
        return connection.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()


def test_three_schedulers_and_forty_due_times_are_exactly_forty_runs(database):
    assert race(database.settings, 3, 40) == (40, 40, 40)


@pytest.mark.parametrize("away", [timedelta(minutes=1), timedelta(hours=6), timedelta(days=10)], ids=["minute", "6-hours", "10-days"])
def test_being_away_over_due_times_is_made_up_for_once(clockwork, database, away):
    watch = clockwork(NIGHTLY)
    watch.call_all_due(NOON)
    watch.call_all_due(DUE - timedelta(seconds=30))
    back = DUE - timedelta(seconds=30) + away + timedelta(minutes=2)
    (run,) = watch.call_all_due(back)
    assert (run.kind, run.due_at.hour, run.due_at.minute) == ("catch_up", 1, 0)
    assert run.due_at == DUE + timedelta(days=away.days)
    assert watch.call_all_due(back + timedelta(minutes=5)) == ()
    assert len(queued(database)) == 1


def test_what_is_called_in_time_is_not_marked_and_not_called_again(clockwork, database):
    watch = clockwork(NIGHTLY)
    watch.call_all_due(NOON)
    (run,) = watch.call_all_due(DUE)
    assert (run.kind, run.due_at, run.queued) == ("on_time", DUE, 1)
    assert clockwork(NIGHTLY).call_all_due(DUE + timedelta(seconds=1)) == ()
    assert len(queued(database)) == 1


def test_an_entry_met_for_the_first_time_owes_nothing_of_before(clockwork, database):
    assert clockwork(NIGHTLY, CLOSE).call_all_due(NOON) == ()
    assert queued(database) == []


def test_a_clock_set_back_calls_nothing_twice_and_one_set_forward_skips_nothing(clockwork):
    watch, day = clockwork(NIGHTLY), timedelta(days=1)
    watch.call_all_due(NOON)
    assert [run.due_at for run in watch.call_all_due(DUE + 3 * day)] == [DUE + 3 * day]
    assert [run.due_at for run in watch.call_all_due(DUE)] == [DUE], "set right again, the nights between still come"
    assert watch.call_all_due(DUE - timedelta(hours=1)) == ()
    assert watch.call_all_due(DUE) == ()
    assert [run.due_at for run in watch.call_all_due(DUE + day)] == [DUE + day]
    assert [len(watch.call_all_due(DUE + number * day)) for number in (2, 3, 4)] == [1, 0, 1]


def test_each_quarter_cut_off_while_away_is_closed_for_the_units_of_its_day(clockwork, database):
    watch = clockwork(CLOSE)
    watch.call_all_due(datetime(2024, 6, 1, tzinfo=LOCAL))
    runs = watch.call_all_due(datetime(2024, 10, 2, tzinfo=LOCAL))
    assert [run.kind for run in runs] == ["catch_up", "catch_up"]
    assert queued(database) == [("close_quarter", {"unit": "483", "period": period}) for period in ("2024-Q2", "2024-Q3")]


def test_a_unit_that_no_longer_is_gets_no_job(clockwork, database):
    watch = clockwork(CLOSE)
    watch.call_all_due(datetime(2026, 9, 1, tzinfo=LOCAL))
    (run,) = watch.call_all_due(datetime(2026, 10, 1, 6, 0, tzinfo=LOCAL))
    assert run.queued == 0, "districts ended on 30 June 2025"
    assert queued(database) == []


def test_a_pull_is_queued_for_each_unit_and_declared_source_in_the_quarter_that_runs(clockwork, database, tmp_path):
    declared = tmp_path / "sources.yaml"
    told = "connector: meetings, base: https://a.example, token_env: CHI_WORKER_CAN"
    declared.write_text(f"meetings: {{{told}}}\nsuper_app: {{connector: super_app, base: https://b.example}}\n")
    pull = Entry("pull", "pull_source", Cron("0", "1", "*", "*", "*"), frozenset({"unit", "period", "source"}), Level.DISTRICT, ("483",))
    watch = clockwork(pull, sources=declared)
    watch.call_all_due(datetime(2024, 6, 9, 12, tzinfo=LOCAL))
    watch.call_all_due(datetime(2024, 6, 10, 1, tzinfo=LOCAL))
    watch.call_all_due(datetime(2024, 6, 11, 1, tzinfo=LOCAL))
    wanted = [{"unit": "483", "period": period, "source": s} for period in ("2024-Q2", "2024-Q3") for s in ("meetings", "super_app")]
    assert [arguments for _, arguments in queued(database)] == wanted


def test_who_only_hands_files_in_is_not_asked_by_the_clock(clockwork, database, tmp_path):
    (tmp_path / "drop").mkdir()
    table = "connector: dropped_table"
    declared = tmp_path / "sources.yaml"
    declared.write_text(f"police: {{{table}}}\ntelecom: {{{table}, folder: {tmp_path / 'drop'}}}\n")
    pull = Entry("pull", "pull_source", Cron("0", "1", "*", "*", "*"), frozenset({"unit", "period", "source"}), Level.DISTRICT, ("483",))
    watch = clockwork(pull, sources=declared)
    watch.call_all_due(datetime(2024, 6, 9, 12, tzinfo=LOCAL))
    watch.call_all_due(datetime(2024, 6, 10, 1, tzinfo=LOCAL))
    assert {arguments["source"] for _, arguments in queued(database)} == {"telecom"}


def test_a_pull_of_several_units_is_queued_for_each_source_in_turn_with_a_few_units_at_a_time(clockwork, database, tmp_path):
    declared = tmp_path / "sources.yaml"
    declared.write_text("".join(f"{code}: {{connector: super_app, base: https://b.example}}\n" for code in ("meetings", "super_app")))
    pull = Entry("pull", "pull_units", Cron("0", "1", "*", "*", "*"), frozenset({"units", "period", "source"}), Level.COMMUNE)
    watch = clockwork(pull, sources=declared)
    watch.call_all_due(datetime(2024, 6, 9, 12, tzinfo=LOCAL))
    watch.call_all_due(datetime(2024, 6, 10, 1, tzinfo=LOCAL))
    found = [arguments for _, arguments in queued(database)]
    assert [each["source"] for each in found] == ["meetings", "super_app"] * (len(found) // 2)
    asked = [code for each in found[::2] for code in each["units"].split(",")]
    assert sorted(asked) == sorted(unit.code for unit in communes())
    assert max(each["units"].count(",") + 1 for each in found) == UNITS_TOGETHER


def test_of_several_units_only_those_named_are_pulled(clockwork, database, tmp_path):
    declared = tmp_path / "sources.yaml"
    declared.write_text("super_app: {connector: super_app, base: https://b.example}\n")
    wants = frozenset({"units", "period", "source"})
    watch = clockwork(Entry("pull", "pull_units", Cron("0", "1", "*", "*", "*"), wants, Level.DISTRICT, ("483", "479")), sources=declared)
    watch.call_all_due(datetime(2024, 6, 9, 12, tzinfo=LOCAL))
    watch.call_all_due(datetime(2024, 6, 10, 1, tzinfo=LOCAL))
    assert queued(database) == [("pull_units", {"units": "479,483", "period": "2024-Q2", "source": "super_app"})]


def test_with_no_sources_declared_nothing_is_queued(clockwork, database):
    pull = Entry("pull", "pull_source", Cron("0", "1", "*", "*", "*"), frozenset({"unit", "period", "source"}), Level.DISTRICT)
    watch = clockwork(pull)
    watch.call_all_due(datetime(2024, 6, 9, 12, tzinfo=LOCAL))
    assert [run.queued for run in watch.call_all_due(datetime(2024, 6, 10, 1, tzinfo=LOCAL))] == [0]


def test_exactly_one_leads_and_another_takes_over_when_its_connection_is_lost(storage, database):
    claims = [storage.leadership(MATTER) for _ in range(8)]
    assert [claim.held() for claim in claims] == [True] + [False] * 7
    assert storage.leadership("another matter").held()
    with database.connect("postgres") as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
    assert [claim.held() for claim in claims[1:3]] == [True, False]
    assert not claims[0].held(), "who lost the lead knows it"
    claims[1].release()
    assert claims[0].held()
    for claim in claims:
        claim.release()


def test_who_takes_over_makes_up_for_what_the_lost_leader_missed(clockwork, storage):
    clock, called = {"now": NOON}, []
    watch = clockwork(NIGHTLY)
    first, second = (
        Scheduler(watch, storage.leadership(MATTER), lambda: clock["now"], called=lambda run, who=who: called.append((who, run.kind)))
        for who in ("first", "second")
    )
    assert (first.look(), second.look()) == (True, False)
    stopped = threading.Event()
    stopped.set()
    first.run(stopped)
    clock["now"] = DUE + timedelta(hours=2)
    assert second.look()
    assert second.look()
    second.run(stopped)
    assert called == [("second", "catch_up")]


def test_the_timer_itself_calls_what_comes_due(clockwork, storage, database):
    called = threading.Event()
    minutely = replace(NIGHTLY, when=Cron("*", "*", "*", "*", "*"))
    watch = clockwork(minutely)
    base = datetime.now(LOCAL)
    scheduler = Scheduler(watch, storage.leadership(MATTER), lambda: base, called=lambda run: called.set())
    scheduler.look()
    timer = scheduler._timer
    assert [job.next_run_time.second for job in timer.get_jobs()] == [0]
    base += timedelta(minutes=1)
    timer.modify_job("nightly", next_run_time=datetime.now(LOCAL))
    assert called.wait(30)
    stopped = threading.Event()
    stopped.set()
    scheduler.run(stopped)
    assert len(queued(database)) == 1


def test_a_reminder_is_queued_for_each_unit_with_its_days_and_once_after_being_away(clockwork, database):
    watch = clockwork(REMIND)
    watch.call_all_due(datetime(2024, 5, 20, 12, tzinfo=LOCAL))
    (run,) = watch.call_all_due(datetime(2024, 6, 5, 12, tzinfo=LOCAL))
    assert (run.kind, run.queued) == ("catch_up", 2)
    assert watch.call_all_due(datetime(2024, 6, 6, 12, tzinfo=LOCAL)) == ()
    expected = [("remind", {"unit": unit, "period": "2024-Q2", "days_before": "7"}) for unit in ("480", "483")]
    assert queued(database) == expected
