"""A plan is looked at before it is kept; each unit finds its own obligations and tells how they go; what is behind is an alert."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from docx import Document
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from hue_dti.accounts.model import Grant, Role
from hue_dti.alerts.model import Finding, Kind, Verdict
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.outline import outline_of
from hue_dti.plans.model import PlanKey
from hue_dti.resources import folder
from hue_dti.rollup.read_values import Spelling
from hue_dti.rollup.year_results import YearResult
from hue_dti.services.alerts import watch_all
from hue_dti.services.plan_file import plan_of
from hue_dti.services.plan_watch import RULE, watch_plan
from tests.people import signed_in
from tests.web.conftest import Reader, place, words

TEXT = (folder("criteria") / "frameworks" / "examples" / "dong-thap-2023-plan.csv").read_text(encoding="utf-8-sig")
OURS = TEXT.replace("Công an Tỉnh", "Huyện Nam Đông").replace("Bưu điện Tỉnh", "Huyện A Lưới")
KEY = PlanKey("46", "province-922", 2024)
PLAN = "/ke-hoach/46/province-922/2024"


@dataclass
class Office:
    """An installation whose province has a plan, and the persons of its pages."""

    place: object
    secretary: Reader
    officer: Reader
    other: Reader

    def at(self, *day):
        self.place.app.config["CLOCK"] = lambda: datetime(*day, 3, tzinfo=UTC)

    def post(self, reader, address, page=None, **sent):
        token = reader.open(page or address).find("input", attrs={"name": "csrf_token"})["value"]
        return reader.client.post(address, data={"csrf_token": token, **{name.replace("_", "-"): text for name, text in sent.items()}})

    def look(self, text, name="ke-hoach.csv", **sent):
        form = {"don-vi": "46", "khung": "province-922", "nam-ke-hoach": "2024", "tep": (BytesIO(text.encode()), name)}
        return self.post(self.secretary, "/ke-hoach/nhap", **form, **sent)

    def keep(self, looked, **sent):
        page = soup(looked)
        form = {each["name"]: each.get("value", "") for each in page.select("form[action$='/ghi'] input[name]")}
        return self.secretary.client.post("/ke-hoach/nhap/ghi", data={**form, **sent})

    def plans(self):
        return self.place.storage.plans.newest()

    def alerts(self):
        return [(each.unit, each.what) for each in self.place.storage.alerts.open()]


def soup(answer):
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


@pytest.fixture(scope="module")
def office(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("plans")) as made:
        made.app.config["CLOCK"] = lambda: datetime(2024, 7, 10, 3, tzinfo=UTC)
        persons = [
            signed_in(made.app, login, Grant(role, unit))
            for login, role, unit in (
                ("thu.ky.tinh", Role.SECRETARY, "46"),
                ("can.bo.nam.dong", Role.OFFICER, "483"),
                ("can.bo.a.luoi", Role.OFFICER, "481"),
            )
        ]
        yield Office(made, *map(Reader, persons))


def test_nothing_of_a_file_is_kept_before_it_is_confirmed_and_every_fault_names_its_cell(office):
    wrong = OURS.replace("100%,Văn phòng UBND Tỉnh,", "100%,,", 1).replace("Nhận thức số,4,", "Nhận thức sô mới,4,", 1)
    refused = office.look(wrong)
    assert refused.status_code == 422
    said = words(soup(refused).select_one("main"))
    assert "cột 'Đơn vị chủ trì': 'Tham gia các phiên họp" in said
    assert "cột 'Nhóm': nhóm 'Nhận thức sô mới'" in said
    looked = office.look(OURS)
    assert "96 chỉ tiêu mới" in words(soup(looked).select_one("main"))
    assert office.plans() == ()
    assert office.keep(looked, ten="Kế hoạch cải thiện DTI năm 2024").status_code == 303
    (kept,) = office.plans()
    assert (kept.number, len(kept.plan.lines), kept.who["Huyện Nam Đông"]) == (1, 96, ("483",))
    assert kept.plan == plan_of(OURS.encode(), "x.csv", outline_of(load_frameworks(folder("criteria"))["province-922"]))


def test_a_file_of_several_megabytes_reaches_its_reader_and_a_larger_one_is_told_its_limit(office):
    def look(reader, padding):
        token = reader.open("/tai-khoan").find("input", attrs={"name": "csrf_token"})["value"]
        form = {"csrf_token": token, "don-vi": "46", "khung": "province-922", "nam-ke-hoach": "2024"}
        file = FileStorage(BytesIO((OURS + (" " * 99 + "\n") * (padding // 100)).encode()), "ke-hoach.csv", content_type="text/csv")
        boundary, body = encode_multipart({**form, "tep": file})
        return reader.client.post("/ke-hoach/nhap", data=body, content_type=f"multipart/form-data; boundary={boundary}")

    assert look(office.secretary, 2_000_000).status_code == 200
    refused = look(office.secretary, 5_000_000)
    assert (refused.status_code, "tệp lớn hơn 5 MB" in words(soup(refused))) == (422, True)
    assert look(office.officer, 2_000_000).status_code == 413


def test_what_goes_out_as_a_workbook_comes_in_again_unchanged(office):
    book = office.secretary.get(f"{PLAN}/ke-hoach.xlsx").data
    form = {"don-vi": "46", "khung": "province-922", "nam-ke-hoach": "2024", "tep": (BytesIO(book), "ke-hoach.xlsx")}
    said = words(soup(office.post(office.secretary, "/ke-hoach/nhap", **form)).select_one("main"))
    assert "0 chỉ tiêu mới, 0 chỉ tiêu đổi, 0 chỉ tiêu bỏ, 96 chỉ tiêu không đổi" in said


def test_a_unit_sees_only_what_falls_to_it_and_another_s_work_is_not_there(office):
    page = office.officer.open(PLAN)
    names = [words(each) for each in page.select(".plan-lines tbody th[scope=row]")]
    assert 3 <= len(names) < 40
    assert office.officer.get(f"{PLAN}/viec/1.1").status_code == 404
    assert office.officer.get("/ke-hoach/nhap").status_code == 404
    assert office.officer.get(f"{PLAN}/ke-hoach.xlsx").status_code == 404
    assert "Việc theo kế hoạch" in words(office.officer.open("/viec-cua-toi").select_one("main"))
    everything = office.secretary.open(PLAN)
    assert len(everything.select(".plan-lines tbody th[scope=row]")) == 96
    focused = office.secretary.open(f"{PLAN}?trong-tam=2023")
    assert 8 <= len(focused.select(".plan-lines tbody th[scope=row]")) < 20
    lacking = focused.select_one("#chi-tieu .note")
    assert [words(each) for each in lacking.select(".code")] == ["1.2", "6.8", "8.1"]
    adding = office.secretary.client.get(lacking.select_one("a")["href"], follow_redirects=True)
    assert 'value="1.2"' in adding.get_data(as_text=True)
    assert "trọng tâm 2023 chưa có" not in words(office.officer.open(f"{PLAN}?trong-tam=2023").main)


def test_the_lead_unit_tells_month_by_month_and_falling_behind_is_one_alert_until_mended(office):
    told = {"thang": "2024-07", "tinh_trang": "late", "loi": "", "lien_ket": ""}
    key = next(each.key for each in office.plans()[0].plan.lines if each.lead == ("Huyện Nam Đông",))
    line = f"{PLAN}/viec/{key}"
    refused = office.post(office.officer, f"{line}/0", line, **told)
    assert "Chưa ghi vì sao chậm" in words(soup(refused).select_one("main"))
    assert office.post(office.other, f"{line}/0", "/viec-cua-toi", **told).status_code == 404
    late = told | {"loi": "Chờ kinh phí quý III"}
    for month in ("2024-08", "2023-12"):
        refused = office.post(office.officer, f"{line}/0", line, **(late | {"thang": month}))
        assert "Chỉ báo được các tháng" in words(soup(refused).select_one("main"))
    assert office.post(office.officer, f"{line}/0", line, **late).status_code == 303
    ((unit, what),) = office.alerts()
    operator = Reader(signed_in(office.place.app))
    assert line in {each["href"] for each in operator.open("/canh-bao").select("#cho a")}
    assert (unit, "báo chậm tháng 07/2024" in what, "Chờ kinh phí quý III" in what) == ("483", True, True)
    watch_all(office.place.storage, office.place.catalogue, (), datetime(2024, 7, 11, tzinfo=UTC))
    assert len(office.alerts()) == 1
    office.at(2024, 7, 12)
    seen = office.officer.open(line).select_one("input[name=da-xem]")["value"]
    mended = late | {"tinh_trang": "done", "loi": "Đã có 12 hệ thống", "da_xem": seen}
    assert office.post(office.officer, f"{line}/0", line, **mended).status_code == 303
    assert office.alerts() == []
    assert "Vừa có người báo" in words(soup(office.post(office.officer, f"{line}/0", line, **mended)).select_one("main"))
    history = [(each.doing.value, each.words) for each in office.place.storage.plans.told(KEY)]
    assert history == [("late", "Chờ kinh phí quý III"), ("done", "Đã có 12 hệ thống")]


def test_after_its_day_what_is_not_done_is_behind_and_what_is_deferred_never_is(office):
    watch_all(office.place.storage, office.place.catalogue, (), datetime(2025, 1, 2, tzinfo=UTC))
    open_ = office.alerts()
    assert len(open_) > 90
    assert not [what for _, what in open_ if "thuê chuyên gia chuyển đổi số" in what or "Vò sò" in what]
    assert [what for unit, what in open_ if unit == "483" and "đã quá hạn 31/12/2024 mà chưa xong" in what]
    watch_all(office.place.storage, office.place.catalogue, (), datetime(2024, 12, 1, tzinfo=UTC))


def test_a_change_is_a_new_version_with_a_reason_and_the_old_stays(office):
    looked = office.look(OURS.replace('"22,85%",70%', '"22,85%",75%'))
    assert "1 chỉ tiêu đổi" in words(soup(looked).select_one("main"))
    title = "Kế hoạch cải thiện DTI năm 2024"
    assert "Chưa ghi vì sao đổi kế hoạch" in words(soup(office.keep(looked, ten=title)).select_one("main"))
    assert office.keep(looked, ten=title, **{"ly-do": "Công văn 15/UBND"}).status_code == 303
    versions = office.place.storage.plans.versions(KEY)
    assert [(each.number, each.reason) for each in versions] == [(1, ""), (2, "Công văn 15/UBND")]
    assert versions[0].sha256 != versions[1].sha256
    assert "vừa có bản mới" in words(soup(office.keep(looked, ten=title, **{"ly-do": "lại"})).select_one("main"))
    acts = [kept.event.act for kept in office.place.storage.trail.page()]
    assert {"plan.saved", "plan.told"} <= set(acts)


def test_a_name_is_tied_to_a_unit_whose_people_then_see_the_work(office):
    before = len(office.other.open(PLAN).select(".plan-lines tbody th[scope=row]"))
    page = office.secretary.open(f"{PLAN}/don-vi")
    form = {"csrf_token": page.find("input", attrs={"name": "csrf_token"})["value"], "ban": page.select_one("input[name=ban]")["value"]}
    names = [each["value"] for each in page.select("input[name=ten]")]
    said = [
        "481; 483" if name == "UBND huyện, thành phố" else each["value"]
        for name, each in zip(names, page.select("input[name=la]"), strict=True)
    ]
    answer = office.secretary.client.post(f"{PLAN}/don-vi", data={**form, "ten": names, "la": said})
    assert answer.status_code == 303
    assert len(office.other.open(PLAN).select(".plan-lines tbody th[scope=row]")) > before
    looked = office.look(OURS.replace('"22,85%",70%', '"22,85%",80%'))
    assert office.keep(looked, ten="Kế hoạch cải thiện DTI năm 2024", **{"ly-do": "Công văn 16/UBND"}).status_code == 303
    assert office.plans()[0].who["UBND huyện, thành phố"] == ("481", "483"), "a name stays tied in the next version"


def test_what_is_told_of_one_plan_leaves_the_alerts_of_another(office):
    at, alerts = datetime(2024, 7, 20, tzinfo=UTC), office.place.storage.alerts
    other = Finding(RULE, Kind.BEHIND, "46/province-922/2023/1.1/Sở A", "kế hoạch năm trước", at, times=1)
    alerts.settle("483", Verdict((other,)), at, set())
    watch_plan(office.place.storage, office.plans()[0], at)
    assert other.subject in {each.subject for each in alerts.open()}


def test_a_plan_takes_the_ranking_of_a_year_that_was_handed_in(office):
    values = (folder("criteria") / "frameworks" / "examples" / "dti-2021-provinces.csv").read_text(encoding="utf-8")
    told = (Spelling(), "Báo cáo DTI 2021", date(2022, 8, 9), "", "an", "Lê Văn An", "", datetime(2024, 1, 2, tzinfo=UTC))
    office.place.storage.year_results.keep(YearResult("province-922", 2021, 1, values, *told))
    ranking = f"{PLAN}/xep-hang"
    page = office.secretary.open(ranking)
    assert ("2021: Báo cáo DTI 2021" in words(page.select_one("#dot")), page.select_one("#ten-trong-dot")["value"]) == (
        True,
        "Thừa Thiên - Huế",
    )
    assert office.post(office.secretary, ranking, dot="2021", ten_don_vi="Hậu Giang").status_code == 303
    assert "hạng 17/63 · hạng 2/13 của Đồng bằng sông Cửu Long" in words(office.secretary.open(ranking).select_one("main"))


def test_the_whole_plan_prints_with_its_assignments_and_the_ranking_put_beside_it(office):
    values = (folder("criteria") / "frameworks" / "examples" / "dti-2021-provinces.csv").read_bytes()
    ranking = f"{PLAN}/xep-hang"
    form = {"nam_do": "2021", "ten_don_vi": "Đồng Tháp"}
    refused = office.post(office.secretary, ranking, **form)
    assert "Chưa chọn tệp giá trị" in words(soup(refused).select_one("main"))
    elsewhere = office.post(office.secretary, ranking, nam_do="2021", ten_don_vi="Đồng Thápp", gia_tri=(BytesIO(values), "2021.csv"))
    assert "không có đơn vị 'Đồng Thápp'" in words(soup(elsewhere).select_one("main"))
    assert office.post(office.secretary, ranking, **form, gia_tri=(BytesIO(values), "2021.csv")).status_code == 303
    assert "hạng 49/63 · hạng 11/13 của Đồng bằng sông Cửu Long" in words(office.secretary.open(ranking).select_one("main"))
    pages = PdfReader(BytesIO(office.secretary.get(f"{PLAN}/ke-hoach.pdf").data)).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert "Năm 2021, Đồng Tháp xếp hạng 49/63" in text
    assert "- Nhóm chỉ tiêu về nhận thức số: đạt 95% số điểm trở lên" in text
    assert "Ban hành chính sách thuê chuyên gia chuyển đổi số: Do chưa đủ cơ sở pháp lý" in text
    assert text.count("Đồng Tháp 0,3303") == 2
    word = Document(BytesIO(office.secretary.get(f"{PLAN}/ke-hoach.docx").data))
    table = max(word.tables, key=lambda each: len(each.rows))
    assert len(table.rows) == 1 + 8 + 96
    assert office.officer.get(f"{PLAN}/ke-hoach.pdf").status_code == 404
