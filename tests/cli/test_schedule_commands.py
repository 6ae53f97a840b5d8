"""`hue-dti schedule`, and the processes: web, scheduler and worker in one command, all gone when it ends."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.errors import CatalogueError
from hue_dti.storage import Deferred, ScheduledRun
from hue_dti.units.model import Level, OrgUnit
from tests.patience import PATIENCE_S, lasting_port, until

BEAT = """\
schedule:
  - {name: beat, job: heartbeat, when: "0 0 1 1 *"}
"""


@pytest.fixture
def environment(database, tmp_path):
    own = {**database.environment, "HUE_DTI_HOME": str(tmp_path), "HUE_DTI_SCHEDULE": str(tmp_path / "lich.yaml")}
    (tmp_path / "lich.yaml").write_text(BEAT)
    return own


def companions_of(pid):
    """The processes that were told to live with this one: their commands by number."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text().split("\0")
            dead = (path.parent / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
        except OSError:
            continue
        if "--parent" in words and words[words.index("--parent") + 1] == str(pid) and not dead:
            found[int(path.parent.name)] = words[words.index("--parent") - 1]
    return found


@contextmanager
def running(*words, environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "hue_dti", *words],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.communicate()


def test_the_listing_names_job_time_and_next_run_in_local_time(environment, storage):
    storage.schedule.call(ScheduledRun("beat", datetime(2025, 12, 31, 17, tzinfo=UTC), "catch_up", datetime(2026, 1, 2, tzinfo=UTC)))
    done = CliRunner().invoke(cli, ["schedule"], env=environment)
    assert done.exit_code == 0
    for word in ("beat", "heartbeat", "0 0 1 1 *", "00:00 01/01/", "00:00 01/01/2026, chạy bù, 0 việc"):
        assert word in done.output
    (entry,) = json.loads(CliRunner().invoke(cli, ["schedule", "--json"], env=environment).output)
    assert (entry["name"], entry["last"], entry["last_kind"]) == ("beat", "2026-01-01T00:00:00+07:00", "catch_up")
    assert entry["next"].endswith("-01-01T00:00:00+07:00")


def test_the_schedule_that_ships_is_listed_in_words(environment):
    done = CliRunner().invoke(cli, ["schedule"], env={**environment, "HUE_DTI_SCHEDULE": ""})
    for words in ("nightly-pull", "hằng ngày lúc 01:00", "mỗi 5 phút", "chưa chạy"):
        assert words in done.output


def test_entries_that_will_do_nothing_are_named(environment, storage):
    shipped = {**environment, "HUE_DTI_SCHEDULE": ""}
    assert "nightly-pull" in CliRunner().invoke(cli, ["schedule"], env=shipped).output.partition("Cần xem:")[2]
    storage.save_units([OrgUnit("999", "Huyện Mới", Level.DISTRICT, None, date(2025, 1, 1))])
    assert "Cần xem:" not in CliRunner().invoke(cli, ["schedule"], env=shipped).output


def test_a_broken_schedule_is_told_with_its_line(environment, tmp_path):
    (tmp_path / "lich.yaml").write_text(BEAT.replace("0 0 1 1 *", "0 0 31 2 *"))
    done = CliRunner().invoke(cli, ["schedule"], env=environment)
    assert isinstance(done.exception, CatalogueError)
    assert f"{tmp_path / 'lich.yaml'}:2: " in str(done.exception)


def test_serve_alone_makes_up_for_what_was_missed_does_the_work_and_leaves_nothing_behind(environment, storage):
    long_ago = datetime.now(UTC) - timedelta(days=500)
    storage.schedule.call(ScheduledRun("beat", long_ago, "first_seen", long_ago))
    with running("serve", "--port", str(lasting_port()), environment=environment) as serve:
        assert until(lambda: storage.schedule.last_beat("schedule"))
        (run,) = storage.schedule.runs_of("beat")
        assert run.kind == "catch_up"
        beside = companions_of(serve.pid)
        assert sorted(beside.values()) == ["scheduler", "worker"]
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(PATIENCE_S) == 0
        assert companions_of(serve.pid) == {}


def test_serve_starts_a_worker_again_that_was_killed(environment, storage):
    with running("serve", "--port", str(lasting_port()), "--no-scheduler", environment=environment) as serve:
        (first,) = until(lambda: companions_of(serve.pid))
        os.kill(first, signal.SIGKILL)
        storage.defer(Deferred("heartbeat"))
        assert until(lambda: storage.schedule.last_beat("schedule"))
        (second,) = companions_of(serve.pid)
        assert second != first


def test_serve_ends_when_it_is_stopped_while_its_processes_are_still_starting(environment):
    with running("serve", "--port", str(lasting_port()), "--no-scheduler", "--no-worker", environment=environment) as serve:
        until(lambda: "Spawning worker-1" in serve.stdout.readline())
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(PATIENCE_S) == 0


def test_web_scheduler_and_worker_can_each_be_left_out(environment):
    with running("serve", "--port", str(lasting_port()), "--no-scheduler", "--no-worker", environment=environment) as serve:
        until(lambda: "Listening" in serve.stdout.readline())
        assert companions_of(serve.pid) == {}


@pytest.mark.parametrize("command", ["scheduler", "worker"])
def test_a_companion_ends_with_its_parent_however_that_ended(command, environment):
    start = "import os, subprocess, sys; subprocess.run([sys.executable, '-m', 'hue_dti', sys.argv[1], '--parent', str(os.getpid())])"
    parent = subprocess.Popen([sys.executable, "-c", start, command], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    parent.stdout.readline()
    assert list(companions_of(parent.pid).values()) == [command]
    parent.kill()
    parent.wait()
    until(lambda: companions_of(parent.pid) == {})
    parent.stdout.close()


@pytest.mark.parametrize("command", ["scheduler", "worker"])
def test_a_process_ends_well_when_it_is_told_to_stop(command, environment):
    with running(command, environment=environment) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
