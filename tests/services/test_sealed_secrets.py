"""Secrets of second factors are kept sealed; a new key puts nobody out, and a lost one is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from hue_dti.accounts.model import Grant, Role
from hue_dti.cli import cli
from hue_dti.config import Settings
from hue_dti.errors import SealBroken, SettingError
from hue_dti.services.sealed import how_sealed, reseal, seal_plain
from hue_dti.services.secret_key import FILE, OLDER, retire, rotate, secret_keys
from hue_dti.trail.model import Hand
from hue_dti.vault import Vault

OLD, NEW = "k" * 8 + "0123456789abcdefghijklmnopqrstuv", "m" * 8 + "0123456789abcdefghijklmnopqrstuv"
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_a_sealed_secret_opens_for_its_owner_under_any_key_that_still_counts():
    kept = Vault([OLD]).seal("an", "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert Vault([NEW, OLD]).open("an", kept) == "JBSWY3DPEHPK3PXP"
    bare = kept.removeprefix("v1:")
    refused = ((NEW, "an", kept), (OLD, "binh", kept), (OLD, "an", "JBSWY3DPEHPK3PXP"), (OLD, "an", bare))
    for vault, owner, what in ((Vault([key]), owner, what) for key, owner, what in refused):
        with pytest.raises(SealBroken):
            vault.open(owner, what)
    assert (Vault([OLD]).is_newest(kept), Vault([NEW, OLD]).is_newest(kept)) == (True, False)


def test_what_was_kept_before_is_sealed_once_and_brought_under_a_new_key(storage):
    for login in ("an.le", "binh"):
        storage.accounts.add(login, login, "Công chức", "", [Grant(Role.OFFICER, "20179")], "thử", NOW)
        storage.second_factors.set(login, f"BIMAT{login}", 0, ["x"], NOW, "")
    first = Vault([OLD])
    assert (seal_plain(storage, first, NOW), seal_plain(storage, first, NOW)) == (2, 0)
    assert "BIMAT" not in str(storage.second_factors.secrets())
    both = Vault([NEW, OLD])
    assert (how_sealed(storage, both).older, how_sealed(storage, Vault([NEW])).broken) == (2, ("an.le", "binh"))
    storage.accounts.add("chi", "chi", "Công chức", "", [Grant(Role.OFFICER, "20179")], "thử", NOW)
    storage.second_factors.set("chi", "BIMATchi", 0, ["x"], NOW, "")
    assert reseal(storage, both, Hand("root", "root"), NOW) == 3
    assert how_sealed(storage, Vault([NEW])).newest == 3
    assert Vault([NEW]).open("binh", storage.second_factors.secrets()["binh"]) == "BIMATbinh"
    assert [each.event.act for each in storage.trail.page(most=2)] == ["secret.resealed", "secret.sealed"]


def test_a_new_key_in_the_home_folder_keeps_the_old_one_until_it_is_retired(tmp_path):
    settings = Settings(home=tmp_path)
    (first,) = secret_keys(settings)
    rotate(settings)
    second, old = secret_keys(settings)
    assert (old, second != first) == (first, True)
    assert {path.name for path in tmp_path.iterdir()} == {FILE, OLDER}
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in (FILE, OLDER)} == {0o600}
    assert retire(settings)
    assert secret_keys(settings) == (second,)


def test_a_second_new_key_keeps_every_key_before_it(tmp_path):
    settings = Settings(home=tmp_path)
    (first,) = secret_keys(settings)
    rotate(settings)
    second = secret_keys(settings)[0]
    rotate(settings)
    assert secret_keys(settings)[1:] == (second, first)


def test_a_key_that_others_could_read_or_guess_is_refused(tmp_path):
    settings = Settings(home=tmp_path)
    secret_keys(settings)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(SettingError, match="chmod 600"):
        secret_keys(settings)
    for weak in (NEW[:31], "k" * 64, "0123456" * 9):
        with pytest.raises(SettingError, match="khóa bí mật"):
            secret_keys(Settings(secret_key=weak))


def test_a_secret_put_in_another_s_place_is_told_and_left_as_it_is(storage):
    for login in ("an.le", "binh"):
        storage.accounts.add(login, login, "Công chức", "", [Grant(Role.OFFICER, "20179")], "thử", NOW)
        storage.second_factors.set(login, Vault([OLD]).seal("an.le", "BIMAT"), 0, ["x"], NOW, "")
    both = Vault([NEW, OLD])
    found = how_sealed(storage, both)
    assert (found.newest, found.older, found.plain, found.broken, found.all) == (0, 1, 0, ("binh",), 2)
    before = storage.second_factors.secrets()["binh"]
    assert (reseal(storage, both, Hand("root", "root"), NOW), reseal(storage, both, Hand("root", "root"), NOW)) == (1, 0)
    assert storage.second_factors.secrets()["binh"] == before


def test_a_key_of_a_setting_is_changed_there_and_none_is_made_by_a_command(tmp_path):
    settings = Settings(home=tmp_path, secret_key=NEW, secret_key_fallbacks=(OLD,))
    assert secret_keys(settings) == (NEW, OLD)
    with pytest.raises(SettingError, match="HUE_DTI_SECRET_KEY_FALLBACKS"):
        rotate(settings)
    with pytest.raises(SettingError, match="FALLBACKS"):
        secret_keys(Settings(secret_key=NEW, secret_key_fallbacks=("ngắn",)))
    with pytest.raises(SettingError, match="chưa có khóa"):
        secret_keys(Settings(home=tmp_path), make=False)
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_and_the_command_tell_of_secrets_that_no_key_opens(storage, database, tmp_path, monkeypatch):
    storage.accounts.add("an.le", "An", "Công chức", "", [Grant(Role.OFFICER, "20179")], "thử", NOW + timedelta(1))
    storage.second_factors.set("an.le", Vault([OLD]).seal("an.le", "BIMAT"), 0, ["x"], NOW, "")
    for name, value in {**database.environment, "HUE_DTI_HOME": str(tmp_path), "HUE_DTI_SECRET_KEY": NEW}.items():
        monkeypatch.setenv(name, value)
    told = CliRunner().invoke(cli, ["doctor", "--json"]).output
    assert "1 mã hai lớp không mở được: an.le" in told
    done = CliRunner().invoke(cli, ["secret", "rewrap"])
    assert (done.exit_code, "an.le: không khóa nào mở được" in done.output) == (1, True)
    monkeypatch.setenv("HUE_DTI_SECRET_KEY_FALLBACKS", OLD)
    done = CliRunner().invoke(cli, ["secret", "rewrap"])
    assert (done.exit_code, done.output) == (0, "Đã mã hóa lại 1 bí mật bằng khóa mới nhất\n")
    assert NEW not in told + done.output
