"""Closing freezes a quarter once; closing again needs a change and a reason, and the chain never forks."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from uuid import UUID

import pytest

from benchmarks.proofs.quarters import PERIOD
from hue_dti.accounts.model import Actor
from hue_dti.config import Settings
from hue_dti.errors import NothingToClose, SnapshotError
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.periods import Period
from hue_dti.services.anchors import anchor_file
from hue_dti.services.close import close_quarter
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import Upload, add_file
from hue_dti.services.quarter import frozen
from hue_dti.snapshots.bundle import decode
from hue_dti.snapshots.verify import verify
from tests.evidence.papers import png


def test_closing_stores_a_sound_bundle_at_the_head_of_the_units_chain(district):
    head = district.close()
    assert (head.sequence, head.previous_sha256, head.supersedes_sha256, head.closed_by) == (1, None, None, "Thư ký")
    assert district.storage.snapshot_heads("483") == (head,)
    assert verify(district.storage.bundle(head.sha256)) == ()


def test_closing_twice_with_unchanged_figures_and_rules_is_one_snapshot(district):
    first = district.close()
    assert district.close(by="Người khác") == first
    assert district.close("lý do không cần") == first
    assert len(district.storage.snapshot_heads("483")) == 1


def test_pulling_the_same_figures_again_changes_nothing(district, figures):
    first = district.close()
    district.pull(list(figures.values()))
    assert district.close() == first


def test_a_quarter_without_any_figure_is_not_closed_and_says_what_to_do(empty_district):
    empty_district.fail("super_app", "Không trả lời")
    with pytest.raises(NothingToClose, match=r"Chưa có số liệu nào của Huyện Nam Đông.*hue-dti pull --unit 483 --period 2024-Q2"):
        empty_district.close()
    assert empty_district.storage.snapshot_heads("483") == ()


def test_changed_figures_want_a_reason(district, correct):
    first = district.close()
    correct("483", "leader_news", value=1)
    with pytest.raises(SnapshotError, match=r"đã chốt lúc .* từ đó 1 số liệu đã khác; muốn chốt lại hãy ghi lý do"):
        district.close("  ")
    assert district.storage.snapshot_heads("483") == (first,)


def test_closing_again_with_a_reason_names_the_snapshot_it_replaces(district, correct):
    first = district.close()
    correct("483", "leader_news", value=1)
    second = district.close("Trang tin đếm thiếu")
    assert (second.sequence, second.previous_sha256, second.supersedes_sha256) == (2, first.sha256, first.sha256)
    assert second.reason == "Trang tin đếm thiếu"
    assert frozen(district.storage, second.sha256).figure("483", "leader_news").value == 1
    assert frozen(district.storage, first.sha256).figure("483", "leader_news").value != 1


def test_a_changed_rule_wants_a_reason_too(district):
    district.close()
    texts = {name: text + "# đọc lại\n" for name, text in district.catalogue.texts.items()}
    district.catalogue = replace(district.catalogue, texts=texts)
    with pytest.raises(SnapshotError, match="bộ tiêu chí, đơn vị, sổ văn bản hoặc tài liệu kiểm chứng đã khác"):
        district.close()
    assert district.close("Bổ sung ghi chú").sequence == 2


def test_another_periods_closing_hangs_on_the_same_chain_without_replacing_anything(district, figures):
    first = district.close()
    earlier = Period.parse("2024-Q1")
    run = district.storage.begin_pull("super_app", "483", earlier, district.now())
    came = [replace(each, period=earlier, origin=replace(each.origin, raw_sha256="")) for each in figures.values()]
    district.storage.save_observations(run, came)
    second = close_quarter(district.storage, district.catalogue, district.unit, earlier, district.now, "Thư ký", home=district.home)
    assert (second.sequence, second.previous_sha256, second.supersedes_sha256) == (2, first.sha256, None)
    assert district.close() == first


def test_a_quarter_is_not_closed_before_the_day_of_its_cut_off(district):
    def close_at(moment):
        return close_quarter(district.storage, district.catalogue, district.unit, PERIOD, lambda: moment, "Thư ký")

    with pytest.raises(SnapshotError, match="lấy số liệu đến hết ngày 10/06/2024"):
        close_at(datetime(2024, 6, 9, 16, 59, tzinfo=UTC))
    assert close_at(datetime(2024, 6, 9, 17, 0, tzinfo=UTC)).sequence == 1, "in Huế the day has begun"


def test_many_closings_at_once_make_one_snapshot(district):
    together = Barrier(6)

    def close(number):
        together.wait()
        return district.close(by=f"Người {number}")

    with ThreadPoolExecutor(6) as pool:
        heads = set(pool.map(close, range(6)))
    assert len(heads) == 1
    assert district.storage.snapshot_heads("483") == tuple(heads)


def test_many_closings_again_at_once_make_one_chain(district, correct):
    district.close()
    correct("483", "leader_news", value=1)
    together = Barrier(4)

    def close(number):
        together.wait()
        return district.close(f"Lý do {number}")

    with ThreadPoolExecutor(4) as pool:
        heads = set(pool.map(close, range(4)))
    assert len(heads) == 1
    assert [head.sequence for head in district.storage.snapshot_heads("483")] == [1, 2]


def test_the_head_of_the_chain_is_also_written_outside_the_database(district, correct):
    first = district.close()
    correct("483", "leader_news", value=1)
    second = district.close("Sửa")
    district.close()
    lines = anchor_file(district.home, "483").read_text().splitlines()
    assert [line.split()[:2] for line in lines] == [["1", first.sha256], ["2", second.sha256]]


def test_an_anchor_lost_in_a_crash_is_written_when_the_same_quarter_is_closed_again(district):
    head = district.close()
    anchor_file(district.home, "483").unlink()
    assert district.close() == head
    assert [line.split()[1] for line in anchor_file(district.home, "483").read_text().splitlines()] == [head.sha256]


def test_heads_the_anchors_should_have_named_are_marked_missing_not_written(district, correct):
    district.close()
    anchor_file(district.home, "483").unlink()
    correct("483", "leader_news", value=1)
    second = district.close("Sửa")
    mark, line = anchor_file(district.home, "483").read_text().splitlines()
    assert mark == "missing 1 1"
    assert line.startswith(f"2 {second.sha256} ")


def test_an_anchor_line_that_a_crash_tore_does_not_swallow_the_next(district):
    path = anchor_file(district.home, "483")
    path.parent.mkdir(parents=True)
    path.write_text("1 0123")
    head = district.close()
    torn, whole = path.read_text().splitlines()
    assert torn == "1 0123"
    assert whole.startswith(f"1 {head.sha256} ")


def test_the_period_and_cutoff_are_in_the_head(district):
    head = district.close()
    assert (head.unit, head.period, head.criteria_set) == ("483", str(PERIOD), "hue-district-2024")
    assert head.cutoff.isoformat() == "2024-06-10"


def test_evidence_goes_into_the_frozen_quarter_and_new_evidence_asks_for_a_reason(district, tmp_path):
    actor = Actor("an", "Lê Văn An", "", ())
    desk = Desk(district.storage, district.catalogue, Settings(), district.home, actor, district.now)
    add_file(desk, Draft(UUID(int=1), "483", "2024-Q2", "I.1", "", Form.FILE), Upload("Quyết định.png", io.BytesIO(png())))
    head = district.close()
    bundle = district.storage.bundle(head.sha256)
    assert verify(bundle) == ()
    assert list(decode(bundle).evidence.values()) == [hashlib.sha256(png()).hexdigest()]
    add_file(desk, Draft(UUID(int=2), "483", "2024-Q2", "I.1", "", Form.FILE), Upload("b.png", io.BytesIO(png(5))))
    with pytest.raises(SnapshotError, match="tài liệu kiểm chứng đã khác"):
        district.close()
