"""The alerts file: what ships is sound, and every mistake is told with file, line and remedy."""

from datetime import date
from fractions import Fraction

import pytest

from hue_dti.alerts.model import BehindRule, JumpRule, Kind, SourceRule, Unsure
from hue_dti.alerts.read import load_rules, read_rules
from hue_dti.errors import CatalogueError, SettingError
from hue_dti.resources import folder

SOUND = """\
alerts:
  - name: nguon-cu
    kind: stale
    sources: all
    days: 3
  - name: nguon-loi
    kind: failed
    sources: [super_app, meetings]
    times: 2
    units: ["483"]
  - name: thay-doi-lon
    kind: jump
    measures: [households]
    change: 30%
    no_figures: close
  - name: cham
    kind: behind
    part: accounts_standardised
    whole: accounts
    target: 50%
    from: 2024-01-01
    by: 2024-12-31
    leeway: 5%
"""


def test_the_rules_that_ship_are_sound_and_of_every_kind(catalogue):
    assert {rule.kind for rule in load_rules(folder("jobs") / "alerts.yaml", catalogue)} == set(Kind)


def test_a_rule_is_read_as_it_is_written(catalogue):
    stale, failed, jump, behind = read_rules(SOUND, "canh-bao.yaml", catalogue)
    assert stale == SourceRule("nguon-cu", Kind.STALE, tuple(catalogue.sources), 3)
    assert failed == SourceRule("nguon-loi", Kind.FAILED, ("super_app", "meetings"), 2, ("483",))
    assert jump == JumpRule("thay-doi-lon", ("households",), Fraction(3, 10), Unsure.CLOSE)
    way = (Fraction(1, 2), date(2024, 1, 1), date(2024, 12, 31), Fraction(0), Fraction(1, 20))
    assert behind == BehindRule("cham", "accounts_standardised", "accounts", *way)


def test_a_province_may_want_no_alerts_at_all(catalogue):
    assert read_rules("alerts: []\n", "canh-bao.yaml", catalogue) == ()


BROKEN = {
    "no list": ("alerts: nguon-cu\n", "canh-bao.yaml:1: "),
    "a text for a rule": ("alerts:\n  - nguon-cu\n", "canh-bao.yaml:2: một quy tắc là 'nguon-cu'; hãy viết một bảng"),
    "a kind that is none": (SOUND.replace("kind: stale", "kind: old"), "canh-bao.yaml:3: kind của quy tắc nguon-cu là 'old'"),
    "a name in capitals": (SOUND.replace("nguon-cu", "Nguồn cũ"), "canh-bao.yaml:2: name của một quy tắc là 'Nguồn cũ'"),
    "a name used twice": (
        SOUND.replace("name: cham", "name: nguon-cu"),
        "canh-bao.yaml:16: name của một quy tắc là 'nguon-cu', đã dùng ở dòng 2",
    ),
    "a key of another kind": (
        SOUND.replace("days: 3", "days: 3\n    change: 3%"),
        "canh-bao.yaml:6: khóa 'change' không có trong một quy tắc",
    ),
    "no days": (SOUND.replace("    days: 3\n", ""), "canh-bao.yaml:2: một quy tắc thiếu khóa 'days'"),
    "no day at all": (SOUND.replace("days: 3", "days: 0"), "canh-bao.yaml:5: days của quy tắc nguon-cu là '0'"),
    "more days than a life has": (SOUND.replace("days: 3", "days: 999999999"), "canh-bao.yaml:5: days của quy tắc nguon-cu là 999999999"),
    "a source that is none": (SOUND.replace("meetings", "meting"), "canh-bao.yaml:8: sources của quy tắc nguon-loi có 'meting'"),
    "a word for sources": (SOUND.replace("sources: all", "sources: every"), "canh-bao.yaml:4: sources của quy tắc nguon-cu là 'every'"),
    "a measure that is none": (SOUND.replace("[households]", "[house]"), "canh-bao.yaml:13: measures của quy tắc thay-doi-lon có 'house'"),
    "a flow that grows by itself": (SOUND.replace("[households]", "[leader_news]"), "số cộng dồn từ 01/01"),
    "a jump of nothing": (SOUND.replace("change: 30%", "change: 0%"), "canh-bao.yaml:14: change của quy tắc thay-doi-lon là 0"),
    "a part that does not add up": (SOUND.replace("part: accounts_standardised", "part: page_review"), "không cộng được từ các đơn vị"),
    "an end before the beginning": (
        SOUND.replace("by: 2024-12-31", "by: 2024-01-01"),
        "canh-bao.yaml:22: by của quy tắc cham là 2024-01-01",
    ),
    "a target below the start": (SOUND.replace("leeway: 5%", "start: 60%"), "canh-bao.yaml:23: start của quy tắc cham"),
    "a doubt of another name": (
        SOUND.replace("no_figures: close", "no_figures: ok"),
        "canh-bao.yaml:15: no_figures của quy tắc thay-doi-lon",
    ),
    "no YAML": ("alerts: [\n", "canh-bao.yaml:"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_its_line_and_what_to_write(text, told, catalogue):
    with pytest.raises(CatalogueError) as refused:
        read_rules(text, "canh-bao.yaml", catalogue)
    assert told in str(refused.value)
    assert all("; " in line for line in str(refused.value).splitlines())


def test_all_mistakes_are_told_at_once(catalogue):
    broken = SOUND.replace("days: 3", "days: x").replace("change: 30%", "change: x").replace("target: 50%", "target: x")
    with pytest.raises(CatalogueError) as refused:
        read_rules(broken, "canh-bao.yaml", catalogue)
    assert [fault.line for fault in refused.value.faults] == [5, 14, 20]


def test_a_file_that_cannot_be_read_is_named(tmp_path, catalogue):
    (tmp_path / "canh-bao.yaml").write_bytes("alerts: à".encode("cp1258", errors="replace") + b"\xff")
    with pytest.raises(SettingError, match="HUE_DTI_ALERTS"):
        load_rules(tmp_path / "canh-bao.yaml", catalogue)
