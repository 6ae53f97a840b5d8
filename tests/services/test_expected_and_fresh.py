"""What the sources file says of figures: how many are believed, how old they may be, what a unit is called there."""

import threading
from dataclasses import replace

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask, jsonify

from hue_dti.cli import cli
from hue_dti.services.sources import SourceSettings
from hue_dti.services.try_source import try_source
from tests.golden_quarter import PERIOD, described, serving, written_sources

ASKED = ("--unit", "483", "--period", "2024-Q2")


@pytest.fixture
def try_addresses(golden, sandbox):
    """Try the platform of addresses with more settings of its source."""

    def run(now=None, **said):
        source = replace(described(sandbox[0])["digital_address"], **said)
        return try_source(golden.storage, golden.catalogue, "digital_address", source, golden.unit, PERIOD, now or golden.now)

    return run


def test_a_figure_out_of_the_expected_range_is_kept_aside_with_the_reason(try_addresses):
    trial = try_addresses(expected={"addresses": (0, 400)})
    read = {reading.value for reading in trial.pulled.readings}
    assert {each.value for each in trial.admission.fresh} == {value for value in read if value <= 400}
    assert len(trial.admission.faults) == sum(value > 400 for value in read) > 0
    assert all("ngoài khoảng mong đợi 0..400" in fault.what for fault in trial.admission.faults)


def test_figures_older_than_the_limit_are_told_once_and_whom_to_tell(golden):
    app = Flask("old")
    app.config["RELEASE"] = threading.Event()
    rows = [{"commune": "Hương Xuân", "confirmed": 5}, {"commune": "Hương Sơn", "confirmed": 7}]
    app.add_url_rule("/<path:_>", "old", lambda _: jsonify(page=1, totalItems=2, asOf="01/03/2024", items=rows))
    with serving(app) as base:
        source = SourceSettings("digital_address", {"base": base, "network": "sandbox"}, "IOC 0234", 30)
        trial = try_source(golden.storage, golden.catalogue, "digital_address", source, golden.unit, PERIOD, golden.now)
        whenever = try_source(
            golden.storage, golden.catalogue, "digital_address", replace(source, fresh_days=200), golden.unit, PERIOD, golden.now
        )
    (fault,) = trial.admission.faults
    assert "2 số liệu chỉ đến ngày 01/03/2024, cũ hơn 30 ngày" in fault.what
    assert "IOC 0234" in fault.what
    assert len(trial.admission.fresh) == 2
    assert whenever.admission.faults == ()


def test_a_unit_that_a_source_calls_otherwise_is_led_to_its_code(try_addresses):
    assert try_addresses(units={"Hương Xuân": "khong-co"}).admission.unknown_names == ("Hương Xuân",)
    assert try_addresses(units={"hương  xuân": "20179"}).admission.unknown_names == ()


@pytest.fixture
def source_test(golden, sandbox, tmp_path):
    """`hue-dti source test` with the sandbox's sources, one of them changed."""

    def run(name, **changed):
        entries, environment = written_sources(sandbox[0])
        entries[name].update({"attempts": "1", **changed})
        path = tmp_path / "nguon.yaml"
        path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
        settings = {**golden.environment, **environment, "HUE_DTI_SOURCES": str(path)}
        return CliRunner().invoke(cli, ["source", "test", name, *ASKED], env=settings)

    return run


def counted(golden):
    tables = ("pull_run", "raw_request", "raw_answer", "observation", "unknown_unit_name")
    with golden.database.connect() as connection:
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]


def test_trying_a_source_shows_the_answer_the_figures_and_their_fate_and_stores_nothing(source_test, golden):
    before = counted(golden)
    done = source_test("digital_address", expected={"addresses": "0..400"}, owner="IOC")
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.replace("│", " ").split())
    assert '"commune"' in words
    assert "ghi" in words
    assert "ngoài khoảng mong đợi 0..400" in words
    assert "Không ghi gì vào cơ sở dữ liệu." in words
    assert counted(golden) == before


def test_trying_a_dead_source_ends_with_1_says_why_and_whom_to_tell(source_test, golden):
    before = counted(golden)
    done = source_test("digital_address", path="khong/co", owner="IOC 0234")
    assert done.exit_code == 1
    assert "trả về mã 404" in done.output
    assert "Báo cho: IOC 0234" in done.output
    assert counted(golden) == before


def test_trying_a_workbook_names_it_instead_of_printing_its_bytes(source_test):
    done = source_test("police")
    assert done.exit_code == 0, done.output
    assert "(không phải chữ)" in done.output
    assert "8.200" in done.output


def test_a_faulty_file_is_told_line_by_line_by_check(golden, tmp_path):
    path = tmp_path / "nguon.yaml"
    path.write_text("super_app:\n  connector: super_app\n  pat: x\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["source", "check"], env={"HUE_DTI_SOURCES": str(path)})
    assert done.exit_code == 1
    assert [fault.line for fault in done.exception.faults] == [1, 3]
