"""The appraisal in the browser: both marks with reasons, explanations until a day, a result beside a snapshot that never moves."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

import pytest

from hue_dti.accounts.model import Grant, Role
from hue_dti.appraisal.model import Workflow
from hue_dti.numerals import format_points
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.units.model import Level
from tests.evidence.papers import pdf
from tests.people import signed_in
from tests.services.typing_desk import Desk
from tests.web.conftest import Place, place, words
from tests.web.forms_of_pages import Person

AFTER = datetime(2024, 11, 5, 5, 0, tzinfo=UTC)
ADDRESS = "/tham-dinh/483/2024-Q3"
CRITERION = "VIII.1"


@pytest.fixture
def closed(server, catalogue, tmp_path):
    """Nam Đông's third quarter with what one commune typed, closed; the clock can be put on by days."""
    with place(server, catalogue, tmp_path) as made:
        tell(made, communes(made)[0], 200, 180)
        close(made, desk_period())
        yield made


def communes(made):
    return [unit.code for unit in made.storage.units() if unit.parent == "483" and unit.level is Level.COMMUNE]


def tell(made, commune, shops, with_code, period=None):
    desk = Desk(made.storage, made.catalogue, commune)
    for value, measure in ((shops, "shops"), (with_code, "shops_vietqr")):
        desk.type(value, measure, period=str(period or desk_period()))


def close(made, period):
    unit = next(unit for unit in made.storage.units() if unit.code == "483")
    close_quarter(made.storage, made.catalogue, unit, period, lambda: AFTER, "Thư ký")


def desk_period():
    return Period.parse("2024-Q3")


def at(made: Place, days: int = 0) -> None:
    seconds = count()
    made.app.config["CLOCK"] = lambda: AFTER + timedelta(days=days, seconds=next(seconds))


def person(made, login, role, unit):
    return Person(signed_in(made.app, login, Grant(role, unit), name=f"Người {login}"))


def test_a_quarter_that_is_not_closed_has_no_appraisal_yet(closed):
    at(closed)
    page = person(closed, "tham.dinh", Role.APPRAISER, "46").open("/tham-dinh/483/2024-Q2")
    assert "Thẩm định bắt đầu sau khi chốt số liệu" in words(page.main)


def test_the_whole_way_from_self_score_to_the_settled_result(closed):
    at(closed)
    appraiser, officer = person(closed, "tham.dinh", Role.APPRAISER, "46"), person(closed, "thu.ky", Role.SECRETARY, "483")
    assert officer.open(ADDRESS).select("main button") == []
    begun = appraiser.press(appraiser.open(ADDRESS), "Mở thẩm định")
    most, own = (words(each) for each in begun.select_one(f"tr[id='{CRITERION}']").select("td")[:2])
    page = appraiser.open(f"{ADDRESS}/{CRITERION}")
    refused = appraiser.press(page, "Ghi điểm thẩm định", 409, diem="999", ly_do="thiếu ảnh")
    assert "Điểm phải từ 0" in words(refused.select_one("#loi"))
    marked = appraiser.press(page, "Ghi điểm thẩm định", diem="1,5", ly_do="Ảnh dán mã không rõ nơi chụp.")
    row = [words(each) for each in marked.select_one(f"tr[id='{CRITERION}']").select("td")]
    assert row[:4] == [most, own, "1,5", "1,5"]
    assert "chưa giải trình VIII.1" in words(marked.main)
    asked = appraiser.press(marked, "Gửi đơn vị giải trình", den_ngay="12/11/2024")
    assert "hạn giải trình 12/11/2024" in words(asked.select_one(".case-line"))
    due = words(officer.open("/viec-cua-toi").select_one("#cho-ban"))
    assert "Huyện Nam Đông cần giải trình 1 tiêu chí của Quý III/2024" in due
    assert "hạn giải trình 12/11/2024" in due
    officer.press(officer.open(f"{ADDRESS}/{CRITERION}"), "Gửi giải trình", ly_do="Gửi lại ảnh có vị trí.")
    assert "cần giải trình" not in words(officer.open("/viec-cua-toi").main)
    final = appraiser.press(appraiser.open(f"{ADDRESS}/{CRITERION}"), "Ghi điểm thẩm định", diem="2,25", ly_do="Ảnh bổ sung đạt.")
    settled = appraiser.press(final, "Chốt kết quả thẩm định")
    assert "đã chốt kết quả" in words(settled.select_one(".case-line"))
    seen = [words(each) for each in officer.open(f"{ADDRESS}/{CRITERION}").select(".facts dd")]
    assert [said in place_ for said, place_ in zip((own, "không có quý trước", "1,5", "Gửi lại ảnh", "2,25"), seen, strict=True)] == [
        True
    ] * 5
    assert appraiser.open(ADDRESS).select("main form") == []
    _kept(closed, own)


def _kept(made, own):
    told = made.storage.reviews.history("483", "2024-Q3", Workflow.APPRAISAL)
    head = made.storage.newest_head("483")
    assert [each.case.move.value for each in told] == ["begin", "ask", "settle"]
    row = next(each for each in told[-1].told["criteria"] if each["criterion"] == CRITERION)
    assert (format_points(row["self"]), row["appraised"], row["final"]) == (own, 15_000, 22_500)
    assert told[-1].told["snapshot"] == head.sha256
    assert head.sequence == 1
    acts = [each.event.act for each in made.storage.trail.every() if each.event.act.startswith("appraisal.")]
    assert acts == [f"appraisal.{what}" for what in ("begun", "marked", "asked", "explained", "decided", "settled")]


def test_after_the_day_nobody_explains_any_more_and_the_result_may_be_settled(closed):
    at(closed)
    appraiser, officer = person(closed, "tham.dinh", Role.APPRAISER, "46"), person(closed, "thu.ky", Role.SECRETARY, "483")
    appraiser.press(appraiser.open(ADDRESS), "Mở thẩm định")
    appraiser.press(appraiser.open(f"{ADDRESS}/{CRITERION}"), "Ghi điểm thẩm định", diem="1", ly_do="Thiếu ảnh.")
    asked = appraiser.press(appraiser.open(ADDRESS), "Gửi đơn vị giải trình", den_ngay="12/11/2024")
    assert "Chốt kết quả thẩm định" not in words(asked.main)
    late = officer.open(f"{ADDRESS}/{CRITERION}")
    at(closed, days=8)
    assert "hết hạn giải trình" in words(officer.press(late, "Gửi giải trình", 409, ly_do="muộn").select_one("#loi"))
    settled = appraiser.press(appraiser.open(ADDRESS), "Chốt kết quả thẩm định")
    assert "đã chốt kết quả" in words(settled.select_one(".case-line"))


def test_who_typed_a_figure_of_the_unit_does_not_appraise_it(closed):
    at(closed)
    typist = person(closed, "an.hp", Role.APPRAISER, "46")
    assert typist.open(ADDRESS).select("main button") == []


def test_beside_the_marks_stand_the_figures_with_whose_they_are_the_proof_the_quarter_before_and_the_mean(server, catalogue, tmp_path):
    with place(server, catalogue, tmp_path) as made:
        first, second, before = *communes(made)[:2], desk_period().previous()
        for told in ((first, 100, 20, before), (first, 200, 180), (second, 100, 50)):
            tell(made, *told)
        close(made, before)
        close(made, desk_period())
        at(made)
        appraiser, officer = person(made, "tham.dinh", Role.APPRAISER, "46"), person(made, "can.bo", Role.SECRETARY, first)
        hand_in(officer, f"/minh-chung/{first}/2024-Q3/{CRITERION}")
        page = f"/tham-dinh/{first}/2024-Q3"
        row = appraiser.open(page).select_one(f"tr[id='{CRITERION}']")
        link = row.select_one(f"a[href='/don-vi/{first}/2024-Q3/tieu-chi/{CRITERION}']")
        assert words(link) == "180/200"
        assert "ô nhập của Lê Văn An, Công chức Văn phòng - Thống kê (chưa được duyệt)" in words(row.th)
        proof = words(row.select(".beside")[1])
        assert proof == f"Minh chứng {CRITERION} có nhưng chưa chứng minh được 1 tài liệu; Chưa ký số; 1 nộp sau khi chốt"
        assert [words(each) for each in row.select("td")[:4]] == ["10", "2", "7", "9"]
        mine = officer.open(f"{page}/{CRITERION}")
        assert "nộp sau khi chốt" in words(mine.select_one("#minh-chung .piece"))
        assert mine.select_one("#minh-chung .piece a")["href"].startswith(f"/minh-chung/{first}/2024-Q3/{CRITERION}/")
        assert "= 9 điểm" in words(mine.select_one("#so-lieu .equation"))
        settle(made, appraiser, f"/tham-dinh/{first}/{before}", "1,5")
        assert words(appraiser.open(page).select_one(f"tr[id='{CRITERION}']").select("td")[1]) == "1,5*"


def hand_in(officer, address):
    told = {each["name"]: each["value"] for each in officer.open(address).select_one("form[data-send]").select("input[type=hidden]")}
    told |= {"minh-chung": "signed_file", "tep": (BytesIO(pdf()), "bao-cao.pdf")}
    assert officer.client.post(address, data=told, content_type="multipart/form-data").status_code == 303


def settle(made, appraiser, page, points):
    appraiser.press(appraiser.open(page), "Mở thẩm định")
    appraiser.press(appraiser.open(f"{page}/{CRITERION}"), "Ghi điểm thẩm định", diem=points, ly_do="Thiếu ảnh.")
    appraiser.press(appraiser.open(page), "Gửi đơn vị giải trình", den_ngay="12/11/2024")
    at(made, days=8)
    appraiser.press(appraiser.open(page), "Chốt kết quả thẩm định")
