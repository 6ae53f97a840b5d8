"""Đồng Tháp's plan of 2023 comes in, goes out as a workbook and comes in again as it was; mistakes are told with file and line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.outline import outline_of
from hue_dti.cli import cli
from hue_dti.collation import fold
from hue_dti.errors import ImportRefused
from hue_dti.plans.targets import TargetKind
from hue_dti.resources import folder
from hue_dti.services.plan_file import plan_book, plan_of, plan_table, read_plan

PROVINCE = outline_of(load_frameworks(folder("criteria"))["province-922"])
FILE = folder("criteria") / "frameworks" / "examples" / "dong-thap-2023-plan.csv"
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan():
    return read_plan(FILE, PROVINCE)


def test_every_line_of_the_plan_is_read_with_its_groups_and_its_rank(plan):
    assert (len(plan.lines), len(plan.groups)) == (96, 9)
    assert [(each.group, each.target.kind, each.target.words) for each in plan.groups[:2]] == [
        ("", TargetKind.RANK, "29 trở lên"),
        ("awareness", TargetKind.AT_LEAST, "95% số điểm trở lên"),
    ]
    by_name = {line.name: line for line in plan.lines}
    identity = by_name["Số lượng người dân có danh tính số/tài khoản định danh điện tử"]
    assert (identity.result, identity.target.words, identity.reached, identity.lead) == ("22,85%", "70%", False, ("Công an Tỉnh",))
    assert by_name["Ban hành chính sách thuê chuyên gia chuyển đổi số"].deferral == "Do chưa đủ cơ sở pháp lý, tạm thời chưa thực hiện"


def test_lines_named_as_components_get_their_codes_and_no_other_is_guessed(plan):
    names = {line.code: line.name for _, line in PROVINCE.lines()}
    with_code = [line for line in plan.lines if line.code]
    assert len(with_code) == 63
    assert all(fold(line.name) == fold(names[line.code]) for line in with_code)
    assert len({line.code for line in with_code}) == 63


@pytest.mark.parametrize(("write", "name"), [(plan_book, "plan.xlsx"), (plan_table, "plan.csv")])
def test_what_goes_out_comes_in_again_as_it_was(plan, write, name, tmp_path):
    (tmp_path / name).write_bytes(write(plan, PROVINCE))
    assert read_plan(tmp_path / name, PROVINCE) == plan


def test_several_lead_units_and_groups_of_units_are_told_apart(plan):
    budget = next(line for line in plan.lines if line.code == "7.12")
    assert budget.lead == ("Sở Thông tin và Truyền thông", "Sở Công Thương", "Sở Kế hoạch và Đầu tư", "Sở Tài chính")
    assert "Các sở, ban, ngành Tỉnh" in budget.coordinating
    assert {line.code for line in plan.led_by("Công an Tỉnh") if line.code} == {"5.7", "6.6", "6.7"}
    assert plan.helped_by("Bưu điện Tỉnh")


MISTAKES = {
    "Nhận thức số,1,": ("Nhận thức sô mới,1,", "nhóm 'Nhận thức sô mới' không có trong khung province-922; hãy viết 'Nhận thức số'"),
    "Nhận thức số,2,": (",2,", "chưa ghi nhóm; hãy viết một trong"),
    "Nhận thức số,1,,": ("Nhận thức số,1,9.99,", "mã '9.99' không có trong khung"),
    "100%,Văn phòng UBND Tỉnh,": ("100%,,", "chưa có đơn vị chủ trì; hãy ghi đơn vị chủ trì, hoặc lý do hoãn"),
    "1/3 cuộc,100%": ("1/3 cuộc,", "chưa ghi phấn đấu"),
    "Sở Thông tin và Truyền thông,,,,Tham mưu": (
        "Sở Thông tin và Truyền thông,31/02/2023,,,Tham mưu",
        "hạn: '31/02/2023': lịch không có ngày này",
    ),
    "Xếp hạng,,,,39/63,29 trở lên,,": ("Xếp hạng,,,,39/63,29 trở lên,Ai đó,", "dòng của cả nhóm có ô 'Đơn vị chủ trì'"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_each_mistake_is_told_with_its_line(right, tmp_path):
    wrong, words = MISTAKES[right]
    assert right in TEXT
    path = tmp_path / "plan.csv"
    path.write_text(TEXT.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        read_plan(path, PROVINCE)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == (path.as_posix(), TEXT[: TEXT.index(right)].count("\n") + 1)
    assert words in str(fault)


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        ("\u202egpj.exe", "cột 'Đơn vị chủ trì': có ký tự đảo chiều chữ ở đầu; hãy xoá chỗ đó rồi gõ lại"),
        ("Sở\0 A", "cột 'Đơn vị chủ trì': có ký tự điều khiển hoặc ký tự lạ sau “Sở”"),
        ("x" * 201, "cột 'Đơn vị chủ trì': tên đơn vị dài quá 200 chữ; hãy viết gọn lại"),
        ("x" * 501, "cột 'Đơn vị chủ trì': dài quá 500 chữ"),
    ],
)
def test_what_no_form_would_take_is_refused_in_a_file_with_its_cell(lead, words):
    hostile = TEXT.replace("100%,Văn phòng UBND Tỉnh,", f"100%,{lead},", 1)
    with pytest.raises(ImportRefused) as caught:
        plan_of(hostile.encode(), "plan.csv", PROVINCE)
    (fault,) = caught.value.faults
    assert words in str(fault)


def test_a_plan_has_a_length():
    head = "Nhóm,STT,Mã,Tên chỉ tiêu,Kết quả hiện nay,Phấn đấu,Đơn vị chủ trì\n"
    rows = "".join(f"Nhận thức số,,,Việc {at},,100%,Sở A\n" for at in range(301))
    assert len(plan_of((head + rows[: rows.rindex("Nhận")]).encode(), "plan.csv", PROVINCE).lines) == 300
    with pytest.raises(ImportRefused, match=r"plan\.csv:302: kế hoạch có 301 dòng, nhiều hơn 300"):
        plan_of((head + rows).encode(), "plan.csv", PROVINCE)


def run(*args):
    return CliRunner().invoke(cli, ["plan", *map(str, args)])


def test_a_unit_sees_its_own_obligations_and_the_focus_list_is_a_filter(tmp_path):
    done = run("show", FILE, "--unit", "Công an Tỉnh")
    assert done.exit_code == 0
    assert "22,85% → 70% · chưa đạt" in done.stdout
    assert "Xếp hạng: 29 trở lên (nay: 39/63)" in run("show", FILE).stdout
    focused = json.loads(run("show", FILE, "--focus", "2023", "--json").stdout)
    assert {line["code"] for line in focused} <= PROVINCE.focused(2023)
    assert len(focused) >= 8
    told = run("show", FILE, "--focus", "2023").stdout
    assert [line.split()[0] for line in told.partition("3 chỉ số trong danh mục trọng tâm 2023:")[2].splitlines() if line] == [
        "1.2",
        "6.8",
        "8.1",
    ]
    assert "3.5" not in {line.code for line in PROVINCE.not_taken_up(2023, {"3.5.2"})}
    assert run("show", FILE, "--focus", "1999").exit_code == 2
    assert "hãy viết 'Công an Tỉnh'" in run("show", FILE, "--unit", "Công an Tinhr").stderr


def test_a_plan_is_exported_with_the_codes_that_were_recognised(tmp_path):
    done = run("export", FILE, "--out", tmp_path / "plan.xlsx")
    assert done.exit_code == 0
    assert "96 chỉ tiêu" in done.stdout
    assert read_plan(Path(tmp_path / "plan.xlsx"), PROVINCE).lines[9].code == "2.3"
    assert run("export", FILE, "--out", tmp_path / "plan.pdf").exit_code == 2
