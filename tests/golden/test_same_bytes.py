"""A quarter closed twice is one quarter, and its report written twice is one file."""

import os
import subprocess
import sys
from pathlib import Path

from hue_dti.reports.content import build
from hue_dti.reports.html import report_html
from hue_dti.snapshots.verify import verify
from tests.golden_quarter import UNIT, described


def test_closing_twice_gives_the_same_snapshot(another_quarter):
    quarter = another_quarter()
    first = quarter.close()
    assert quarter.close() == first
    assert quarter.storage.snapshot_heads(UNIT) == (first,)


def test_pulling_the_same_figures_again_and_closing_gives_the_same_snapshot(another_quarter, sandbox):
    quarter = another_quarter()
    first = quarter.close()
    quarter.pull(described(sandbox[0]))
    assert quarter.close() == first


def test_a_report_written_twice_is_the_same_file_in_each_format(golden, files, tmp_path):
    again = golden.reports(tmp_path)
    assert [kind for kind in files if again[kind].read_bytes() != files[kind].read_bytes()] == []


def test_a_report_is_the_same_in_another_process_with_another_hash_seed_and_time_zone(golden, files, tmp_path):
    command = [sys.executable, "-m", "hue_dti", "report", "--unit", UNIT, "--period", "2024-Q2", "--out", str(tmp_path)]
    elsewhere = {**os.environ, **golden.environment, "PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=elsewhere, capture_output=True, text=True, timeout=60, check=True)
    written = {path.suffix.removeprefix("."): path.read_bytes() for path in map(Path, done.stdout.split())}
    assert {kind: written[kind] for kind in files} == {kind: path.read_bytes() for kind, path in files.items()}


def test_the_page_is_the_same_each_time(golden, report):
    assert report_html(build(golden.read(), golden.catalogue)) == report_html(report)


def test_the_bundle_of_the_golden_quarter_verifies_with_nothing_beside_it(golden):
    assert verify(golden.storage.bundle(golden.storage.newest_head(UNIT).sha256)) == ()
