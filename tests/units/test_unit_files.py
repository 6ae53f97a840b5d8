"""Unit files with one mistake each: the fault names the file, the line, what is wrong and what to write."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hue_dti.errors import CatalogueError, Fault
from hue_dti.units.load import load_units

HEADER = "code,name,level,parent,valid_from,valid_to,located_in,aliases"
GOOD = f"""{HEADER}
46,Tỉnh Thừa Thiên Huế,province,,2020-01-01,2024-12-31,,
483,Huyện Nam Đông,district,46,2020-01-01,2024-12-31,,
20161,Thị trấn Khe Tre,commune,483,2020-01-01,2024-12-31,,TT Khe Tre|TT. Khe-Tre A
20167,Xã Hương Sơn,commune,483,2020-01-01,2024-12-31,,
483.mn,Trường Mầm non Hương Sơn,agency,483,2020-01-01,2024-12-31,20167,
483.th,Trường Tiểu học Khe Tre,agency,483,2020-06-01,2024-12-31,,
"""


def faults(folder: Path, text: str | bytes) -> tuple[Fault, ...]:
    """The faults of a folder with this one file."""
    (folder / "huyen.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CatalogueError) as refused:
        load_units(folder)
    return refused.value.faults


def test_a_good_file_gives_its_units_with_aliases_and_dates(tmp_path: Path) -> None:
    (tmp_path / "huyen.csv").write_text("\ufeff" + GOOD, encoding="utf-8")
    units = load_units(tmp_path)
    assert [unit.code for unit in units] == ["46", "483", "20161", "20167", "483.mn", "483.th"]
    assert units[2].aliases == ("TT Khe Tre", "TT. Khe-Tre A")
    assert (units[0].parent, units[4].located_in) == (None, "20167")


def test_names_are_composed_on_the_way_in_without_what_only_disturbs(tmp_path: Path) -> None:
    (tmp_path / "huyen.csv").write_text(GOOD.replace("Hương Sơn", "Hu\u031bo\u031bng \u200bSo\u031b\u00adn"), encoding="utf-8")
    assert load_units(tmp_path)[3].name == "Xã Hương Sơn"


MISTAKES = [
    ("an unknown level", ("20167,Xã Hương Sơn,commune", "20167,Xã Hương Sơn,comune"), 5, "không có level 'comune'", "hãy viết 'commune'"),
    (
        "a level like none",
        ("20167,Xã Hương Sơn,commune", "20167,Xã Hương Sơn,xã"),
        5,
        "level 'xã'",
        "hãy viết một trong: province, district",
    ),
    (
        "an unknown parent",
        ("20167,Xã Hương Sơn,commune,483", "20167,Xã Hương Sơn,commune,493"),
        5,
        "mang mã parent 493",
        "sửa mã",
    ),
    ("no parent", ("20161,Thị trấn Khe Tre,commune,483", "20161,Thị trấn Khe Tre,commune,"), 4, "chưa có parent", "đơn vị quản lý"),
    (
        "itself as parent",
        ("commune,483,2020-01-01,2024-12-31,,\n483.mn", "commune,20167,2020-01-01,2024-12-31,,\n483.mn"),
        5,
        "là chính mình",
        "cấp trên",
    ),
    (
        "dates crossed",
        ("agency,483,2020-01-01,2024-12-31", "agency,483,2024-12-31,2020-01-01"),
        6,
        "valid_to 2020-01-01 trước",
        "ngày cuối",
    ),
    ("a day no year has", ("agency,483,2020-01-01", "agency,483,2020-02-30"), 6, "valid_from là '2020-02-30'", "năm-tháng-ngày"),
    ("a day written our way", ("agency,483,2020-01-01", "agency,483,01/01/2020"), 6, "valid_from là '01/01/2020'", "năm-tháng-ngày"),
    ("no first day", ("agency,483,2020-01-01", "agency,483,"), 6, "valid_from là ''", "năm-tháng-ngày"),
    ("no name", ("Xã Hương Sơn,commune", ",commune"), 5, "name để trống", "tên chính thức"),
    ("a code with marks", ("483.mn", "483.mầm-non"), 6, "code là '483.mầm-non'", "không dấu"),
    (
        "a row twice",
        ("483.th,Trường Tiểu học Khe Tre,agency,483,2020-06-01", "483.mn,Trường Khe Tre,agency,483,2020-01-01"),
        7,
        "code 483.mn từ ngày 2020-01-01 có hai dòng",
        "giữ một",
    ),
    (
        "two versions that meet",
        ("483.th,", "483.mn,"),
        7,
        "cùng tồn tại ngày 2020-06-01",
        "kết thúc",
    ),
    (
        "a unit that outlives its parent",
        ("commune,483,2020-01-01,2024-12-31,,\n483.mn", "commune,483,2020-01-01,,,\n483.mn"),
        5,
        "ngày 2025-01-01",
        "parent mới",
    ),
    (
        "a unit older than its parent",
        ("agency,483,2020-01-01", "agency,483,2019-12-31"),
        6,
        "ngày 2019-12-31 có Trường Mầm non Hương Sơn nhưng không có parent 483",
        "kết thúc cùng parent",
    ),
    ("a place that is no commune", ("2024-12-31,20167,", "2024-12-31,483,"), 6, "located_in 483 không phải xã", "để trống"),
    ("the same name twice", ("20167,Xã Hương Sơn", "20167,Xã Khe Tre"), 5, "trùng tên gọi với Thị trấn Khe Tre", "tên đầy đủ"),
    (
        "an alias that is another's name",
        ("2024-12-31,20167,", "2024-12-31,20167,Hương Sơn"),
        6,
        "trùng tên gọi với Xã Hương Sơn",
        "bỏ alias",
    ),
    ("an alias that says nothing new", ("TT Khe Tre|", "KHE TRE|"), 4, "alias 'KHE TRE' không thêm tên nào mới", "bỏ đi"),
    ("a cell too many", ("2024-12-31,20167,", "2024-12-31,20167,,"), 6, "dòng có 9 ô", "đủ 8 ô"),
    ("a quotation mark left open", ("483.mn,Trường", '483.mn,"Trường'), 6, "không đọc được dòng này", "dấu nháy kép"),
    ("a column renamed", ("located_in", "place"), 1, "các cột là", HEADER),
    ("a sign that turns words", ("Xã Hương Sơn", "Xã Hương\u202e Sơn"), 5, "name có ký tự đảo chiều chữ sau “Xã Hương”", "gõ lại"),
]


@pytest.mark.parametrize(("change", "line", "what", "remedy"), [each[1:] for each in MISTAKES], ids=[each[0] for each in MISTAKES])
def test_one_mistake_is_one_fault_at_its_line(tmp_path: Path, change: tuple[str, str], line: int, what: str, remedy: str) -> None:
    assert GOOD.count(change[0]) == 1
    found = faults(tmp_path, GOOD.replace(*change))
    assert [fault.line for fault in found] == [line], found
    assert found[0].path.endswith("huyen.csv")
    assert what in found[0].what
    assert remedy in found[0].remedy


def test_a_ring_of_parents_is_told_once_with_its_codes(tmp_path: Path) -> None:
    ring = GOOD.replace("district,46", "district,20161")
    assert [(fault.line, fault.what) for fault in faults(tmp_path, ring)] == [(4, "các parent nối thành vòng: 20161 → 483 → 20161")]


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "another.csv").write_text("code,name\n1,A\n", encoding="utf-8")
    broken = GOOD.replace("20167,Xã Hương Sơn,commune", "20167,Xã Hương Sơn,comune").replace("agency,483,2020-01-01", "agency,483,")
    found = faults(tmp_path, broken)
    assert [(Path(fault.path).name, fault.line) for fault in found] == [("another.csv", 1), ("huyen.csv", 5), ("huyen.csv", 6)]


def test_a_file_that_cannot_be_read_puts_no_blame_on_the_others(tmp_path: Path) -> None:
    (tmp_path / "another.csv").write_text(f"{HEADER}\n47,Xã A,commune,46,2020-01-01,2024-12-31,,\n", encoding="utf-8")
    assert len(faults(tmp_path, GOOD.encode("utf-16"))) == 1


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    found = faults(tmp_path, HEADER.encode() + b"\n1,Huy\xean,district,,2020-01-01,,,\n")
    assert [(fault.line, fault.remedy) for fault in found] == [(2, "hãy lưu lại tệp dạng 'CSV UTF-8'")]


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="thư mục này không có đơn vị nào"):
        load_units(tmp_path)


def test_the_units_folder_of_a_criteria_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "huyen.csv").write_text(GOOD, encoding="utf-8")
    assert len(load_units(tmp_path)) == 6


def test_a_unit_may_last_to_the_end_of_the_calendar(tmp_path: Path) -> None:
    (tmp_path / "huyen.csv").write_text(GOOD.replace("2024-12-31", "9999-12-31"), encoding="utf-8")
    assert len(load_units(tmp_path)) == 6


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(GOOD.encode()) - 1), st.binary(max_size=6))
def test_a_damaged_file_gives_units_or_faults_and_nothing_else(tmp_path: Path, place: int, junk: bytes) -> None:
    text = GOOD.encode()
    (tmp_path / "huyen.csv").write_bytes(text[:place] + junk + text[place + 3 :])
    with suppress(CatalogueError):
        assert load_units(tmp_path)
