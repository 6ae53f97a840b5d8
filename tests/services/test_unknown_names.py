"""A name nobody knows waits for a person; once placed, the stored answers are read again and the source is not asked."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask, Response

from connectors.sandbox import create_app
from hue_dti.cli import cli
from hue_dti.errors import UnknownUnit
from hue_dti.observations.model import State
from hue_dti.services.names import confirm_name, dismiss_name, waiting_names
from tests.golden_quarter import PERIOD, UNIT, described, serving, written_sources

SCHOOL, PRINTED = "Trường Tiểu học Thị trấn Khe Tre", "TH TTKT số 1"


def renaming(app: Flask, names: dict[str, str]) -> Flask:
    """The sandbox as if a system spelt these units its own way."""

    def rename(response: Response) -> Response:
        if response.mimetype == "application/json":
            text = json.dumps(response.get_json(), ensure_ascii=False)
            for known, printed in names.items():
                text = text.replace(f'"{known}"', f'"{printed}"')
            response.set_data(text)
        elif response.mimetype == "text/csv":
            for known, printed in names.items():
                response.set_data(response.get_data().replace(known.encode(), printed.encode()))
        return response

    app.after_request(rename)
    return app


@contextmanager
def strange(names):
    """Sources that print these names, and the requests they were asked."""
    app = create_app({})
    asked: list[str] = []
    with serving(renaming(app, names)) as base:
        app.before_request(lambda: asked.append("asked"))
        yield described(base), asked


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture
def school(quarter):
    """The unit that will be spelt strangely."""
    return next(unit for unit in quarter.storage.units() if unit.name == SCHOOL)


@pytest.fixture
def met(quarter, school):
    """The super-app was pulled and called the school by a name nobody knows."""
    with strange({SCHOOL: PRINTED}) as (sources, _):
        outcome = quarter.pull(sources, "super_app")["super_app"]
    assert outcome.outcome == "partial"
    return sources


def confirm(quarter, sources, unit, printed=PRINTED):
    return confirm_name(quarter.storage, quarter.catalogue, sources, "super_app", printed, unit, "Chị Hoa", quarter.now)


def figure(quarter, unit, measure="staff_standardised"):
    return next((each for each in quarter.storage.observations([unit], PERIOD) if each.measure == measure), None)


def _agencies(quarter):
    return [unit.code for unit in quarter.storage.units() if unit.parent == UNIT and unit.level == "agency"]


def test_an_unknown_name_waits_with_the_likeliest_unit_first(quarter, met, school):
    (waiting,) = waiting_names(quarter.storage, quarter.catalogue, quarter.now)
    assert (waiting.name.source, waiting.name.name, waiting.run.unit) == ("super_app", PRINTED, UNIT)
    assert waiting.suggested[0].code == school.code


def test_confirming_reads_the_stored_answers_again_with_their_own_time_and_hash_while_the_source_is_gone(quarter, met, school):
    before = figure(quarter, school.code)
    pulled = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["super_app"]
    done = confirm(quarter, met, school.code)  # nobody listens at the address any more
    assert done.outcome.outcome == "ok"
    after = figure(quarter, school.code)
    kept = {answer.sha256: answer for answer in quarter.storage.answers_of(pulled.id)}
    assert (after.value, after.state) == (before.value, State.MEASURED)
    assert after.origin.raw_sha256 != before.origin.raw_sha256
    assert after.origin.fetched_at == kept[after.origin.raw_sha256].fetched_at
    assert waiting_names(quarter.storage, quarter.catalogue, quarter.now) == ()


def test_the_pull_that_was_read_again_keeps_the_time_at_which_the_source_was_asked(quarter, met, school):
    pulled = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["super_app"]
    confirm(quarter, met, school.code)
    again = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["super_app"]
    assert (again.replays, again.started_at, again.outcome) == (pulled.id, pulled.started_at, "ok")
    assert again.requests == pulled.requests


def test_a_confirmed_name_is_kept_with_who_when_and_where_and_outlives_the_next_reading_of_the_unit_files(quarter, met, school):
    confirm(quarter, met, school.code)
    quarter.storage.save_units([replace(school, aliases=(*school.aliases, "Tiểu học Khe Tre"))])
    (kept,) = quarter.storage.confirmed_names()
    assert (kept.source, kept.name, kept.code, kept.by) == ("super_app", PRINTED, school.code, "Chị Hoa")
    with strange({SCHOOL: PRINTED}) as (sources, asked):
        assert quarter.pull(sources, "super_app")["super_app"].outcome == "ok"
        assert asked


def test_a_confirmed_name_holds_for_its_own_source_only(quarter, met, school):
    confirm(quarter, met, school.code)
    with strange({SCHOOL: PRINTED}) as (sources, _):
        assert quarter.pull(sources, "antivirus")["antivirus"].outcome == "partial"
    assert [each.name.source for each in waiting_names(quarter.storage, quarter.catalogue, quarter.now)] == ["antivirus"]


def test_a_name_placed_wrongly_is_placed_anew_and_the_wrong_unit_loses_what_was_not_its_own(quarter, school):
    of_staff = {each.unit: each.value for each in quarter.storage.observations(_agencies(quarter), PERIOD) if each.measure == "staff"}
    other = next(unit for unit in quarter.storage.units() if unit.code == max(of_staff, key=of_staff.get))
    with strange({SCHOOL: PRINTED, other.name: "Trường số 9"}) as (sources, _):
        quarter.pull(sources, "super_app")
    true = {unit.code: figure(quarter, unit.code).value for unit in (school, other)}
    confirm(quarter, sources, other.code)
    assert figure(quarter, other.code).value == true[school.code]
    confirm(quarter, sources, school.code)
    assert figure(quarter, school.code).value == true[school.code]
    assert (figure(quarter, other.code).state, figure(quarter, other.code).value) == (State.MISSING, None)
    confirm(quarter, sources, other.code, "Trường số 9")
    assert figure(quarter, other.code).value == true[other.code]


def test_a_name_put_aside_with_a_reason_is_not_listed_again(quarter, met):
    dismiss_name(quarter.storage, quarter.catalogue, "super_app", PRINTED, "dòng cộng", "Chị Hoa", quarter.now())
    with strange({SCHOOL: PRINTED}) as (sources, _):
        quarter.pull(sources, "super_app")
    assert waiting_names(quarter.storage, quarter.catalogue, quarter.now) == ()
    (aside,) = quarter.storage.dismissed_names()
    assert (aside.name, aside.reason, aside.by) == (PRINTED, "dòng cộng", "Chị Hoa")


def test_a_name_that_does_not_wait_or_a_unit_of_another_district_is_refused(quarter, met):
    with pytest.raises(UnknownUnit, match=PRINTED):
        confirm(quarter, met, UNIT, "Trường không ai biết")
    with pytest.raises(UnknownUnit):
        confirm(quarter, met, "thị xã Hương Thủy")
    assert quarter.storage.confirmed_names() == ()


def test_the_commands_list_confirm_and_dismiss(quarter, met, school, tmp_path):
    sources = tmp_path / "sources.yaml"
    entries, secrets = written_sources("http://127.0.0.1:9")
    sources.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")

    def type_in(*words):
        return CliRunner().invoke(cli, words, env={**quarter.environment, **secrets, "HUE_DTI_SOURCES": str(sources)})

    listed = type_in("names")
    assert f"hue-dti names confirm super_app '{PRINTED}' --unit {school.code}" in listed.stdout
    assert json.loads(type_in("names", "--json").stdout)[0]["suggested"][0]["unit"] == school.code
    done = type_in("names", "confirm", "super_app", PRINTED, "--unit", school.code)
    assert done.exit_code == 0, done.output
    assert SCHOOL in done.stdout
    assert "Không có tên nào" in type_in("names").stdout
    assert type_in("names", "dismiss", "super_app", PRINTED, "--reason", "không có").exit_code != 0


def test_confirming_after_a_night_without_an_answer_reads_the_last_good_ones(quarter, met, school):
    good = {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["super_app"]
    assert quarter.pull(met, "super_app")["super_app"].outcome == "failed"  # nobody listens at the address any more
    assert confirm(quarter, met, school.code).outcome.outcome == "ok"
    assert {run.source: run for run in quarter.storage.last_pulls(UNIT, PERIOD)}["super_app"].replays == good.id
    assert figure(quarter, school.code).state is State.MEASURED
