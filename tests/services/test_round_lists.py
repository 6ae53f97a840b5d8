"""Lists of a round's units, as somebody hands them in."""

import pytest

from hue_dti.appraisal.rounds import Participant
from hue_dti.errors import ImportRefused
from hue_dti.services.round_file import read_units


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("20161,Xã GIẢ MẠO", "cột 'Tên': mã 20161 là của 'Xã Khe Tre' trong danh sách đơn vị; hãy ghi đúng tên ấy"),
        ("b,Xã \0A", "cột 'Tên': có ký tự điều khiển"),
        ("b,\u202etxt", "cột 'Tên': có ký tự đảo chiều chữ"),
        (f"b,{'x' * 201}", "cột 'Tên': dài quá 200 chữ"),
        ("b,Xã\n" * 501, "danh sách có 501 đơn vị, nhiều hơn 500; hãy bỏ dòng thừa"),
    ],
)
def test_a_list_of_units_holds_readable_names_and_no_known_code_under_another_name(line, words):
    with pytest.raises(ImportRefused) as caught:
        read_units(f"Mã,Tên\n{line}\n".encode(), "ds.csv", {"20161": "Xã Khe Tre"})
    assert words in str(caught.value)
    assert read_units("Mã,Tên\n20161,xã khe tre\n".encode(), "ds.csv", {"20161": "Xã Khe Tre"}) == (Participant("20161", "Xã Khe Tre"),)
