"""Events on small trees: what they leave, what they refuse, and what becomes of every unit."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hue_dti.catalogue.model import Measure, OverTime, OverUnits, ValueKind
from hue_dti.catalogue.over_change import OverChange
from hue_dti.errors import CatalogueError
from hue_dti.observations.conserved import prove
from hue_dti.observations.restated import Restatement, allocate
from hue_dti.units.changing import after, before, history
from hue_dti.units.closure import closure
from hue_dti.units.events import Change, ChangeKind, Resolution, UnitEvent
from hue_dti.units.lineage import Lineage
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

BEGIN, DAY = date(2020, 1, 1), date(2025, 7, 1)
ORDER = Resolution("1/NQ", date(2025, 6, 1), "Quốc hội")
PROVINCE = OrgUnit("1", "Tỉnh Một", Level.PROVINCE, None, BEGIN)
EAST = OrgUnit("10", "Huyện Đông", Level.DISTRICT, "1", BEGIN)
WEST = OrgUnit("20", "Huyện Tây", Level.DISTRICT, "1", BEGIN)
ONE, TWO, THREE = (OrgUnit(f"10{at}", f"Xã Số {at}", Level.COMMUNE, "10", BEGIN) for at in (1, 2, 3))
HOUSEHOLDS = Measure(
    "households", "Hộ", "hộ", ValueKind.COUNT, (Level.COMMUNE,), OverUnits.SUM, OverTime.LAST, "s", over_change=OverChange.SUM
)
UNITS = (PROVINCE, EAST, WEST, ONE, TWO, THREE)


def event(*changes, day=DAY, number="2025-01"):
    placed = tuple(replace(change, place=("changes.csv", line)) for line, change in enumerate(changes, start=2))
    return UnitEvent(number, day, "Sắp xếp", ORDER, changes=placed, place=("events.csv", 2))


def merge(old, new, name, parent="10"):
    return Change(ChangeKind.MERGE, old, new, name, Level.COMMUNE, parent)


def split(old, new, name, share=None):
    return Change(ChangeKind.SPLIT, old, new, name, Level.COMMUNE, "10", share)


def refused(units, *changes):
    with pytest.raises(CatalogueError) as told:
        after(units, event(*changes))
    return [str(fault) for fault in told.value.faults]


TWO_IN_ONE = event(merge("101", "101", "Xã Chung"), merge("102", "101", "Xã Chung"))


def test_a_merger_ends_its_parts_the_day_before_and_begins_another_unit_under_a_code_used_again():
    then = after(UNITS, TWO_IN_ONE)
    assert {unit.code for unit in build_tree(then, DAY).units} == {"1", "10", "20", "101", "103"}
    assert build_tree(then, DAY).unit("101").name == "Xã Chung"
    assert build_tree(then, DAY - timedelta(days=1)).unit("101").name == "Xã Số 1"


def test_what_an_event_did_can_be_undone_to_the_letter():
    assert set(before(after(UNITS, TWO_IN_ONE), TWO_IN_ONE)) == set(UNITS)


def test_a_unit_of_a_code_used_again_is_not_the_unit_before():
    line = Lineage(after(UNITS, TWO_IN_ONE), [TWO_IN_ONE])
    new = line.on("101", DAY)
    assert [step.unit.name for step in line.came_from(new)] == ["Xã Số 1", "Xã Số 2"]
    assert line.identity(new) == (new,)
    assert [each.number for each in line.breaks(new)] == ["2025-01"]
    assert [step.unit for step in line.became(line.on("102", BEGIN))] == [new]


def test_a_renamed_and_moved_unit_is_still_the_same_one():
    moved = event(Change(ChangeKind.RENAME, "103", "103", "Phường Ba", None, "20"))
    line = Lineage(after(UNITS, moved), [moved])
    new = line.on("103", DAY)
    assert (new.name, new.parent, new.level) == ("Phường Ba", "20", Level.COMMUNE)
    assert [unit.name for unit in line.identity(new)] == ["Xã Số 3", "Phường Ba"]
    assert line.breaks(new) == ()


def test_origins_go_back_over_several_events_with_their_parts():
    second = event(split("101", "101", "Xã Nửa", Fraction(1, 4)), split("101", "104", "Xã Kia", Fraction(3, 4)), day=date(2026, 1, 1))
    events = [TWO_IN_ONE, replace(second, number="2026-01")]
    line = Lineage(history(UNITS, events), events)
    origins = line.origins(line.on("104", date(2026, 1, 1)), BEGIN)
    assert [(origin.unit.name, origin.part) for origin in origins] == [("Xã Số 1", Fraction(3, 4)), ("Xã Số 2", Fraction(3, 4))]


def test_a_unit_whose_managing_unit_ends_must_go_somewhere():
    (told,) = {line.partition("có ")[2].partition(" nhưng")[0] for line in refused(UNITS[:4], Change(ChangeKind.END, "10"))}
    assert told == "Xã Số 1"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ([merge("109", "101", "Xã Chung")], "không có đơn vị mã 109"),
        ([merge("101", "103", "Xã Chung"), merge("102", "103", "Xã Chung")], "mã 103 còn là mã của Xã Số 3"),
        ([merge("101", "101", "Xã Chung"), merge("101", "104", "Xã Khác")], "101 đổi 2 lần"),
        ([merge("101", "104", "Xã Chung"), merge("102", "104", "Xã Khác")], "dòng 2 lại ghi 'Xã Chung'"),
        ([split("101", "101", "Xã Nửa", Fraction(1, 2)), split("101", "104", "Xã Kia", Fraction(1, 3))], "cộng lại không bằng 100%"),
        ([split("101", "101", "Xã Nửa", Fraction(1, 2)), split("101", "104", "Xã Kia")], "chỉ vài phần"),
        ([split("101", "104", "Xã Kia")], "chỉ có một phần"),
        ([Change(ChangeKind.MOVE, "10", "10", parent="101")], "nối thành vòng"),
        ([Change(ChangeKind.RENAME, "101", "101", "Xã Số 2")], "trùng tên gọi"),
        ([Change(ChangeKind.MOVE, "101", "101", parent="20", old_name="Xã Số 2")], "mã 101 ngày đó là Xã Số 1"),
    ],
)
def test_an_event_that_cannot_hold_is_refused_at_its_row(changes, what):
    told = refused(UNITS, *changes)
    assert [line for line in told if what in line and line.startswith(("changes.csv:", "events.csv:2:"))], told


def test_an_event_is_not_applied_after_a_later_one_of_the_same_units():
    later = event(Change(ChangeKind.RENAME, "101", "101", "Xã Mới"), day=date(2026, 1, 1), number="2026-01")
    with pytest.raises(CatalogueError, match="theo thứ tự ngày"):
        after(after(UNITS, later), TWO_IN_ONE)


def test_a_percentage_of_a_merged_unit_is_the_mean_weighted_by_residents_of_those_below_and_never_a_guess():
    percent = replace(
        HOUSEHOLDS, code="share", levels=(Level.DISTRICT,), over_units=OverUnits.NONE, over_change=OverChange.MEAN, weighted_by="residents"
    )
    both = [Change(ChangeKind.MERGE, code, "10", "Huyện Chung", Level.DISTRICT, "1") for code in ("10", "20")]
    moved = OrgUnit("201", "Xã Bên Kia", Level.COMMUNE, "20", BEGIN)
    one = event(*both, Change(ChangeKind.MOVE, "201", "201", parent="10"))
    line = Lineage(after((*UNITS, moved), one), [one])
    figures = {
        ("10", "share"): 8000,
        ("20", "share"): 5000,
        ("101", "residents"): 200,
        ("102", "residents"): 100,
        ("201", "residents"): 100,
    }
    told = Restatement(line, BEGIN, lambda unit, measure: figures.get((unit.code, measure)))
    assert told.of(line.on("10", DAY), percent).value == (8000 * 300 + 5000 * 100) // 400
    del figures["201", "residents"]
    assert "Huyện Tây" in told.of(line.on("10", DAY), percent).why


@pytest.mark.parametrize("policy", [OverChange.RECOMPUTE, OverChange.NOT_COMPARABLE])
def test_what_may_not_be_added_is_not_told_for_a_merged_unit_but_goes_on_for_one_that_only_moved(policy):
    one = event(*TWO_IN_ONE.changes, Change(ChangeKind.MOVE, "103", "103", parent="20"))
    line = Lineage(after(UNITS, one), [one])
    told = Restatement(line, BEGIN, lambda *_: 7)
    measure = replace(HOUSEHOLDS, over_change=policy)
    assert told.of(line.on("101", DAY), measure).value is None
    assert told.of(line.on("103", DAY), measure).value == 7


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_a_split_figure_is_shared_out_in_whole_numbers_to_the_last_one(value, weights):
    parts = [Fraction(weight, sum(weights)) for weight in weights]
    shares = allocate(value, parts)
    assert sum(shares) == value
    assert all(abs(share - value * part) < 1 for share, part in zip(shares, parts, strict=True))


# random trees and events


@st.composite
def worlds(draw):
    """A province with districts and communes, and up to four events, each of which could happen to the tree before it."""
    districts = draw(st.integers(1, 3))
    units = [PROVINCE, *(OrgUnit(f"{at}0", f"Huyện Phía {at}", Level.DISTRICT, "1", BEGIN) for at in range(1, districts + 1))]
    for at in range(draw(st.integers(1, 7))):
        parent = f"{draw(st.integers(1, districts))}0"
        units.append(OrgUnit(f"9{at:02d}", f"Xã {at}", Level.COMMUNE, parent, BEGIN))
    events, day, names = [], DAY, iter(range(10**6))
    for number in range(1, draw(st.integers(0, 4)) + 1):
        there = build_tree(history(units, events), day)
        made = draw(_events(there, day, f"2025-{number:02d}", names))
        if made.changes:
            events.append(made)
        day += timedelta(days=draw(st.integers(1, 400)))
    return tuple(units), tuple(events)


@st.composite
def _events(draw, there, day, number, names):
    communes = [unit for unit in there.units if unit.level is Level.COMMUNE]
    districts = [unit for unit in there.units if unit.level is Level.DISTRICT]
    chosen = draw(st.lists(st.sampled_from(communes), unique_by=lambda unit: unit.code, max_size=4))
    kind = draw(st.sampled_from(ChangeKind))
    changes = []
    if kind is ChangeKind.MERGE and len(chosen) > 1:
        name, target = f"Xã Gộp {next(names)}", chosen[0]
        changes = [merge(each.code, target.code, name, target.parent) for each in chosen]
    elif kind is ChangeKind.SPLIT and chosen:
        weights = draw(st.lists(st.integers(1, 9), min_size=2, max_size=3))
        known = draw(st.booleans())
        for at, weight in enumerate(weights):
            new = chosen[0].code if at == 0 else f"8{next(names):06d}"
            share = Fraction(weight, sum(weights)) if known else None
            changes.append(replace(split(chosen[0].code, new, f"Xã Tách {next(names)}", share), parent=chosen[0].parent))
    elif kind is ChangeKind.RENAME:
        changes = [Change(kind, each.code, each.code, f"Xã Tên {next(names)}") for each in chosen]
    elif kind is ChangeKind.MOVE and chosen:
        changes = [Change(kind, each.code, each.code, parent=draw(st.sampled_from([*districts, PROVINCE])).code) for each in chosen]
    elif kind is ChangeKind.END and districts:  # a level ends: what stood below stands below the province from then on
        changes = [Change(kind, each.code) for each in districts]
        changes += [Change(ChangeKind.MOVE, each.code, each.code, parent="1") for each in communes if each.parent != "1"]
    return event(*changes, day=day, number=number)


def days_of(units):
    return sorted({BEGIN, *(unit.valid_from for unit in units), *(unit.valid_to for unit in units if unit.valid_to)})


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_no_orphan_and_no_ring_on_any_day_whatever_happens(world):
    units, events = world
    then = history(units, events)
    for day in days_of(then):
        there = [unit for unit in then if unit.exists_on(day)]
        tree = build_tree(there, day, "1")  # reaches every unit only when none hangs in the air or goes round in a ring
        assert {unit.code for unit in tree.units} == {unit.code for unit in there}
        assert len(there) == len({unit.code for unit in there})


@settings(max_examples=30, deadline=None)
@given(worlds(), st.data())
def test_every_count_is_conserved_or_its_gap_is_said(world, data):
    units, events = world
    figures = {unit.code: data.draw(st.integers(0, 10**6)) for unit in units if unit.level is Level.COMMUNE}
    now = units
    for each in events:
        line = Lineage(now, [one for one in events if one.effective_on < each.effective_on])
        told = Restatement(line, BEGIN, lambda unit, _: figures.get(unit.code))
        proof = prove(now, each, [HOUSEHOLDS], lambda unit, _, told=told: told.of(unit, HOUSEHOLDS).value)
        assert proof.holds
        now = after(now, each)
    told = Restatement(Lineage(now, events), BEGIN, lambda unit, _: figures.get(unit.code))
    last = [told.of(unit, HOUSEHOLDS) for unit in now if unit.valid_to is None and unit.level is Level.COMMUNE]
    if all(each.value is not None for each in last):
        assert sum(each.value for each in last) == sum(figures.values())
    else:
        assert any(change.kind is ChangeKind.SPLIT and change.share is None for one in events for change in one.changes)


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_the_closure_says_for_every_day_what_a_walk_through_the_tree_says(world):
    then = history(*world)
    ties = closure(then)
    for day in days_of(then):
        tree = build_tree(then, day)
        walked = {(above.code, unit.code) for above in tree.units for unit in tree.under(above.code)}
        found = [(tie.ancestor, tie.descendant) for tie in ties if tie.valid_from <= day and (tie.valid_to is None or day <= tie.valid_to)]
        assert len(found) == len(set(found))
        assert set(found) == walked


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_events_taken_back_from_the_last_to_the_first_leave_the_units_as_they_were(world):
    units, events = world
    then = history(units, events)
    for each in reversed(events):
        then = before(then, each)
    assert set(then) == set(units)
