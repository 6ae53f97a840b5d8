"""A frozen quarter is one string of bytes: exact, the same everywhere, and refused when it is not whole."""

import hashlib
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from hue_dti.errors import SnapshotError, SnapshotTampered
from hue_dti.observations.model import Origin, State
from hue_dti.snapshots.bundle import content_sha256, decode, encode
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import FrozenFigure

ROOT = Path(__file__).resolve().parents[2]


def changed(quarter, *figures):
    return replace(quarter, figures={**quarter.figures, **{(figure.unit, figure.measure): figure for figure in figures}})


def test_a_bundle_read_back_says_exactly_what_was_frozen(quarter, bundle):
    read = decode(bundle)
    for field in ("tree", "texts", "sheet", "lower_set", "lower", "ranking", "documents", "figures", "evidence"):
        assert getattr(read, field) == getattr(quarter, field), field
    assert replace(read.head, sha256="") == quarter.head
    assert list(read.figures) == list(quarter.figures)


def test_the_snapshots_name_is_the_sha256_of_every_byte_before_the_trailer(quarter, bundle):
    head, again = encode(quarter)
    assert again == bundle
    assert bundle.endswith(f"sha256:{head.sha256}\n".encode())
    assert hashlib.sha256(bundle[:-72]).hexdigest() == head.sha256 == decode(bundle).head.sha256


@pytest.mark.parametrize(
    ("zone", "locale", "seed"),
    [("Asia/Ho_Chi_Minh", "C", "0"), ("America/New_York", "vi_VN.UTF-8", "1"), ("Pacific/Kiritimati", "tr_TR", "42")],
)
def test_the_same_quarter_has_the_same_bytes_in_any_time_zone_locale_and_hash_order(bundle, zone, locale, seed):
    program = "import hashlib; from benchmarks.proofs.quarters import district_quarter; from hue_dti.snapshots.bundle import encode\n"
    program += "print(hashlib.sha256(encode(district_quarter())[1]).hexdigest())"
    environment = os.environ | {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed, "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(bundle).hexdigest()


def test_neither_the_order_of_figures_nor_the_zone_of_a_moment_shows_in_the_bytes(quarter, bundle):
    backwards = dict(reversed(list(quarter.figures.items())))
    head = replace(quarter.head, closed_at=quarter.head.closed_at.astimezone(timezone(timedelta(hours=7))))
    assert encode(replace(quarter, figures=backwards, head=head))[1] == bundle


def test_vietnamese_letters_in_two_pieces_are_frozen_as_one(quarter, bundle):
    documents = tuple(replace(each, title=unicodedata.normalize("NFD", each.title)) for each in quarter.documents)
    texts = {name: unicodedata.normalize("NFD", text) for name, text in quarter.texts.items()}
    assert documents != quarter.documents
    assert encode(replace(quarter, documents=documents, texts=texts))[1] == bundle


def test_an_absent_figure_stays_absent_and_keeps_its_reason(quarter):
    failed = FrozenFigure("483", "leader_news", None, State.SOURCE_FAILED, None, None, "Trang tin không trả lời")
    read = decode(encode(changed(quarter, failed))[1])
    assert read.figure("483", "leader_news") == failed
    assert read.figure("483", "leader_news").value is None
    assert read.figure("483", "accounts") is None, "accounts are not observed at a district"


def test_a_figure_keeps_the_origin_it_was_observed_with(quarter):
    origin = Origin("super_app", "GET /so-lieu", datetime(2024, 6, 11, 1, tzinfo=UTC), "a" * 64, "$[3]")
    figure = FrozenFigure("483", "leader_news", 104, State.MEASURED, date(2024, 6, 10), origin)
    assert decode(encode(changed(quarter, figure))[1]).figure("483", "leader_news").origin == origin


def test_zero_is_a_value(quarter):
    zero = replace(quarter.figure("483", "leader_news"), value=0)
    assert decode(encode(changed(quarter, zero))[1]).figure("483", "leader_news") == zero


def test_places_may_hold_line_ends_and_backslashes(quarter):
    origin = replace(quarter.figure("483", "leader_news").origin, place="dòng 1\ndòng 2 \\n \\")
    figure = replace(quarter.figure("483", "leader_news"), origin=origin)
    assert decode(encode(changed(quarter, figure))[1]).figure("483", "leader_news") == figure


@pytest.mark.parametrize(("state", "value"), [(State.MEASURED, None), (State.MISSING, 0)])
def test_a_value_that_does_not_go_with_its_state_is_not_frozen(quarter, state, value):
    with pytest.raises(SnapshotError, match="leader_news"):
        encode(changed(quarter, FrozenFigure("483", "leader_news", value, state, date(2024, 6, 10), None)))


@pytest.mark.parametrize("cut", [0, 1, 71, 72, 73, 1000])
def test_a_bundle_cut_short_is_not_read(bundle, cut):
    with pytest.raises(SnapshotTampered, match="hue-dti verify"):
        decode(bundle[:cut])


def test_who_closed_it_and_which_answer_it_came_from_do_not_change_the_content(quarter):
    head = replace(quarter.head, closed_by="Người khác", sequence=9, reason="chốt lại")
    figure = quarter.figure("483", "leader_news")
    fetched_again = replace(figure, origin=replace(figure.origin, raw_sha256="f" * 64, place="$.data[7]"))
    documents = tuple(replace(each, raw_sha256="e" * 64, place="dòng 9") for each in quarter.documents)
    again = replace(changed(quarter, fetched_again), head=head, documents=documents)
    assert content_sha256(again) == content_sha256(quarter)
    assert encode(again)[0].sha256 != encode(quarter)[0].sha256


@pytest.mark.parametrize("change", [{"value": 1}, {"as_of": date(2024, 5, 1)}, {"state": State.REPORTED}])
def test_another_value_state_or_day_is_another_content(quarter, change):
    figure = replace(quarter.figure("483", "leader_news"), **change)
    assert content_sha256(changed(quarter, figure)) != content_sha256(quarter)


def test_a_comment_in_a_criteria_file_is_another_content(quarter):
    texts = {name: text + "# đã đọc lại\n" for name, text in quarter.texts.items()}
    assert content_sha256(replace(quarter, texts=texts)) != content_sha256(quarter)


def test_a_table_made_for_the_tree_is_used_as_it_is(quarter):
    table = table_of(quarter.figures, quarter.tree)
    assert table is quarter.figures
    assert len(table) == len(list(table)) == len(dict(table))
    assert table.present == sum(figure.state.has_value for figure in table.values())
