"""A round takes the platform's own figures: shown beside every mark with where they come from, kept when somebody says so."""

from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from hue_dti.accounts.model import Grant, Role
from hue_dti.appraisal.rounds import Participant
from hue_dti.catalogue.outline import outline_of
from hue_dti.cli import cli
from hue_dti.numerals import format_count, format_points
from hue_dti.web import create_app
from tests.people import signed_in
from tests.services.assessment import FRAMEWORKS, begin
from tests.web.conftest import Place, Reader, words
from tests.web.test_round_pages import SHEET, hall_in, main

OFFERS = f"{SHEET}/so-lieu"
UNOPENED = ("III.5", "IV.4", "IV.6", "IV.7", "IV.8")


@pytest.fixture(scope="module")
def quarter(copy_quarter, tmp_path_factory):
    with copy_quarter(tmp_path_factory.mktemp("offers")) as made:
        yield made


@pytest.fixture(scope="module")
def hall(quarter):
    """A round of Nam Đông and of a district that sent nothing, while the quarter's figures are there and not closed."""
    app = create_app(quarter.settings, quarter.storage)
    units = [Participant("483", "Huyện Nam Đông"), Participant("481", "Huyện A Lưới")]
    begin(quarter.storage, outline_of(quarter.catalogue.sets["hue-district-2024"]), "huyen-2024", units)
    return hall_in(Place(quarter.settings, quarter.storage, quarter.catalogue, app))


def own(quarter):
    return {mark.line: mark for mark in quarter.storage.rounds.self_marks("huyen-2024", "483")}


def row_of(page, code):
    return words(page.select_one(f"[id='{code}']"))


def take(hall, page, **more):
    """Confirm what a page showed."""
    fields = {each["name"]: each["value"] for each in page.select("main form input[type=hidden]")}
    return hall.officer.client.post(OFFERS, data={**fields, **more})


@pytest.fixture(scope="module")
def counted(quarter):
    """A criterion of counts that came, and its line in the open quarter."""
    return next(each for each in quarter.read().sheet.criteria if each.part and each.code not in ("I.1", "I.2"))


def test_draft_points_stand_beside_every_mark_and_fill_only_lines_without_one(hall, quarter, counted):
    hall.on(6, 12)
    figure = f"{format_count(counted.part)}/{format_count(counted.whole)}"
    assert hall.write(hall.officer, buoc="self", **{"d-I.1": "1", "l-I.1": "Đã ban hành", "k-I.1": "https://a.vn/1"}).status_code == 303
    page = hall.officer.open(SHEET)
    assert "số liệu chưa chốt Quý II/2024, lúc 10:00 12/06/2024" in words(page.main)
    assert [told for told in (format_points(counted.points), figure) if told not in row_of(page, counted.code)] == []
    assert ("khác điểm tự đánh giá" in row_of(page, "I.1"), "minh chứng: thiếu" in row_of(page, "I.1")) == (True, True)
    assert all("tỉnh chưa mở" in row_of(page, code) for code in UNOPENED)
    look = hall.officer.open(OFFERS)
    assert len(own(quarter)) == 1
    assert take(hall, look).status_code == 303
    marks = own(quarter)
    assert (marks["I.1"].points, marks[counted.code].points, marks.keys() & set(UNOPENED)) == (10_000, counted.points, set())
    assert marks[counted.code].result.startswith(f"Theo số liệu chưa chốt Quý II/2024, lúc 10:00 12/06/2024: {figure}")
    assert marks[counted.code].link == f"/don-vi/483/2024-Q2/tieu-chi/{counted.code}"
    assert hall.officer.get(marks[counted.code].link).status_code == 200
    event = next(kept.event for kept in quarter.storage.trail.page() if kept.event.act == "round.marked")
    assert (event.actor, event.reason) == ("can.bo.483", "Theo số liệu chưa chốt Quý II/2024, lúc 10:00 12/06/2024")
    assert (
        hall.write(hall.officer, buoc="self", **{f"d-{counted.code}": "0", f"k-{counted.code}": marks[counted.code].link}).status_code
        == 303
    )


def test_another_mark_is_overwritten_only_when_ticked_and_keeps_its_own_document(hall, quarter, counted):
    hall.on(6, 12)
    look = hall.officer.open(OFFERS)
    assert (len(look.select("section")), "Không có dòng nào để lấy điểm" in main(take(hall, look))) == (2, True)
    assert "Hãy xem lại dưới đây rồi lấy điểm" in main(take(hall, look, sealed="cũ"))
    quarter.close()
    look = hall.officer.open(OFFERS)
    assert "bản chốt lần 1 Quý II/2024, chốt ngày 11/06/2024" in words(look.main)
    assert hall.write(hall.officer, buoc="self", **{"d-I.1": "2", "l-I.1": "Đã ban hành", "k-I.1": "https://a.vn/1"}).status_code == 303
    refused = take(hall, look, **{"ghi-de": "1"})
    assert (refused.status_code, "vừa được ghi, sau lần xem trước" in main(refused)) == (409, True)
    assert own(quarter)["I.1"].points == 20_000
    assert take(hall, hall.officer.open(OFFERS), **{"ghi-de": "1"}).status_code == 303
    marks, sheet = own(quarter), quarter.read().sheet
    assert all(mark.points == sheet.criterion(code).points for code, mark in marks.items())
    assert (marks["I.1"].link, marks["I.1"].result[:45]) == ("https://a.vn/1", "Theo bản chốt lần 1 Quý II/2024, chốt ngày 11")
    assert "không có gì để lấy" in words(hall.officer.open(OFFERS).main)


def test_an_appraiser_marks_with_the_figures_before_him_on_the_page_and_in_the_workbook(hall, quarter, counted):
    hall.on(6, 15)
    assert hall.write(hall.officer, buoc="self", **{f"d-{counted.code}": "0"}).status_code == 303
    hall.on(6, 20)
    assert "khác điểm tự đánh giá" in row_of(hall.appraiser.open(SHEET), counted.code)
    assert hall.appraiser.get(OFFERS).status_code == 404
    body = hall.appraiser.get("/dot-danh-gia/huyen-2024/tham-dinh/appraised.xlsx").data
    rows = list(openpyxl.load_workbook(BytesIO(body)).active.iter_rows(min_row=3, values_only=True))
    beside = dict(zip(rows[0], next(row for row in rows if row[2] == "483" and row[5] == counted.code), strict=True))
    assert (beside["Tự đánh giá"], beside["Hệ thống tính"]) == ("0", format_points(counted.points))
    assert f"{format_count(counted.part)}/{format_count(counted.whole)}" in beside["Số liệu của hệ thống"]
    late = BeautifulSoup(hall.officer.get(OFFERS).text, "html.parser")
    assert ("Đã hết thời gian tự đánh giá" in words(late.main), late.select("main form")) == (True, [])


def test_who_may_not_read_a_unit_s_drafts_does_not_read_them_through_a_round(hall, quarter):
    """The host of a round may have put any unit of the list into it."""
    hall.on(6, 1)
    units = [Participant("20044", "Thị trấn A Lưới"), Participant("484", "Huyện Nam Đông khác")]
    begin(quarter.storage, outline_of(quarter.catalogue.sets["hue-commune-2024"]), "xa-2024", units, host="483")
    stranger = Reader(signed_in(hall.place.app, "tham.dinh.483", Grant(Role.APPRAISER, "483")))
    told = words(stranger.open("/dot-danh-gia/xa-2024/don-vi/20044").main)
    assert "bạn không xem được số liệu chưa chốt của đơn vị này" in told
    assert "đơn vị không có trong danh sách đơn vị" in words(stranger.open("/dot-danh-gia/xa-2024/don-vi/484").main)


def test_a_round_of_the_province_s_framework_is_offered_the_province_s_draft_and_nobody_else_s(hall, quarter):
    hall.on(6, 12)
    units = [Participant("46", "Tỉnh Thừa Thiên Huế"), Participant("483", "Huyện Nam Đông")]
    begin(quarter.storage, outline_of(FRAMEWORKS["province-922"]), "tinh-2024", units)
    page = hall.appraiser.open("/dot-danh-gia/tinh-2024/don-vi/46")
    assert "bản nháp cấp tỉnh Quý II/2024, lúc 10:00 12/06/2024, 1/9 đơn vị đã chốt" in words(page.main)
    assert "mới có 10/141 đơn vị" in row_of(page, "3.1")
    assert "chưa đo đủ" in row_of(page, "awareness")
    assert "Chưa có điểm hệ thống tính: khung này chấm cấp tỉnh" in words(hall.appraiser.open("/dot-danh-gia/tinh-2024/don-vi/483").main)


def test_the_command_shows_first_and_keeps_on_confirmation(hall, quarter, counted):
    run = lambda *args: CliRunner().invoke(cli, ["round", "fill", "huyen-2024", "--unit", *args], env=quarter.environment)  # noqa: E731
    shown = run("483", "--overwrite")
    assert (shown.exit_code, "1 dòng sẽ ghi; chưa lưu gì" in shown.output) == (0, True)
    assert f"{counted.code:<10}{'0':>8} → {format_points(counted.points)}  {format_count(counted.part)}/" in shown.output
    assert "Đã hết thời gian tự đánh giá" in str(run("483", "--overwrite", "--confirm").exception)
    assert f"{'III.5':<10}{'chưa có':>8} → để nguyên: tỉnh chưa mở" in shown.output
