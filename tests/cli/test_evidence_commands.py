"""`hue-dti evidence verify` and `scan`."""

import io
from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import CliRunner

from hue_dti.accounts.model import Actor
from hue_dti.catalogue.load import load_catalogue
from hue_dti.cli import cli
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.resources import folder
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import Upload, add_file
from hue_dti.services.evidence_files import place_of
from hue_dti.units.load import load_units
from tests.evidence.conftest import NOW
from tests.evidence.papers import png


@pytest.fixture
def run(storage, database, tmp_path, monkeypatch):
    """A command in an installation with one file of evidence that waits for its scan; where the file lies."""
    storage.save_units(load_units(folder("criteria")))
    settings = replace(database.settings, home=tmp_path, clamav=str(tmp_path / "nobody"))
    desk = Desk(storage, load_catalogue(folder("criteria")), settings, tmp_path, Actor("an", "Lê Văn An", "", ()), lambda: NOW)
    draft = Draft(UUID(int=1), "483", "2024-Q2", "I.1", "", Form.FILE)
    sha256 = add_file(desk, draft, Upload("a.png", io.BytesIO(png()))).piece.draft.sha256
    for name, value in {**database.environment, "HUE_DTI_HOME": str(tmp_path), "HUE_DTI_CLAMAV": str(tmp_path / "nobody")}.items():
        monkeypatch.setenv(name, value)

    def command(*words):
        done = CliRunner().invoke(cli, ["evidence", *words])
        return done.exit_code, done.output

    command.place = place_of(tmp_path, sha256)
    return command


def test_whole_files_are_counted_and_a_changed_one_is_named(run):
    assert run("verify") == (0, "1/1 tệp minh chứng còn như lúc nộp\n")
    run.place.write_bytes(b"khac")
    code, said = run("verify")
    assert code == 1
    assert said.endswith("0/1 tệp minh chứng còn như lúc nộp\n")
    assert run.place.name[:12] in said


def test_what_waits_is_told_while_the_scanner_is_away(run):
    assert run("scan") == (1, "Đã quét 0/1 tệp đang chờ\n")
