"""What the roll-up maps say: every component fed or said not to be local, every name known, every fault with its line and remedy."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hue_dti.catalogue import rollup_shapes
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups, read_rollups
from hue_dti.catalogue.rollup_levels import counted_at
from hue_dti.catalogue.rollups import Match, Way, leaves
from hue_dti.cli import cli
from hue_dti.errors import CatalogueError
from hue_dti.resources import folder
from hue_dti.rollup.province import ComponentState
from hue_dti.units.model import Level

CATALOGUE, FRAMEWORKS = load_catalogue(folder("criteria")), load_frameworks(folder("criteria"))
MADE = load_rollups(folder("criteria"), CATALOGUE, FRAMEWORKS)["hue-931-to-province-922"]
FILE = folder("criteria") / "rollup" / "hue-931-to-province-922.yaml"
TEXT = FILE.read_text(encoding="utf-8")
DOCS = (Path(__file__).parents[2] / "docs" / "rollup-format.md").read_text(encoding="utf-8")
TITLES = {
    rollup_shapes.MAP: "Bảng",
    rollup_shapes.IN_FORCE: "Thời gian áp dụng",
    rollup_shapes.FEED: "Dòng tổng hợp",
    rollup_shapes.NOT_LOCAL: "Mục không có ở địa phương",
}


def test_every_component_is_fed_or_said_not_to_be_local_and_none_is_both():
    fed = {feed.component for feed in MADE.feeds}
    silent = [code for each in MADE.not_local for code in each.components]
    assert fed.isdisjoint(silent)
    assert fed | set(silent) == set(leaves(FRAMEWORKS["province-922"]))
    assert all(each.why and each.held_by for each in MADE.not_local)


def test_a_percentage_that_cannot_be_added_is_a_gap_that_is_said():
    assert MADE.feed("8.1") is None
    assert "không cộng được" in MADE.why_not("8.1").why


def test_every_feed_leads_to_a_criterion_that_shows_its_count():
    for feed in MADE.feeds:
        lines = [line for code in MADE.sets for line in CATALOGUE.sets[code].criteria if line.code in feed.criteria]
        assert any(feed.part in line.rule.measures() for line in lines), feed.component
        assert feed.covers
        assert (feed.covers_share == 1) is (feed.match is Match.SAME)


MISTAKES = {
    "framework: province-922": ("framework: province-921", "hãy viết 'province-922'"),
    "sets: [hue-district-2024,": ("sets: [hue-distric-2024,", "hãy viết 'hue-district-2024'"),
    "    whole: households\n    criteria: [III.4]": ("    whole: houshold\n    criteria: [III.4]", "hãy viết 'households'"),
    'component: "3.3"': ('component: "3.33"', "hãy viết '3.3'"),
    'component: "3.2"': ('component: "3.1"', "đã nêu ở dòng"),
    'component: "8.8.2"': ('component: "8.8"', "hãy ghi mã của từng phần"),
    "criteria: [III.4]": ("criteria: [III.44]", "hãy viết 'III.4'"),
    "criteria: [VII.5]": ("criteria: [VII.4]", "không dùng số liệu addresses"),
    "    match: same": ("    match: samee", "hãy viết 'same'"),
    "part: staff_trained\n    whole: staff": ("part: staff_trained\n    whole: households", "đếm ở cấp khác"),
    "part: citizen_wallets": ("part: vneid_level2", "không cộng được giữa các đơn vị"),
    "    at_least: 1\n": ("", "cần đúng một trong at_least, in_a_year"),
    "way: inverse": ("way: units", "hãy bỏ whole"),
    "    whole: procedures\n": ("", "thiếu whole"),
    "weigh: staff": ("weigh: households", "đếm ở cấp khác"),
    '    held_by: "Sở Tài chính"\n': ("", "hãy thêm 'held_by: …'"),
    "source: dong-thap": ("source: dong-thapp", "hãy viết 'dong-thap'"),
    '"1.7", "1.8"]': ('"1.7"]', "không nói gì về 1 chỉ số thành phần: 1.8"),
    'components: ["3.4"]': ('components: ["3.3"]', "đã nêu ở dòng"),
    "near: [vneid_level2]": ("near: [vneid_level3]", "hãy viết 'vneid_level2'"),
    "from: 2024-01-01, to: null": ("from: 2024-01-01, to: 2023-01-01", "trước ngày đầu"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_one_mistake_is_told_with_its_file_line_and_remedy(right, tmp_path):
    wrong, words = MISTAKES[right]
    assert right in TEXT
    path = tmp_path / "map.yaml"
    path.write_text(TEXT.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_rollups({path.name: path}, CATALOGUE, FRAMEWORKS)
    faults = caught.value.faults
    assert any(words in str(fault) for fault in faults), [str(fault) for fault in faults]
    assert all(fault.path == str(path) and 1 <= fault.line <= TEXT.count("\n") and fault.remedy.startswith("hãy ") for fault in faults)


def test_two_maps_to_one_framework_may_not_apply_on_the_same_day(tmp_path):
    for name, code in (("a.yaml", "first"), ("b.yaml", "second")):
        (tmp_path / name).write_text(TEXT.replace("code: hue-931-to-province-922", f"code: {code}"), encoding="utf-8")
    with pytest.raises(CatalogueError, match="cùng lúc với bảng tại"):
        read_rollups({name: tmp_path / name for name in ("a.yaml", "b.yaml")}, CATALOGUE, FRAMEWORKS)


def test_a_map_is_checked_by_itself_wherever_it_lies(tmp_path):
    (tmp_path / "alone.yaml").write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(cli, ["criteria", "check", str(tmp_path / "alone.yaml")])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "19 dòng tổng hợp lên province-922" in done.stdout
    (tmp_path / "alone.yaml").write_text(TEXT.replace("way: inverse", "way: invers"), encoding="utf-8")
    done = CliRunner().invoke(cli, ["criteria", "check", str(tmp_path / "alone.yaml")])
    assert (done.exit_code, "hãy viết 'inverse'" in done.stderr) == (1, True)


@pytest.mark.parametrize("shape", rollup_shapes.ALL, ids=lambda shape: shape.name)
def test_the_page_explains_every_key_and_says_which_must_be_written(shape):
    sections = re.split(r"^## (.+)$", DOCS, flags=re.MULTILINE)
    body = dict(zip(sections[1::2], sections[2::2], strict=True))[TITLES[shape]]
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (có|không) \|", body, flags=re.MULTILINE))
    assert rows == {key: "có" if key in shape.required else "không" for key in shape.keys}


def test_every_word_of_the_kinds_is_explained():
    assert [word for word in (*Way, *Match, *ComponentState) if f"`{word}`" not in DOCS] == []


def test_where_no_level_counts_any_more_the_map_says_who_could_tell():
    gone = counted_at(MADE, CATALOGUE.measures, {Level.PROVINCE, Level.COMMUNE})
    assert len(gone.feeds) + len(gone.gaps) == len(MADE.feeds)
    assert {code for each in gone.gaps for code in each.components} == {feed.component for feed in MADE.feeds if feed.held_by}
    assert MADE.gaps == ()
    assert counted_at(MADE, CATALOGUE.measures, set(Level)) is MADE
