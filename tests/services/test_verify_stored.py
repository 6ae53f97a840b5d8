"""What a database owner could still do with all triggers off is found by the bundles, the chain and the anchors outside."""

import hashlib
import re

import pytest

from hue_dti.errors import SnapshotError, StorageError
from hue_dti.services.anchors import anchor_file
from hue_dti.services.stored_files import stored_files
from hue_dti.services.verify import verify_stored

ANSWER = hashlib.sha256(b"{}").hexdigest()


def faults(district):
    return [fault for checked in verify_stored(district.storage, district.home) for fault in checked.faults]


@pytest.fixture
def two_closings(district, correct):
    first = district.close()
    correct("483", "leader_news", value=1)
    return first, district.close("Sửa số tin")


def test_closed_quarters_are_sound(district, two_closings):
    checked = list(verify_stored(district.storage, district.home))
    assert [(each.unit, each.snapshots, each.faults) for each in checked] == [("483", 2, ())]


def test_nothing_closed_is_nothing_to_check(empty_district):
    assert list(verify_stored(empty_district.storage, empty_district.home)) == []


def test_a_byte_changed_in_the_database_is_found(district, two_closings, by_force):
    by_force("UPDATE snapshot SET bundle = set_byte(bundle, 40000, 0) WHERE sequence = 1")
    found = faults(district)
    assert found[0].startswith("Bản chốt số 1 (2024-Q2): ")
    assert not any("số 2" in fault for fault in found)


def test_a_bundle_put_in_the_place_of_another_is_found(district, two_closings, by_force):
    by_force("UPDATE snapshot SET bundle = (SELECT bundle FROM snapshot WHERE sequence = 2) WHERE sequence = 1")
    assert any("Bản chốt số 1" in fault and "không khớp phần đầu" in fault for fault in faults(district))


@pytest.mark.parametrize("change", ["closed_by = 'ai đó'", "reason = 'khác'", "closed_at = closed_at + interval '1 day'"])
def test_a_changed_row_beside_the_bundle_is_found(district, two_closings, by_force, change):
    by_force(f"UPDATE snapshot SET {change} WHERE sequence = 2")
    assert any("dòng trong cơ sở dữ liệu không khớp phần đầu" in fault for fault in faults(district))


def test_the_last_snapshot_taken_away_is_found_by_the_anchor(district, two_closings, by_force):
    second = two_closings[1]
    by_force("DELETE FROM snapshot_lower_unit WHERE sha256 = %s", second.sha256)
    by_force("DELETE FROM snapshot WHERE sequence = 2")
    assert any(second.sha256 in fault and "không còn" in fault for fault in faults(district))


def test_a_whole_chain_taken_away_is_found_by_the_anchor(district, two_closings, by_force):
    by_force("DELETE FROM snapshot_lower_unit")
    by_force("DELETE FROM snapshot")
    assert len(faults(district)) == 2


def test_a_snapshot_closed_in_the_place_of_one_taken_away_is_found_by_the_anchor(district, two_closings, by_force):
    second = two_closings[1]
    by_force("DELETE FROM snapshot_lower_unit WHERE sha256 = %s", second.sha256)
    by_force("DELETE FROM snapshot WHERE sequence = 2")
    third = district.close("Thay lén")
    assert third.sequence == 2
    assert len(anchor_file(district.home, "483").read_text().splitlines()) == 3, "the file keeps what it said"
    assert any(second.sha256 in fault and third.sha256 in fault for fault in faults(district))


def test_a_line_taken_out_of_the_anchor_file_is_found(district, two_closings):
    path = anchor_file(district.home, "483")
    path.write_text(path.read_text().splitlines()[0] + "\nkhông phải neo\n".encode("ascii", "replace").decode())
    found = faults(district)
    assert any(re.search(r"483\.txt:2: không phải một dòng neo", fault) for fault in found)
    assert any("thiếu bản chốt số 2" in fault for fault in found)


def test_a_link_that_was_bent_is_found(district, two_closings, by_force):
    by_force("UPDATE snapshot SET previous_sha256 = %s WHERE sequence = 2", "b" * 64)
    assert any("không nối vào bản chốt đứng trước" in fault for fault in faults(district))


def test_an_altered_raw_answer_is_found_by_source_and_hash(district, two_closings, by_force):
    by_force("UPDATE raw_answer SET body = %s", b"[]")
    found = faults(district)
    assert any("nguồn super_app" in fault and ANSWER in fault and "đã bị sửa" in fault for fault in found)
    with pytest.raises(StorageError, match="đã bị sửa"):
        district.storage.raw_answer(ANSWER)


def test_a_raw_answer_that_is_gone_is_found_by_source_and_hash(district, two_closings, by_force):
    by_force("ALTER TABLE observation DISABLE TRIGGER ALL")
    by_force("ALTER TABLE raw_request DISABLE TRIGGER ALL")
    by_force("DELETE FROM raw_answer")
    assert any("nguồn super_app" in fault and ANSWER in fault and "không còn" in fault for fault in faults(district))


def test_an_anchor_file_cut_at_its_head_stays_reported_after_the_next_closing(district, two_closings, correct):
    path = anchor_file(district.home, "483")
    path.write_text(path.read_text().splitlines(keepends=True)[1])
    assert any("thiếu bản chốt số 1" in fault for fault in faults(district))
    correct("483", "leader_news", value=2)
    district.close("Lần ba")
    assert any("thiếu bản chốt số 1" in fault for fault in faults(district))


def test_an_anchor_file_that_was_taken_away_stays_reported_after_the_next_closing(district, two_closings, correct):
    anchor_file(district.home, "483").unlink()
    assert any("thiếu bản chốt số 2" in fault for fault in faults(district))
    for value in (2, 3):
        correct("483", "leader_news", value=value)
        district.close("Lần nữa")
        assert any("thiếu bản chốt số 1 đến số 2" in fault for fault in faults(district))


def test_a_tail_cut_off_the_anchor_file_stays_reported_after_the_next_closing(district, two_closings, correct):
    path = anchor_file(district.home, "483")
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    for value in (2, 3):
        correct("483", "leader_news", value=value)
        district.close("Lần nữa")
    assert any("thiếu bản chốt số 2" in fault for fault in faults(district))


def test_an_anchor_that_cannot_be_written_says_the_quarter_is_closed(district):
    (district.home / "anchors").write_text("")
    with pytest.raises(SnapshotError, match=r"đã chốt.*chạy lại hue-dti close"):
        district.close()
    assert len(district.storage.snapshot_heads("483")) == 1


def test_every_raw_answer_is_held_against_its_hash_named_by_a_snapshot_or_not(district, by_force):
    assert [(each.there, each.faults) for each in stored_files(district.storage, district.home)] == [(1, ()), (0, ()), (0, ())]
    by_force("UPDATE raw_answer SET body = 'x' WHERE sha256 = %s", ANSWER)
    looked = next(iter(stored_files(district.storage, district.home, most=5)))
    assert looked.faults == (f"{ANSWER}: đã bị sửa trong cơ sở dữ liệu",)
