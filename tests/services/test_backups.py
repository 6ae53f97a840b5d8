"""A backup holds everything as of one moment, is whole or not there, and comes back into an empty database only."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.config import Settings
from hue_dti.errors import BackupError, SettingError, StorageError
from hue_dti.services.backup import BEAT, back_up, back_up_tonight, newest_whole, restore_backup
from hue_dti.services.verify import verify_stored
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Deferred, Filling, downgrade, embedded, open_storage, restore, upgrade
from hue_dti.storage.dump import NOT_DUMPED
from hue_dti.storage.grants import PRIVILEGES
from hue_dti.storage.migrate import head
from hue_dti.trail.model import Hand
from jobs.backup import backup as backup_job

bring_back = partial(restore_backup, at=datetime(2024, 6, 11, tzinfo=UTC), hand=Hand("an", "Lê Văn An"))
TOLD_SINCE = {"heartbeat", "audit_event"}
TABLES = sorted(set(PRIVILEGES) - NOT_DUMPED)


def contents(storage):
    """Every table's rows, in a fixed order."""
    with storage.dumping() as dump:
        return {table.name: b"".join(dump.rows(table)) for table in dump.tables}


@pytest.fixture
def quarter(another_quarter):
    """A closed quarter, a job that waits, signs of life, a name nobody placed."""
    made = another_quarter()
    made.close()
    made.storage.defer(Deferred("draft_report", {"unit": "483", "period": "2024-Q2", "why": "tab\there,\nline, \\N, ký tự lạ: \u2028"}))
    made.storage.schedule.beat("schedule", made.now())
    made.storage.note_unknown_name("super_app", "Trường \\. TTKT", None, made.now())
    return made


@pytest.fixture
def saved(quarter, tmp_path):
    """Its backup."""
    return back_up(quarter.storage, tmp_path / "kept.backup", quarter.home, quarter.now).path


@pytest.fixture
def installed(empty_database, tmp_path):
    """Another installation, whose database has no tables yet."""
    return replace(empty_database.settings, home=tmp_path / "other")


def sealed_anew(path):
    """The file with a sum that fits it, as somebody would leave it who changed both."""
    path.with_name(path.name + ".sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return path


def test_every_table_of_ours_is_in_the_backup(quarter):
    with quarter.storage.dumping() as dump, quarter.database.connect("postgres") as connection:
        there = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        assert {table.name for table in dump.tables} == there - NOT_DUMPED


def test_a_restored_installation_holds_every_row_and_verifies(quarter, saved, installed):
    bring_back(installed, saved, installed.home)
    with open_storage(installed) as storage:
        expected = contents(quarter.storage)
        found = contents(storage)
        assert {"snapshot", "observation", "raw_answer", "registered_document", "procrastinate_events"} <= {
            n for n in TABLES if expected[n]
        }
        for name in set(TABLES) - TOLD_SINCE:
            assert found[name] == expected[name], name
        (checked,) = verify_stored(storage, installed.home)
        assert (checked.snapshots, checked.faults) == (1, ())
        assert storage.snapshot_heads("483") == quarter.storage.snapshot_heads("483")
        assert storage.observations(["483"], "2024-Q2") == quarter.storage.observations(["483"], "2024-Q2")


def test_the_guards_are_on_after_a_restore_and_numbers_go_on(quarter, saved, installed, empty_database):
    bring_back(installed, saved, installed.home)
    with empty_database.connect("hue_dti_owner") as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE snapshot SET reason = 'x'")
        fired = connection.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'").fetchone()
    assert fired == (0,)
    with open_storage(installed) as storage:
        assert storage.begin_pull("super_app", "483", "2024-Q2", quarter.now()) > max(
            run.id for run in quarter.storage.last_pulls("483", "2024-Q2")
        )
        storage.defer(Deferred("heartbeat"))


def test_what_is_written_while_a_backup_runs_is_not_in_it(quarter):
    with quarter.storage.dumping() as dump:
        by_name = {table.name: table for table in dump.tables}
        before = b"".join(dump.rows(by_name["heartbeat"]))
        quarter.storage.schedule.beat("later", quarter.now())
        quarter.storage.note_unknown_name("late", "Muộn", None, quarter.now())
        assert b"".join(dump.rows(by_name["heartbeat"])) == before
        assert "Muộn".encode() not in b"".join(dump.rows(by_name["unknown_unit_name"]))


def test_a_backup_holds_no_anchor_of_a_closing_it_does_not_know(quarter, tmp_path):
    anchors = quarter.home / "anchors" / "483.txt"
    known = anchors.read_text()
    anchors.write_text(known + f"2 {'0' * 64} 2024-06-12T00:00:00+00:00\n")
    path = back_up(quarter.storage, tmp_path / "a.backup", quarter.home, quarter.now).path
    with zipfile.ZipFile(path) as archive:
        assert archive.read("anchors/483.txt").decode() == known


def test_anchors_that_are_there_tell_of_closings_lost_with_the_old_database(quarter, saved, installed):
    shutil.copytree(quarter.home / "anchors", installed.home / "anchors")
    with (installed.home / "anchors" / "483.txt").open("a") as file:
        file.write(f"2 {'0' * 64} 2024-06-12T00:00:00+00:00\n")
    bring_back(installed, saved, installed.home)
    with open_storage(installed) as storage:
        (checked,) = verify_stored(storage, installed.home)
    assert "bản chốt số 2" in checked.faults[0]


def test_every_flipped_byte_is_noticed_and_leaves_the_database_empty(saved, installed):
    body = saved.read_bytes()
    for at in (0, len(body) // 3, len(body) // 2, len(body) - 1):
        saved.write_bytes(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
        with pytest.raises(BackupError, match="không còn như lúc sao lưu"):
            bring_back(installed, saved, installed.home)
    saved.write_bytes(body)
    bring_back(installed, saved, installed.home)


def test_a_half_file_without_its_sum_or_with_another_one_is_refused(saved, installed, tmp_path):
    half = tmp_path / "half.backup"
    half.write_bytes(saved.read_bytes()[:5000])
    with pytest.raises(BackupError, match="mã kiểm của bản sao lưu; hãy chép cả hai tệp"):
        bring_back(installed, half, installed.home)
    with pytest.raises(BackupError, match="bị hỏng ở bên trong; hãy dùng bản khác"):
        bring_back(installed, sealed_anew(half), installed.home)
    with pytest.raises(BackupError, match="Không có bản sao lưu"):
        bring_back(installed, tmp_path / "none", installed.home)


def test_rows_changed_inside_a_resealed_file_do_not_come_in(saved, installed, tmp_path):
    changed = tmp_path / "changed.backup"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, body.replace("Huyện Nam Đông".encode(), "Huyện Nam Dông".encode()) if "org_unit" in name else body)
    with pytest.raises(StorageError, match="Bảng org_unit sau khi phục hồi không giống bản sao lưu"):
        bring_back(installed, sealed_anew(changed), installed.home)
    upgrade(installed)
    bring_back(installed, saved, installed.home)


def test_a_database_that_holds_anything_is_refused_by_the_names_of_its_tables(quarter, saved):
    with pytest.raises(StorageError, match=r"không trống: đã có số liệu ở bảng .*org_unit.*hãy tạo cơ sở dữ liệu khác"):
        bring_back(quarter.settings, saved, quarter.home)


def test_a_newer_backup_is_refused_and_an_older_one_is_brought_up(quarter, installed):
    with pytest.raises(StorageError, match="mới hơn bản"):
        restore(installed, "9999", [])
    with quarter.storage.dumping() as dump:
        old = [table for table in dump.tables if table.name == "org_unit"]
        rows = {table.name: b"".join(dump.rows(table)) for table in old}
    fillings = [
        Filling(table.name, table.columns, hashlib.sha256(rows[table.name]).hexdigest(), lambda name=table.name: iter([rows[name]]))
        for table in old
    ]
    upgrade(installed)
    restore(installed, "0001", fillings)
    with open_storage(installed) as storage:
        assert [replace(unit, aliases=()) for unit in quarter.storage.units()] == list(storage.units())


def test_a_database_of_an_older_program_is_backed_up_before_it_is_upgraded(database, tmp_path):
    downgrade(database.settings, f"{int(head()) - 1:04d}")
    done = CliRunner().invoke(cli, ["backup", str(tmp_path / "old.backup")], env={**database.environment, "HUE_DTI_HOME": str(tmp_path)})
    assert done.exit_code == 0, done.output
    assert f"ở bản {int(head()) - 1:04d}" in done.output


def test_the_commands_back_up_and_restore_in_words(quarter, empty_database, tmp_path):
    file = tmp_path / "x.backup"
    done = CliRunner().invoke(cli, ["backup", str(file)], env=quarter.environment)
    assert (done.exit_code, "giữ cùng tệp x.backup.sha256" in done.output) == (0, True)
    assert (file.stat().st_mode & 0o777, file.with_name("x.backup.sha256").stat().st_mode & 0o777) == (0o600, 0o600)
    subprocess.run(["sha256sum", "--check", "--quiet", "x.backup.sha256"], cwd=tmp_path, check=True)
    other = {**empty_database.environment, "HUE_DTI_HOME": str(tmp_path / "other")}
    done = CliRunner().invoke(cli, ["restore", str(file)], env=other)
    assert (done.exit_code, "hãy chạy: hue-dti verify" in done.output) == (0, True)
    verified = CliRunner().invoke(cli, ["verify"], env=other)
    assert (verified.exit_code, "483: 1 bản chốt nguyên vẹn, chuỗi và tệp neo khớp" in verified.output) == (0, True)
    again = CliRunner().invoke(cli, ["backup", str(file)], env=quarter.environment)
    assert isinstance(again.exception, BackupError)


def test_a_backup_goes_from_one_server_to_another_and_back(quarter, saved, server, tmp_path):
    home = Path(tempfile.mkdtemp(prefix="hue-dti-home-"))
    home.chmod(0o755)
    carried = Settings(home=home)
    try:
        bring_back(carried, saved, home)
        with open_storage(carried) as storage:
            between = back_up(storage, tmp_path / "between.backup", home, quarter.now).path
    finally:
        embedded.stop(carried)
        shutil.rmtree(home)
    with server.temporary() as empty:
        bring_back(empty.settings, between, tmp_path / "third")
        with open_storage(empty.settings) as storage:
            found, expected = contents(storage), contents(quarter.storage)
    assert {name: found[name] for name in TABLES if name not in TOLD_SINCE} == {n: expected[n] for n in TABLES if n not in TOLD_SINCE}


KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from hue_dti.config import Settings
from hue_dti.services import backup, backup_file
from hue_dti.storage import open_storage, Storage, dump, schedule
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
seen = []
def rows(self, table, real=dump.Dump.rows):
    seen.append(table)
    return die() if len(seen) == 5 else real(self, table)
if sys.argv[1] == "in-the-tables":
    dump.Dump.rows = rows
elif sys.argv[1] == "before-the-sum":
    backup_file._note_sum = die
elif sys.argv[1] == "before-the-name":
    Path.rename = die
else:
    schedule.ScheduleBook.beat = die
with open_storage(Settings.from_environment(os.environ)) as storage:
    backup.back_up(storage, Path(sys.argv[2]), Path(sys.argv[2]).parent, lambda: datetime.now(UTC))
"""


@pytest.mark.parametrize("point", ["in-the-tables", "before-the-sum", "before-the-name", "before-the-sign-of-life"])
def test_a_killed_backup_leaves_no_file_that_looks_whole_but_is_not(point, quarter, installed, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    target = folder / "hue-dti-20240611-010000.backup"
    killed = subprocess.run([sys.executable, "-c", KILLED, point, str(target)], env={**os.environ, **quarter.environment}, check=False)
    assert killed.returncode == -signal.SIGKILL
    whole = point == "before-the-sign-of-life"
    assert newest_whole(folder) == (target if whole else None)
    assert target.exists() is whole
    assert bool(list(folder.glob(".*.partial"))) is not whole
    back_up_tonight(quarter.storage, folder, 5, quarter.home, quarter.now)
    assert list(folder.glob(".*.partial")) == []
    bring_back(installed, target if whole else newest_whole(folder), installed.home)


def test_the_nightly_job_keeps_the_newest_and_leaves_its_sign(quarter):
    bench = Workbench(quarter.settings, quarter.catalogue, quarter.storage, quarter.now)
    for _ in range(4):
        backup_job(bench, keep="2")
    kept = sorted(path.name for path in (quarter.home / "backups").iterdir())
    assert len(kept) == 4
    assert kept[1::2] == [f"{name}.sha256" for name in kept[::2]]
    assert quarter.storage.schedule.last_beat(BEAT) > quarter.storage.schedule.last_beat("schedule")
    with pytest.raises(SettingError, match="keep là '0'"):
        backup_job(bench, keep="0")


def test_a_backup_that_is_being_written_is_not_tidied_away(quarter, tmp_path):
    from hue_dti.services.backup_file import appearing

    with appearing(tmp_path / "hue-dti-20240101-000000.backup") as file:
        back_up_tonight(quarter.storage, tmp_path, 3, quarter.home, quarter.now)
        file.write(b"x")
    assert (tmp_path / "hue-dti-20240101-000000.backup").read_bytes() == b"x"


def test_a_folder_that_cannot_be_written_is_told_in_words_and_leaves_nothing(quarter, tmp_path):
    with pytest.raises(BackupError, match="Không ghi được bản sao lưu"):
        back_up(quarter.storage, tmp_path / "none" / "a.backup", quarter.home, quarter.now)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BackupError, match="Không dùng được thư mục sao lưu"):
        back_up_tonight(quarter.storage, tmp_path / "file", 3, quarter.home, quarter.now)
