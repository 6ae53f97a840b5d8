"""Preparing an installation: tables and units, as often as one likes."""

from dataclasses import replace

import pytest

from hue_dti.config import Settings
from hue_dti.errors import CatalogueError, SettingError, StorageError
from hue_dti.services.setup import prepare
from hue_dti.storage import migration_state, upgrade

HEADER = "code,name,level,parent,valid_from,valid_to,located_in,aliases\n"


@pytest.fixture
def criteria(tmp_path):
    """A criteria folder with two units."""
    (tmp_path / "units").mkdir()
    write(tmp_path, "483,Huyện Nam Đông,district,46,1990-09-29,,,Nam Dong cu")
    return tmp_path


def write(criteria, district):
    province = "46,Tỉnh Thừa Thiên Huế,province,,1989-06-30,,,"
    (criteria / "units" / "units.csv").write_text(f"{HEADER}{province}\n{district}\n", encoding="utf-8")


def test_an_empty_database_becomes_one_with_tables_and_units(empty_database, criteria):
    with prepare(replace(empty_database.settings, criteria=criteria)) as storage:
        assert [unit.code for unit in storage.units()] == ["46", "483"]
    assert migration_state(empty_database.settings).up_to_date


def test_preparing_again_changes_nothing(database, criteria):
    found = []
    for _ in range(2):
        with prepare(replace(database.settings, criteria=criteria)) as storage:
            found.append(storage.units())
    assert found[0] == found[1]


def test_a_unit_that_ended_in_the_file_ends_in_the_database(database, criteria):
    settings = replace(database.settings, criteria=criteria)
    prepare(settings).close()
    write(criteria, "483,Huyện Nam Đông,district,46,1990-09-29,2025-06-30,,Nam Dong cu")
    with prepare(settings) as storage:
        assert str(storage.units()[1].valid_to) == "2025-06-30"


def test_a_ready_database_needs_no_owner(database, criteria):
    with prepare(Settings(database_url=database.app_url, criteria=criteria)) as storage:
        assert len(storage.units()) == 2


@pytest.mark.parametrize(("revision", "said"), [("9999", "mới hơn"), ("0000", "hue-dti doctor")])
def test_a_database_of_another_program_is_refused_in_words(database, criteria, revision, said):
    with database.connect("postgres") as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    with pytest.raises(StorageError, match=said):
        prepare(replace(database.settings, criteria=criteria))
    with pytest.raises(StorageError, match=said):
        upgrade(database.settings)
    assert migration_state(database.settings).current == revision


def test_a_database_behind_asks_for_the_owner(empty_database, criteria):
    with pytest.raises(SettingError, match="HUE_DTI_OWNER_URL"):
        prepare(Settings(database_url=empty_database.app_url, criteria=criteria))


def test_a_faulty_unit_file_is_named_before_the_database_is_touched(empty_database, criteria):
    write(criteria, "483,Huyện Nam Đông,không có cấp này,46,1990-09-29,,,")
    with pytest.raises(CatalogueError, match=r"units\.csv:3"):
        prepare(replace(empty_database.settings, criteria=criteria))
    assert migration_state(empty_database.settings).current is None
