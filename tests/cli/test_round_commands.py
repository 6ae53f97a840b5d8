"""A round from the command line: opened for a list of units, filled from its form, extended, published, verified."""

from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.periods import LOCAL
from hue_dti.resources import folder
from hue_dti.units.load import load_units


@pytest.fixture
def run(storage, database):
    storage.save_units(load_units(folder("criteria")))
    return lambda *args: CliRunner().invoke(cli, ["round", *map(str, args)], env=database.environment)


def test_a_round_goes_from_opening_to_a_verified_publication(run, tmp_path):
    today = datetime.now(UTC).astimezone(LOCAL).date()

    def days(first, last):
        return "-".join(f"{today + timedelta(days=each):%d/%m/%Y}" for each in (first, last))

    (tmp_path / "tinh.csv").write_text("Mã,Tên\ndong-thap,Đồng Tháp\nlong-an,Long An\n", encoding="utf-8")
    given = ["open", "dti-thu", "--title", "DTI thử", "--framework", "province-922", "--host", "46", "--year", 2021, "--by-group"]
    phases = ["--entry", days(-1, 1), "--appraisal", days(2, 3), "--explanation", days(4, 5), "--settling", days(6, 7)]
    assert run(*given, "--units", tmp_path / "tinh.csv", *phases, "--publishing", days(7, 8)).exit_code == 1
    opened = run(*given, "--units", tmp_path / "tinh.csv", *phases, "--publishing", days(8, 9))
    assert (opened.exit_code, "2 đơn vị, 8 dòng điểm, tối đa 1.000 điểm" in opened.output) == (0, True)
    form = tmp_path / "mau.xlsx"
    assert run("template", "dti-thu", "--unit", "dong-thap", "--out", form).exit_code == 0
    book = openpyxl.load_workbook(form)
    book.active.cell(4, 4).value = "70"
    book.save(form)
    assert "chưa lưu gì" in run("enter", "dti-thu", form, "--unit", "dong-thap").output
    assert "Đã ghi 1 dòng của Đồng Tháp" in run("enter", "dti-thu", form, "--unit", "dong-thap", "--confirm").output
    shown = run("show", "dti-thu").output
    assert "   1  Đồng Tháp" in shown
    assert "   –  Long An" in shown
    assert "không được tự duyệt" in str(run("publish", "dti-thu").exception)
    assert "Chưa đến thời gian công bố" in str(run("publish", "dti-thu", "--by", "Trần Thị Bình").exception)
    more = run("extend", "dti-thu", "--unit", "long-an", "--phase", "entry", "--until", days(5, 5)[:10], "--reason", "mất điện")
    assert more.exit_code == 0
    assert "Gia hạn tự đánh giá cho long-an" in run("show", "dti-thu").output
    moved = run("move", "dti-thu", "--days", 2, "--reason", "bão")
    assert (moved.exit_code, f"công bố {days(10, 11).replace('-', '–')}" in moved.output) == (0, True)
    one = run("move", "dti-thu", "--publishing", days(10, 20), "--reason", "bão")
    assert f"Đã dời lần 2: công bố {days(10, 20).replace('-', '–')}." in one.output
    assert run("move", "dti-thu", "--days", 2, "--entry", days(0, 1), "--reason", "bão").exit_code == 2
    assert run("show", "dti-thu").output.count("; bão") == 2
    assert "chưa công bố" in run("list").output
    assert run("verify", "dti-thu").exit_code == 0
    assert run("verify", "khong-co").exit_code == 1
