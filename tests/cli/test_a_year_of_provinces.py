"""`hue-dti dti-year`: a published year is looked at, kept once confirmed, and ranked, from the command line as on the web."""

import json

import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.errors import ResultRefused, ValuesRefused
from hue_dti.resources import folder
from hue_dti.storage import open_storage

PROVINCES = folder("criteria") / "frameworks" / "examples" / "dti-2021-provinces.csv"
TOLD = ("--document", "Báo cáo DTI 2021", "--issued-on", "05/08/2022")


@pytest.fixture(scope="module")
def run(server, tmp_path_factory):
    """The command on an installation of its own; what it refuses is raised."""
    with server.temporary("hue_dti_template") as database, pytest.MonkeyPatch.context() as patch:
        for name, value in {**database.environment, "HUE_DTI_HOME": str(tmp_path_factory.mktemp("year"))}.items():
            patch.setenv(name, value)

        def invoke(*given):
            done = CliRunner().invoke(cli, ["dti-year", *map(str, given)])
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
            return done.stdout

        invoke.settings = database.settings
        yield invoke


def test_a_year_is_looked_at_kept_when_confirmed_and_replaced_only_with_a_reason(run, tmp_path):
    assert "Chưa có kết quả năm nào" in run("list")
    looked = run("keep", PROVINCES, 2021, *TOLD)
    assert "63 tỉnh, thành phố; DTI trung bình 0,4014." in looked
    assert "Thừa Thiên - Huế: 0,5872, hạng 2/63." in looked
    assert "Chưa có kết quả năm nào" in run("list")
    assert "Đã ghi bản 1 của năm 2021" in run("keep", PROVINCES, 2021, *TOLD, "--confirm")
    (tmp_path / "b.csv").write_text(PROVINCES.read_text(encoding="utf-8").replace("Thừa Thiên - Huế,0.9000", "Thừa Thiên Huế,1.0000"))
    with pytest.raises(ResultRefused, match="vì sao thay bản đang có"):
        run("keep", tmp_path / "b.csv", 2021, *TOLD)
    assert "1 tỉnh đổi giá trị" in run("keep", tmp_path / "b.csv", 2021, *TOLD, "--reason", "đính chính", "--confirm")
    assert run("list").split() == ["2021", "province-922", "bản", "2", "Báo", "cáo", "DTI", "2021"]
    with open_storage(run.settings) as storage:
        kept = [each.event for each in storage.trail.every() if each.event.act == "result.kept"]
    assert [(each.old, each.reason) for each in kept] == [("", ""), ("bản 1", "đính chính")]


def test_the_kept_year_is_ranked_within_regions_for_people_and_for_machines(run):
    told = json.loads(run("show", 2021, "--json"))
    assert (len(told), told[1]["unit"], list(told[1]["regions"])) == (63, "Thừa Thiên Huế", ["Bắc Trung Bộ và duyên hải Trung Bộ"])
    said = run("show", 2021)
    assert said.startswith("DTI 2021, bản 2: Báo cáo DTI 2021\n")
    assert "Không có danh sách vùng" not in said
    with pytest.raises(ResultRefused, match="Chưa có kết quả năm 2023"):
        run("show", 2023)


def test_a_year_of_34_provinces_by_a_framework_without_points_is_kept_as_it_was_published(run, tmp_path):
    list34 = (folder("criteria") / "regions" / "provinces-34.csv").read_text(encoding="utf-8").splitlines()[4:]
    names = [line.partition(",")[2] for line in list34]
    file = tmp_path / "2025.csv"
    file.write_text("unit,index\n" + "".join(f"{name},0.{900 - at}\n" for at, name in enumerate(names)), encoding="utf-8")
    told = ("--framework", "province-405", "--document", "Công bố DTI 2025", "--issued-on", "31/12/2025")
    with pytest.raises(ResultRefused, match=r"cấp tỉnh.* đo các năm 2021–2023; hãy sửa năm, hoặc chọn khung khác"):
        run("keep", file, 2025, *told[2:])
    (tmp_path / "no.csv").write_text("unit\nHuế\n", encoding="utf-8")
    with pytest.raises(ValuesRefused, match="chưa biết điểm nên chưa tính được DTI; hãy thêm cột index"):
        run("keep", tmp_path / "no.csv", 2025, *told)
    with pytest.raises(ResultRefused, match="trước năm được đo"):
        run("keep", file, 2025, *told[:-1], "31/12/2024")
    assert "TP. Huế: 0,8810, hạng 20/34." in run("keep", file, 2025, *told, "--confirm")
    hue = next(line for line in run("show", 2025, "--framework", "province-405").splitlines() if "TP. Huế" in line)
    assert hue.split() == ["20", "TP.", "Huế", "0,8810", "Bắc", "Trung", "Bộ", "5/5"]


def test_what_no_list_of_regions_fits_is_said(run, tmp_path):
    (tmp_path / "ba.csv").write_text("unit,index\nHuế,0.5\nHà Nội,0.4\n", encoding="utf-8")
    told = ("--framework", "province-405", "--document", "x", "--issued-on", "21/10/2025", "--confirm")
    run("keep", tmp_path / "ba.csv", 2024, *told)
    assert "Không có danh sách vùng nào khớp" in run("show", 2024, "--framework", "province-405")
