"""The history of figures, the newest of each, and the two ways of reading them."""

import random
from datetime import date

import pytest

from hue_dti.errors import StorageError
from hue_dti.observations.model import Observation, Origin, State


def test_a_figure_comes_back_as_it_went_in(storage, run, make):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    figure = make.observation(raw)
    assert storage.save_observations(run, [figure]) == 1
    assert storage.observations(["483"], make.period) == [figure]


@pytest.mark.parametrize("state", [State.SOURCE_FAILED, State.MISSING, State.NOT_APPLICABLE])
def test_absence_keeps_its_name_and_reason_and_no_value(storage, run, make, state):
    nowhere = Observation(
        "483", "staff", make.period, None, state, date(2024, 6, 10), Origin("x", "", make.at, "", ""), "nguồn không trả lời"
    )
    storage.save_observations(run, [nowhere])
    assert storage.observations(["483"], make.period) == [nowhere]


@pytest.mark.parametrize(("value", "state"), [(0, State.MISSING), (None, State.MEASURED)])
def test_a_value_without_a_right_to_one_is_refused(storage, run, make, value, state):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    with pytest.raises(StorageError, match="observation_check"):
        storage.save_observations(run, [make.observation(raw, value, state=state)])


def test_zero_is_a_value(storage, run, make):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    storage.save_observations(run, [make.observation(raw, 0)])
    assert storage.observations(["483"], make.period)[0].value == 0


def test_the_newest_figure_counts_and_the_history_keeps_all(storage, run, make):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    for value in (900, 910, 921):
        storage.save_observations(run, [make.observation(raw, value)])
    assert [each.value for each in storage.observations(["483"], make.period)] == [921]
    assert [each.value for each in storage.figure_history("483", "staff_standardised")] == [900, 910, 921]


def test_of_two_figures_in_one_batch_the_later_is_newest(storage, run, make):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    storage.save_observations(run, [make.observation(raw, 1), make.observation(raw, 2)])
    assert [each.value for each in storage.observations(["483"], make.period)] == [2]


def test_a_figure_whose_answer_nobody_stored_is_refused(storage, run, make):
    with pytest.raises(StorageError, match="raw_answer"):
        storage.save_observations(run, [make.observation(make.answer(b"never kept"))])


def test_only_the_units_and_the_period_asked_for_are_read(storage, run, make):
    raw = make.answer()
    storage.raw_store(run).keep(raw)
    elsewhere = [make.observation(raw, unit="474"), make.observation(raw, period=make.period.previous())]
    storage.save_observations(run, [make.observation(raw, 5), *elsewhere])
    assert [each.value for each in storage.observations(["483", "20161"], make.period)] == [5]


def test_no_figures_are_a_list_of_none(storage, run, make):
    assert storage.save_observations(run, []) == 0
    assert storage.observations(["483"], make.period) == []
    assert storage.figures(["483"], make.period).measures == {}


def test_the_arrays_say_the_same_as_the_observations(storage, run, make):
    chance = random.Random(2024)
    raws = [make.answer(str(page).encode(), request=f"GET /accounts?page={page}") for page in range(5)]
    for raw in raws:
        storage.raw_store(run).keep(raw)
    units = [f"20{number:03d}" for number in range(60)]
    written = [_random(make, chance, raws, unit, measure) for unit in units for measure in ("staff", "accounts", "villages")]
    storage.save_observations(run, chance.sample(written, len(written)))
    asked = chance.sample(units, 40)
    expected = {(each.unit, each.measure): each for each in storage.observations(asked, make.period)}
    assert len(expected) == 120
    assert _unfolded(storage.figures(asked, make.period), make.period) == expected


def _random(make, chance, raws, unit, measure):
    state = chance.choice(list(State))
    value = chance.choice([0, 1, -5, 2**62]) if state.has_value else None
    return make.observation(chance.choice(raws), value, unit, measure, state=state, place=f"$.{unit}", reason="" if value else "vì sao")


def _unfolded(figures, period):
    found = {}
    for code, arrays in figures.measures.items():
        for index, unit in enumerate(arrays.unit):
            state = State(int(arrays.state[index]))
            at = figures.origins[arrays.origin[index]]
            origin = Origin(at.source, at.request, at.fetched_at, at.raw_sha256, arrays.place[index])
            value = int(arrays.value[index]) if state.has_value else None
            day = date.fromordinal(int(arrays.as_of[index]))
            found[figures.units[unit], code] = Observation(
                figures.units[unit], code, period, value, state, day, origin, arrays.reason[index]
            )
    return found
