"""Two sets beside each other: what follows what, what reads otherwise, what stands alone."""

from dataclasses import replace
from fractions import Fraction

import pytest
from click.testing import CliRunner

from hue_dti.catalogue.difference import difference
from hue_dti.catalogue.load import load_catalogue
from hue_dti.cli import cli
from hue_dti.resources import folder


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(folder("criteria"))


@pytest.fixture
def district(catalogue):
    return catalogue.sets["hue-district-2024"]


def with_criterion(criteria_set, code, **changed):
    groups = tuple(
        replace(group, criteria=tuple(replace(each, **changed) if each.code == code else each for each in group.criteria))
        for group in criteria_set.groups
    )
    return replace(criteria_set, groups=groups)


def test_a_set_beside_itself_differs_in_nothing(catalogue, district):
    found = difference(catalogue, district, catalogue, district)
    assert (found.of_set, found.changed, found.added, found.removed) == ((), (), (), ())
    assert len(found.pairs) == len(district.criteria)


def test_points_rule_window_and_proof_are_told_as_they_read(catalogue, district):
    rule = replace(district.criterion("I.4").rule, at_least=36)
    other = with_criterion(district, "I.4", rule=rule, max_points=Fraction(30), proof=())
    pair = next(each for each in difference(catalogue, district, catalogue, other).changed)
    assert [told.what for told in pair.changes] == ["Điểm tối đa", "Cách tính"]
    assert "÷ 36 tin" in pair.changes[1].new
    counted = replace(catalogue.measures["leader_news"], until=None, window=type(catalogue.measures["leader_news"].window)("period"))
    later = replace(catalogue, measures={**catalogue.measures, "leader_news": counted})
    told = next(each for each in difference(catalogue, district, later, district).changed).changes
    assert [each.what for each in told] == ["Số liệu"]
    assert "trong kỳ" in told[0].new
    without = with_criterion(district, "I.1", proof=())
    assert [each.what for each in difference(catalogue, district, catalogue, without).changed[0].changes] == ["Minh chứng phải nộp"]


def test_a_stated_succession_goes_before_the_same_code(catalogue, district):
    other = with_criterion(district, "I.5", succeeds=("I.4",))
    found = difference(catalogue, district, catalogue, other)
    follows = {pair.new.code: [each.code for each in pair.old] for pair in found.pairs}
    assert follows["I.5"] == ["I.4"]
    assert "I.4" not in follows
    assert [each.code for each in found.added] == ["I.4"]
    assert [each.code for each in found.removed] == ["I.5"]


def test_criteria_put_together_name_all_they_follow(catalogue, district):
    other = with_criterion(district, "I.5", succeeds=("I.4", "I.5"))
    pair = next(each for each in difference(catalogue, district, catalogue, other).changed if each.new.code == "I.5")
    assert [each.code for each in pair.old] == ["I.4", "I.5"]
    assert pair.changes[1].old == "24 điểm + 24 điểm"


def test_what_is_said_to_be_new_follows_nothing_and_an_unknown_code_is_told(catalogue, district):
    found = difference(catalogue, district, catalogue, with_criterion(district, "I.5", succeeds=()))
    assert [each.code for each in found.added] == [each.code for each in found.removed] == ["I.5"]
    found = difference(catalogue, district, catalogue, with_criterion(district, "I.5", succeeds=("X.9",)))
    assert found.unknown == (("I.5", "X.9"),)


def test_the_same_code_for_another_thing_is_doubted(catalogue, district):
    other = with_criterion(district, "I.4", name="Hội nghị trực tuyến", rule=district.criterion("IV.5").rule)
    pair = next(each for each in difference(catalogue, district, catalogue, other).changed)
    assert "succeeds: []" in pair.doubt


def test_the_command_reads_a_draft_and_tells_its_faults_by_line(tmp_path, catalogue):
    text = catalogue.texts["hue/district-2024.yaml"]
    draft = tmp_path / "du-thao.yaml"
    draft.write_text(text.replace("measure: leader_news, at_least: 24", "measure: leader_news, at_least: 36"), encoding="utf-8")
    told = CliRunner().invoke(cli, ["criteria", "diff", "hue-district-2024", str(draft)])
    assert told.exit_code == 0
    assert "÷ 36 tin" in told.output
    draft.write_text(text.replace("max_points: 170", "max_points: 171"), encoding="utf-8")
    refused = CliRunner().invoke(cli, ["criteria", "diff", "hue-district-2024", str(draft)])
    assert refused.exit_code == 1
    assert f"{draft}:28:" in refused.output
