"""`hue-dti db` and `hue-dti doctor` as typed."""

import json

import pytest
from click.testing import CliRunner

from hue_dti.cli.db import db, doctor
from hue_dti.errors import SettingError
from hue_dti.storage import downgrade, open_storage
from hue_dti.storage.migrate import head


def run(command, *words, environment, **more):
    return CliRunner().invoke(command, words, env={"HUE_DTI_OWNER_URL": "", **environment}, **more)


def test_status_of_an_empty_database_says_what_to_run_and_ends_with_1(empty_database):
    result = run(db, "status", environment=empty_database.environment)
    assert result.exit_code == 1
    assert "chưa có" in result.output
    assert "hue-dti db upgrade" in result.output


def test_upgrade_then_status_is_good(empty_database):
    assert run(db, "upgrade", environment=empty_database.environment).output == f"Các bảng ở bản {head()} (trước đó: chưa có).\n"
    result = run(db, "status", "--json", environment=empty_database.environment)
    assert (result.exit_code, json.loads(result.output)) == (0, {"current": head(), "head": head(), "up_to_date": True})


def test_upgrade_without_the_owner_s_address_asks_for_it(empty_database):
    result = run(db, "upgrade", environment={"DATABASE_URL": empty_database.app_url})
    assert isinstance(result.exception, SettingError)
    assert "HUE_DTI_OWNER_URL" in str(result.exception)


def test_downgrade_asks_before_it_takes_anything(database):
    result = run(db, "downgrade", "0001", environment=database.environment, input="n\n")
    assert result.exit_code == 1
    assert run(db, "status", environment=database.environment).exit_code == 0
    assert run(db, "downgrade", "0001", "--yes", environment=database.environment).output == "Các bảng ở bản 0001.\n"


def test_what_changes_the_tables_is_told_in_the_trail_where_there_is_one(database):
    before = head()
    run(db, "upgrade", environment=database.environment)  # nothing to do is nothing to tell
    older = f"{int(before) - 1:04d}"
    assert run(db, "downgrade", older, "--yes", environment=database.environment).exit_code == 0
    assert run(db, "upgrade", environment=database.environment).exit_code == 0
    with open_storage(database.settings) as storage:
        told = [(kept.event.act, kept.event.old, kept.event.new) for kept in storage.trail.page()]
        assert told == [("db.upgraded", older, before), ("db.downgraded", before, older)]
        assert all("lệnh trên máy chủ" in kept.event.address for kept in storage.trail.page())


def test_the_doctor_ends_with_1_when_something_is_broken(database):
    assert run(doctor, environment=database.environment).exit_code == 0
    downgrade(database.settings, "0001")
    result = run(doctor, environment=database.environment)
    assert result.exit_code == 1
    assert "hỏng" in result.output


@pytest.mark.parametrize("key", ["name", "verdict", "found", "remedy"])
def test_the_doctor_speaks_json_to_machines(database, key):
    result = run(doctor, "--json", environment=database.environment)
    assert all(key in check for check in json.loads(result.output))
