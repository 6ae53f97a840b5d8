"""Base figures at the command line: a table comes in whole or not at all, and every act says what it did and what comes next."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.collation import nfc
from hue_dti.errors import ApprovalRefused, ImportRefused
from hue_dti.services.base import propose_file, propose_pulled
from hue_dti.services.base_rows import COLUMNS, Reader
from hue_dti.services.table_file import Line
from tests.services.base_figures import CHIEF, CLERK, COMMUNE, DOCUMENT, Office

HEAD = ",".join(COLUMNS.values()) + "\n"
GOOD = f"20167,Xã Hương Sơn,households,2024,2.000.000,31/12/2023,{DOCUMENT},niên giám\n"


@pytest.fixture
def bring(district, tmp_path):
    """Propose the rows of a CSV."""

    def bring(rows, **options):
        path = tmp_path / "so-lieu.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        return propose_file(district.storage, district.catalogue, path, CLERK, district.now(), **options)

    return bring


@pytest.fixture
def run(district, database):
    """Run the command line on the district's database."""

    def run(*words, status=0):
        done = CliRunner().invoke(cli, ["base", *words], env={**database.environment, "HUE_DTI_HOME": str(district.home)})
        if status == 0 and done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return done.output

    return run


def faults_of(bring, rows):
    with pytest.raises(ImportRefused) as refused:
        bring(rows)
    return [(fault.line, f"{fault.what}; {fault.remedy}") for fault in refused.value.faults]


def test_every_row_becomes_a_proposal_that_does_not_count_yet(bring, district):
    done = bring(GOOD + f',Xã Hương Phú,Dân số,2024,5000,31/12/2023,"{DOCUMENT}, trang 5",\n')
    assert len(done.numbers) == 2
    drafts = [each.draft for each in district.storage.base.proposals()]
    assert [(each.unit, each.measure, each.value) for each in drafts] == [("20167", "households", 2_000_000), ("20164", "residents", 5000)]
    assert district.storage.base.approved([COMMUNE], 2024) == ()


def test_the_same_file_again_adds_nothing_whether_it_waits_or_is_approved(bring, district):
    numbers = bring(GOOD).numbers
    assert (bring(GOOD).numbers, bring(GOOD).known) == ((), 1)
    Office(district).approve(*numbers)
    assert bring(GOOD).numbers == ()


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("unit", "20999", "không có đơn vị nào mang tên hoặc mã '20999'"),
        ("unit", "20164", "mã 20164 là Xã Hương Phú, không phải 'Xã Hương Sơn'"),
        ("measure", "staff_readers", "không có số liệu nền nào tên 'staff_readers'"),
        ("measure", "hộ nghèo", "không có số liệu nền"),
        ("year", "24", "bốn chữ số"),
        ("year", "2199", "bốn chữ số"),
        ("value", "1,5", "giá trị"),
        ("value", "-3", "giá trị"),
        ("value", "", "giá trị"),
        ("as_of", "31/02/2023", "số liệu đến ngày"),
        ("as_of", "01/01/2025", "sau ngày"),
        ("document", "", "hãy ghi như"),
        ("document", "báo cáo miệng", "không có số hoặc ngày"),
        ("reason", "a\u202eb", "ký tự đảo chiều chữ"),
        ("reason", "x" * 301, "dài quá"),
    ],
)
def test_a_wrong_cell_is_told_with_its_line_and_nothing_is_kept(bring, district, column, cell, told):
    cells = dict(zip(COLUMNS, GOOD.strip().split(","), strict=True)) | {column: f'"{cell}"'}
    other = GOOD.replace("20167,Xã Hương Sơn", "20164,Xã Hương Phú")
    found = faults_of(bring, other + ",".join(cells.values()) + "\n")
    assert [line for line, _ in found] == [3]
    assert told in found[0][1]
    assert district.storage.base.proposals() == ()


def test_a_figure_at_a_level_where_it_is_not_counted_is_refused(bring):
    assert "không ghi ở Huyện Nam Đông" in faults_of(bring, GOOD.replace("20167,Xã Hương Sơn", "483,Huyện Nam Đông"))[0][1]


def test_a_figure_told_twice_in_a_file_is_refused(bring):
    assert "đã có ở dòng 2" in faults_of(bring, GOOD + GOOD)[0][1]


def test_a_code_means_the_unit_of_the_year(district):
    reader = Reader(district.catalogue, district.storage.units(), district.now())
    for year, name in ((2024, "Xã Hương Xuân"), (2025, "Xã Nam Đông")):
        line = Line("so.csv", 2, {**dict.fromkeys(COLUMNS, ""), "unit": "20179"})
        assert reader._unit(line, year).name == name


def test_a_workbook_is_read_like_a_csv(district, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(list(COLUMNS.values()))
    book.active.append([20167, None, "households", 2024, 2_000_000.0, "31/12/2023", DOCUMENT, None])
    book.save(tmp_path / "a.xlsx")
    done = propose_file(district.storage, district.catalogue, tmp_path / "a.xlsx", CLERK, district.now())
    assert len(done.numbers) == 1


def test_what_sources_told_may_be_proposed_as_it_is_and_names_the_raw_answer(district, figures):
    done = propose_pulled(district.storage, district.catalogue, district.unit, figures[COMMUNE, "households"].period, CLERK, district.now())
    known = {(unit, measure): each.value for (unit, measure), each in figures.items() if district.catalogue.measures[measure].base}
    drafts = [each.draft for each in district.storage.base.proposals()]
    assert {(each.unit, each.measure): each.value for each in drafts} == known
    assert len(done.numbers) == len(known)
    assert all("câu trả lời gốc" in each.document for each in drafts)


def test_a_period_without_figures_has_nothing_to_adopt(empty_district, figures):
    period = figures[COMMUNE, "households"].period
    with pytest.raises(ApprovalRefused, match="hue-dti pull"):
        propose_pulled(empty_district.storage, empty_district.catalogue, empty_district.unit, period, CLERK, empty_district.now())


def test_from_proposal_to_log_by_commands(run, district):
    words = ("--unit", "huong-son", "--measure", "households", "--year", "2024", "--value", "2.000.000", "--as-of", "31/12/2023")
    assert "số 1" in run("propose", *words, "--document", DOCUMENT, "--by", CLERK)
    assert "Tổng cộng các quý còn mở" in run("effect", "1")
    assert json.loads(run("effect", "1", "--json"))["rows"][0]["unit"] == "483"
    assert "1 đề nghị (số 1)" in run("list", "--unit", "483", "--year", "2024")
    approved = json.loads(run("approve", "1", "--by", CHIEF, "--reason", "theo niên giám", "--json"))
    assert (approved["verdict"], approved["by"], approved["proposals"][0]["value"]) == ("approved", CHIEF, 2_000_000)
    assert f"{CHIEF} duyệt; lý do: theo niên giám" in run("log", "--unit", "483", "--year", "2024")
    assert json.loads(run("log", "--unit", "483", "--year", "2024", "--json")) == [approved]
    listed = json.loads(run("list", "--unit", "483", "--year", "2024", "--json"))
    mine = [each for each in listed["figures"] if (each["unit"], each["measure"]) == (COMMUNE, "households")]
    assert mine == [{"unit": COMMUNE, "measure": "households", "value": 2_000_000, "approved": True, "proposal": 1}]
    assert [(each["unit"], each["measure"]) for each in listed["differences"]] == [(COMMUNE, "households")]


def test_a_span_of_numbers_is_rejected_in_one_act(run, bring):
    bring(GOOD + GOOD.replace("20167,Xã Hương Sơn", "20164,Xã Hương Phú"))
    assert "từ chối; lý do: gõ nhầm" in run("reject", "1-2", "--by", CLERK, "--reason", "gõ nhầm")


@pytest.mark.parametrize("numbers", ["0", "2-1", "1-999999", "một", "-1", "1-"])
def test_what_is_no_number_of_a_proposal_is_refused(run, numbers):
    assert numbers in run("effect", "--", numbers, status=2)


def test_the_form_is_filled_in_with_what_counts(run, district, figures, tmp_path):
    form = tmp_path / "form.csv"
    run("template", "--unit", "483", "--year", "2024", "--out", str(form))
    lines = form.read_text(encoding="utf-8-sig").splitlines()
    assert nfc(lines[0]) == HEAD.strip()
    assert f"20167,Xã Hương Sơn,households,2024,{figures[COMMUNE, 'households'].value},,," in lines
