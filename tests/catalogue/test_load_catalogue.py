"""The criteria that ship, and copies of them that an official has changed."""

import re
import shutil
from datetime import date
from fractions import Fraction

import pytest

from hue_dti.catalogue.load import load_catalogue, load_texts
from hue_dti.catalogue.model import ValueKind
from hue_dti.catalogue.rules import Count, Gate, Ratio, Steps
from hue_dti.catalogue.shapes import STATUS_KEYS
from hue_dti.errors import CatalogueError
from hue_dti.periods import MonthDay, Period
from hue_dti.resources import folder
from hue_dti.scoring.model import Status
from hue_dti.units.model import Level

SET = "hue-district-2024"
FILE = "hue/district-2024.yaml"


@pytest.fixture(scope="module")
def shipped():
    return load_catalogue(folder("criteria"))


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(folder("criteria"), tmp_path / "criteria")


def change(copy, old, new, times=1):
    path = copy / FILE
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, times), encoding="utf-8")


def block_of(copy, code):
    """The lines of one criterion in the district's file."""
    text = (copy / FILE).read_text(encoding="utf-8")
    match = re.search(rf"^      - code: {re.escape(code)}\n(?:(?!      - code:|  - code:).*\n?)*", text, re.MULTILINE)
    assert match, code
    return match[0]


def test_the_district_set_has_53_criteria_of_nine_groups_and_595_stated_points_of_665(shipped):
    district = shipped.sets[SET]
    assert [len(group.criteria) for group in district.groups] == [10, 3, 6, 8, 4, 7, 5, 4, 6]
    assert sum(group.max_points for group in district.groups) == 665
    assert sum(line.max_points for line in district.criteria if not line.points_assumed) == 595


def test_the_set_of_a_day_is_found_by_level(shipped):
    assert shipped.set_for(Level.DISTRICT, date(2024, 6, 10)).code == SET
    assert shipped.set_for(Level.PROVINCE, date(2024, 6, 10)) is None


def test_values_become_what_the_schema_says(shipped):
    district = shipped.sets[SET]
    assert district.criterion("I.4").rule == Count("leader_news", 24)
    meetings = district.criterion("I.2").rule
    assert isinstance(meetings, Steps)
    assert meetings.last_by == MonthDay(11, 15) == shipped.measures["steering_meetings"].until
    assert [rung.share for rung in meetings.rungs] == [Fraction(1, 2), Fraction(1)]
    assert isinstance(district.criterion("I.9").rule, Gate)
    identity = district.criterion("VII.1").rule
    assert isinstance(identity, Ratio)
    assert identity.whole is None
    assert shipped.measures[identity.part].kind is ValueKind.PERCENT
    assert district.calendar.cutoff(Period.parse("2024-Q2")) == date(2024, 6, 10)
    assert district.decision.issued_on == date(2024, 4, 4)


def test_every_criterion_knows_the_line_it_is_written_on(shipped):
    lines = (folder("criteria") / FILE).read_text(encoding="utf-8").split("\n")
    for criterion in shipped.sets[SET].criteria:
        file, line = criterion.place
        assert file == FILE
        assert lines[line - 1].strip() == f"- code: {criterion.code}"
    assert shipped.sets[SET].place[0] == FILE


def test_texts_frozen_with_a_quarter_give_the_same_catalogue(shipped):
    again = load_texts(shipped.texts)
    assert again == shipped
    assert again.texts[FILE] == (folder("criteria") / FILE).read_bytes().decode("utf-8")


def test_sentences_may_be_written_for_exactly_the_statuses_that_scoring_knows():
    assert set(STATUS_KEYS) == {status.slug for status in Status}


def test_changing_24_to_30_in_a_file_changes_the_rule_with_no_code_touched(copy):
    block = block_of(copy, "I.4")
    change(copy, block, block.replace("at_least: 24", "at_least: 30"))
    changed = load_catalogue(copy).sets[SET]
    assert changed.criterion("I.4").rule == Count("leader_news", 30)
    assert changed.criterion("I.5").rule == Count("unit_news", 24)


def test_a_54th_criterion_joins_the_set_with_no_code_touched(copy):
    block = block_of(copy, "IX.6")
    added = block.replace("code: IX.6", "code: IX.7").rstrip("\n") + "\n"
    change(copy, block, block.rstrip("\n") + "\n" + added)
    with pytest.raises(CatalogueError, match="nhóm IX là 60 nhưng các tiêu chí cộng lại là 70"):
        load_catalogue(copy)
    text = (copy / FILE).read_text(encoding="utf-8")
    head, _, tail = text.partition("  - code: IX\n")
    (copy / FILE).write_text(head + "  - code: IX\n" + tail.replace("max_points: 60", "max_points: 70", 1), encoding="utf-8")
    changed = load_catalogue(copy).sets[SET]
    assert len(changed.criteria) == 54
    assert changed.group_of("IX.7").code == "IX"
    assert changed.criterion("IX.7").rule == changed.criterion("IX.6").rule


def test_words_that_yaml_would_turn_into_truth_or_minutes_stay_text(copy):
    text = (copy / FILE).read_text(encoding="utf-8")
    block = block_of(copy, "I.1")
    for written in ("no", "10:30", "1e3", "0o17", "2024-04-04", "on"):
        changed = re.sub(r"^        name: .*$", f"        name: {written}", block, count=1, flags=re.MULTILINE)
        (copy / FILE).write_text(text.replace(block, changed), encoding="utf-8")
        assert load_catalogue(copy).sets[SET].criterion("I.1").name == written


def test_a_file_saved_by_windows_with_a_mark_and_its_own_line_ends_reads_the_same(copy):
    plain = load_catalogue(copy).sets[SET]
    path = copy / FILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    saved = load_catalogue(copy)
    assert saved.sets[SET] == plain
    assert saved.texts[FILE].startswith("\ufeff")
    assert load_texts(saved.texts) == saved


@pytest.mark.parametrize(("written", "share"), [("50%", "1/2"), ("1/2", "1/2"), ("0.5", "1/2"), ("12.5%", "1/8"), ("0%", "0"), ("1", "1")])
def test_a_share_may_be_written_in_three_ways_and_is_exact(copy, written, share):
    change(copy, "enough_data: 65%", f"enough_data: {written}")
    assert load_catalogue(copy).sets[SET].enough_data == Fraction(share)


@pytest.mark.parametrize("written", ["-5%", "101%", "3/2", "1/0", "0,5", "một nửa", "½", "٥%", "50 %", "5e-1", "inf", "1/00"])
def test_a_share_that_would_have_to_be_guessed_is_refused(copy, written):
    change(copy, "enough_data: 65%", f"enough_data: {written}")
    with pytest.raises(CatalogueError, match="enough_data"):
        load_catalogue(copy)
