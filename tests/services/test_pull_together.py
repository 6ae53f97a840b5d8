"""One source asked for many units in one job: each unit's pull stays its own, and a unit that fails costs only itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, abort, request

from benchmarks.proofs.killed_closes import let_time_pass
from benchmarks.province_pull import catalogue, communes
from connectors.outgoing import REQUESTS_PER_HOST
from hue_dti.config import Settings
from hue_dti.errors import SourceUnreachable
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.workbench import Workbench, at_the_bench, installed_jobs
from hue_dti.storage import Deferred, work
from hue_dti.storage.cluster import SUPERUSER
from hue_dti.units.load import load_units
from tests.golden_quarter import serving
from tests.patience import until

PERIOD = Period.parse("2024-Q2")
NOW = datetime(2024, 6, 10, 2, tzinfo=UTC)
UNITS = [unit.code for unit in communes()][:8]
TOGETHER = ",".join(UNITS)
RULES = "alerts:\n  - {name: nguon-loi, kind: failed, sources: all}\n"


class System:
    """A system with three counts of every unit; it fails for the `ill` ones, was `asked` for units, for `most` at once.

    After `silent_from` calls it says nothing.
    """

    def __init__(self):
        self.ill, self.asked, self.most = set(), [], 0
        self._lock, self._under_way = threading.Lock(), 0
        self.silent_from, self.hushed = 10**6, threading.Event()
        self.app = Flask("system")
        self.app.config["RELEASE"] = threading.Event()
        self.app.add_url_rule("/figures", "figures", self.figures)

    def figures(self):
        unit = request.args["unit"]
        with self._lock:
            self.asked.append(unit)
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            silent = len(self.asked) > self.silent_from
        if silent:
            self.hushed.set()
            self.app.config["RELEASE"].wait(60)
        self.app.config["RELEASE"].wait(0.02)
        with self._lock:
            self._under_way -= 1
        if unit in self.ill:
            abort(500)
        return {"data": {f"m0{each}": 100 + each for each in range(3)}}


@pytest.fixture
def system():
    return System()


@pytest.fixture
def bench(system, storage, database, tmp_path):
    storage.save_units(load_units(folder("criteria")))
    (tmp_path / "alerts.yaml").write_text(RULES)
    with serving(system.app) as base:
        figures = "{m00: m00, m01: m01, m02: m02}"
        shared = f"path: figures, params: {{unit: '{{unit}}'}}, rows: data, figures: {figures}, attempts: '1'"
        text = "".join(f"s{n}: {{connector: json_api, base: '{base}', {shared.replace('m0', f'm{n}')}}}\n" for n in range(1))
        (tmp_path / "sources.yaml").write_text(text)
        settings = Settings(
            database.app_url, home=tmp_path, sources=tmp_path / "sources.yaml", alerts=tmp_path / "alerts.yaml", sandbox=True
        )
        yield Workbench(settings, catalogue(), storage, lambda: NOW)


@pytest.fixture
def pull(bench):
    def run(units=TOGETHER, **more):
        at_the_bench(bench, installed_jobs())["pull_units"](units=units, period=str(PERIOD), source="s0", **more)

    return run


def figures(storage):
    return Counter(each.unit for each in storage.observations(UNITS, PERIOD) if each.state is State.MEASURED)


def ended(storage):
    return {unit: run.outcome for unit, run in storage.board.newest_runs("s0", UNITS, PERIOD).items()}


def waiting(database):
    with database.connect() as connection:
        rows = connection.execute("SELECT task_name, args, scheduled_at FROM procrastinate_jobs ORDER BY id").fetchall()
    return [(name, args, at) for name, args, at in rows]


def test_each_unit_has_a_pull_of_its_own_with_its_answer_and_its_figures(pull, storage, system):
    pull()
    assert sorted(system.asked) == sorted(UNITS)
    assert figures(storage) == dict.fromkeys(UNITS, 3)
    runs = storage.board.newest_runs("s0", UNITS, PERIOD)
    assert {run.outcome for run in runs.values()} == {"ok"}
    for unit, run in runs.items():
        (answer,) = storage.answers_of(run.id)
        assert f"unit={unit}" in answer.request
        assert {each.origin.raw_sha256 for each in storage.observations([unit], PERIOD)} == {answer.sha256}
        assert {each.origin.request for each in storage.observations([unit], PERIOD)} == {answer.request}


def test_a_unit_whose_answer_is_bad_costs_only_itself(pull, storage, system):
    system.ill = {UNITS[3]}
    with pytest.raises(SourceUnreachable, match="của 1 trong 8 đơn vị"):
        pull()
    assert ended(storage) == {**dict.fromkeys(UNITS, "ok"), UNITS[3]: "failed"}
    assert figures(storage) == dict.fromkeys([unit for unit in UNITS if unit != UNITS[3]], 3)


def test_a_unit_that_the_database_does_not_take_costs_only_itself_and_says_so(pull, storage, database):
    with database.connect(SUPERUSER) as connection:
        connection.execute("""
            CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION 'not this one' USING ERRCODE = 'check_violation'; END $$""")
        connection.execute(
            f"CREATE TRIGGER refuse_one BEFORE INSERT ON observation FOR EACH ROW WHEN (new.unit = '{UNITS[5]}')"
            " EXECUTE FUNCTION refuse_one()"
        )
    with pytest.raises(SourceUnreachable, match="của 1 trong 8 đơn vị: nhận số liệu dừng vì lỗi ngoài dự kiến"):
        pull()
    assert ended(storage) == {**dict.fromkeys(UNITS, "ok"), UNITS[5]: "failed"}
    assert figures(storage) == dict.fromkeys([unit for unit in UNITS if unit != UNITS[5]], 3)
    assert storage.circuits.failing() == {}, "the source is not to blame"


def test_a_source_that_begins_to_rest_is_left_in_peace_and_the_other_units_come_again(pull, storage, system, database):
    system.ill = set(UNITS)
    with pytest.raises(SourceUnreachable):
        pull()
    asked = len(system.asked)
    assert 3 <= asked < len(UNITS)
    ((name, args, at),) = waiting(database)
    assert (name, args["rests"]) == ("pull_units", "1")
    assert sorted([*args["units"].split(","), *ended(storage)]) == sorted(UNITS)
    assert at == storage.circuits.failing()["s0"].rests_until
    pull()
    assert len(system.asked) == asked, "nobody asks while it rests"
    with pytest.raises(SourceUnreachable):
        pull(rests="24")
    assert len(system.asked) == asked + len(UNITS), "in the end every unit's failure is on record"


def test_a_source_that_failed_last_time_is_tried_with_one_unit_first(pull, storage, system):
    for _ in range(2):
        storage.circuits.failed("s0", NOW)
    system.ill = set(UNITS)
    with pytest.raises(SourceUnreachable):
        pull()
    assert system.asked == UNITS[:1]


def test_a_source_that_is_well_again_after_its_rest_is_asked_for_all(pull, storage, system):
    for _ in range(3):
        storage.circuits.failed("s0", NOW - timedelta(hours=1))
    pull()
    assert ended(storage) == dict.fromkeys(UNITS, "ok")
    assert storage.circuits.failing() == {}


def test_no_more_calls_are_under_way_at_a_source_than_its_host_is_given(pull, system):
    pull()
    assert system.most <= REQUESTS_PER_HOST


def test_units_that_did_well_lately_are_left_out(pull, storage, system):
    pull(",".join(UNITS[:5]))
    system.asked.clear()
    pull(unless_good_h="1")
    assert sorted(system.asked) == sorted(UNITS[5:])
    system.asked.clear()
    pull(unless_good_h="1")
    assert system.asked == []


def test_alerts_are_looked_for_once_all_came_and_close_again(pull, storage, system):
    system.ill = set(UNITS[:2])
    with pytest.raises(SourceUnreachable):
        pull()
    assert {alert.unit for alert in storage.alerts.open()} == set(UNITS[:2])
    system.ill = {UNITS[1]}
    with pytest.raises(SourceUnreachable):
        pull()
    assert {(alert.unit, alert.count) for alert in storage.alerts.open()} == {(UNITS[1], 2)}
    system.ill = set()
    pull()
    assert storage.alerts.open() == ()


def test_two_rounds_of_the_same_units_in_opposite_order_both_come_to_their_end(pull, storage):
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(pull, ",".join(order)) for order in (UNITS, UNITS[::-1]) * 3]:
            done.result(60)
    assert figures(storage) == dict.fromkeys(UNITS, 3)


def test_what_a_killed_worker_had_of_a_round_is_kept_and_the_round_is_done_again(bench, storage, system, database):
    system.silent_from = 3
    storage.defer(Deferred("pull_units", {"units": TOGETHER, "period": str(PERIOD), "source": "s0"}))
    settings = {"HUE_DTI_SOURCES": str(bench.settings.sources), "HUE_DTI_ALERTS": str(bench.settings.alerts), "HUE_DTI_SANDBOX": "1"}
    command = [sys.executable, "-m", "benchmarks.province_pull", "--work"]
    worker = subprocess.Popen(command, env={**os.environ, **database.environment, **settings, "PGAPPNAME": "killed"}, stdin=subprocess.PIPE)
    with worker:
        worker.stdin.close()
        assert system.hushed.wait(60)
        let_in = until(lambda: figures(storage))
        worker.kill()
    until(lambda: not at_the_database(database, "killed"))  # what it had sent off is done or undone
    assert let_in == dict.fromkeys(let_in, 3)
    kept = counted(database, "raw_request")
    system.silent_from = 10**6
    system.app.config["RELEASE"].set()
    let_time_pass(bench.settings)
    work(storage, at_the_bench(bench, installed_jobs()), until_empty=True)
    assert waiting(database) == []
    assert figures(storage) == dict.fromkeys(UNITS, 3)
    assert ended(storage) == dict.fromkeys(UNITS, "ok")
    assert counted(database, "raw_request") == kept + len(UNITS)


def at_the_database(database, name):
    """How many connections of this name the server still works for."""
    with database.connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
        return connection.execute(asked, [name]).fetchone()[0]


def counted(database, table):
    with database.connect() as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
