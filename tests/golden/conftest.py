"""The golden quarter as its readers have it: the sheet as JSON, the report's content, its files read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from hue_dti.cli import cli
from hue_dti.reports.content import build
from hue_dti.reports.html import report_html
from hue_dti.reports.model import Report
from hue_dti.resources import folder
from hue_dti.snapshots.model import Snapshot
from tests.golden.papers import DocxPaper, HtmlPaper, PdfPaper
from tests.golden_quarter import Quarter

QUARTER = ("--unit", "483", "--period", "2024-Q2")


@pytest.fixture(scope="session")
def typed(golden: Quarter) -> Callable[..., Result]:
    """Type a command in front of the closed quarter."""
    return lambda *words: CliRunner().invoke(cli, words, env=golden.environment)


@pytest.fixture(scope="session")
def sheet(typed: Callable[..., Result]) -> dict[str, Any]:
    """What `hue-dti show --json` says."""
    done = typed("show", *QUARTER, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def lines(sheet: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The sheet's criteria by their codes."""
    return {line["code"]: line for line in sheet["criteria"]}


@pytest.fixture(scope="session")
def decision() -> dict[str, Any]:
    """The criteria file as anybody reads YAML, all texts."""
    return yaml.load((folder("criteria") / "hue" / "district-2024.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.fixture(scope="session")
def printed(decision: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The decision's criteria by their codes."""
    return {criterion["code"]: criterion for group in decision["groups"] for criterion in group["criteria"]}


@pytest.fixture(scope="session")
def snapshot(golden: Quarter) -> Snapshot:
    return golden.read()


@pytest.fixture(scope="session")
def report(golden: Quarter, snapshot: Snapshot) -> Report:
    return build(snapshot, golden.catalogue)


@pytest.fixture(scope="session")
def files(golden: Quarter, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three files of the report."""
    return golden.reports(tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="session")
def pdf(files: dict[str, Path]) -> PdfPaper:
    return PdfPaper(files["pdf"])


@pytest.fixture(scope="session")
def docx(files: dict[str, Path]) -> DocxPaper:
    return DocxPaper(files["docx"])


@pytest.fixture(scope="session")
def html(report: Report) -> HtmlPaper:
    return HtmlPaper(report_html(report))
