"""What other machines watch: alive, ready, and every number there is; what nobody knows is not there, and is never 0."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.read import load_schedule
from hue_dti.services.metrics import Gauge, Sample
from hue_dti.services.workbench import Workbench, installed_jobs
from hue_dti.storage import Deferred, downgrade, work
from hue_dti.storage.schedule import ON_TIME, ScheduledRun
from hue_dti.web import create_app
from hue_dti.web.watch import exposition
from tests.people import signed_in
from tests.web.conftest import Place, Reader

MANUAL = Path(__file__).parents[2] / "docs" / "operations.md"
ALWAYS = {"hue_dti_build_info", "hue_dti_queue_jobs", "hue_dti_frozen_quarters", "hue_dti_open_alerts"}


def measured(reader: Reader) -> dict[str, dict[tuple[str, ...], float]]:
    """Every gauge: its values by the values of their labels, as Prometheus itself reads them."""
    answer = reader.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.type == "gauge" and family.documentation for family in families)
    return {family.name: {tuple(each.labels.values()): each.value for each in family.samples} for family in families}


def pulled(place: Place, source: str, outcome: str, ago: timedelta, unit: str = "483") -> None:
    at = datetime.now(UTC) - ago
    run = place.storage.begin_pull(source, unit, "2024-Q2", at)
    place.storage.finish_pull(run, outcome, "", 1, 0, (), at)


def clockwork(place: Place) -> Clockwork:
    entries = load_schedule(folder("jobs") / "schedule.yaml", installed_jobs(), place.catalogue.sources)
    return Clockwork(entries, Workbench(place.settings, place.catalogue, place.storage, lambda: datetime.now(UTC)))


def test_of_an_installation_where_nothing_has_happened_only_what_is_known_is_told(bare):
    found = measured(bare.browse())
    assert set(found) == ALWAYS
    assert found["hue_dti_frozen_quarters"] == {(): 0}
    assert set(found["hue_dti_queue_jobs"].values()) == {0}


def test_open_alerts_are_counted_by_kind_and_a_source_that_is_dead_for_two_units_is_one_as_on_the_page(bare):
    at = datetime.now(UTC)
    for unit in ("483", "20179"):
        found = Finding("nguon-loi", Kind.FAILED, "super_app", "Hue-S không trả lời", at)
        bare.storage.alerts.settle(unit, Verdict((found,)), at)
    bare.storage.alerts.settle("480", Verdict((Finding("nguon-loi", Kind.FAILED, "police", "Công an không trả lời", at),)), at)
    bare.storage.alerts.settle("476", Verdict((Finding("so-giam", Kind.JUMP, "news", "Số tin giảm", at),)), at)
    told = measured(bare.browse())["hue_dti_open_alerts"]
    assert told[("failed",)] == 2
    assert sum(told.values()) == 3


def test_a_source_is_as_old_as_its_newest_good_answer_and_one_that_never_gave_any_has_no_age(bare):
    pulled(bare, "super_app", "ok", timedelta(days=2))
    pulled(bare, "super_app", "partial", timedelta(hours=5), unit="480")
    pulled(bare, "super_app", "failed", timedelta(hours=1))
    pulled(bare, "police", "failed", timedelta(hours=1))
    pulled(bare, "police", "failed", timedelta(hours=1), unit="480")
    bare.storage.begin_pull("telecom", "483", "2024-Q2", datetime.now(UTC))
    found = measured(bare.browse())
    assert set(found["hue_dti_source_age_seconds"]) == {("super_app",)}
    assert found["hue_dti_source_age_seconds"]["super_app",] // 3600 == 5
    good = datetime.fromtimestamp(found["hue_dti_source_last_good_timestamp_seconds"]["super_app",], UTC)
    assert (datetime.now(UTC) - good) // timedelta(hours=1) == 5
    assert found["hue_dti_source_last_outcome_units"] == {("super_app", "failed"): 1, ("super_app", "partial"): 1, ("police", "failed"): 2}


def test_the_queue_is_told_by_state_with_the_wait_of_its_oldest_job(bare, server):
    assert "hue_dti_queue_oldest_waiting_seconds" not in measured(bare.browse())
    bare.storage.defer(Deferred("fails"), Deferred("heartbeat"))
    work(bare.storage, {"fails": _fails}, until_empty=True)
    database = server.database(bare.settings.database_url.partition("?")[0].rpartition("/")[2])
    with database.connect("postgres") as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = NULL WHERE task_name = 'heartbeat'")
        connection.execute("UPDATE procrastinate_events SET at = now() - interval '2 hours' WHERE type = 'deferred'")
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('hue_dti', 'x', now() + interval '1 day')"
        )
    found = measured(bare.browse())
    assert found["hue_dti_queue_jobs"]["todo",] == 2
    assert found["hue_dti_queue_jobs"]["failed",] == 1
    assert found["hue_dti_queue_oldest_waiting_seconds"][()] // 3600 == 2


def _fails() -> None:
    raise ValueError


def test_the_schedule_is_as_late_as_its_most_overdue_entry(bare):
    now = datetime.now(UTC)
    met = now - timedelta(days=3)
    bare.app.config["CLOCK"] = lambda: now  # nothing comes due while one looks
    assert "hue_dti_schedule_lag_seconds" not in measured(bare.browse())
    clock = clockwork(bare)
    clock.call_all_due(met)
    late = measured(bare.browse())["hue_dti_schedule_lag_seconds"][()]
    assert timedelta(days=2) < timedelta(seconds=late) <= timedelta(days=3)
    clock.call_all_due(now)
    assert measured(bare.browse())["hue_dti_schedule_lag_seconds"][()] < 301
    for entry in clock.entries:
        bare.storage.schedule.call(ScheduledRun(entry.name, now, ON_TIME, now))
    assert measured(bare.browse())["hue_dti_schedule_lag_seconds"] == {(): 0}


def test_a_schedule_that_cannot_be_read_has_no_lag_and_spoils_no_other_number(bare, tmp_path):
    clockwork(bare).call_all_due(datetime.now(UTC) - timedelta(days=3))
    broken = tmp_path / "schedule.yaml"
    broken.write_text("schedule: [nothing", encoding="utf-8")
    reader = Reader(signed_in(create_app(replace(bare.settings, schedule=broken), bare.storage)))
    assert set(measured(reader)) == ALWAYS


def test_signs_of_life_and_of_a_backup_have_ages_once_they_are_there(bare):
    now = datetime.now(UTC)
    bare.storage.schedule.beat("schedule", now - timedelta(minutes=7))
    found = measured(bare.browse())
    assert found["hue_dti_heartbeat_age_seconds"][()] // 60 == 7
    assert "hue_dti_backup_age_seconds" not in found
    bare.storage.schedule.beat("backup", now - timedelta(days=1, hours=1))
    bare.storage.schedule.beat("schedule", now + timedelta(hours=1))
    found = measured(bare.browse())
    assert found["hue_dti_backup_age_seconds"][()] // 3600 == 25
    assert found["hue_dti_heartbeat_age_seconds"][()] == 0


def test_a_closed_quarter_is_counted_once(golden):
    assert measured(golden.browse())["hue_dti_frozen_quarters"] == {(): 1}


def test_whatever_stands_in_a_label_is_read_back_by_prometheus_as_it_was():
    nasty = 'Hệ "thống"\\mới\nhai dòng'
    text = exposition([Gauge("x", 'nói "gì" \\ đó\nnữa', (Sample(1.5, (("source", nasty),)),))])
    (family,) = text_string_to_metric_families(text)
    assert family.samples[0].labels == {"source": nasty}
    assert family.samples[0].value == 1.5


def test_the_process_lives_whether_or_not_the_database_does(without_database):
    answer = without_database.get("/healthz")
    assert (answer.status_code, json.loads(answer.text)) == (200, {"alive": True})


def test_a_ready_site_says_so_part_by_part(reader):
    answer = reader.get("/readyz")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    told = json.loads(answer.text)
    assert told["ready"] is True
    assert {name: part["ready"] for name, part in told["parts"].items()} == {"database": True, "tables": True, "criteria": True}


def test_without_its_database_the_site_is_not_ready_and_says_so_without_its_address(without_database):
    answer = without_database.get("/readyz")
    assert answer.status_code == 503
    told = json.loads(answer.text)
    assert told["ready"] is False
    assert [name for name, part in told["parts"].items() if not part["ready"]] == ["database", "tables"]
    assert "không làm việc được với cơ sở dữ liệu" in answer.text
    for secret in ("hue_dti_app", "host", "/tmp", "@", "t_"):
        assert secret not in answer.text
    assert without_database.get("/metrics").status_code == 503


def test_tables_of_an_older_program_make_the_site_not_ready(bare):
    downgrade(bare.settings, "0006")
    answer = bare.anonymous().get("/readyz")
    assert answer.status_code == 503
    assert "ở bản 0006" in answer.text
    assert "hue-dti db upgrade" in answer.text


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_no_answer_to_a_machine_is_kept_and_only_this_machine_is_answered(address, reader, without_database):
    for asked in (reader, without_database):
        assert asked.get(address).headers["Cache-Control"] == "no-store"
    assert reader.get(address, environ_overrides={"HTTP_HOST": "dti.example.vn"}).status_code == 403
    assert reader.get(address, environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).status_code == 403


def test_the_manual_names_every_number_there_can_be_and_no_other(bare):
    now = datetime.now(UTC)
    pulled(bare, "super_app", "ok", timedelta(hours=1))
    bare.storage.defer(Deferred("heartbeat"))
    bare.storage.schedule.beat("schedule", now)
    bare.storage.schedule.beat("backup", now)
    clockwork(bare).call_all_due(now)
    manual = (MANUAL.read_text(encoding="utf-8")).partition("## Giám sát bằng máy")[2].partition("\n## ")[0]
    assert set(re.findall(r"hue_dti_[a-z_]+", manual)) == set(measured(bare.browse()))
    scrape, rules = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL))
    assert scrape["scrape_configs"][0]["static_configs"][0]["targets"] == ["127.0.0.1:8931"]
    assert len(rules["groups"][0]["rules"]) == 3
