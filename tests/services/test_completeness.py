"""Completeness: of what is expected, never above all of it, with the names of what is missing and who owes it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction

from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.observations.model import State
from hue_dti.services.completeness import completeness
from hue_dti.services.quality import qualities
from hue_dti.services.quarter import catalogue_of
from hue_dti.snapshots.figures import table_of
from tests.golden_quarter import PERIOD, UNIT, described

QUARTER = ("--unit", UNIT, "--period", "2024-Q2")
COMMUNE = "20161"


def with_states(snapshot, states):
    """The quarter with these figures put into a state without a value."""
    figures = dict(table_of(snapshot.figures, snapshot.tree))
    for key, state in states.items():
        figures[key] = replace(figures[key], value=None, state=state, as_of=None, origin=None, reason="hỏi rồi")
    return replace(snapshot, figures=figures)


def of(snapshot):
    return completeness(snapshot, catalogue_of(snapshot))


def test_the_golden_quarter_has_all_it_needs_though_unopened_programmes_gave_nothing(golden):
    found = of(golden.read())
    assert found.total.share == 1
    assert found.missing == ()
    assert any(figure.state is State.MISSING and figure.measure == "staff_cloud" for figure in golden.read().figures.values())


def test_a_missing_figure_is_named_with_the_source_that_owes_it_and_its_owner(golden):
    (owed,) = of(with_states(golden.read(), {(COMMUNE, "households"): State.MISSING})).missing
    assert (owed.unit, owed.measure.code, owed.reason) == (COMMUNE, "households", "hỏi rồi")
    assert (owed.source.code, owed.source.owner) == ("district", "Phòng Văn hóa và Thông tin huyện")


def test_what_does_not_apply_is_not_expected(golden):
    whole, less = of(golden.read()), of(with_states(golden.read(), {(COMMUNE, "households"): State.NOT_APPLICABLE}))
    assert (less.total.expected, less.total.share, less.missing) == (whole.total.expected - 1, 1, ())


def test_completeness_is_never_above_all_and_its_parts_add_up_whatever_is_missing(golden):
    snapshot, chance = golden.read(), random.Random(5)
    keys = sorted(snapshot.figures)
    for count in (0, 1, 40, len(keys)):
        states = {key: chance.choice([State.MISSING, State.SOURCE_FAILED, State.NOT_APPLICABLE]) for key in chance.sample(keys, count)}
        found = of(with_states(snapshot, states))
        for part in (found.total, *found.units.values(), *found.sources.values()):
            assert part.share is None or 0 <= part.share <= 1
            assert part.carried_over <= part.present
        for parts in (found.units.values(), found.sources.values()):
            assert sum(part.expected for part in parts) == found.total.expected
            assert sum(part.present for part in parts) == found.total.present
        assert len(found.missing) == found.total.expected - found.total.present


def test_a_failed_source_owes_all_its_figures_with_the_reason(another_quarter):
    quarter = another_quarter()
    quarter.pull(described("http://127.0.0.1:9", attempts="1"), "police")
    (figure,) = [each for each in quarter.storage.observations([UNIT], PERIOD) if each.measure == "vneid_level2"]
    gone = replace(figure, value=None, state=State.SOURCE_FAILED, reason="nguồn không trả lời")
    quarter.storage.save_observations(quarter.storage.begin_pull("police", UNIT, PERIOD, quarter.now()), [gone])
    (owed,) = of(quarter.read()).missing
    assert (owed.source.owner, owed.state, owed.reason) == ("Công an huyện", State.SOURCE_FAILED, "nguồn không trả lời")


def test_the_command_tells_the_shares_and_ends_with_0_when_nothing_is_missing(golden):
    done = CliRunner().invoke(cli, ["completeness", *QUARTER, "--json"], env=golden.environment)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["expected"], told["share"], told["missing"]) == (told["present"], "1.000000", [])
    assert sum(unit["expected"] for unit in told["units"]) == told["expected"]
    assert "100,00%" in CliRunner().invoke(cli, ["completeness", *QUARTER], env=golden.environment).stdout


def test_the_command_ends_with_1_and_names_what_is_missing(another_quarter):
    quarter = another_quarter()
    (figure,) = [each for each in quarter.storage.observations([COMMUNE], PERIOD) if each.measure == "households"]
    run = quarter.storage.begin_pull("district", UNIT, PERIOD, quarter.now())
    quarter.storage.save_observations(run, [replace(figure, value=None, state=State.MISSING)])
    done = CliRunner().invoke(cli, ["completeness", *QUARTER], env=quarter.environment)
    assert done.exit_code == 1
    assert "Hộ gia đình" in done.stdout
    assert "Phòng Văn hóa và Thông tin huyện" in done.stdout


def of_sources(quarter):
    return qualities(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now())


def test_a_sound_source_is_correct_complete_clean_and_alive_and_one_whose_figures_contradict_is_not_correct(golden):
    found = of_sources(golden)
    police, app = found["police"], found["super_app"]
    assert (police.correct, police.complete, police.clean, police.alive) == (True, True, True, True)
    assert (app.correct, app.remarks, app.complete, app.clean, app.alive) == (False, 4, True, True, True)


def test_a_source_that_did_not_answer_last_is_not_alive_and_cannot_be_called_clean(another_quarter):
    quarter = another_quarter()
    quarter.pull(described("http://127.0.0.1:9", attempts="1"), "police")
    police = of_sources(quarter)["police"]
    assert (police.alive, police.clean, police.part.share) == (False, None, Fraction(1))


def test_a_source_that_was_never_asked_has_no_labels(another_quarter):
    quarter = another_quarter()
    other = next(unit for unit in quarter.storage.units() if unit.level == "district" and unit.code != UNIT and unit.exists_on(PERIOD.end))
    asked = qualities(quarter.storage, quarter.catalogue, other, PERIOD, quarter.now())["police"]
    assert (asked.correct, asked.clean, asked.alive, asked.complete) == (None, None, None, False)
