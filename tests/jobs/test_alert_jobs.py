"""Alerts as the queue's jobs make them: a source that fails twenty times is one alert, and a good pull closes it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hue_dti.errors import AlertError, SourceUnreachable
from hue_dti.services.alerts import LONGEST_REASON, acknowledge, open_alerts
from hue_dti.services.workbench import Workbench, installed_jobs
from tests.golden_quarter import written_sources

RULES = """\
alerts:
  - {name: nguon-cu, kind: stale, sources: all, days: 3}
  - {name: nguon-loi, kind: failed, sources: all}
  - {name: thay-doi, kind: jump, measures: [households], change: 30%}
  - {name: cham, kind: behind, part: accounts_standardised, whole: accounts, target: 100%, from: 2024-01-01, by: 2024-12-31}
"""


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def bench(quarter, tmp_path, monkeypatch, sandbox):
    """The quarter's workbench with rules and a sources file, all well but the meetings' book, which nobody answers for."""
    entries, environment = written_sources(sandbox[0])
    entries = {code: {key: text for key, text in entry.items() if text} for code, entry in entries.items()}
    entries["meetings"].update(base="http://127.0.0.1:1", attempts="1")
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    (tmp_path / "nguon.yaml").write_text(json.dumps(entries))
    (tmp_path / "canh-bao.yaml").write_text(RULES)
    settings = replace(quarter.settings, sources=tmp_path / "nguon.yaml", alerts=tmp_path / "canh-bao.yaml", sandbox=True)
    return Workbench(settings, quarter.catalogue, quarter.storage, quarter.now)


def pull(bench, source):
    installed_jobs()["pull_source"](bench, unit="483", period="2024-Q2", source=source, anyway="1")


def watch(bench, later=timedelta(0)):
    moment = bench.now() + later
    installed_jobs()["watch_alerts"](replace(bench, now=lambda: moment))


def told(bench):
    return {(alert.rule, alert.subject): alert for alert in open_alerts(bench.storage)}


def test_twenty_failures_are_one_alert_and_a_good_pull_closes_it(bench, sandbox):
    for _ in range(20):
        with pytest.raises(SourceUnreachable):
            pull(bench, "meetings")
    watch(bench)
    alert = told(bench)["nguon-loi", "meetings"]
    assert alert.count == 20
    assert "20 lần liền không lấy được số liệu" in alert.what
    (bench.settings.sources).write_text(bench.settings.sources.read_text().replace("http://127.0.0.1:1", f"{sandbox[0]}/meetings"))
    pull(bench, "meetings")
    assert ("nguon-loi", "meetings") not in told(bench)
    assert [each.subject for each in bench.storage.alerts.closed(10)] == ["meetings"]


def test_a_figure_behind_its_plan_is_told_after_the_pull_that_brought_it(bench):
    assert told(bench) == {}
    pull(bench, "super_app")
    assert "đến 10/06/2024 đạt 27,99% (4.466/15.958)" in told(bench)["cham", "accounts_standardised"].what


def test_a_pull_of_another_source_leaves_an_alert_as_it_is(bench):
    pull(bench, "super_app")
    before = told(bench)
    pull(bench, "police")
    assert told(bench) == before


def test_a_pull_of_an_earlier_quarter_says_nothing_of_how_figures_stand_now(bench, quarter):
    pull(bench, "super_app")
    before = told(bench)
    run = quarter.storage.begin_pull("super_app", "483", "2024-Q3", bench.now())
    quarter.storage.finish_pull(run, "ok", "", 1, 0, (), bench.now())
    pull(bench, "super_app")
    assert told(bench) == before


def test_sources_grow_old_and_are_fresh_again(bench):
    watch(bench, timedelta(days=2))
    assert {rule for rule, _ in told(bench)} == {"cham"}
    watch(bench, timedelta(days=5))
    assert {source for rule, source in told(bench) if rule == "nguon-cu"} == set(bench.catalogue.sources)
    later = replace(bench, now=lambda: bench.now() + timedelta(days=5, hours=1))
    pull(later, "police")
    assert {source for rule, source in told(bench) if rule == "nguon-cu"} == set(bench.catalogue.sources) - {"police"}


def test_nobody_is_told_of_the_sources_of_a_district_that_is_no_more(bench):
    watch(bench, timedelta(days=5))
    assert "nguon-cu" in {rule for rule, _ in told(bench)}
    watch(bench, timedelta(days=800))
    assert {rule for rule, _ in told(bench)} == {"cham"}


def test_a_rule_that_was_taken_out_takes_its_alerts_with_it(bench):
    pull(bench, "super_app")
    assert told(bench)
    bench.settings.alerts.write_text("alerts: []\n")
    watch(bench)
    assert told(bench) == {}


def test_an_alert_is_taken_on_with_a_name_and_a_reason_and_only_once(bench):
    pull(bench, "super_app")
    (alert,) = open_alerts(bench.storage)
    for by, reason, why in (
        ("", "x", "Chưa ghi tên"),
        ("B", " \n ", "Chưa ghi lý do"),
        ("B", "x" * (LONGEST_REASON + 1), "dài quá 500 chữ"),
        ("B\x00", "x", "ký tự điều khiển"),
    ):
        with pytest.raises(AlertError, match=why):
            acknowledge(bench.storage, alert.id, by, reason, bench.now())
    taken = acknowledge(bench.storage, alert.id, "  Trần Văn B,\n trực IOC ", "đã gọi", bench.now())
    assert taken.acknowledged_by == "Trần Văn B, trực IOC"
    with pytest.raises(AlertError, match="đã có Trần Văn B, trực IOC nhận xử lý"):
        acknowledge(bench.storage, alert.id, "C", "tôi", bench.now())
    with pytest.raises(AlertError, match="Không có cảnh báo số 999"):
        acknowledge(bench.storage, 999, "C", "tôi", bench.now())


def test_a_reason_keeps_its_letters_but_no_letter_that_breaks_the_line(bench):
    pull(bench, "super_app")
    (alert,) = open_alerts(bench.storage)
    taken = acknowledge(bench.storage, alert.id, "B", "<script>alert(1)</script>\r\n{{7*7}}", bench.now())
    assert taken.acknowledgement == "<script>alert(1)</script> {{7*7}}"
