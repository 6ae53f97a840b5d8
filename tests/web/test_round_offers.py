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
from hue_dti.services.quarter import seen_from
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


@pytest.fixture(scope="module")
def communes(quarter):
    """A round of the communes of a closed quarter, three of them with figures and one of another district without."""
    units = [Participant("20161", "Thị trấn Khe Tre"), Participant("20164", "Xã Hương Phú"), Participant("20167", "Xã Hương Sơn")]
    outline = outline_of(quarter.catalogue.sets["hue-commune-2024"])
    begin(quarter.storage, outline, "cac-xa-2024", [*units, Participant("20044", "Thị trấn A Lưới")])
    return units


def own_of(quarter, unit):
    return {mark.line: mark for mark in quarter.storage.rounds.self_marks("cac-xa-2024", unit)}


def fill_many(reader, page, units, **more):
    fields = {each["name"]: each["value"] for each in page.select("main form input[type=hidden]")}
    return reader.client.post("/dot-danh-gia/cac-xa-2024/so-lieu", data={**fields, "don-vi": units, **more})


def test_whoever_fills_in_several_units_takes_their_points_over_in_one_act_all_or_none(hall, quarter, communes):
    hall.on(6, 12)
    address = "/dot-danh-gia/cac-xa-2024/so-lieu"
    assert "Lấy điểm từ số liệu cho nhiều đơn vị" in words(hall.officer.open("/dot-danh-gia/cac-xa-2024").main)
    look = hall.officer.open(address)
    told = {row.select_one("input[name=don-vi]")["value"]: words(row) for row in look.select("tbody tr")}
    assert (list(told), "A Lưới" in words(look.main)) == ([unit.code for unit in communes], False)
    assert "Chưa chọn đơn vị nào" in main(fill_many(hall.officer, look, []))
    kept = fill_many(hall.officer, look, ["20161", "20164"])
    assert (kept.status_code, len(own_of(quarter, "20167"))) == (303, 0)
    for unit in ("20161", "20164"):
        sheet = seen_from(quarter.read(), unit).sheet
        assert {line: mark.points for line, mark in own_of(quarter, unit).items()} == {
            each.code: each.points for each in sheet.criteria if each.has_figures and each.code not in UNOPENED
        }
    count = len(own_of(quarter, "20161")) + len(own_of(quarter, "20164"))
    assert f"Đã ghi {count} dòng của 2 đơn vị." in words(hall.officer.open(kept.headers["Location"]).main)
    stale = fill_many(hall.officer, look, ["20161", "20167"])
    assert (stale.status_code, "Thị trấn Khe Tre: dòng" in main(stale), len(own_of(quarter, "20167"))) == (409, True, 0)
    events = [kept.event for kept in quarter.storage.trail.page() if kept.event.act == "round.marked"]
    assert [event.unit for event in events[:2]] == ["20164", "20161"]


def test_one_line_marked_otherwise_stays_unless_overwriting_is_ticked_for_the_chosen_units(hall, quarter, communes):
    hall.on(6, 12)
    line = next(code for code, mark in own_of(quarter, "20161").items() if mark.points)
    sheet = "/dot-danh-gia/cac-xa-2024/don-vi/20161"
    assert hall.post(hall.officer, sheet, sheet, buoc="self", **{f"d-{line}": "0"}).status_code == 303
    look = hall.officer.open("/dot-danh-gia/cac-xa-2024/so-lieu")
    assert "Không có dòng nào để lấy điểm" in main(fill_many(hall.officer, look, ["20161"]))
    assert fill_many(hall.officer, look, ["20161"], **{"ghi-de": "1"}).status_code == 303
    assert own_of(quarter, "20161")[line].points > 0


def test_nobody_takes_over_for_units_that_are_not_his_and_nothing_after_the_days(hall, quarter, communes):
    hall.on(6, 12)
    address = "/dot-danh-gia/cac-xa-2024/so-lieu"
    look = hall.officer.open(address)
    one = Reader(signed_in(hall.place.app, "can.bo.20167", Grant(Role.OFFICER, "20167")))
    assert [row.select_one("input")["value"] for row in one.open(address).select("tbody tr")] == ["20167"]
    assert "Lấy điểm từ số liệu cho nhiều đơn vị" not in words(one.open("/dot-danh-gia/cac-xa-2024").main)
    fields = {each["name"]: each["value"] for each in one.open(address).select("main form input[type=hidden]")}
    foreign = look.select_one("input[name=sealed]")["value"]
    assert one.client.post(address, data={**fields, "sealed": foreign, "don-vi": "20164"}).status_code == 409
    assert hall.appraiser.get(address).status_code == 404
    hall.on(6, 20)
    late = hall.officer.open(address)
    assert ("Đã hết thời gian tự đánh giá" in words(late.main), late.select("input[name=don-vi]")) == (True, [])
    refused = fill_many(hall.officer, look, ["20167"])
    assert (refused.status_code, own_of(quarter, "20167")) == (409, {})


def test_the_command_fills_every_unit_of_a_round_and_names_those_without_figures(hall, quarter, communes):
    run = lambda *args: CliRunner().invoke(cli, ["round", "fill", "cac-xa-2024", *args], env=quarter.environment)  # noqa: E731
    shown = run("--all").output
    lines = dict(line.split(": ", 1) for line in shown.splitlines() if ": " in line)
    count = sum(each.has_figures and each.code not in UNOPENED for each in seen_from(quarter.read(), "20167").sheet.criteria)
    assert lines["Xã Hương Sơn"].startswith(f"{count} dòng sẽ ghi, theo bản chốt lần 1")
    assert lines["Thị trấn A Lưới"].startswith("Chưa có điểm hệ thống tính: ") or lines["Thị trấn A Lưới"].startswith("0 dòng")
    assert run().exit_code == 2
