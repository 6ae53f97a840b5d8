"""The migrations: numbered by hand, one line, up and down and up again."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from hue_dti.config import Settings
from hue_dti.errors import SettingError, StorageError
from hue_dti.resources import folder
from hue_dti.storage import downgrade, migration_state, open_storage, upgrade
from hue_dti.storage.columns import metadata
from hue_dti.storage.grants import ADD, NOTE, PRIVILEGES
from hue_dti.storage.health import GUARDED
from hue_dti.storage.migrate import head

SHAPE = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '') FROM information_schema.columns
    WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, tgenabled::text, '', '' FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc, '', '', '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'grant', table_name, grantee, privilege_type, '', '' FROM information_schema.role_table_grants
    WHERE table_schema = 'public'
    ORDER BY 1, 2, 3, 4"""


def shape(database):
    with database.connect("postgres") as connection:
        return connection.execute(SHAPE).fetchall()


def files():
    return sorted(path.name for path in (folder("migrations") / "versions").glob("*.py"))


def test_migration_files_are_numbered_without_a_gap():
    assert [name[:5] for name in files()] == [f"{number:04d}_" for number in range(1, len(files()) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in files())


def test_each_migration_follows_the_one_numbered_before_it():
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.set_main_option("path_separator", "os")
    walked = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    numbers = [name[:4] for name in files()]
    assert [revision.revision for revision in walked] == numbers
    assert [revision.down_revision for revision in walked] == [None, *numbers[:-1]]


def test_up_and_down_and_up_again_gives_the_same_tables(empty_database):
    upgrade(empty_database.settings)
    once = shape(empty_database)
    downgrade(empty_database.settings, "base")
    assert [row for row in shape(empty_database) if row[1] != "alembic_version"] == []
    upgrade(empty_database.settings)
    assert shape(empty_database) == once


def test_every_single_step_can_be_taken_back(empty_database):
    upgrade(empty_database.settings)
    for number in range(int(head()) - 1, 0, -1):
        downgrade(empty_database.settings, f"{number:04d}")
        assert migration_state(empty_database.settings).current == f"{number:04d}"
    upgrade(empty_database.settings)
    assert migration_state(empty_database.settings).up_to_date


def test_upgrading_twice_changes_nothing(database):
    before = shape(database)
    upgrade(database.settings)
    assert shape(database) == before


def is_ours(name, kind, _parents):
    """The queue's tables are its library's business."""
    return kind != "table" or not name.startswith("procrastinate_")


def test_the_tables_are_those_the_program_believes_in(database):
    engine = create_engine(database.owner_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        differences = [each for each in compare_metadata(context, metadata) if each[0] in {"add_table", "add_column", "remove_table"}]
        nullable = [each for group in compare_metadata(context, metadata) if isinstance(group, list) for each in group]
    engine.dispose()
    assert differences == []
    assert [each for each in nullable if each[0] in {"modify_nullable", "modify_type"}] == []


def test_every_table_has_its_line_of_privileges_and_no_other(database):
    with database.connect() as connection:
        tables = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables == set(PRIVILEGES)


def test_what_only_takes_new_rows_is_granted_no_more():
    assert {table for table in GUARDED if PRIVILEGES[table] not in (ADD, NOTE)} == set()


def test_taking_the_tables_down_is_refused_while_there_are_closed_quarters(storage, database, make):
    storage.save_snapshot(make.head(), b"bundle")
    with pytest.raises(StorageError, match="closed quarters"):
        downgrade(database.settings, "base")
    assert storage.snapshot_bundle("483", make.period) == b"bundle"


def test_an_installation_without_tables_is_told_what_to_run(empty_database):
    with pytest.raises(StorageError, match="hue-dti db upgrade"):
        open_storage(empty_database.settings)


def test_an_installation_behind_is_told_what_to_run(database):
    downgrade(database.settings, "0001")
    with pytest.raises(StorageError, match=r"0001.*hue-dti db upgrade"):
        open_storage(database.settings)


def test_a_database_newer_than_the_program_is_left_alone(database):
    with database.connect("hue_dti_owner") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="9999, mới hơn"):
        open_storage(database.settings)


def test_migrating_needs_the_owner_s_address(database):
    with pytest.raises(SettingError, match="HUE_DTI_OWNER_URL"):
        upgrade(Settings(database_url=database.app_url))


def test_owner_and_application_must_be_two_roles(database):
    with pytest.raises(SettingError, match="hai vai trò khác nhau"):
        upgrade(Settings(database_url=database.owner_url, owner_url=database.owner_url))


def test_the_application_s_role_must_exist_before_migrating(database):
    stranger = database.app_url.replace("hue_dti_app@", "stranger@")
    with pytest.raises(StorageError, match="CREATE ROLE stranger"):
        upgrade(Settings(database_url=stranger, owner_url=database.owner_url))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_the_address_is_read(database, scheme):
    url = database.app_url.replace("postgresql://", f"{scheme}://")
    with open_storage(Settings(database_url=url)) as storage:
        assert storage.units() == ()


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://a@b", "không phải", "postgresql://a@b:nhiều/c"])
def test_an_address_of_something_else_is_refused_by_name(url):
    with pytest.raises(SettingError, match="DATABASE_URL"):
        open_storage(Settings(database_url=url))


def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(StorageError, match="hue-dti doctor") as refused:
        open_storage(Settings(database_url="postgresql://a:bimat@127.0.0.1:1/c"))
    assert "bimat" not in str(refused.value)


def test_a_password_in_the_query_of_the_address_is_not_told_either():
    with pytest.raises(StorageError, match=r"a@127\.0\.0\.1:1/c") as refused:
        open_storage(Settings(database_url="postgresql:///c?host=127.0.0.1&port=1&user=a&password=bimat"))
    assert "bimat" not in str(refused.value)


def test_two_processes_that_upgrade_at_once_both_succeed(empty_database):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(upgrade_elsewhere, [empty_database] * 2))
    with psycopg.connect(empty_database.app_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (head(),)


def upgrade_elsewhere(database):
    code = "import sys; from hue_dti.config import Settings; from hue_dti.storage import upgrade; upgrade(Settings(*sys.argv[1:3]))"
    subprocess.run([sys.executable, "-c", code, database.app_url, database.owner_url], check=True)
