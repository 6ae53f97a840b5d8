"""`hue-dti alerts`: what is open, for people and for programs, and taking one on."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.cli import cli
from hue_dti.errors import AlertError, CatalogueError

AT = datetime(2024, 6, 10, 23, tzinfo=UTC)


@pytest.fixture
def run(database, tmp_path, storage):
    environment = {**database.environment, "HUE_DTI_HOME": str(tmp_path)}

    def ran(*words, **more):
        return CliRunner().invoke(cli, ["alerts", *words], env={**environment, **more})

    return ran


@pytest.fixture
def number(storage):
    storage.alerts.settle("483", Verdict((Finding("nguon-loi", Kind.FAILED, "meetings", "Sổ họp: 2 lần liền [b]", AT, 2),)), AT)
    return storage.alerts.open()[0].id


def test_a_quiet_installation_says_so(run):
    assert run().output == "Không có cảnh báo nào đang mở.\n"
    assert run("--json").output == "[]\n"


def test_open_alerts_are_told_for_people_and_for_programs(run, number):
    listed = run().output
    for words in ("Sổ họp: 2 lần liền [b]", "06:00 11/06/2024", "chưa ai nhận"):
        assert words in listed
    (told,) = json.loads(run("--json").output)
    assert (told["id"], told["kind"], told["count"], told["opened_at"]) == (number, "failed", 2, "2024-06-11T06:00:00+07:00")
    assert told["acknowledged_at"] is None


def test_an_alert_is_taken_on_once(run, number, storage):
    done = run("ack", str(number), "--by", "Trần Văn B", "--reason", "đã gọi")
    assert (done.exit_code, "Trần Văn B đã nhận xử lý" in done.output) == (0, True)
    assert "Trần Văn B: đã gọi" in run().output
    again = run("ack", str(number), "--by", "C", "--reason", "tôi")
    assert isinstance(again.exception, AlertError)


def test_a_name_and_a_reason_must_be_given(run, number):
    assert run("ack", str(number), "--by", "B").exit_code == 2
    assert isinstance(run("ack", str(number), "--by", " ", "--reason", "x").exception, AlertError)


def test_a_broken_file_of_rules_is_told_with_its_line(run, tmp_path):
    (tmp_path / "canh-bao.yaml").write_text("alerts:\n  - {name: a, kind: stale, sources: all, days: x}\n")
    refused = run(HUE_DTI_ALERTS=str(tmp_path / "canh-bao.yaml"))
    assert isinstance(refused.exception, CatalogueError)
    assert f"{tmp_path / 'canh-bao.yaml'}:2: days của quy tắc a" in str(refused.exception)
