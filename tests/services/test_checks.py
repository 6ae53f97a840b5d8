"""Checks between measures over a whole quarter: what they find, where, and that they refuse nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from hue_dti.catalogue.load import load_texts
from hue_dti.cli import cli
from hue_dti.observations.model import State
from hue_dti.services.quarter import catalogue_of, draft
from hue_dti.snapshots.bundle import decode, encode
from hue_dti.snapshots.checks import checked, remarks
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.verify import verify
from tests.golden_quarter import PERIOD, UNIT

QUARTER = ("--unit", UNIT, "--period", "2024-Q2")


def found(snapshot, catalogue=None):
    return {each.check.code: each for each in checked(snapshot, catalogue or catalogue_of(snapshot))}


def test_the_golden_quarter_warns_of_787_staff_wallets_against_785_in_the_district_and_of_three_agencies(golden):
    warned = remarks(golden.read(), golden.catalogue)
    wallets, *readers = warned
    assert (wallets.check.code, wallets.unit, wallets.part, wallets.whole) == ("staff_wallets_in_wallets", UNIT, 787, 785)
    assert {each.check.code for each in readers} == {"readers_in_accounts"}
    assert len(readers) == 3
    assert all(each.part > each.whole for each in readers)


def test_every_other_check_of_the_golden_quarter_was_made_and_finds_nothing(golden):
    rest = [each for code, each in found(golden.read()).items() if code not in {"staff_wallets_in_wallets", "readers_in_accounts"}]
    assert rest
    assert {(each.compared, each.unknown, each.remarks) for each in rest} == {(10, (), ())}


def test_a_warning_changes_no_figure_and_no_point(golden):
    snapshot = golden.read()
    silent = replace(snapshot, texts={name: text for name, text in snapshot.texts.items() if not name.endswith("checks.yaml")})
    assert remarks(silent, catalogue_of(silent)) == ()
    assert silent.sheet == snapshot.sheet


def test_a_bundle_closed_before_there_were_checks_stays_valid_and_warns_of_nothing(golden):
    snapshot = golden.read()
    texts = {name: text for name, text in snapshot.texts.items() if not name.endswith("checks.yaml")}
    _, bundle = encode(replace(snapshot, texts=texts))
    assert verify(bundle) == ()
    assert remarks(decode(bundle), catalogue_of(decode(bundle))) == ()


def test_the_checks_are_frozen_with_the_quarter(golden):
    assert "hue/checks.yaml" in golden.read().texts
    assert catalogue_of(golden.read()).checks == golden.catalogue.checks


def without(snapshot, unit, measure):
    """The quarter with one figure missing."""
    table = table_of(snapshot.figures, snapshot.tree)
    figures = dict(table)
    figures[unit, measure] = replace(figures[unit, measure], value=None, state=State.MISSING, as_of=None, origin=None)
    return replace(snapshot, figures=figures)


def test_a_total_that_lacks_part_of_its_whole_is_unknown_and_does_not_warn(golden):
    commune = next(unit.code for unit in golden.read().tree.units if unit.level == "commune")
    quarter = without(golden.read(), commune, "citizen_wallets")
    wallets = found(quarter)["staff_wallets_in_wallets"]
    assert (wallets.remarks, wallets.compared, wallets.unknown) == ((), 0, (commune,))


def test_a_unit_without_one_of_the_figures_is_named_as_not_compared(golden):
    worst = found(golden.read())["readers_in_accounts"].remarks[0].unit
    readers = found(without(golden.read(), worst, "staff_standardised"))["readers_in_accounts"]
    assert worst not in {remark.unit for remark in readers.remarks}
    assert readers.unknown == (worst,)


def test_a_part_that_equals_its_whole_is_no_warning(golden):
    snapshot = golden.read()
    figures = dict(table_of(snapshot.figures, snapshot.tree))
    for remark in found(snapshot)["readers_in_accounts"].remarks:
        figures[remark.unit, "staff_readers"] = replace(figures[remark.unit, "staff_readers"], value=remark.whole)
    assert found(replace(snapshot, figures=figures))["readers_in_accounts"].remarks == ()


def test_the_command_names_units_and_counts_and_ends_with_1(golden):
    done = CliRunner().invoke(cli, ["check", *QUARTER], env=golden.environment)
    assert done.exit_code == 1, done.output
    assert "là 787, lớn hơn" in done.stdout
    assert done.stdout.count("Lưu ý:") == 4
    told = json.loads(CliRunner().invoke(cli, ["check", *QUARTER, "--json"], env=golden.environment).stdout)
    assert sum(len(each["remarks"]) for each in told["checks"]) == 4
    assert told["snapshot_sha256"] == golden.read().head.sha256


def test_closing_says_how_many_warnings_there_are_and_closes(another_quarter):
    quarter = another_quarter()
    done = CliRunner().invoke(cli, ["close", *QUARTER, "--by", "Thư ký"], env=quarter.environment)
    assert done.exit_code == 0, done.output
    assert "4 chỗ kiểm tra chéo không khớp" in done.stderr


def test_the_workbook_has_a_sheet_of_remarks(golden, tmp_path: Path):
    book = openpyxl.load_workbook(golden.reports(tmp_path)["xlsx"])
    head, *rows = book["Lưu ý"].iter_rows(values_only=True)
    assert len(rows) == 4
    first = dict(zip(head, rows[0], strict=True))
    assert [first[column] for column in ("Giá trị", "Giá trị so", "Vượt")] == [787, 785, 2]


MEASURES = """
sources:
  app: {name: A, entry: connector, owner: B}
measures:
  some: {name: Một, noun: cái, kind: count, levels: [agency], over_units: sum, over_time: last, source: app}
  all: {name: Hai, noun: cái, kind: count, levels: [commune], over_units: sum, over_time: last, source: app}
  money: {name: Ba, noun: đồng, kind: amount, levels: [agency], over_units: sum, over_time: last, source: app}
  own: {name: Bốn, noun: cái, kind: count, levels: [agency], over_units: none, over_time: last, source: app}
"""


def line(part="some", whole="all", per="total", more=""):
    return f'jump: {{more_than: 30%}}\nchecks:\n  one: {{name: "Tên", part: {part}, whole: {whole}, per: {per}, remedy: "hỏi lại"{more}}}\n'


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        (line(part="nothing"), 3, "nothing"),
        (line(whole="some"), 3, "cũng là 'some'"),
        (line(whole="money", per="unit"), 3, "cùng loại"),
        (line(per="unit"), 3, "per: total"),
        (line(whole="own"), 3, "per: unit"),
        (line(per="each"), 3, "each"),
        (line(more=", colour: red"), 3, "colour"),
        (line().replace(', remedy: "hỏi lại"', ""), 3, "remedy"),
        (line().replace("30%", "300%"), 1, "300%"),
        (line().replace("more_than: 30%", "over: 30%"), 1, "over"),
        ("checks: []\n", 1, "bảng"),
    ],
)
def test_a_mistake_in_a_checks_file_is_told_with_its_line(text, at, words):
    with pytest.raises(Exception, match=f"m/checks.yaml:{at}: ") as caught:
        load_texts({"m/measures.yaml": MEASURES, "m/checks.yaml": text})
    assert words in str(caught.value)


def test_a_sound_checks_file_loads_and_stands_in_the_draft(another_quarter):
    assert set(load_texts({"m/measures.yaml": MEASURES, "m/checks.yaml": line()}).checks) == {"one"}
    quarter = another_quarter()
    standing = draft(quarter.storage, quarter.catalogue, quarter.unit, PERIOD, quarter.now())
    assert len(remarks(standing, quarter.catalogue)) == 4
