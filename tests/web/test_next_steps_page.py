"""The page of next steps, its workbook and the links that lead there."""

import io

import openpyxl

from tests.web.conftest import QUARTER, words

PAGE = f"{QUARTER}/buoc-tiep"


def test_the_quarter_leads_to_what_to_do_next_and_anybody_may_read_it(reader, anonymous):
    assert reader.open(QUARTER).find("a", href=PAGE)
    page = words(anonymous.open(PAGE).main)
    assert "Hoàn thành: vận hành nền tảng xếp hạng chuyển đổi số của tỉnh" in page
    assert "Việc xong chậm nhất 30/09/2024 được tính vào Quý III năm 2024" in page


def test_what_cannot_be_done_stands_there_with_the_reason(anonymous):
    page = words(anonymous.open(PAGE).main)
    assert "UBND tỉnh chưa triển khai" in page
    assert "Nghiệp vụ cho cán bộ chuyên trách" in page


def test_a_commune_sees_the_least_count_that_wins_a_place(anonymous, snapshot):
    second = next(each.unit for each in snapshot.ranking if each.rank == 2)
    page = words(anonymous.open(f"/don-vi/{second}/2024-Q2/buoc-tiep").main)
    assert "Một việc là đủ để lên hạng" in page
    assert "từ hạng 2 lên hạng 1" in page


def test_the_steps_can_be_taken_away_as_numbers(anonymous):
    book = openpyxl.load_workbook(io.BytesIO(anonymous.get(f"{PAGE}.xlsx").data))
    assert book.sheetnames == ["Từng việc", "Lần lượt", "Không đề xuất"]
    first = next(book["Từng việc"].iter_rows(min_row=2, values_only=True))
    assert first[0] == "II.3"
    assert first[4] == 10
