"""Snapshots: one unbroken chain for each unit."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hue_dti.errors import StorageError


def test_a_closed_quarter_is_read_back_byte_for_byte(storage, make):
    first = make.head()
    storage.save_snapshot(first, b"\x00bundle\xff")
    assert storage.snapshot_bundle("483", make.period) == b"\x00bundle\xff"
    assert storage.bundle(first.sha256) == b"\x00bundle\xff"
    assert storage.newest_head("483") == first


def test_a_unit_without_closed_quarters_has_none(storage, make):
    assert storage.snapshot_bundle("483", make.period) is None
    assert storage.newest_head("483") is None
    assert storage.snapshot_heads("483") == ()


def test_saving_the_same_snapshot_twice_changes_nothing(storage, make):
    for _ in range(2):
        storage.save_snapshot(make.head(), b"bundle", ["20161"])
    assert storage.snapshot_heads("483") == (make.head(),)


def test_a_closing_again_supersedes_and_is_the_one_read(storage, make):
    first = make.head()
    second = make.head(2, previous=first.sha256, supersedes=first.sha256, reason="Sửa số hộ xã Hương Xuân")
    storage.save_snapshot(first, b"one")
    storage.save_snapshot(second, b"two")
    assert storage.snapshot_bundle("483", make.period) == b"two"
    assert storage.bundle(first.sha256) == b"one"
    assert storage.snapshot_heads("483") == (first, second)


def test_a_commune_s_quarter_is_found_in_its_district_s(storage, make):
    storage.save_snapshot(make.head(), b"district", ["20161", "20179"])
    assert storage.covering_bundle("20179", make.period) == b"district"
    assert storage.covering_bundle("19999", make.period) is None


@pytest.fixture
def first(storage, make):
    storage.save_snapshot(make.head(), b"one")
    return make.head()


def test_a_second_beginning_of_the_chain_is_refused(storage, first, make):
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(1, period="2024-Q3"), b"fork")


def test_a_fork_is_refused(storage, first, make):
    storage.save_snapshot(make.head(2, period="2024-Q3", previous=first.sha256), b"two")
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(2, period="2024-Q4", previous=first.sha256), b"fork")


def test_a_gap_in_the_sequence_is_refused(storage, first, make):
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(3, period="2024-Q3", previous=first.sha256), b"gap")


def test_a_chain_cannot_hang_on_another_unit_s(storage, first, make):
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(2, unit="474", period="2024-Q3", previous=first.sha256), b"stray")


def test_a_period_is_closed_once_unless_it_names_what_it_supersedes(storage, first, make):
    with pytest.raises(StorageError, match="snapshot_first_of_period"):
        storage.save_snapshot(make.head(2, previous=first.sha256), b"again")


def test_superseding_needs_a_reason(storage, first, make):
    with pytest.raises(StorageError, match="check"):
        storage.save_snapshot(make.head(2, previous=first.sha256, supersedes=first.sha256), b"why")


def test_another_period_s_snapshot_cannot_be_superseded(storage, first, make):
    with pytest.raises(StorageError):
        storage.save_snapshot(make.head(2, period="2024-Q3", previous=first.sha256, supersedes=first.sha256, reason="nhầm"), b"x")


def test_of_many_who_close_at_once_one_succeeds(storage, make):
    def close(number):
        rival = make.head(1, criteria_set=f"set-{number}", period=f"2024-{number:02d}")
        try:
            storage.save_snapshot(rival, b"bundle")
        except StorageError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(close, range(1, 13))) == 1
    assert len(storage.snapshot_heads("483")) == 1
