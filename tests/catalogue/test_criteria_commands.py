"""`hue-dti criteria` as an official uses it: two streams and an exit code."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.resources import folder

BROKEN = Path(__file__).parent / "broken"


@pytest.fixture
def run(monkeypatch):
    """Calls the command group as the console script does; its two streams are kept apart."""

    def called(*args, cwd=None, criteria=None):
        if cwd:
            monkeypatch.chdir(cwd)
        if criteria:
            monkeypatch.setenv("HUE_DTI_CRITERIA", str(criteria))
        return CliRunner().invoke(cli, ["criteria", *map(str, args)])

    return called


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(folder("criteria"), tmp_path / "criteria")


def test_checking_the_shipped_criteria_says_per_file_how_much_they_hold(run):
    done = run("check")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "district-2024.yaml: 53 tiêu chí, 9 nhóm, 665 điểm, trong đó 595 điểm có trong quyết định\n" in done.stdout
    assert "measures.yaml: " in done.stdout


def test_faults_go_to_stderr_one_line_each_with_path_line_and_remedy_and_end_with_1(run, copy):
    path = copy / "hue" / "district-2024.yaml"
    text = path.read_text(encoding="utf-8").replace("at_least: 24", "at_least: nhiều", 1).replace("level: district", "level: distric", 1)
    path.write_text(text, encoding="utf-8")
    done = run("check", "criteria/hue/district-2024.yaml", cwd=copy.parent)
    assert (done.exit_code, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    wrong = next(number for number, line in enumerate(text.splitlines(), 1) if "nhiều}" in line)
    assert lines[1].startswith(f"criteria/hue/district-2024.yaml:{wrong}: rule.at_least của tiêu chí I.4 là 'nhiều'")
    assert "; hãy viết một số nguyên" in lines[1]


def test_checking_everything_tells_the_faults_of_unit_files_too(run, copy):
    (copy / "units" / "thu-muc.csv").mkdir()
    (copy / "units" / "treo.csv").symlink_to("khong-co")
    done = run("check", criteria=copy)
    assert (done.exit_code, done.stdout) == (1, "")
    assert [line.split("/")[-1].split(":")[0] for line in done.stderr.splitlines()] == ["thu-muc.csv", "treo.csv"]


def test_several_files_are_checked_at_once_and_all_their_faults_told(run):
    names = ["zero-points.yaml", "alias.yaml", "measures/until-not-a-day.measures.yaml"]
    done = run("check", *(BROKEN / name for name in names))
    assert done.exit_code == 1
    assert all(name in done.stderr for name in names)


def test_a_set_with_no_measures_beside_it_is_checked_with_the_installation_s(run, tmp_path, copy):
    alone = tmp_path / "mine.yaml"
    shutil.copy(copy / "hue" / "district-2024.yaml", alone)
    done = run("check", alone)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "53 tiêu chí" in done.stdout


def test_an_empty_folder_is_a_fault_and_a_place_that_is_not_there_is_wrong_use(run, tmp_path):
    assert run("check", tmp_path).exit_code == 1
    assert "measures.yaml" in run("check", tmp_path).stderr
    assert run("check", tmp_path / "nowhere").exit_code == 2


def test_showing_a_criterion_tells_its_rule_in_words_its_assumptions_and_where_it_is_written(run, copy):
    done = run("show", "VIII.4", cwd=copy.parent, criteria=copy)
    assert done.exit_code == 0
    assert "10 điểm (giả định)" in done.stdout
    assert (
        "10 điểm × (Công chức, viên chức đã kích hoạt thanh toán không dùng tiền mặt ÷ Công chức, viên chức, người lao động)" in done.stdout
    )
    lines = (copy / "hue" / "district-2024.yaml").read_text(encoding="utf-8").splitlines()
    at = lines.index("      - code: VIII.4") + 1
    assert f"criteria/hue/district-2024.yaml:{at}" in done.stdout


def test_a_code_of_several_sets_is_shown_from_the_official_one_unless_another_is_named(run):
    assert "III.1 cũng có trong: hue-commune-2024, hue-commune-2025; thêm --set" in run("show", "III.1").stdout
    assert "(hue-commune-2024)" in run("show", "III.1", "--set", "hue-commune-2024").stdout


def test_a_machine_reads_the_same_as_json(run):
    shown = json.loads(run("show", "I.4", "--json").stdout)
    assert (shown["code"], shown["group"], shown["max_points"], shown["rule"]) == ("I.4", "I", "24", "count")
    assert shown["measures"] == ["leader_news"]
    assert shown["deadline"] == "12-31"


@pytest.mark.parametrize(
    ("args", "near"), [(("show", "III.11"), "III.1"), (("show", "III.1", "--set", "hue-district"), "hue-district-2024"), (("show",), "")]
)
def test_an_unknown_code_or_set_is_wrong_use_and_the_nearest_is_named(run, args, near):
    done = run(*args)
    assert done.exit_code == 2
    assert near in done.stderr


def test_the_table_of_sources_is_written_where_asked(run, tmp_path):
    done = run("sources", "--write", tmp_path / "sources.md")
    assert done.exit_code == 0
    assert (tmp_path / "sources.md").read_text(encoding="utf-8") == run("sources").stdout


def test_broken_criteria_stop_show_with_their_faults_and_1(run, copy):
    (copy / "hue" / "district-2024.yaml").write_text("- a\n", encoding="utf-8")
    done = run("show", "I.4", criteria=copy)
    assert done.exit_code == 1
    assert "district-2024.yaml:1: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_set_is_compared_to_the_one_beside_it_that_is_still_in_force(run, copy):
    new = copy / "hue" / "district-2026.yaml"
    text = (copy / "hue" / "district-2024.yaml").read_text(encoding="utf-8")
    text = text.replace("code: hue-district-2024", "code: hue-district-2026").replace("{from: 2024-01-01", "{from: 2026-01-01")
    new.write_text(text, encoding="utf-8")
    done = run("check", new)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "trùng thời gian với bộ 'hue-district-2024'" in done.stderr
    assert "hãy ghi in_force.to của bộ cũ trước ngày 2026-01-01" in done.stderr


def test_faults_of_a_set_beside_the_one_that_is_checked_are_not_told(run, copy):
    (copy / "hue" / "draft.yaml").write_text("code: [\n", encoding="utf-8")
    assert run("check", copy / "hue" / "commune-2024.yaml").exit_code == 0
    assert run("check", copy).exit_code == 1
