"""A plan is begun and changed on the web: every save is a version, checked as files are; whoever comes second is told and loses nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from docx import Document

from hue_dti.accounts.model import Grant, Role
from hue_dti.catalogue.outline import outline_of
from hue_dti.plans.model import PlanKey
from hue_dti.plans.targets import TargetKind
from hue_dti.services.plan_file import plan_of
from tests.people import signed_in
from tests.web.conftest import Reader, words

SET = "hue-district-2024"
KEY = PlanKey("483", SET, 2024)
PLAN = f"/ke-hoach/483/{SET}/2024"
BEGIN = {"don-vi": "483", "khung": SET, "nam-ke-hoach": "2024", "ten": "Kế hoạch năm 2024", "tu": "khung"}


@dataclass
class Desk:
    """The district's secretary and a colleague, and what is kept."""

    storage: object
    secretary: Reader
    colleague: Reader
    officer: Reader

    @property
    def versions(self):
        return self.storage.plans.versions(KEY)

    @property
    def plan(self):
        return self.versions[-1].plan

    def line(self, code):
        return next(each for each in self.plan.lines if each.code == code)

    def form(self, reader, address):
        """What the page's form sends when nothing is typed."""
        form = reader.open(address).select_one("main form[method=post]")
        found = {}
        for each in form.select("input[name], textarea[name], select[name]"):
            chosen = each.select_one("option[selected]") or each.select_one("option") if each.name == "select" else None
            text = chosen["value"] if chosen else each.get_text().removeprefix("\n") if each.name == "textarea" else each.get("value", "")
            found.setdefault(each["name"], []).append(text)
        return form["action"], found

    def send(self, address, reader=None, held=None, **typed):
        who = reader or self.secretary
        action, form = held or self.form(who, address)
        return who.client.post(action, data={**form, **{name.replace("_", "-"): text for name, text in typed.items()}})


def page(answer):
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


@pytest.fixture(scope="module")
def desk(copy_quarter, tmp_path_factory):
    with copy_quarter(tmp_path_factory.mktemp("plan")) as quarter:
        quarter.close()
        app = quarter.site().application
        app.config["CLOCK"] = lambda: datetime(2024, 7, 10, 3, tzinfo=UTC)
        people = (("thu.ky", Role.SECRETARY, "483"), ("dong.nghiep", Role.SECRETARY, "483"), ("can.bo", Role.OFFICER, "483"))
        made = Desk(quarter.storage, *(Reader(signed_in(app, login, Grant(role, unit))) for login, role, unit in people))
        assert made.send("/ke-hoach/lap", **BEGIN).status_code == 303
        yield made


def test_a_plan_begins_with_every_line_its_result_of_the_closed_quarter_and_no_target(desk):
    first = desk.versions[0]
    assert first.reason == "lập từ đủ 53 chỉ tiêu; kết quả hiện nay theo Quý II năm 2024 (đã chốt)"
    assert {line.target.kind for line in first.plan.lines} == {TargetKind.OPEN}
    results = {line.code: line.result for line in first.plan.lines}
    said = {"I.1": "đã xong", "I.5": "25", "II.1": "08/01/2024", "III.2": "27,99%", "III.5": "", "VI.4": "4/6"}
    assert {code: results[code] for code in said} == said
    assert results["VI.3"] == "5,27%, càng thấp càng tốt"
    assert [each.result for each in first.plan.groups[:2]] == ["1/1", "51,04%"]
    assert "53 chỉ tiêu chưa đặt phấn đấu" in words(desk.secretary.open(PLAN).main)
    paper = Document(BytesIO(desk.secretary.get(f"{PLAN}/ke-hoach.docx").data))
    assert "- Chưa chỉ tiêu nào đặt phấn đấu." in [each.text for each in paper.paragraphs]
    again = desk.send("/ke-hoach/lap", **BEGIN)
    assert (again.status_code, "Đơn vị đã có kế hoạch năm 2024" in words(page(again).main)) == (422, True)
    assert desk.officer.get("/ke-hoach/lap").status_code == 404


def test_a_line_is_set_by_form_with_several_units_and_is_the_next_version(desk):
    form = f"{PLAN}/viec/III.1/sua"
    assert desk.send(form, phan_dau="90% trở lên", chu_tri=["Phòng Văn hoá", "", "Huyện Nam Đông"], han="30/09/2024").status_code == 303
    line, version = desk.line("III.1"), desk.versions[-1]
    assert (line.target.words, line.lead, line.due.isoformat()) == ("90% trở lên", ("Phòng Văn hoá", "Huyện Nam Đông"), "2024-09-30")
    assert (version.reason, version.who["Huyện Nam Đông"]) == ("đặt phấn đấu: III.1", ("483",))
    nothing = desk.send(form, phan_dau="80%")
    assert (nothing.status_code, "Chưa ghi vì sao đổi" in words(page(nothing).main)) == (422, True)
    assert desk.officer.get(form).status_code == 404


def test_each_fault_stands_beside_its_field_and_nothing_typed_is_lost(desk):
    before = len(desk.versions)
    typed = {"phan_dau": "", "chu_tri": "Sở A", "han": "31/02/2024", "nhiem_vu": "Việc đã gõ"}
    refused = page(desk.send(f"{PLAN}/viec/III.2/sua", **typed))
    assert {each["id"]: words(each) for each in refused.select("main form .wrong-words")} == {
        "e-phan-dau": "Chưa ghi phấn đấu; hãy ghi chỉ tiêu phấn đấu, bằng số hoặc bằng lời như 'Duy trì'.",
        "e-han": "Hạn: '31/02/2024': lịch không có ngày này; hãy viết ngày/tháng/năm, như 10/06/2024.",
    }
    assert refused.select_one("#han")["aria-describedby"].endswith("e-han")
    assert refused.select_one("#nhiem-vu").get_text().strip() == "Việc đã gõ"
    more = page(desk.send(f"{PLAN}/viec/III.2/sua", **typed, them_o="1"))
    assert [each["value"] for each in more.select("input[name=chu-tri]")] == ["Sở A", "", "", ""]
    assert len(desk.versions) == before


def test_a_line_of_one_s_own_is_added_and_a_second_line_of_a_component_is_refused(desk):
    own = {"ten": "Mô hình chợ số", "nhom": "V", "phan_dau": "Duy trì", "chu_tri": "Sở A", "ly_do": "Công văn 3"}
    assert desk.send(f"{PLAN}/them", **own).status_code == 303
    assert [line.name for line in desk.plan.lines if line.group == "V"][-1] == "Mô hình chợ số"
    twice = page(desk.send(f"{PLAN}/them", ma="III.1", phan_dau="95%", chu_tri="Sở A", ly_do="x"))
    assert "Mã 'III.1' đã có ở chỉ tiêu “" in words(twice.select_one("#e-ma"))
    kept, (_, blank) = len(desk.versions), desk.form(desk.secretary, f"{PLAN}/them")
    unknown = desk.send("", held=(f"{PLAN}/viec/khong-co/sua", blank), **own | {"ten": "Chợ khác"})
    assert (unknown.status_code, len(desk.versions)) == (422, kept)
    assert "Kế hoạch không có chỉ tiêu này" in words(page(unknown).main)
    assert page(unknown).select_one("main form.plan-form")["action"].endswith("/them")


def test_whoever_saves_second_is_told_by_whom_and_what_changed_and_saves_on_top(desk):
    form = f"{PLAN}/viec/III.1/sua"
    held = desk.form(desk.secretary, form)
    assert desk.send(form, desk.colleague, phan_dau="85%", ly_do="Công văn 7").status_code == 303
    theirs = len(desk.versions)
    told = desk.send(form, held=held, nhiem_vu="Tập huấn", phan_dau="95%", ly_do="Công văn 8")
    shown = page(told)
    assert (told.status_code, len(desk.versions)) == (422, theirs)
    assert f"vừa lưu bản {theirs}" in words(shown.select_one("[role=alert]"))
    assert "Phấn đấu 90% trở lên 85%" in words(shown.select_one(".theirs"))
    assert shown.select_one("#nhiem-vu").get_text().strip() == "Tập huấn"
    again = {each["name"]: each.get("value", each.get_text()) for each in shown.select("main form input[name], main form textarea[name]")}
    chosen = shown.select_one("#nhom option[selected]")["value"]
    assert desk.secretary.client.post(form, data={**again, "nhom": chosen, "chu-tri": "Huyện Nam Đông"}).status_code == 303
    assert (desk.line("III.1").target.words, desk.versions[-1].reason) == ("95%", "Công văn 8")


def test_a_version_that_left_the_line_and_the_goals_alone_asks_for_nothing(desk):
    of_line, of_goals = f"{PLAN}/viec/III.2/sua", f"{PLAN}/muc-tieu"
    line, goals, late = (desk.form(*each) for each in ((desk.secretary, of_line), (desk.secretary, of_goals), (desk.colleague, of_goals)))
    assert desk.send(f"{PLAN}/viec/III.4/sua", desk.colleague, ghi_chu="Việc của người khác", ly_do="Công văn 9").status_code == 303
    assert desk.send(of_line, held=line, ghi_chu="Việc của tôi", ly_do="Công văn 10").status_code == 303
    assert desk.send(of_goals, held=goals, ten="Kế hoạch số", ly_do="Công văn 11").status_code == 303
    assert (desk.line("III.2").note, desk.line("III.4").note) == ("Việc của tôi", "Việc của người khác")
    told = page(desk.send(of_goals, desk.colleague, held=late, ly_do="Công văn 12"))
    assert f"vừa lưu bản {len(desk.versions)}" in words(told.select_one("[role=alert]"))
    assert "Kế hoạch năm 2024 → Kế hoạch số" in words(told.select_one(".theirs"))


def test_who_changed_the_line_is_named_even_when_others_kept_the_plan_since(desk):
    form = f"{PLAN}/viec/III.2/sua"
    held = desk.form(desk.secretary, form)
    assert desk.send(form, desk.colleague, ghi_chu="Xem lại", ly_do="Công văn 13").status_code == 303
    theirs = len(desk.versions)
    assert desk.send(f"{PLAN}/viec/III.4/sua", desk.colleague, ghi_chu="", ly_do="Công văn 14").status_code == 303
    told = page(desk.send(form, held=held, ghi_chu="Bản của tôi", ly_do="Công văn 15"))
    assert f"vừa lưu bản {theirs}" in words(told.select_one("[role=alert]"))
    assert "Công văn 13" in words(told.select_one("[role=alert]"))


def test_a_line_taken_out_meanwhile_comes_back_only_when_that_is_said(desk):
    form = f"{PLAN}/viec/III.3/sua"
    held = desk.form(desk.secretary, form)
    assert desk.send(f"{PLAN}/bo?viec=III.3", desk.colleague).status_code == 303
    assert desk.versions[-1].reason == "bỏ chỉ tiêu chưa đặt phấn đấu"
    told = page(desk.send(form, held=held, phan_dau="Duy trì", chu_tri="Sở A"))
    assert "Bản ấy đã bỏ chỉ tiêu này" in words(told.main)
    assert told.select_one("main form.plan-form")["action"].endswith("/them")
    assert "III.3" not in {line.code for line in desk.plan.lines}


def test_a_component_that_is_put_back_takes_its_name_and_group_and_stands_last_in_it(desk):
    assert desk.send(f"{PLAN}/them", ma="III.3", phan_dau="Duy trì", chu_tri="Sở A", ly_do="x").status_code == 303
    assert (desk.line("III.3").name, desk.line("III.3").group) == ("Tỷ lệ hộ gia đình sử dụng thiết bị thông minh", "III")
    codes = [line.code for line in desk.plan.lines]
    assert codes[codes.index("III.3") - 1 : codes.index("III.3") + 2] == ["III.6", "III.3", "IV.1"]


def test_what_is_set_goes_only_with_a_reason_and_the_history_tells_old_and_new(desk):
    refused = page(desk.send(f"{PLAN}/bo?viec=III.1"))
    assert "Chưa ghi vì sao đổi kế hoạch" in words(refused.main)
    assert desk.send(f"{PLAN}/muc-tieu", ly_do="Nghị quyết 5", **{"pd-": "1 trở lên", "pd-III": "95% số điểm trở lên"}).status_code == 303
    assert {each.group: each.target.words for each in desk.plan.groups if each.target.words} == {
        "": "1 trở lên",
        "III": "95% số điểm trở lên",
    }
    newest = len(desk.versions)
    history = desk.secretary.open(f"{PLAN}/lich-su")
    assert "Nghị quyết 5" in words(history.select_one(f"#ban-{newest}"))
    assert "Phấn đấu 90% trở lên 85%" in {words(each) for each in history.select("#ban-4 .changes tbody tr")}
    of_line = desk.secretary.open(f"{PLAN}/lich-su?chi-tieu=III.1")
    assert len(of_line.select("section")) == 4
    assert desk.secretary.get(f"{PLAN}/lich-su?truoc=2").text.count("<section") == 1


def test_open_lines_survive_a_workbook_and_stay_out_of_the_paper(desk):
    found = desk.secretary.get(f"{PLAN}/ke-hoach.xlsx")
    outline = desk.secretary.client.application.extensions["hue_dti"].catalogue.sets[SET]
    assert plan_of(found.data, "x.xlsx", outline_of(outline)) == desk.plan
    word = Document(BytesIO(desk.secretary.get(f"{PLAN}/ke-hoach.docx").data))
    table = max(word.tables, key=lambda each: len(each.rows))
    assert len(table.rows) == 1 + 2 + 3
    assert desk.send(f"{PLAN}/bo?chi=chua-dat").status_code == 303
    assert [line.name for line in desk.plan.lines] == [desk.line("III.1").name, desk.line("III.3").name, "Mô hình chợ số"]


def test_next_year_s_plan_begins_with_this_one(desk):
    typed = BEGIN | {"nam-ke-hoach": "2025", "tu": "nam-truoc", "ten": ""}
    assert "Chưa có kế hoạch năm 2025" in words(page(desk.send("/ke-hoach/lap", **(typed | {"nam-ke-hoach": "2026"}))).main)
    assert desk.send("/ke-hoach/lap", **typed).status_code == 303
    (first,) = desk.storage.plans.versions(PlanKey("483", SET, 2025))
    assert first.title == "Kế hoạch cải thiện chỉ số chuyển đổi số năm 2025"
    line = first.plan.lines[0]
    assert (line.target.words, line.lead, line.due.isoformat(), line.result) == ("95%", ("Huyện Nam Đông",), "2025-09-30", "95,14%")
    assert first.reason.startswith("lập từ kế hoạch năm 2024, bản ")


def test_a_step_leads_into_the_plan_of_its_year_filled_in_with_its_target_and_its_day(desk):
    steps = "/don-vi/483/2024-Q2/buoc-tiep"
    assert not desk.officer.open(steps).select(".into-plan")
    assert not Reader(desk.secretary.client.application.test_client()).open(steps).select(".into-plan")
    links = [each["href"] for each in desk.secretary.open(f"{steps}?tat-ca=1").select(".into-plan")]
    address = next(each for each in links if "tieu-chi=III.4&" in each)
    form = desk.secretary.open(address)
    assert [form.select_one(f"#{name}")["value"] for name in ("phan-dau", "han")] == ["100%", "30/09/2024"]
    assert form.select_one("#ma option[selected]")["value"] == "III.4"
    assert "hộ có internet cáp quang" in form.select_one("#nhiem-vu").get_text()
    assert form.select_one("#ly-do").get_text() == "từ việc nên làm tiếp, Quý II năm 2024"
    assert desk.officer.get(address).status_code == 404
    supposed = desk.secretary.open("/don-vi/483/2024-Q2/thu?s.marketplace_sellers=15")
    taken = desk.secretary.open(supposed.select_one(".into-plan")["href"])
    assert (taken.select_one("#phan-dau")["value"], taken.select_one("#ma option[selected]")["value"]) == ("15 trở lên", "VIII.2")
    province = Reader(signed_in(desk.secretary.client.application, "thu.ky.tinh", Grant(Role.SECRETARY, "46")))
    percent = province.open("/don-vi/46/2024-Q2/buoc-tiep").select_one(".into-plan")["href"]
    assert "khung=province-922" in percent


def test_the_province_s_plan_begins_with_its_roll_up_and_says_where_units_are_wanting(desk):
    province = Reader(signed_in(desk.secretary.client.application, "thu.ky.tinh", Grant(Role.SECRETARY, "46")))
    typed = BEGIN | {"don-vi": "46", "khung": "province-922"}
    assert desk.send("/ke-hoach/lap", province, **typed).status_code == 303
    (first,) = desk.storage.plans.versions(PlanKey("46", "province-922", 2024))
    assert first.reason.endswith("kết quả hiện nay theo bản tổng hợp Quý II năm 2024")
    assert next(line for line in first.plan.lines if line.code == "3.3").result == "55,40% (tạm tính, còn đơn vị chưa có số)"


def test_a_step_of_a_year_without_a_plan_leads_through_beginning_one(desk):
    address = f"/ke-hoach/dua-vao?don-vi=483&khung={SET}&nam-ke-hoach=2026&tieu-chi=III.4&phan-dau=60%25&han=01/03/2026"
    answer = desk.send(address)
    assert answer.status_code == 303
    form = desk.secretary.open(answer.headers["Location"])
    assert [form.select_one(f"#{name}")["value"] for name in ("phan-dau", "han")] == ["60%", "01/03/2026"]
    assert "Sửa chỉ tiêu" in words(form.h1)
