"""General information comes in as a table: all of it or nothing, every fault with its line."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from hue_dti.cli import cli
from hue_dti.errors import ImportRefused
from hue_dti.services.profiles import COLUMNS, import_profiles, profile_table

HEAD = "Mã đơn vị,Tên đơn vị,Thư điện tử,Số thôn\n"


@pytest.fixture
def bring(empty_district, tmp_path):
    """Import a CSV of this text."""

    def bring(text, **options):
        path = tmp_path / "thong-tin.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_profiles(empty_district.storage, path, "Lê Văn An", empty_district.now(), **options)

    return bring


def email_of(district, unit):
    found = district.storage.profiles.newest(unit)
    return found and found.email


def faults_of(bring, text):
    with pytest.raises(ImportRefused) as refused:
        bring(text)
    return [(fault.line, fault.what, fault.remedy) for fault in refused.value.faults]


def test_a_row_names_its_unit_by_code_or_by_name(bring, empty_district):
    told = bring(HEAD + "483,,vp@namdong.example,60\n,Xã Hương Sơn,huongson@namdong.example,\n")
    assert [unit.code for unit in told.new] == ["483", "20167"]
    assert email_of(empty_district, "20167") == "huongson@namdong.example"
    assert empty_district.storage.profiles.newest("20167").villages is None


def test_the_same_file_again_changes_nothing(bring, empty_district):
    bring(HEAD + "483,,vp@namdong.example,60\n")
    assert bring(HEAD + "483,,vp@namdong.example,60\n").new == ()
    assert len(empty_district.storage.profiles.history("483")) == 1


def test_every_fault_is_told_with_its_line_and_nothing_is_stored(bring, empty_district):
    text = HEAD + '483,,vp@namdong.example,60\n20167,,khong-phai,sáu\n,UBND xã Hương Sơn,a@b.vn,\n20164,,"a@b.vn\nBcc: c@d.vn",\n'
    told = faults_of(bring, text)
    assert [line for line, _, _ in told] == [3, 3, 4, 5]
    assert "'khong-phai' không phải một địa chỉ thư điện tử" in told[0][1] + told[1][1]
    assert "Xã Hương Sơn (20167)" in told[2][2]
    assert "'a@b.vn Bcc: c@d.vn' không phải một địa chỉ thư điện tử" in told[3][1]
    assert email_of(empty_district, "483") is None


def test_a_code_beside_another_unit_s_name_is_refused_since_rows_may_have_slipped(bring):
    assert faults_of(bring, HEAD + "20167,Xã Hương Phú,a@b.vn,\n")[0][1] == "mã 20167 là Xã Hương Sơn, không phải 'Xã Hương Phú'"


def test_a_unit_told_twice_is_refused(bring):
    assert "đã có ở dòng 2" in faults_of(bring, HEAD + "20167,,a@b.vn,\n,Xã Hương Sơn,c@d.vn,\n")[0][1]


def test_an_unknown_column_is_refused_since_it_would_be_lost_in_silence(bring):
    assert "không có cột nào tên 'Email'" in faults_of(bring, "Mã đơn vị,Email\n483,a@b.vn\n")[0][1]


@pytest.mark.parametrize("text", [b"", b"x\n", "Tên\n".encode("utf-16"), HEAD.encode() + b'483,"\n'])
def test_a_file_that_is_no_such_table_is_refused_in_words(bring, text):
    assert len(faults_of(bring, text)) == 1


def test_a_table_saved_with_semicolons_as_excel_does_here_is_read(bring, empty_district):
    bring((HEAD + "483,,vp@namdong.example,60\n").replace(",", ";"))
    assert email_of(empty_district, "483") == "vp@namdong.example"


def test_a_dry_run_stores_nothing(bring, empty_district):
    assert [unit.code for unit in bring(HEAD + "483,,vp@namdong.example,60\n", dry_run=True).new] == ["483"]
    assert email_of(empty_district, "483") is None


def test_a_workbook_is_read_like_a_csv(empty_district, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Mã đơn vị", "Thư điện tử", "Số thôn"])
    book.active.append([483, "vp@namdong.example", 60.0])
    book.save(tmp_path / "a.xlsx")
    import_profiles(empty_district.storage, tmp_path / "a.xlsx", "Lê Văn An", empty_district.now())
    assert empty_district.storage.profiles.newest("483").villages == 60


def test_what_is_handed_out_comes_back_unchanged(bring, empty_district):
    bring(HEAD + "483,,vp@namdong.example,60\n")
    handed = profile_table(empty_district.storage, [empty_district.unit])
    assert handed.startswith(b"\xef\xbb\xbf")
    assert bring(handed).new == ()
    assert handed.decode("utf-8-sig").splitlines()[0] == ",".join(COLUMNS.values())


def test_the_commands_hand_out_the_form_take_it_back_and_show_it(database, tmp_path):
    def run(*words):
        done = CliRunner().invoke(cli, ["profile", *words], env={**database.environment, "HUE_DTI_HOME": str(tmp_path)})
        assert done.exit_code == 0, done.output
        return done.output

    form = tmp_path / "form.csv"
    assert "35 đơn vị" in run("template", "--unit", "483", "--out", str(form))
    lines = form.read_text(encoding="utf-8-sig").splitlines()
    lines = [line.replace("483,Huyện Nam Đông,,", "483,Huyện Nam Đông,Thị trấn Khe Tre,") for line in lines]
    form.write_text("\n".join(lines), encoding="utf-8")
    assert "đã cập nhật 1 đơn vị, 34 đơn vị không đổi" in run("import", str(form), "--by", "Lê Văn An")
    assert "Địa chỉ: Thị trấn Khe Tre" in run("show", "--unit", "483")
    told = json.loads(run("show", "--unit", "483", "--json"))
    assert (told["address"], told["villages"], told["by"]) == ("Thị trấn Khe Tre", None, "Lê Văn An")
