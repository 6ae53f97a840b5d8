"""Two sources for one measure: the declared one counts, the other stands beside it, and every difference has its owners and its reason."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from werkzeug.wrappers import Response

from hue_dti.cli import cli
from hue_dti.errors import SnapshotError
from hue_dti.observations.model import State
from hue_dti.resources import folder
from hue_dti.services.quarter import draft
from hue_dti.services.reconcile import explain_difference, reconciliation
from hue_dti.services.replay import replay_quarter
from hue_dti.services.sources import SourceSettings
from hue_dti.snapshots.figures import table_of
from tests.connectors.conftest import serving
from tests.golden_quarter import PERIOD, QUICK, UNIT

SCHOOL, OFFICE = "Trường Tiểu học Thị trấn Khe Tre", "Hương Xuân"
AGENCY = "483.th-khe-tre"
MEASURE, SOURCE, COUNTING = "staff_standardised", "self_report", "super_app"
NEW_SOURCE = '  self_report: {name: "Phiếu tự báo cáo", entry: spreadsheet, owner: "Phòng Văn hóa và Thông tin"}\n'


@pytest.fixture
def quarter(another_quarter, tmp_path):
    """The golden quarter where offices also report their accounts themselves."""
    criteria = tmp_path / "criteria"
    shutil.copytree(folder("criteria"), criteria)
    path = criteria / "hue" / "measures.yaml"
    lines = path.read_text(encoding="utf-8").replace("sources:\n", f"sources:\n{NEW_SOURCE}", 1).splitlines()
    lines = [
        line.replace("source: super_app}", "source: super_app, also_from: [self_report]}") if f" {MEASURE}:" in line else line
        for line in lines
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return another_quarter(criteria)


@pytest.fixture
def report(quarter):
    """Offices report these numbers by name; gives how the source did."""

    def told(**rows):
        body = json.dumps([{"don_vi": unit, "so": value} for unit, value in rows.items()])
        with serving(Response(body, content_type="application/json")) as base:
            mapped = {"rows": "@", "unit": "don_vi", f"figures.{MEASURE}": "so", "network": "sandbox", **QUICK}
            described = {SOURCE: SourceSettings("json_api", {"base": base, **mapped})}
            return quarter.pull(described, SOURCE)[SOURCE], described

    return told


def value(quarter, unit=AGENCY):
    return next(each for each in quarter.storage.observations([unit], PERIOD) if each.measure == MEASURE)


def compared(quarter):
    return reconciliation(quarter.storage, quarter.read(), quarter.catalogue)


def test_what_the_other_source_tells_changes_no_figure_and_no_point(quarter, report):
    before, sheet = value(quarter), quarter.read().sheet
    outcome, _ = report(**{SCHOOL: before.value + 5})
    assert (outcome.outcome, outcome.observations) == ("ok", 1)
    assert (value(quarter), quarter.read().sheet) == (before, sheet)


def test_a_difference_names_both_values_and_is_other_minus_counting(quarter, report):
    mine = value(quarter).value
    report(**{SCHOOL: mine + 5, OFFICE: value(quarter, "20179").value})
    found = compared(quarter)
    (pair,) = found.differing
    assert (pair.unit, pair.counting.value, pair.other.value, pair.difference) == (AGENCY, mine, mine + 5, 5)
    assert (pair.counting.origin.source, pair.other.origin.source, pair.other.state) == (COUNTING, SOURCE, State.REPORTED)
    assert len(found.compared) == 2


def test_units_that_only_one_source_tells_of_are_named_and_never_compared_with_zero(quarter, report):
    report(**{SCHOOL: value(quarter).value})
    found = compared(quarter)
    told = table_of(quarter.read().figures, quarter.read().tree).measures[MEASURE].records
    assert found.differing == ()
    assert {pair.other for pair in found.alone} == {None}
    assert len(found.alone) == int((told["state"] > 0).sum()) - 1


def test_a_reason_holds_for_these_two_values_only(quarter, report):
    mine = value(quarter).value
    report(**{SCHOOL: mine + 5})
    with pytest.raises(SnapshotError, match="lý do"):
        explain_difference(quarter.storage, quarter.read(), quarter.catalogue, (AGENCY, MEASURE, ""), " ", "Thư ký", quarter.now)
    explain_difference(quarter.storage, quarter.read(), quarter.catalogue, (AGENCY, MEASURE, ""), "tính cả hợp đồng", "Thư ký", quarter.now)
    assert (compared(quarter).unexplained, compared(quarter).differing[0].reason.reason) == ((), "tính cả hợp đồng")
    event = quarter.storage.trail.page(most=1)[0].event
    assert (event.act, event.unit, event.old, event.new) == ("difference.explained", AGENCY, str(mine), str(mine + 5))
    report(**{SCHOOL: mine + 6})
    assert [pair.difference for pair in compared(quarter).unexplained] == [6]
    with pytest.raises(SnapshotError, match="không có chênh lệch"):
        explain_difference(quarter.storage, quarter.read(), quarter.catalogue, ("20179", MEASURE, ""), "x", "Thư ký", quarter.now)


def test_the_same_gate_refuses_what_it_would_refuse_of_a_counting_source(quarter, report):
    outcome, _ = report(**{SCHOOL: 2**40, "Đơn vị lạ": 3, "Nam Đông": 4})
    whats = " ".join(fault.what for fault in outcome.faults)
    assert outcome.outcome == "partial"
    assert "chưa biết đơn vị 'Đơn vị lạ'" in whats
    assert "không ghi nhận ở Huyện Nam Đông" in whats
    assert [name.name for name in quarter.storage.unknown_names()] == ["Đơn vị lạ"]
    assert [pair.difference for pair in compared(quarter).differing] == [2**40 - value(quarter).value]


def test_an_opinion_that_is_not_in_the_answers_any_more_is_gone_when_they_are_read_again(quarter, report):
    _, described = report(**{SCHOOL: value(quarter).value + 5})
    other = {**described[SOURCE].settings, "unit": "'Hương Xuân'"}
    replay_quarter(
        quarter.storage, quarter.catalogue, {SOURCE: SourceSettings("json_api", other)}, quarter.unit, PERIOD, quarter.now, [SOURCE]
    )
    assert [pair.unit for pair in compared(quarter).differing] == ["20179"]
    replay_quarter(quarter.storage, quarter.catalogue, described, quarter.unit, PERIOD, quarter.now, [SOURCE])
    assert [pair.unit for pair in compared(quarter).differing] == [AGENCY]


def test_a_source_that_fails_leaves_what_it_told_before_and_no_zero(quarter, report):
    mine = value(quarter).value
    _, described = report(**{SCHOOL: mine + 5})
    gone = replace(described[SOURCE], settings={**described[SOURCE].settings, "base": "http://127.0.0.1:9", "attempts": "1"})
    assert quarter.pull({SOURCE: gone}, SOURCE)[SOURCE].outcome == "failed"
    assert [pair.difference for pair in compared(quarter).differing] == [5]


def test_the_golden_quarter_declares_no_second_source_and_compares_nothing(golden):
    found = reconciliation(golden.storage, golden.read(), golden.catalogue)
    assert (found.compared, found.alone) == ((), ())


def test_a_closed_quarter_is_compared_as_it_was_closed(quarter, report):
    mine = value(quarter)
    quarter.close()
    report(**{SCHOOL: mine.value + 5})
    run = quarter.storage.begin_pull(COUNTING, UNIT, PERIOD, quarter.now())
    quarter.storage.save_observations(run, [replace(mine, value=mine.value - 1)])
    assert [pair.difference for pair in compared(quarter).differing] == [5]
    live = draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now())
    assert [pair.difference for pair in reconciliation(quarter.storage, live, quarter.catalogue).differing] == [6]


def test_the_command_lists_explains_and_ends_with_1_while_a_reason_is_owed(quarter, report):
    mine = value(quarter).value
    report(**{SCHOOL: mine + 5})

    def type_in(*words):
        return CliRunner().invoke(
            cli, ["reconcile", "--unit", UNIT, "--period", str(PERIOD), *words], env={**quarter.environment, "COLUMNS": "240"}
        )

    listed = type_in()
    assert listed.exit_code == 1
    for words in (SCHOOL, "Phiếu tự báo cáo", "Phòng Văn hóa và Thông tin", "Ứng dụng Hue-S", "+5", "chưa có lý do"):
        assert words in listed.stdout
    (told,) = json.loads(type_in("--json").stdout)["differences"]
    assert (told["unit"], told["measure"], told["difference"], told["reason"]) == (AGENCY, MEASURE, 5, None)
    assert (told["counting"]["source"], told["counting"]["value"], told["other"]["value"]) == (COUNTING, mine, mine + 5)
    assert told["other"]["owner"] == "Phòng Văn hóa và Thông tin"
    given = type_in("--at", AGENCY, "--measure", MEASURE, "--explain", "tính cả hợp đồng", "--by", "Thư ký")
    assert given.exit_code == 0, given.output
    done = type_in()
    assert (done.exit_code, "tính cả hợp đồng (Thư ký)" in done.stdout) == (0, True)


def test_the_page_shows_both_sides_with_their_owners(quarter, report):
    report(**{SCHOOL: value(quarter).value + 5})
    site = quarter.site()
    page = site.get(f"/don-vi/{UNIT}/{PERIOD}/doi-chieu").text
    for words in (SCHOOL, "Phiếu tự báo cáo", "Phòng Văn hóa và Thông tin", "Ứng dụng Hue-S", "+5", "chưa có lý do"):
        assert words in page
    assert f"/don-vi/{UNIT}/{PERIOD}/doi-chieu" in site.get(f"/don-vi/{UNIT}/{PERIOD}").text
    assert site.get("/nguon").status_code == 200
