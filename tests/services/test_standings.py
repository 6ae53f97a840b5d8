"""Closed quarters ranked together, and compared with another period under that period's rules."""

from dataclasses import replace
from fractions import Fraction

from hue_dti.scoring.engine import score
from hue_dti.services.standings import field_of, ranking
from hue_dti.snapshots.figures import table_of
from hue_dti.standings.ranks import TOTAL, Member
from hue_dti.standings.shown import shown
from hue_dti.steps.supposing import with_targets
from hue_dti.units.model import Level
from tests.golden_quarter import PERIOD


def test_the_ranking_is_the_one_that_was_frozen(golden):
    found = ranking(golden.storage, field_of(golden.storage, Level.COMMUNE, PERIOD))
    frozen = [(each.unit, each.rank) for each in golden.read().ranking]
    assert sorted((place.member.unit, place.rank) for place in found.places) == sorted(frozen)
    assert field_of(golden.storage, Level.COMMUNE, PERIOD.previous()) is None
    assert shown(found)["units"][0]["rank"] == 1


def test_units_that_are_not_in_a_closed_quarter_are_named_beside_the_ranking(golden):
    communes, districts = (field_of(golden.storage, level, PERIOD) for level in (Level.COMMUNE, Level.DISTRICT))
    assert (len(communes.absent), len(communes.absent_from("483")), len(communes.absent_from("481"))) == (131, 0, 18)
    assert districts.absent[0].name == "Huyện A Lưới"
    assert (len(districts.absent), shown(ranking(golden.storage, districts))["absent"][0]) == (8, "481")
    assert field_of(golden.storage, Level.AGENCY, PERIOD).absent == ()


def test_against_itself_nothing_moved(golden):
    found = ranking(golden.storage, field_of(golden.storage, Level.COMMUNE, PERIOD), TOTAL, "483", PERIOD)
    assert len(found.changes.moves) == 10
    assert {(move.places, move.own, move.others, move.rules, move.units) for move in found.changes.moves.values()} == {(0, 0, 0, 0, 0)}


def test_the_same_figures_under_new_rules_move_by_the_rules_alone(golden):
    field = field_of(golden.storage, Level.COMMUNE, PERIOD)
    harder = with_targets(field.criteria_set, {"III.2": Fraction(3, 10), "VII.5": Fraction(1, 10)})
    snapshot = field.snapshots[0]
    frame = table_of(snapshot.figures, snapshot.tree).frame(snapshot.tree, field.catalogue.measures)
    sheets = score(harder, field.catalogue.measures, frame, PERIOD, snapshot.tree.as_of)
    today = replace(field, criteria_set=harder, members=tuple(Member(sheet.unit, "483", sheet) for sheet in sheets))
    moves = ranking(golden.storage, today, TOTAL, "", PERIOD).changes.moves
    assert any(move.places for move in moves.values())
    assert all((move.own, move.others, move.units) == (0, 0, 0) and move.rules == move.places for move in moves.values())


def test_a_code_given_to_another_unit_is_not_the_unit_of_then(golden):
    field = field_of(golden.storage, Level.COMMUNE, PERIOD)
    code = field.members[0].unit
    units = dict(field.units) | {code: replace(field.units[code], valid_from=PERIOD.end)}
    found = ranking(golden.storage, replace(field, units=units), TOTAL, "", PERIOD)
    assert code not in found.changes.moves
    assert len(found.changes.moves) == 9
    assert found.changes.new == (code,)
