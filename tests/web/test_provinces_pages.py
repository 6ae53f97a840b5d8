"""Provinces ranked for everybody: a year handed in, looked at, replaced with a reason; neighbours, regions, growth, files, rounds."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from bs4 import BeautifulSoup

from hue_dti import __version__
from hue_dti.accounts.model import Grant, Role
from hue_dti.appraisal.model import Signed
from hue_dti.appraisal.rounds import Participant, Phase, Round, SelfMark, Window
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.outline import outline_of
from hue_dti.resources import folder
from hue_dti.rollup.rounds import Publication, freeze, round_lines
from hue_dti.services.rounds import desk_of
from hue_dti.trail.model import Selection
from tests.people import signed_in
from tests.web.conftest import Reader, place, words

BOARD, FORM = "/bang-xep-hang/tinh", "/bang-xep-hang/tinh/ghi"
PROVINCES = (folder("criteria") / "frameworks" / "examples" / "dti-2021-provinces.csv").read_text(encoding="utf-8")
YEAR = f"{BOARD}/province-922/2021"


@pytest.fixture(scope="module")
def hall(server, catalogue, tmp_path_factory):
    with place(server, catalogue, tmp_path_factory.mktemp("provinces")) as made:
        yield made


@pytest.fixture(scope="module")
def operator(hall):
    return Reader(signed_in(hall.app, "van.hanh", Grant(Role.OPERATOR, "46")))


def published_round(made, code, year, names):
    """A round of provinces, each with fewer points than the one before it, published."""
    by, at, day = Signed("an", "Lê Văn An", ""), datetime(year, 6, 1, tzinfo=UTC), date(year, 6, 1)
    units = tuple(Participant(f"t{nth}", name) for nth, name in enumerate(names))
    frameworks = load_frameworks(folder("criteria"))
    lines = round_lines(outline_of(frameworks["province-922"]), by_group=True)
    given = Round(code, f"Đợt {code}", "province-922", "46", year, units, lines, {phase: Window(day, day) for phase in Phase}, by, at)
    made.storage.rounds.open(given)
    for nth, unit in enumerate(units, start=2):
        marks = [SelfMark(unit.code, line.code, line.max_points // nth, "", "", by, at) for line in lines]
        made.storage.rounds.enter(code, marks, [None] * len(marks))
    desk = desk_of(made.storage, given, frameworks)
    digest, bundle = freeze(given, desk.sheets, desk.framework, 1, "")
    made.storage.rounds.publish(Publication(code, 1, digest, "", "an", "", "", at), bundle, by)


def look(reader, text, **told):
    sent = {"khung": "province-922", "nam": "2021", "dau": "dot", "van-ban": "Báo cáo DTI 2021", "ngay": "09/08/2022", **told}
    token = reader.open(FORM).find("input", attrs={"name": "csrf_token"})["value"]
    answer = reader.client.post(FORM, data={"csrf_token": token, **sent, "tep": (io.BytesIO(text.encode()), "dti.csv")})
    return answer.status_code, BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def confirm(reader, page):
    form = page.find("form", action=f"{FORM}/xac-nhan")
    told = {each["name"]: each["value"] for each in form.select("input")}
    return reader.client.post(f"{FORM}/xac-nhan", data=told)


def rows(page):
    return [words(row) for row in page.select("table.provinces tbody tr")]


@pytest.fixture(scope="module")
def kept(hall, operator):
    """The year 2021 as the ministry published it."""
    status, page = look(operator, PROVINCES)
    assert status == 200
    told = words(page.main)
    assert not hall.storage.year_results.all()
    assert "Thừa Thiên - Huế : 0,5872, hạng 2/63" in told
    assert "trung bình 0,4014" in told
    assert confirm(operator, page).status_code == 303
    return hall


def test_everybody_reads_the_ranking_with_ties_at_the_printed_precision_and_the_own_province_among_its_neighbours(kept):
    page = kept.anonymous().open(BOARD)
    told = rows(page)
    assert len(told) == 63
    assert [told[at].split(" ")[0] for at in (0, 1, 11, 12, 13)] == ["1", "2", "12", "12", "14"]
    assert "Thừa Thiên - Huế tỉnh mình" in told[1]
    assert "0,5872" in told[1]
    facts = words(page.select_one("dl.facts"))
    assert "Trung bình 0,4014" in facts
    assert "Trên trung bình 31/63" in facts
    assert "Từ 0,5 trở lên 6/63" in facts
    near = [words(row) for row in page.select_one("section.beside").select("tbody tr")]
    assert near[1].startswith("2 Thừa Thiên - Huế")
    assert near[4] == "… …"
    assert "hạng 2/14 của Bắc Trung Bộ và duyên hải Trung Bộ" in words(page.select_one("section.beside"))
    assert "Báo cáo DTI 2021" in words(page.main)
    assert f"hue-dti {__version__}" in words(page.footer)


def test_a_region_and_any_main_index_or_pillar_ranks_its_provinces(kept):
    reader = kept.anonymous()
    mekong = rows(reader.open(f"{YEAR}?vung=Đồng bằng sông Cửu Long"))
    assert len(mekong) == 13
    assert mekong[0].startswith("15 TP. Cần Thơ")
    assert "11 /13" in next(row for row in mekong if "Đồng Tháp" in row)
    assert "TP. Đà Nẵng" in rows(reader.open(f"{YEAR}?theo=society"))[0]
    assert rows(reader.open(f"{YEAR}?theo=pillar.government"))[1].startswith("2 Thừa Thiên - Huế tỉnh mình 0,6666")
    for wrong in ("?theo=nothing", "?vung=Tây Bắc", "?ban=9", "?dot=nothing"):
        assert reader.get(YEAR + wrong).status_code == 404


def test_the_ranking_is_taken_away_as_excel_and_csv(kept):
    reader = kept.anonymous()
    book = openpyxl.load_workbook(io.BytesIO(reader.get(f"{YEAR}.xlsx").data))
    second = list(book["Xếp hạng"].iter_rows(values_only=True))[2]
    assert second[:3] == (2, "Thừa Thiên - Huế", 0.5872)
    text = reader.get(f"{YEAR}.csv?vung=Tây Nguyên").data.decode("utf-8-sig")
    assert len(text.splitlines()) == 6
    assert text.splitlines()[1].startswith('20,Lâm Đồng,"0,4626"')


def test_a_faulty_file_is_refused_with_its_line_and_nothing_is_kept(kept, operator):
    before = kept.storage.year_results.all()
    status, page = look(operator, PROVINCES.replace("0.9000,0.7000,0.7264", "0.9000,1.7000,0.7264"), **{"ly-do": "sửa"})
    assert status == 422
    assert "dòng 3, cột 3 :" in words(page.main)
    assert "Năm này đã có kết quả" in words(look(operator, PROVINCES)[1].main)
    assert "đo các năm 2021–2023" in words(look(operator, PROVINCES, nam="2020")[1].main)
    assert "Chưa ghi ngày của văn bản công bố" in words(look(operator, PROVINCES, ngay=" ")[1].main)
    assert "Ngày văn bản: '9/8' không phải ngày" in words(look(operator, PROVINCES, ngay="9/8")[1].main)
    assert "Tệp lớn quá 100 KB" in words(look(operator, "ế" * 150_000)[1].main)
    assert kept.storage.year_results.all() == before


def test_growth_is_against_the_year_stored_before_and_a_new_version_needs_a_reason_and_leaves_the_old_readable(kept, operator):
    better = PROVINCES.replace("Thừa Thiên - Huế,0.9000", "Thừa Thiên Huế,1.0000")
    assert confirm(operator, look(operator, better, nam="2022", **{"van-ban": "Báo cáo DTI 2022"})[1]).status_code == 303
    newest = kept.anonymous().open(BOARD)
    own = next(row for row in rows(newest) if "tỉnh mình" in row)
    assert "+1,7%" in own
    status, page = look(operator, PROVINCES, nam="2022", **{"van-ban": "Công văn 5", "ly-do": "bộ đính chính"})
    assert status == 200
    assert "1 tỉnh đổi giá trị: Thừa Thiên - Huế" in words(page.main)
    assert confirm(operator, page).status_code == 303
    assert confirm(operator, page).status_code == 422
    newest = kept.anonymous().open(BOARD)
    assert "Công văn 5" in words(newest.select_one(".head"))
    assert "bộ đính chính" in words(newest.main)
    assert "Bản này đã được thay: bản 2" in words(kept.anonymous().open(f"{BOARD}/province-922/2022?ban=1").main)
    told = [each.event for each in kept.storage.trail.page(Selection(acts=("result.kept",)))]
    assert (told[0].actor, told[0].reason) == ("van.hanh", "bộ đính chính")


def test_only_who_runs_or_appraises_at_the_province_hands_in(hall):
    for role, unit, status in (
        (Role.OPERATOR, "46", 200),
        (Role.APPRAISER, "46", 200),
        (Role.APPROVER, "46", 404),
        (Role.OFFICER, "483", 404),
        (Role.APPRAISER, "483", 404),
    ):
        reader = Reader(signed_in(hall.app, f"ai.{role}.{unit}", Grant(role, unit)))
        assert reader.get(FORM).status_code == status


def test_a_published_round_of_provinces_is_ranked_on_the_same_page_and_one_of_a_single_province_is_not(kept):
    published_round(kept, "dti-2023", 2023, ("Thừa Thiên Huế", "Đà Nẵng", "Quảng Trị"))
    published_round(kept, "dti-2022", 2022, ("Thừa Thiên Huế", "Đà Nẵng"))
    published_round(kept, "dti-46-2023-q2", 2023, ("Thừa Thiên Huế",))
    page = kept.anonymous().open(f"{BOARD}/province-922/2023")
    assert [row.split(" ")[0] for row in rows(page)] == ["1", "2", "3"]
    assert "so với năm 2022" in words(page.select_one(".head"))
    assert "dti-46-2023-q2" not in str(page)
    result = kept.anonymous().open("/dot-danh-gia/dti-2023/cong-bo/1")
    assert result.find("a", href=f"{BOARD}/province-922/2023?dot=dti-2023")


def test_a_year_whose_framework_has_no_points_is_shown_as_it_was_published(kept, operator):
    text = "unit,index\nTP. Huế,0.8000\nHà Nội,0.8100\n"
    assert "thiếu cột index" in words(look(operator, "unit\nHuế\n", khung="province-405", nam="2024", ngay="21/10/2025")[1].main)
    page = look(operator, text, khung="province-405", nam="2024", ngay="21/10/2025")[1]
    assert "TP. Huế : 0,8000, hạng 2/2" in words(page.main)
    assert confirm(operator, page).status_code == 303
    shown = kept.anonymous().open(f"{BOARD}/province-405/2024")
    assert [row.split(" ")[0] for row in rows(shown)] == ["1", "2"]
    assert "DTI lấy đúng như đã công bố" in words(shown.main)
    assert "Không có danh sách vùng nào khớp" in words(shown.main)
    assert [each["value"] for each in shown.select("select[name=theo] option")] == ["index"]
    assert kept.anonymous().get(f"{BOARD}/province-405/2024.xlsx").status_code == 200
