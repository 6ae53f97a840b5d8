"""`hue-dti dti` as an official and as a machine use it."""

import json

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli, main
from hue_dti.resources import folder

EXAMPLES = folder("criteria") / "frameworks" / "examples"
PROVINCES = str(EXAMPLES / "dti-2021-provinces.csv")


def run(*args, framework="province-922"):
    return CliRunner().invoke(cli, ["dti", "--framework", framework, *map(str, args)])


def test_a_machine_gets_index_main_indices_and_pillars_in_rank_order():
    told = json.loads(run("--values", PROVINCES, "--json").stdout)
    assert [each["rank"] for each in told[:14]] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 14]
    hue = told[1]
    assert (hue["unit"], hue["index"], hue["rank"]) == ("Thừa Thiên - Huế", "0.587170", 2)
    assert list(hue["main"]) == ["awareness", "institutions", "infrastructure", "workforce", "security", "government", "economy", "society"]
    assert (hue["main"]["awareness"]["value"], hue["main"]["awareness"]["rank"]) == ("0.900000", 3)
    assert {code: (each["value"], each["rank"]) for code, each in hue["pillars"].items()} == {
        "government": ("0.666571", 2),
        "economy": ("0.597285", 2),
        "society": ("0.578177", 2),
    }


def test_an_official_reads_vietnamese_numbers_ranks_in_the_region_and_the_mean():
    done = run("--values", PROVINCES, "--region", "provinces-63")
    assert done.exit_code == 0
    line = next(line for line in done.stdout.splitlines() if "Hậu Giang" in line)
    assert line.split() == [
        "17",
        "Hậu",
        "Giang",
        "0,4670",
        "0,5190",
        "(15)",
        "0,4400",
        "(28)",
        "0,4444",
        "(23)",
        *["Đồng", "bằng", "sông", "Cửu", "Long", "2/13"],
    ]
    assert "DTI: trung bình 0,4014; 31/63 đơn vị trên trung bình, 6/63 từ 0,5 trở lên" in done.stdout
    assert "lệch nhiều nhất so với công bố 0,000055" in done.stdout


def test_growth_and_the_summary_compare_with_the_year_before(tmp_path):
    given = ("--values", EXAMPLES / "hau-giang-2022.csv", "--points", "--previous", EXAMPLES / "hau-giang-2021.csv")
    assert "35,8%" in run(*given).stdout
    told = json.loads(run(*given, "--summary", "--json").stdout)
    assert (told["index"]["growth"], told["pillars"]["economy"]["growth"]) == ("0.358116", "0.545105")


def test_the_table_of_main_indices_is_printed_when_asked(tmp_path):
    assert "0,9000 (3)" in run("--values", PROVINCES, "--main").stdout
    assert "Nhận thức số" not in run("--values", PROVINCES).stdout


def test_a_region_may_be_a_plain_list(tmp_path):
    (tmp_path / "mt.txt").write_text("Thừa Thiên - Huế\nTP. Đà Nẵng\n", encoding="utf-8")
    told = json.loads(run("--values", PROVINCES, "--region", f"MT={tmp_path / 'mt.txt'}", "--json").stdout)
    assert [each["regions"]["MT"]["rank"] for each in told if "regions" in each] == [1, 2]
    assert run("--values", PROVINCES, "--region", "MT=khong-co.txt").exit_code == 2


def test_a_faulty_file_ends_with_1_and_one_line_for_each_cell(tmp_path, monkeypatch, capsys):
    path = tmp_path / "gia-tri.csv"
    path.write_text((EXAMPLES / "dti-2021-provinces.csv").read_text(encoding="utf-8").replace("0.9000", "0,9000"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["hue-dti", "dti", "--framework", "province-922", "--values", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert all(line.startswith(f"{path}:") for line in lines)


def test_an_unknown_framework_is_wrong_use():
    assert run("--values", PROVINCES, framework="province-922x").exit_code == 2


def test_one_unit_is_told_by_itself_with_points_won_and_lost():
    done = run("--values", PROVINCES, "--unit", "thừa thiên - huế")
    assert "Thừa Thiên - Huế: DTI 0,5872, hạng 2/63" in done.stdout
    assert "Mất 412,83 điểm, nhiều nhất ở Hoạt động xã hội số." in done.stdout
    assert "Hạng cao hơn hạng chung: Hoạt động chính quyền số 1/63." in done.stdout
    told = json.loads(run("--values", PROVINCES, "--unit", "Thừa Thiên - Huế", "--json").stdout)
    assert (told["rank"], told["points"]["society"]["lost"]) == (2, "95.925")
    assert "hãy viết 'Thừa Thiên - Huế'" in run("--values", PROVINCES, "--unit", "Thừa Thiên Hếu").stderr


def test_why_a_rank_changed_adds_up(tmp_path):
    text = (EXAMPLES / "dti-2021-provinces.csv").read_text(encoding="utf-8")
    (tmp_path / "before.csv").write_text(text.replace("Thừa Thiên - Huế,0.9000", "Thừa Thiên - Huế,0.1000"), encoding="utf-8")
    told = json.loads(run("--values", PROVINCES, "--previous", tmp_path / "before.csv", "--json").stdout)
    hue = next(each for each in told if each["unit"] == "Thừa Thiên - Huế")
    assert hue["rank_change"] == {"places": 3, "own": 3, "others": 0, "rules": 0, "units": 0}
    said = run("--values", PROVINCES, "--previous", tmp_path / "before.csv", "--unit", "Thừa Thiên - Huế").stdout
    assert "Từ hạng 5 đến hạng 2: tăng 3 bậc = số của mình tăng 3 bậc." in said
