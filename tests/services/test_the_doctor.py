"""The doctor's findings, each seen on a database that really has the fault."""

from collections import namedtuple
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import metadata

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.services import doctor
from hue_dti.services.doctor import Verdict, examine
from hue_dti.services.libraries import fault_of, unfit_libraries
from hue_dti.storage import downgrade, open_storage
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit


def findings(settings):
    return {check.name: check for check in examine(settings, datetime.now(UTC))}


def broken(settings):
    return {name for name, check in findings(settings).items() if check.verdict is Verdict.BROKEN}


def test_a_sound_installation_is_good_in_every_line(database):
    found = findings(database.settings)
    expected = {
        "Python",
        "Thư viện",
        "Cơ sở dữ liệu",
        "Phiên bản máy chủ",
        "Vai trò",
        "Các bảng",
        "Khóa chỉ thêm",
        "Đơn vị",
        "Khóa bí mật",
        "Vai trò tách bạch",
        "Câu trả lời gốc",
        "Tệp minh chứng",
        "Bản đã ký",
        "Đĩa trống",
        "Phông chữ",
    }
    assert set(found) == expected
    assert {name for name, check in found.items() if check.verdict is not Verdict.GOOD} <= {"Đĩa trống"}
    assert all(check.remedy == "" for check in found.values() if check.verdict is Verdict.GOOD)


def test_an_old_account_whose_roles_do_not_go_together_is_named(database):
    now = datetime.now(UTC)
    both = [Grant(Role.PROVINCE_ADMIN, "46"), Grant(Role.APPROVER, "20179")]
    with open_storage(database.settings) as storage:
        storage.save_units(load_units(folder("criteria")))
        storage.accounts.add("cu.hai.vai", "Người Cũ", "Công chức", "", both, "kiểm thử", now)
        storage.accounts.add("mot.vai", "Người Mới", "Công chức", "", both[:1], "kiểm thử", now)
        storage.accounts.add("da.khoa", "Người Đi", "Công chức", "", both, "kiểm thử", now)
        storage.accounts.switch("da.khoa", False, "kiểm thử", now)
    found = findings(database.settings)["Vai trò tách bạch"]
    assert found.verdict is Verdict.LOOK
    assert "1 tài khoản" in found.found
    assert "cu.hai.vai (quản trị tỉnh ở 46, người duyệt ở 20179)" in found.found
    assert "hue-dti user revoke" in found.remedy


def test_a_server_that_is_not_there_is_broken_and_the_rest_is_looked_at_all_the_same():
    found = findings(Settings(database_url="postgresql://hue_dti_app:bimat@127.0.0.1:1/hue_dti"))
    assert found["Cơ sở dữ liệu"].verdict is Verdict.BROKEN
    assert "bimat" not in found["Cơ sở dữ liệu"].found
    assert found["Phông chữ"].verdict is Verdict.GOOD


def test_working_as_the_owner_is_broken(database):
    found = findings(replace(database.settings, database_url=database.owner_url))
    assert found["Vai trò"].verdict is Verdict.BROKEN
    assert "chủ sở hữu" in found["Vai trò"].found


def test_working_as_a_superuser_is_broken(database):
    found = findings(replace(database.settings, database_url=database.superuser_url))
    assert "siêu quản trị" in found["Vai trò"].found


def test_a_role_that_may_create_tables_deserves_a_look(database):
    with database.connect("postgres") as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO hue_dti_app")
    assert findings(database.settings)["Vai trò"].verdict is Verdict.LOOK


def test_tables_behind_say_what_to_run(database):
    downgrade(database.settings, "0004")
    found = findings(database.settings)
    assert (found["Các bảng"].verdict, found["Các bảng"].remedy) == (Verdict.BROKEN, "hãy chạy: hue-dti db upgrade")


@pytest.mark.parametrize("change", ["DISABLE TRIGGER", "ENABLE TRIGGER"])
def test_a_guard_that_somebody_loosened_is_found(database, change):
    with database.connect("hue_dti_owner") as connection:
        connection.execute(f"ALTER TABLE snapshot {change} snapshot_only_takes_new_rows")
    assert findings(database.settings)["Khóa chỉ thêm"].found == "đã tắt ở: snapshot"


def test_a_guard_that_somebody_dropped_is_found(database):
    with database.connect("hue_dti_owner") as connection:
        connection.execute("DROP TRIGGER raw_answer_only_takes_new_rows ON raw_answer")
    assert broken(database.settings) == {"Khóa chỉ thêm"}


def test_a_unit_that_left_every_file_is_named_and_ended_on_a_day(database):
    ghost = OrgUnit("483.truong-cu", "Trường Tiểu học Cũ", Level.AGENCY, "483", date(2020, 1, 1))
    with open_storage(database.settings) as storage:
        storage.save_units((*load_units(folder("criteria")), ghost))
    found = findings(database.settings)["Đơn vị"]
    assert found.verdict is Verdict.LOOK
    assert found.found == "1 đơn vị có trong cơ sở dữ liệu mà không tệp nào ghi: Trường Tiểu học Cũ (483.truong-cu, từ 01/01/2020)"
    assert "valid_to" in found.remedy


def test_of_many_units_that_left_the_files_the_first_names_are_told(database):
    with open_storage(database.settings) as storage:
        storage.save_units(OrgUnit(f"483.cu-{at}", f"Trường {at}", Level.AGENCY, "483", date(2020, 1, 1)) for at in range(1, 8))
    found = findings(database.settings)["Đơn vị"].found
    assert found.startswith("7 đơn vị ")
    assert found.endswith("Trường 5 (483.cu-5, từ 01/01/2020) …")


def test_units_that_the_files_have_are_no_ghosts(database):
    units = load_units(folder("criteria"))
    with open_storage(database.settings) as storage:
        storage.save_units(units)
    found = findings(database.settings)["Đơn vị"]
    assert (found.verdict, found.found) == (Verdict.GOOD, f"{len(units)} đơn vị, đều có trong tệp")


def test_unit_files_that_cannot_be_read_are_broken(database, tmp_path):
    (tmp_path / "units").mkdir()
    found = findings(replace(database.settings, criteria=tmp_path))["Đơn vị"]
    assert found.verdict is Verdict.BROKEN
    assert "thư mục này không có đơn vị nào" in found.found


def test_a_folder_without_the_four_faces_is_broken(database, tmp_path):
    assert broken(replace(database.settings, report_fonts=tmp_path)) == {"Phông chữ"}


@pytest.mark.parametrize(("free", "verdict"), [(10**8, Verdict.BROKEN), (10**9, Verdict.LOOK), (10**10, Verdict.GOOD)])
def test_a_disk_nearly_full_is_told(monkeypatch, database, free, verdict):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(free))
    assert findings(database.settings)["Đĩa trống"].verdict is verdict


def test_every_required_library_is_there_and_fits():
    assert unfit_libraries() == ()


@pytest.mark.parametrize("bounds", [">=9999", "<0.1", "==0.0.1"])
def test_a_library_too_old_or_too_new_is_named_with_both_versions(bounds):
    assert fault_of("Flask", bounds) == f"Flask {metadata.version('flask')}, cần {bounds}"


def test_an_absent_library_is_named():
    assert fault_of("hue-dti-no-such-library", ">=1").startswith("thiếu hue-dti-no-such-library")
