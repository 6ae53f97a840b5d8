"""Stored answers read again after a connector was mended: same requests, same hashes, nobody asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from connectors.sandbox import create_app
from hue_dti.cli import cli
from hue_dti.errors import SnapshotError, SourceAnswerInvalid, SourceError, StorageError
from hue_dti.observations.model import State
from hue_dti.observations.replay import ReplayingStore
from hue_dti.services.quarter import draft
from hue_dti.services.replay import replay_quarter
from hue_dti.snapshots.bundle import content_sha256
from hue_dti.storage.cluster import SUPERUSER
from tests.golden_quarter import PERIOD, UNIT, described, serving
from tests.storage.conftest import answer

GONE = "http://127.0.0.1:9"


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


def again(quarter, sources, *only):
    return replay_quarter(quarter.storage, quarter.catalogue, sources, quarter.unit, PERIOD, quarter.now, only)


def misread(sources):
    """The sources with a connector that takes a percentage for a count."""
    kinds = sources["police"].settings["kinds"]
    assert kinds
    return {**sources, "police": replace(sources["police"], settings={**sources["police"].settings, "kinds": ""})}


def identity(quarter):
    (figure,) = [each for each in quarter.storage.observations([UNIT], PERIOD) if each.measure == "vneid_level2"]
    return figure


def test_reading_every_source_again_gives_the_same_quarter_though_all_of_them_are_gone(quarter):
    before = content_sha256(draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now()))
    outcomes = again(quarter, described(GONE))
    assert {each.outcome for each in outcomes} == {"ok"}
    assert len(outcomes) == len(quarter.catalogue.sources)
    assert content_sha256(draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now())) == before


def test_what_a_mended_connector_reads_has_the_time_and_hash_of_the_answer_it_came_in(quarter):
    with serving(create_app({})) as base:
        assert quarter.pull(misread(described(base)), "police")["police"].outcome == "partial"
        pulled = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["police"]
    (outcome,) = again(quarter, described(GONE), "police")
    (kept,) = quarter.storage.answers_of(pulled.id)
    found = identity(quarter)
    assert (outcome.outcome, found.value, found.state) == ("ok", 8200, State.REPORTED)
    assert (found.origin.raw_sha256, found.origin.fetched_at, found.origin.request) == (kept.sha256, kept.fetched_at, kept.request)


def test_a_figure_that_the_next_reading_does_not_find_is_missing_and_not_kept(quarter):
    assert identity(quarter).value == 8200
    again(quarter, misread(described(GONE)), "police")
    assert (identity(quarter).value, identity(quarter).state) == (None, State.MISSING)
    again(quarter, described(GONE), "police")
    assert identity(quarter).value == 8200


def test_closing_after_a_reading_that_changed_figures_asks_for_a_reason(quarter):
    with serving(create_app({})) as base:
        quarter.pull(misread(described(base)), "police")
    again(quarter, misread(described(GONE)), "police")
    first = quarter.close()
    again(quarter, described(GONE), "police")
    with pytest.raises(SnapshotError, match="ghi lý do"):
        quarter.close()
    assert quarter.close("sửa connector Công an").supersedes_sha256 == first.sha256


def test_a_connector_that_still_fails_changes_nothing(quarter):
    runs = quarter.storage.last_pulls(UNIT, PERIOD)
    broken = described(GONE)
    broken["police"] = replace(broken["police"], connector="không có")
    (outcome,) = again(quarter, broken, "police")
    assert outcome.outcome == "failed"
    assert (quarter.storage.last_pulls(UNIT, PERIOD), identity(quarter).value) == (runs, 8200)


def test_without_stored_answers_there_is_nothing_to_read_again(quarter):
    quarter.pull(described(GONE, attempts="1"), "police")
    with pytest.raises(SourceError, match="hue-dti pull"):
        again(quarter, described(GONE), "police")


def test_the_last_try_counts_and_a_redirect_leads_to_the_answer_after_it():
    tried = [answer(b"1", request="GET http://a/x?p=1"), answer(b"2", request="GET http://a/x?p=1")]
    moved = [replace(answer(b"", request="GET http://a/old"), status=302), answer(b"3", request="GET http://a/new")]
    store = ReplayingStore([*tried, *moved])
    assert store.recorded("GET http://elsewhere/x?p=1").body == b"2"
    assert store.recorded("GET http://a/old").body == b"3"
    with pytest.raises(SourceAnswerInvalid, match="p=2"):
        store.recorded("GET http://a/x?p=2")
    with pytest.raises(SourceAnswerInvalid, match="vẫn hỏi nguồn"):
        store.keep(tried[0])


def test_the_command_needs_the_sources_file_and_says_so(quarter):
    done = CliRunner().invoke(cli, ["replay", "--unit", UNIT, "--period", str(PERIOD)], env={**quarter.environment, "HUE_DTI_SOURCES": ""})
    assert done.exit_code == 1
    assert "HUE_DTI_SOURCES" in str(done.exception) + done.output


def test_an_answer_that_was_altered_in_the_database_is_not_read_again(quarter):
    before = identity(quarter)
    with quarter.database.connect(SUPERUSER) as connection:
        connection.execute("ALTER TABLE raw_answer DISABLE TRIGGER ALL")
        connection.execute("ALTER TABLE raw_answer DROP CONSTRAINT raw_answer_check")
        connection.execute("UPDATE raw_answer SET body = '[]' WHERE sha256 = %s", (before.origin.raw_sha256,))
    with pytest.raises(StorageError, match="đã bị sửa"):
        again(quarter, described(GONE), "police")
    assert identity(quarter) == before


def test_who_reads_what_was_kept_needs_no_secret_of_the_source(quarter):
    sources = described(GONE)
    (outcome,) = again(
        quarter, {**sources, "super_app": replace(sources["super_app"], lacks="'token_env' cần biến HUE_S_TOKEN")}, "super_app"
    )
    assert (outcome.outcome, outcome.reason) == ("ok", "")


def test_a_pull_that_has_not_ended_is_not_read_again(quarter):
    newest = {run.source: run.id for run in quarter.storage.last_pulls(UNIT, PERIOD)}
    quarter.storage.begin_pull("police", UNIT, PERIOD, quarter.now())
    (outcome,) = again(quarter, described(GONE), "police")
    read = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["police"]
    assert (outcome.outcome, read.replays) == ("ok", newest["police"])
