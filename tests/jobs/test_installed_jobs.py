"""What the clock and the queue call: doing it again changes nothing, and each stays small."""

import inspect
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hue_dti.errors import ReportError, SettingError, SourceUnreachable, UnknownUnit
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.snapshots.verify import verify
from hue_dti.storage import Deferred
from tests.golden_quarter import written_sources

ABOUT = {"unit": "483", "period": "2024-Q2"}


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def do(quarter):
    """Does an installed job at the quarter's installation."""

    def done(job, settings=quarter.settings, **arguments):
        bench = Workbench(settings, quarter.catalogue, quarter.storage, quarter.now)
        at_the_bench(bench, installed_jobs())[job](**arguments)

    return done


def queued(quarter):
    with quarter.database.connect() as connection:
        return connection.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id").fetchall()


@pytest.mark.parametrize("name", sorted(installed_jobs()))
def test_a_job_is_at_most_twenty_lines_and_says_what_it_promises(name):
    job = installed_jobs()[name]
    assert len(inspect.getsource(job).splitlines()) <= 20
    assert job.__doc__


def test_closing_freezes_once_and_queues_one_report(do, quarter):
    do("close_quarter", **ABOUT)
    do("close_quarter", **ABOUT)
    (head,) = quarter.storage.snapshot_heads("483")
    assert head.closed_by == "Lịch tự động"
    assert verify(quarter.storage.bundle(head.sha256)) == ()
    assert queued(quarter) == [("draft_report", ABOUT)]


def test_a_quarter_that_a_person_closed_is_left_as_it_is_whatever_came_since(do, quarter):
    head = quarter.close()
    run = quarter.storage.begin_pull("super_app", "483", "2024-Q2", quarter.now())
    (first, *_) = quarter.storage.observations(["483"], "2024-Q2")
    quarter.storage.save_observations(run, [replace(first, value=(first.value or 0) + 1)])
    do("close_quarter", **ABOUT)
    assert quarter.storage.snapshot_heads("483") == (head,)
    assert queued(quarter) == [("draft_report", ABOUT)], "its report is drafted all the same"


@pytest.mark.parametrize(("pull", "units"), [("pull_source", {"unit": "483"}), ("pull_units", {"units": "479,483"})])
def test_a_close_waits_for_the_pulls_of_its_quarter_but_not_for_ever(pull, units, do, quarter):
    quarter.storage.defer(Deferred(pull, {**units, "period": "2024-Q2", "source": "meetings"}))
    do("close_quarter", **ABOUT)
    assert quarter.storage.snapshot_heads("483") == ()
    assert queued(quarter)[1:] == [("close_quarter", {**ABOUT, "waits": "1"})]
    do("close_quarter", **ABOUT, waits="90")
    assert len(quarter.storage.snapshot_heads("483")) == 1


def test_a_report_is_written_into_its_folder_and_the_same_again(do, quarter):
    quarter.close()
    do("draft_report", **ABOUT)
    out = quarter.home / "reports" / "2024-Q2" / "483"
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    do("draft_report", **ABOUT)
    assert sorted(name.rsplit(".")[-1] for name in first) == ["bundle", "docx", "pdf", "xlsx"]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_no_report_is_written_of_a_quarter_that_is_not_closed(do, quarter):
    with pytest.raises(ReportError, match="chưa chốt"):
        do("draft_report", **ABOUT)
    assert not (quarter.home / "reports").exists()


@pytest.fixture
def declared(quarter, tmp_path, monkeypatch):
    def written(base, **changed):
        entries, environment = written_sources(base)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        path = tmp_path / "sources.yaml"
        path.write_text(json.dumps({code: {**entry, **changed} for code, entry in entries.items()}))
        return replace(quarter.settings, sources=path, sandbox=True)

    return written


def test_one_source_is_pulled_and_pulled_again_to_the_same_figures(do, quarter, sandbox, declared):
    before = {(each.unit, each.measure): each.value for each in quarter.storage.observations(["483"], "2024-Q2")}
    settings = declared(sandbox[0])
    newest = {run.source: run.id for run in quarter.storage.last_pulls("483", "2024-Q2")}
    do("pull_source", settings, **ABOUT, source="meetings")
    do("pull_source", settings, **ABOUT, source="meetings")
    after = {run.source: run.id for run in quarter.storage.last_pulls("483", "2024-Q2")}
    assert {source for source in after if after[source] != newest[source]} == {"meetings"}
    assert {(each.unit, each.measure): each.value for each in quarter.storage.observations(["483"], "2024-Q2")} == before


def test_a_source_that_does_not_answer_fails_its_job_with_the_reason_on_record(do, quarter, declared):
    settings = declared("http://127.0.0.1:1", attempts="1")
    with pytest.raises(SourceUnreachable, match="không cho số liệu Quý II năm 2024"):
        do("pull_source", settings, **ABOUT, source="meetings")
    assert {run.source: run.outcome for run in quarter.storage.last_pulls("483", "2024-Q2")}["meetings"] == "failed"


def test_a_source_that_failed_three_times_rests_for_all_but_who_asks_anyway(do, quarter, sandbox, declared):
    dead = declared("http://127.0.0.1:1", attempts="1")
    for _ in range(3):
        with pytest.raises(SourceUnreachable):
            do("pull_source", dead, **ABOUT, source="meetings")
    alive, failed = declared(sandbox[0]), quarter.storage.last_pulls("483", "2024-Q2")
    do("pull_source", alive, **ABOUT, source="meetings")
    assert quarter.storage.last_pulls("483", "2024-Q2") == failed
    assert queued(quarter) == [("pull_source", {**ABOUT, "source": "meetings", "rests": "1"})]
    do("pull_source", alive, **ABOUT, source="documents")
    do("pull_source", alive, **ABOUT, source="meetings", anyway="1")
    do("pull_source", alive, **ABOUT, source="meetings")


def test_a_source_that_did_well_in_the_last_hours_is_not_asked_again(do, quarter, declared):
    settings = declared("http://127.0.0.1:1", attempts="1")
    last = quarter.storage.last_pulls("483", "2024-Q2")
    do("pull_source", settings, **ABOUT, source="meetings", unless_good_h="10000")
    assert quarter.storage.last_pulls("483", "2024-Q2") == last
    with pytest.raises(SourceUnreachable):
        do("pull_source", settings, **ABOUT, source="meetings", unless_good_h="0")
    with pytest.raises(SourceUnreachable):
        do("pull_source", settings, **ABOUT, source="meetings", unless_good_h="10000")


def test_without_declared_sources_the_pull_says_what_to_set(do):
    with pytest.raises(SettingError, match="HUE_DTI_SOURCES"):
        do("pull_source", **ABOUT, source="meetings")


def test_a_unit_that_is_not_there_is_named(do):
    with pytest.raises(UnknownUnit, match="99999"):
        do("close_quarter", unit="99999", period="2024-Q2")


def test_a_source_is_stale_after_its_days_and_fresh_again_after_a_good_pull(quarter, do):
    book = quarter.storage.schedule
    do("watch_freshness", unit="483", days="10000")
    assert book.stale_sources() == ()
    good = book.last_good_pulls("483")
    bench = Workbench(quarter.settings, quarter.catalogue, quarter.storage, lambda: good["super_app"] + timedelta(days=4))
    installed_jobs()["watch_freshness"](bench, unit="483", days="3")
    noted = book.stale_sources()
    assert {each.source: each.last_good_at for each in noted} == good
    later = Workbench(quarter.settings, quarter.catalogue, quarter.storage, lambda: good["super_app"] + timedelta(days=5))
    installed_jobs()["watch_freshness"](later, unit="483", days="3")
    assert book.stale_sources() == noted, "it keeps the moment it was first noted"
    run = quarter.storage.begin_pull("super_app", "483", "2024-Q2", later.now())
    quarter.storage.finish_pull(run, "ok", "", 1, 1, (), later.now())
    installed_jobs()["watch_freshness"](later, unit="483", days="3")
    assert {each.source for each in book.stale_sources()} == set(good) - {"super_app"}


def test_stored_answers_read_again_do_not_make_a_source_fresh(quarter):
    book = quarter.storage.schedule
    good = book.last_good_pulls("483")
    (asked,) = (run for run in quarter.storage.last_pulls("483", "2024-Q2") if run.source == "super_app")
    run = quarter.storage.begin_pull("super_app", "483", "2024-Q2", quarter.now(), replays=asked.id)
    quarter.storage.finish_pull(run, "ok", "", 1, 1, (), good["super_app"] + timedelta(days=5))
    assert book.last_good_pulls("483") == good


def test_a_source_that_was_never_pulled_is_stale_without_a_date(quarter, do):
    do("watch_freshness", unit="484", days="3")
    assert {each.source: each.last_good_at for each in quarter.storage.schedule.stale_sources()} == dict.fromkeys(quarter.catalogue.sources)


def test_a_heartbeat_is_left_and_never_set_back(quarter, do):
    do("heartbeat")
    left = quarter.storage.schedule.last_beat("schedule")
    quarter.storage.schedule.beat("schedule", left - timedelta(hours=1))
    assert quarter.storage.schedule.last_beat("schedule") == left
    do("heartbeat")
    assert quarter.storage.schedule.last_beat("schedule") > left
