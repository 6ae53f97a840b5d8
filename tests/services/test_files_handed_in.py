"""A file handed in by a person: looked at first, stored when confirmed, by the gate that every answer passes."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from datetime import date
from functools import partial

import openpyxl
import pytest

from connectors.sandbox.sites import write_exports
from hue_dti.collation import nfc
from hue_dti.errors import SettingError, SourceAnswerInvalid
from hue_dti.observations.model import State
from hue_dti.services.import_file import confirm, handed_in, preview
from hue_dti.services.names import confirm_name
from tests.golden_quarter import PERIOD, UNIT
from tests.services.handed_in import HEAD, ROWS, SOURCES, counted

CUTOFF = date(2024, 6, 10)


@pytest.fixture
def quarter(another_quarter):
    return another_quarter()


@pytest.fixture(scope="module")
def shared(copy_quarter, tmp_path_factory):
    """One quarter for all that changes no figure."""
    with copy_quarter(tmp_path_factory.mktemp("shared")) as found:
        yield found


def looked_at(quarter, name, body, code="antivirus"):
    file = handed_in(name, body, "Trần Thị Bình", quarter.now())
    return preview(quarter.storage, quarter.catalogue, code, SOURCES[code], quarter.unit, PERIOD, file, quarter.now)


def taken_in(quarter, name, body, code="antivirus", by="Trần Thị Bình", confirmed=None):
    """Hand a file in and confirm it; gives the outcome."""
    file = handed_in(name, body, by, quarter.now())
    given = (quarter.storage, quarter.catalogue, code, SOURCES[code], quarter.unit, PERIOD, file)
    return confirm(*given, confirmed or preview(*given, quarter.now).sha256, quarter.now)


@pytest.fixture
def hand_in(quarter):
    return partial(taken_in, quarter)


@pytest.fixture
def look(quarter):
    return partial(looked_at, quarter)


def figures(quarter, *measures, units=None):
    found = quarter.storage.observations(units or [unit.code for unit in quarter.storage.units()], PERIOD)
    return {(each.unit, each.measure): each for each in found if each.measure in measures}


def test_looking_stores_nothing_and_tells_every_figure_and_fault(quarter, look):
    before = counted(quarter)
    seen = look("may.csv", f"{ROWS}\nM1;Hương Sơn;1;1;0".encode())
    assert counted(quarter) == before
    assert sorted(each.value for each in seen.trial.admission.fresh if each.measure == "computers") == [1, 2]
    assert [each.place for each in seen.trial.admission.faults if "đã có ở" in each.what] == ["may.csv!A5"]
    assert seen.known is None


def test_a_confirmed_file_is_kept_whole_and_its_figures_say_who_handed_it_in_and_when(quarter, hand_in):
    outcome = hand_in("may tram.csv", ROWS.encode())
    assert outcome.outcome == "ok"
    event = quarter.storage.trail.page(most=1)[0].event
    assert (event.act, event.actor, event.unit) == ("file.imported", "Trần Thị Bình", UNIT)
    assert (event.subject.split(", ")[0], event.new) == ("may tram.csv", hashlib.sha256(ROWS.encode()).hexdigest())
    found = figures(quarter, "computers")
    mine = [each for each in found.values() if "may tram.csv" in each.origin.request]
    assert sorted(each.value for each in mine) == [1, 2]
    for each in mine:
        assert each.state is State.REPORTED
        assert each.origin.request.startswith("tệp may tram.csv do Trần Thị Bình nộp lúc 08:00 11/06/2024")
        kept = quarter.storage.raw_answer(each.origin.raw_sha256)
        assert kept.body == ROWS.encode()
        assert kept.sha256 == hashlib.sha256(ROWS.encode()).hexdigest()
    assert sum(1 for each in found.values() if each not in mine) == 42, "what the file does not tell stays as it was"
    assert {each.state for each in found.values() if each not in mine} == {State.MEASURED}


def test_a_later_file_of_other_units_does_not_make_earlier_figures_old(quarter, hand_in):
    hand_in("mot.csv", f"Số liệu đến ngày 01/06/2024\n{HEAD}\nM1;Hương Xuân;1;1;0".encode())
    hand_in("hai.csv", f"Số liệu đến ngày 02/06/2024\n{HEAD}\nM2;Thượng Nhật;1;1;0".encode())
    mine = {each.origin.request.split()[1]: each for each in figures(quarter, "computers").values() if each.as_of < CUTOFF}
    assert {name: each.state for name, each in mine.items()} == {"mot.csv": State.REPORTED, "hai.csv": State.REPORTED}


def test_another_file_than_the_one_looked_at_is_not_stored(quarter, hand_in):
    before = counted(quarter)
    with pytest.raises(SettingError, match="đã khác tệp vừa xem trước"):
        hand_in("may.csv", ROWS.encode(), confirmed="0" * 64)
    assert counted(quarter) == before


def test_the_exports_of_the_console_count_as_the_console_does(quarter, hand_in, tmp_path):
    before = {key: each.value for key, each in figures(quarter, "computers", "computers_infected").items()}
    write_exports(tmp_path)
    for name in ("cac-xa.xlsx", "co-quan.csv"):
        assert hand_in(name, (tmp_path / name).read_bytes()).outcome == "ok"
    after = figures(quarter, "computers", "computers_infected")
    assert {key: each.value for key, each in after.items()} == before
    assert {each.state for each in after.values()} == {State.REPORTED}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_of_the_police_passes_the_same_gate(suffix, quarter, hand_in):
    rows = [["Mã đơn vị", "Tên đơn vị", "Tỷ lệ mức 2"], [UNIT, "Huyện Nam Đông", "83,5%"]]
    body = "\n".join(";".join(row) for row in rows).encode("utf-8-sig") if suffix == "csv" else book(rows)
    assert hand_in(f"cong-an.{suffix}", body, "police").outcome == "ok"
    assert figures(quarter, "vneid_level2")[UNIT, "vneid_level2"].value == 8_350


def book(rows):
    made, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.active.title = "Số liệu"
    made.save(stream)
    return stream.getvalue()


def test_a_wrong_cell_names_sheet_cell_and_problem_and_only_it_is_refused(quarter, hand_in):
    rows = [["Tên đơn vị", "households", "shops"], ["Hương Xuân", "nhiều", 70], ["Hương Sơn", 5, "=1+1"], ["Xã Không Có", 1, 2]]
    outcome = hand_in("bang.xlsx", book(rows), "district")
    assert outcome.outcome == "partial"
    told = {each.place: each.what for each in outcome.faults}
    assert "'nhiều'" in told["Số liệu!B2"]
    assert "công thức chưa có kết quả" in told["Số liệu!C3"]
    assert "chưa biết đơn vị 'Xã Không Có'" in told["Số liệu!B4"]


def with_part(body, name):
    stream = io.BytesIO(body)
    with zipfile.ZipFile(stream, "a") as parts:
        parts.writestr(name, b"x")
    return stream.getvalue()


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 150_000_000)
    return stream.getvalue()


TABLE = book([["Tên đơn vị", "households"], ["Hương Xuân", 5]])
TCVN3 = b"T\xaan m\xb8y;\xa7\xacn v\xde;Viettel EDR;BKAV;Ph\xb8t hi\xd6n\nM1;H\xad\xacng Xu\xa9n;1;;0"
UNREADABLE = {
    "macros under an honest name's suffix": (with_part(TABLE, "xl/vbaProject.bin"), "có macro"),
    "macros of old": (with_part(TABLE, "xl/macrosheets/sheet1.xml"), "có macro"),
    "a file that unpacks to too much": (bomb(), "quá lớn sau khi giải nén"),
    "a damaged workbook": (TABLE[:-200], "XLSX"),
    "an old workbook, or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "đời cũ"),
    "UTF-16 without its mark": (ROWS.encode("utf-16-le"), "bảng mã lạ"),
    "half of UTF-16": (ROWS.encode("utf-16") + b"\x00", "bị cắt"),
    "UTF-32": (ROWS.encode("utf-32"), "bảng mã lạ"),
    "fonts of old": (TCVN3, "chữ lạ"),
    "lost marks": ("Tên máy;Đơn v?;H??ng Xuân;é".encode("cp1258", "replace"), "dấu tiếng Việt đã mất"),
    "bytes of no encoding": (b"\x81\x8d\xff\xd2", "không phải bảng mã"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "bảng mã lạ"),
    "no table": (b"xin chao", "không có trang nào"),
    "more columns than a sheet has": (b";" * 20_000, "quá nhiều ô"),
    "a wide row over many": (b";" * 16_000 + b"\n" * 1_000, "quá nhiều ô"),
    "a quote that never ends": (f'{HEAD}\n"M1'.encode(), "không phải là CSV đúng"),
}


@pytest.mark.parametrize(("body", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_table_is_told_with_the_remedy_and_changes_nothing(body, why, shared):
    before = figures(shared, "computers", "computers_infected")
    seen = looked_at(shared, "tep.csv", body)
    assert seen.trial.admission is None
    assert why in seen.trial.failure
    with pytest.raises(SourceAnswerInvalid, match=why):
        taken_in(shared, "tep.csv", body)
    assert figures(shared, "computers", "computers_infected") == before
    assert shared.storage.raw_answer(hashlib.sha256(body).hexdigest()).body == body
    assert shared.storage.last_pulls(UNIT, PERIOD)[0].outcome == "failed"


def spelt_apart(text):
    """As Windows in Vietnamese saves it: a letter with its hat, then the tone."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for sign in text:
        marks = unicodedata.normalize("NFD", sign)
        base = unicodedata.normalize("NFC", "".join(each for each in marks if each not in tones))
        out.append(base + "".join(each for each in marks if each in tones))
    return "".join(out)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_a_file_is_read_in_every_encoding_that_excel_writes_whole(encoding, shared):
    text = spelt_apart(ROWS) if encoding == "cp1258" else ROWS
    assert nfc(text) == ROWS
    seen = looked_at(shared, "may.csv", text.encode(encoding))
    assert seen.trial.failure == ""
    assert sorted(each.value for each in seen.trial.admission.fresh if each.measure == "computers") == [1, 2]


@pytest.mark.parametrize(
    ("name", "body", "by", "why"),
    [
        ("a.xlsm", b"x", "B", "có macro"),
        ("a.XLS", b"x", "B", "đời cũ"),
        ("a.exe", b"x", "B", "không nhận được"),
        ("a", b"x", "B", "không nhận được"),
        (".csv", b"x", "B", "không nhận được"),
        ("a\x1b[2J.csv", b"x", "B", "không nhận được"),
        (f"{'a' * 200}.csv", b"x", "B", "không nhận được"),
        ("a.csv", b"", "B", "rỗng"),
        ("a.csv", b"x" * 11, "B", "dài quá 10 byte"),
        ("a.csv", b"x", " ", "Tên người nộp"),
        ("a.csv", b"x", "B\nnộp lúc", "Tên người nộp"),
    ],
)
def test_a_file_that_may_not_even_be_looked_at(name, body, by, why, shared):
    with pytest.raises(SettingError, match=why):
        handed_in(name, body, by, shared.now(), most_bytes=10)


@pytest.mark.parametrize("name", ["../../etc/a.csv", "C:\\Users\\B\\a.csv", "/tmp/a.csv"])
def test_a_name_leaves_its_folders_behind(name, shared):
    assert handed_in(name, b"x", "B", shared.now()).name == "a.csv"


def test_a_source_that_is_no_file_takes_none_and_one_that_nobody_declared_says_so(quarter, look):
    assert "không nhận tệp" in look("a.csv", ROWS.encode(), "super_app").trial.failure
    file = handed_in("a.csv", b"x", "B", quarter.now())
    for code, source, why in (("khac", None, "Không có nguồn 'khac'"), ("telecom", None, "chưa khai báo nguồn này")):
        with pytest.raises(SettingError, match=why):
            preview(quarter.storage, quarter.catalogue, code, source, quarter.unit, PERIOD, file, quarter.now)


def test_the_same_file_a_second_time_is_known(look, hand_in):
    hand_in("may.csv", ROWS.encode())
    assert "tệp may.csv do Trần Thị Bình" in look("lai.csv", ROWS.encode()).known.request


def test_a_file_handed_in_is_read_again_from_what_was_kept(quarter, hand_in):
    hand_in("may tram.csv", ROWS.replace("Hương Xuân", "Xã chưa biết tên").encode())
    assert [each.name for each in quarter.storage.unknown_names()] == ["Xã chưa biết tên"]
    confirmed = confirm_name(
        quarter.storage, quarter.catalogue, SOURCES, "antivirus", "Xã chưa biết tên", "Hương Xuân", "Trần Thị Bình", quarter.now
    )
    assert confirmed.outcome.outcome == "ok"
    mine = [each for each in figures(quarter, "computers").values() if "may tram.csv" in each.origin.request]
    assert {(each.value, each.state) for each in mine} == {(2, State.REPORTED), (1, State.REPORTED)}
    assert sum(1 for each in figures(quarter, "computers").values() if each.state is State.MEASURED) == 42
