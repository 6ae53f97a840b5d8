"""`hue-dti import` shows, asks, and stores only what was confirmed."""

from __future__ import annotations

import hashlib
import json

import pytest
import yaml
from click.testing import CliRunner

from hue_dti.cli import cli
from tests.golden_quarter import PERIOD, UNIT
from tests.services.handed_in import HEAD, ROWS, SOURCES, counted


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def typed(quarter, tmp_path):
    """Type `hue-dti import` for a file with these bytes."""
    written = {code: {"connector": each.connector, **each.settings} for code, each in SOURCES.items() if code in ("antivirus", "police")}
    (tmp_path / "nguon.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    (tmp_path / "may.csv").write_text(ROWS, encoding="utf-8")

    def run(*options, answer="", name="may.csv"):
        words = ["import", str(tmp_path / name), "--source", "antivirus", "--unit", UNIT, "--period", str(PERIOD), "--by", "Bình", *options]
        environment = {**quarter.environment, "HUE_DTI_SOURCES": str(tmp_path / "nguon.yaml")}
        return CliRunner().invoke(cli, words, env=environment, input=answer)

    return run


def test_the_command_shows_asks_and_stores_only_what_was_confirmed(quarter, typed):
    before = counted(quarter)
    done = typed("--dry-run")
    assert (done.exit_code, counted(quarter)) == (0, before), done.output
    assert "Không ghi gì" in done.output
    done = typed(answer="n\n")
    assert (done.exit_code, counted(quarter)) == (0, before), done.output
    assert "Ghi những số này?" in done.output
    done = typed(answer="y\n")
    assert done.exit_code == 0, done.output
    assert "Kết quả lấy số liệu" in done.output
    assert counted(quarter)[0] == before[0] + 1
    assert "đúng tệp này đã có từ" in typed("--dry-run").output


def test_the_command_tells_machines_what_it_did(quarter, typed):
    assert typed("--json").exit_code == 2
    told = json.loads(typed("--dry-run", "--json").stdout)
    assert (told["stored"], told["sha256"], len(told["figures"])) == (False, hashlib.sha256(ROWS.encode()).hexdigest(), 8)
    assert all(each["passes"] for each in told["figures"])
    assert json.loads(typed("--yes", "--json").stdout)["stored"] is True


def test_a_file_with_nothing_to_store_ends_with_one_and_asks_nothing(quarter, typed, tmp_path):
    (tmp_path / "la.csv").write_text(HEAD + "\nM1;Đơn vị lạ;1;1;0", encoding="utf-8")
    before = counted(quarter)
    done = typed(name="la.csv")
    assert (done.exit_code, counted(quarter)) == (1, before)
    assert "Ghi những số này?" not in done.output
    assert "Đơn vị lạ" in done.output
