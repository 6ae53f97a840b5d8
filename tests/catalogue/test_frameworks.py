"""What the ministry's frameworks say, and that nothing they do not say is made up."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from hue_dti.catalogue import framework_shapes
from hue_dti.catalogue.framework_checks import unknown
from hue_dti.catalogue.frameworks import ComponentKind, Origin, Scope
from hue_dti.catalogue.load_frameworks import load_frameworks, read_files
from hue_dti.cli import cli
from hue_dti.errors import CatalogueError
from hue_dti.resources import folder

FRAMEWORKS = load_frameworks(folder("criteria"))
PROVINCE = FRAMEWORKS["province-922"]
FILE = folder("criteria") / "frameworks" / "province-922.yaml"
TEXT = FILE.read_text(encoding="utf-8")
DOCS = (Path(__file__).parents[2] / "docs" / "framework-format.md").read_text(encoding="utf-8")
TITLES = {
    framework_shapes.FRAMEWORK: "Khung",
    framework_shapes.DECISION: "Quyết định",
    framework_shapes.YEARS: "Các năm",
    framework_shapes.MAIN_INDEX: "Chỉ số chính",
    framework_shapes.COMPONENT: "Chỉ số thành phần",
    framework_shapes.PILLAR: "Trụ cột",
}


def test_the_provincial_framework_has_nine_main_indices_of_1000_points_and_three_pillars():
    points = {main.code: int(main.max_points) for main in PROVINCE.main}
    assert points == {
        **dict.fromkeys(("awareness", "institutions", "infrastructure", "workforce", "security"), 100),
        "smart_city": 0,
        "government": 200,
        "economy": 150,
        "society": 150,
    }
    assert [main.code for main in PROVINCE.main if main.reference_only] == ["smart_city"]
    assert [main.component_count for main in PROVINCE.main] == [10, 11, 7, 13, 12, 3, 22, 12, 8]
    assert {pillar.code: (pillar.name, int(pillar.max_points)) for pillar in PROVINCE.pillars} == {
        "government": ("Chính quyền số", 700),
        "economy": ("Kinh tế số", 650),
        "society": ("Xã hội số", 650),
    }


def test_ninety_five_components_are_named_and_sixteen_have_points_each_saying_where_they_come_from():
    assert len(PROVINCE.components) == 95
    with_points = [each for each in PROVINCE.components if each.max_points is not None]
    assert len(with_points) == 16
    assert [each.code for _, each in PROVINCE.lines() if each.points_from is Origin.PRINTED] == ["3.5.1", "3.5.2", "4.11"]
    assert all(each.points_note and each.source in PROVINCE.sources for each in with_points)


def test_what_is_not_known_is_counted_and_said():
    assert list(unknown(PROVINCE)) == ["mới biết tên 95/98 chỉ số thành phần", "chưa biết điểm tối đa của 79/95 chỉ số thành phần có tên"]
    assert all(framework.gaps and not framework.complete for framework in FRAMEWORKS.values())


def test_the_frameworks_of_ministries_and_the_nation_hold_what_the_documents_tell():
    counts = {code: (each.scope, each.main_count, each.component_count, each.computable) for code, each in FRAMEWORKS.items()}
    assert counts == {
        "province-922": (Scope.PROVINCE, 9, 98, True),
        "ministry-922": (Scope.MINISTRY, 6, 70, True),
        "ministry-922-no-services": (Scope.MINISTRY, 6, 70, True),
        "national-922": (Scope.NATION, None, 24, False),
        "province-405": (Scope.PROVINCE, 8, 47, False),
        "ministry-405": (Scope.MINISTRY, 6, 31, False),
        "national-405": (Scope.NATION, 3, 12, True),
    }
    assert len(FRAMEWORKS["ministry-922"].components) == 12
    assert all(each.max_points == 1000 for each in FRAMEWORKS.values())


def test_the_ministry_s_focus_list_marks_twelve_and_fourteen_components():
    assert sum(each.focus == (2023,) for each in PROVINCE.components) == 14
    assert sum(each.focus == (2023,) for each in FRAMEWORKS["ministry-922"].components) == 12


MISTAKES = {
    "max_points: 1000": ("max_points: 1010", "nhưng các chỉ số chính cộng lại là 1000"),
    "main_count: 9": ("main_count: 8", "có 9 chỉ số chính"),
    "component_count: 98": ("component_count: 97", "cộng lại là 98"),
    "complete: false": ("complete: true", "mới biết tên 95/98"),
    "max_points: 700": ("max_points: 710", "cộng lại là 700"),
    "scope: province": ("scope: provinc", "hãy viết 'province'"),
    "reference_only: true": ("reference_only: maybe", "true hoặc false"),
    "component_count: 10": ("component_count: 9", "có 10 chỉ số thành phần"),
    'code: "1.5"': ('code: "1.4"', "đã dùng ở dòng"),
    "kind: composite": ("kind: rate", "hãy viết 'kind: composite'"),
    "        points_from: inferred\n": ("", "không nói lấy từ đâu"),
    "target: 20%": ("target: 0%", "hãy ghi mức phải đạt"),
    "focus: [2023]": ("focus: [23]", "không phải năm"),
    "source: dong-thap": ("source: dong-thapp", "hãy viết 'dong-thap'"),
    "max_points: 15": ("max_points: 20", "các phần cộng lại là 35"),
    "first: 2021, last: 2023": ("first: 2021, last: 2019", "trước năm đầu"),
    "main: [awareness,": ("main: [awarenes,", "hãy viết 'awareness'"),
    "aliases: [An toàn thông tin]": ("aliases: [Thể chế số]", "không nhầm cột"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_one_mistake_is_told_with_its_file_line_and_remedy(right, tmp_path):
    wrong, words = MISTAKES[right]
    assert right in TEXT
    path = tmp_path / "province-922.yaml"
    path.write_text(TEXT.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_files({path.name: path})
    faults = caught.value.faults
    assert any(words in str(fault) for fault in faults), [str(fault) for fault in faults]
    assert all(fault.path == str(path) and 1 <= fault.line <= TEXT.count("\n") and fault.remedy.startswith("hãy ") for fault in faults)


def test_checking_tells_the_faults_of_frameworks_and_sets_together(tmp_path):
    (tmp_path / "frameworks").mkdir()
    (tmp_path / "frameworks" / "mine.yaml").write_text(TEXT.replace("precision: 4", "precision: bốn"), encoding="utf-8")
    (tmp_path / "frameworks" / "old.yml").write_text("code: x\n", encoding="utf-8")
    (tmp_path / "set.yaml").write_text("- a\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["criteria", "check", str(tmp_path)])
    assert done.exit_code == 1
    told = {line.split(":")[0].rpartition("/")[2] for line in done.stderr.splitlines()}
    assert told == {"mine.yaml", "old.yml", "set.yaml"}


def test_a_framework_is_checked_by_itself_wherever_it_lies(tmp_path):
    (tmp_path / "alone.yaml").write_text(TEXT, encoding="utf-8")
    done = CliRunner().invoke(cli, ["criteria", "check", str(tmp_path / "alone.yaml")])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "9 chỉ số chính, 98 chỉ số thành phần" in done.stdout


def test_one_code_in_two_files_is_a_fault(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.yaml:1: code là 'province-922', đã dùng cho khung tại a\.yaml"):
        read_files({name: tmp_path / name for name in ("a.yaml", "b.yaml")})


@pytest.mark.parametrize("shape", framework_shapes.ALL, ids=lambda shape: shape.name)
def test_the_page_explains_every_key_and_says_which_must_be_written(shape):
    sections = re.split(r"^## (.+)$", DOCS, flags=re.MULTILINE)
    body = dict(zip(sections[1::2], sections[2::2], strict=True))[TITLES[shape]]
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (có|không) \|", body, flags=re.MULTILINE))
    assert rows == {key: "có" if key in shape.required else "không" for key in shape.keys}


def test_every_word_of_the_kinds_is_explained():
    words = [*Scope, *Origin, *ComponentKind]
    assert [word for word in words if f"`{word}`" not in DOCS] == []


def test_reading_a_framework_says_where_each_component_comes_from_and_what_is_unknown():
    done = CliRunner().invoke(cli, ["criteria", "framework", "province-922"])
    assert done.exit_code == 0
    assert "4.11   Số lượng người dân được phổ cập kỹ năng số cơ bản trên nền tảng OneTouch" in done.stdout
    assert done.stdout.count("điểm chưa biết") == 79 + 9  # components, and the parts of 5.12 and 8.8
    assert done.stdout.count("Chưa biết: ") == len(PROVINCE.gaps)
    assert all(f"{code}: {name}" in done.stdout for code, name in PROVINCE.sources.items())


def test_a_machine_reads_a_framework_as_json_with_null_for_what_nobody_knows():
    told = json.loads(CliRunner().invoke(cli, ["criteria", "framework", "province-922", "--json"]).stdout)
    points = {line["code"]: line["max_points"] for main in told["main"] for line in main["components"]}
    assert (points["1.3"], points["1.4"], len(told["unknown"])) == ("10", None, 2)


def test_all_frameworks_are_listed_and_an_unknown_code_names_the_nearest():
    assert [line.split()[0] for line in CliRunner().invoke(cli, ["criteria", "framework"]).stdout.splitlines()] == list(FRAMEWORKS)
    done = CliRunner().invoke(cli, ["criteria", "framework", "province-923"])
    assert (done.exit_code, "province-922" in done.stderr) == (2, True)
