"""Sites without a feed, map servers and dropped files give the same figures as the systems they stand in for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.metadata import entry_points

import openpyxl
import pytest
from werkzeug.wrappers import Request, Response

from connectors.fields import Unreadable
from connectors.sandbox.golden import world
from connectors.sandbox.sites import kinds, write_exports
from connectors.web_pages import printed_day
from hue_dti.errors import SettingError, SourceAnswerInvalid, SourceRefused, SourceUnreachable
from tests.connectors.conftest import MOMENT, QUICK

ANTIVIRUS = {
    "machine": "Tên máy",
    "unit": "Đơn vị",
    "computers": "computers",
    "filled.computers_malware": "Viettel EDR",
    "filled.computers_virus": "BKAV",
    "positive.computers_infected": "Phát hiện",
}


@pytest.fixture
def ask_kind(nam_dong, store, healthy):
    """Pull a kind of connector for a source of the catalogue."""

    def run(kind, source, **changed):
        settings = {**kinds(healthy).get(kind, {}), **QUICK, "attempts": "1", **changed}
        connector = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == kind).load()
        assert list(getattr(connector, "faults_of", lambda settings: ())(settings)) == []
        return connector(source).pull(nam_dong.request(source, settings), store, lambda: MOMENT)

    return run


@pytest.mark.parametrize("kind", ["web_sitemap", "web_pages"])
def test_a_site_without_a_feed_gives_the_counts_of_the_feed(kind, ask_kind, pull):
    feed = {each.measure: each.value for each in pull("web_news").readings}
    found = ask_kind(kind, "web_news")
    assert {each.measure: each.value for each in found.readings} == feed == {"leader_news": 104, "unit_news": 25}
    assert found.faults == ()


def test_an_article_is_one_by_host_and_id_whatever_the_rest_of_its_address(ask_kind, serve):
    page = """<a href="?gd=27&cn=1&tc=5">A</a> 02/04/2024 <a href="?tc=5&cn=1&gd=4">A</a> 02/04/2024
    <a href="https://khac.example/?tc=6">B</a> 02/04/2024 <a href="?tc=../7">C</a> không ngày"""
    base = serve(Response(page, mimetype="text/html"))
    found = ask_kind("web_pages", "web_news", base=base, page_parameter="")
    assert [each.value for each in found.readings] == [1, 0]
    assert [fault.place for fault in found.faults if fault.place.startswith("tin")] == []


@pytest.mark.parametrize(("again", "value"), [("", None), ('<a href="?tc=8">D</a> 03/04/2024', 2)], ids=["nowhere", "elsewhere"])
def test_an_article_without_a_day_withholds_the_count_of_its_page(again, value, ask_kind, serve):
    page = f'<a href="?tc=5">A</a> 02/04/2024 <a href="?tc=8">D</a> không ngày {again}'
    both = [Response(page, mimetype="text/html"), Response('<a href="?tc=9">E</a> 03/04/2024', mimetype="text/html")]
    base = serve(lambda environ, start: both["cn=2" in environ["QUERY_STRING"]](environ, start))
    pages = {"category.leader_news": "?cn=1", "category.unit_news": "?cn=2", "page_parameter": ""}
    found = ask_kind("web_pages", "web_news", base=base, **pages)
    assert {each.measure: each.value for each in found.readings} == {"unit_news": 1} | ({"leader_news": value} if value else {})
    named = [fault.what for fault in found.faults if "?cn=1" in fault.what]
    assert len(named) == (0 if value else 1)


def test_a_page_that_is_a_log_in_form_is_no_zero(ask_kind, serve):
    with pytest.raises(SourceAnswerInvalid, match="không có tin nào đọc được"):
        ask_kind("web_pages", "web_news", base=serve(Response("<form>Đăng nhập</form>", mimetype="text/html")))


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Ngày cập nhật 10/06/2024", date(2024, 6, 10)),
        ("Cập nhật:22/11/2019 2:35:37 CH", date(2019, 11, 22)),
        ("(1/2/2024 12:00:00 SA)", date(2024, 2, 1)),
        ("02/04/2024 14:05", date(2024, 4, 2)),
    ],
)
def test_a_day_is_read_as_the_province_s_sites_print_it(printed, day):
    assert printed_day(printed) == day


@pytest.mark.parametrize(
    "printed", ["hôm qua", "31/02/2024", "22/11/2019 14:35:37 CH", "22/11/2019 0:10:00 SA", "122/11/2019", "2/4/20245"]
)
def test_a_day_that_no_calendar_or_clock_has_is_not_guessed(printed):
    with pytest.raises(Unreadable):
        printed_day(printed)


def test_an_index_of_sitemaps_is_followed_on_its_own_host_only(ask_kind, serve):
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

    def server(environ, start_response):
        asked = Request(environ)
        child = "http://10.0.0.1/con.xml" if asked.args.get("xa") else f"{asked.url_root}con.xml"
        site = f"{asked.url_root}web_sitemap"
        bodies = {
            "/sitemap.xml": f"<sitemapindex {space}><sitemap><loc>{child}</loc></sitemap></sitemapindex>",
            "/con.xml": f"<urlset {space}><url><loc>{site}/hoat-dong-lanh-dao/1</loc><lastmod>2024-05-01</lastmod></url>"
            f"<url><loc>{site}/hoat-dong-don-vi/2</loc><lastmod>hôm qua</lastmod></url></urlset>",
        }
        return Response(bodies[asked.path], mimetype="text/xml")(environ, start_response)

    base = serve(server)
    found = ask_kind("web_sitemap", "web_news", base=base)
    assert {each.measure: each.value for each in found.readings} == {"leader_news": 1}, "an article without a day withholds its category"
    assert any("'hôm qua' không đọc được" in fault.what for fault in found.faults)
    assert any("hoat-dong-don-vi/' không đọc được ngày đăng" in fault.what for fault in found.faults)
    with pytest.raises(SourceRefused, match="ra ngoài địa chỉ của nguồn"):
        ask_kind("web_sitemap", "web_news", base=base, path="sitemap.xml?xa=1")


def test_a_sitemap_with_a_document_type_is_refused(ask_kind, serve):
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><urlset>&b;</urlset>'
    with pytest.raises(SourceAnswerInvalid):
        ask_kind("web_sitemap", "web_news", base=serve(Response(bomb, mimetype="text/xml")))


def test_a_map_server_is_asked_for_counts_of_every_commune_and_no_feature(ask_kind, store):
    found = ask_kind("arcgis_count", "digital_address")
    assert {each.unit: each.value for each in found.readings} == world().values["addresses"]
    assert found.faults == ()
    assert all("returnCountOnly=true" in answer.request for answer in store.answers)


@pytest.mark.parametrize("body", ['{"error": {"code": 400}}', '{"count": -1}', '{"count": "12"}', "{}", '{"count": null}'])
def test_a_map_server_that_gives_no_count_is_a_fault_and_no_zero(body, ask_kind, serve):
    found = ask_kind("arcgis_count", "digital_address", base=serve(Response(body, mimetype="application/json")))
    assert found.readings == ()
    assert len(found.faults) == 10


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "tha-tep"
    folder.mkdir()
    write_exports(folder)
    return folder


def test_dropped_exports_give_the_counts_of_the_console(ask_kind, exports, pull, store):
    console = {(each.unit, each.measure): each.value for each in pull("antivirus").readings}
    store.answers.clear()
    found = ask_kind("drop_folder", "antivirus", folder=str(exports), **ANTIVIRUS)
    assert {(each.unit, each.measure): each.value for each in found.readings} == console
    assert found.faults == ()
    assert [answer.request for answer in store.answers] == ["FILE cac-xa.xlsx", "FILE co-quan.csv"]


def test_a_wrong_cell_names_sheet_cell_and_problem_and_withholds_its_unit_alone(ask_kind, exports):
    book = openpyxl.load_workbook(exports / "cac-xa.xlsx")
    page = book["Máy trạm"]
    unit = page["B4"].value
    page["E4"].value = "nhiều"
    book.save(exports / "cac-xa.xlsx")
    lines = (exports / "co-quan.csv").read_text(encoding="utf-8-sig").splitlines()
    lines.append(lines[2])
    (exports / "co-quan.csv").write_text("\n".join(lines), encoding="utf-8")
    found = ask_kind("drop_folder", "antivirus", folder=str(exports), **ANTIVIRUS)
    agency = lines[2].split(";")[1]
    places = {fault.place: fault.what for fault in found.faults}
    assert f"{unit}: 'nhiều'" in places["Máy trạm!E4"]
    assert "đã có ở co-quan.csv!A3" in places[f"co-quan.csv!A{len(lines)}"]
    assert {each.unit for each in found.readings}.isdisjoint({unit, agency})
    assert len({each.unit for each in found.readings}) == 42


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_as_excel_may_have_saved_it(encoding, delimiter, ask_kind, tmp_path):
    rows = [
        ["Tên máy", "Đơn vị", "Viettel EDR", "BKAV", "Phát hiện"],
        ["M1", "Hương Xuân", "1", "", "0"],
        ["M2", "Hương Xuân", "", "2", "3"],
    ]
    (tmp_path / "a.csv").write_text("\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    found = ask_kind("drop_folder", "antivirus", folder=str(tmp_path), **ANTIVIRUS)
    assert [each.value for each in found.readings] == [2, 1, 1, 1]


def test_a_link_out_of_the_folder_and_an_unfinished_file_are_not_read(ask_kind, exports, tmp_path):
    outside = tmp_path / "khac.csv"
    outside.write_text("bí mật", encoding="utf-8")
    (exports / "noi.csv").symlink_to(outside)
    (exports / "~$cac-xa.xlsx").write_text("dở dang", encoding="utf-8")
    assert ask_kind("drop_folder", "antivirus", folder=str(exports), **ANTIVIRUS).faults == ()
    with pytest.raises(SourceUnreachable, match="không có tệp nào"):
        ask_kind("drop_folder", "antivirus", folder=str(exports), **{**ANTIVIRUS, "files": "../*.csv"})


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"a;b\n1;2", b'"open'])
def test_a_file_that_is_no_table_refuses_the_source_and_is_kept(body, ask_kind, tmp_path, store):
    (tmp_path / "a.csv").write_bytes(body)
    with pytest.raises(SourceAnswerInvalid, match=r"FILE a\.csv"):
        ask_kind("drop_folder", "antivirus", folder=str(tmp_path), **ANTIVIRUS)
    assert [answer.body for answer in store.answers] == [body]


def test_a_folder_must_be_written_from_the_root(nam_dong, store):
    connector = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == "drop_folder").load()
    request = replace(nam_dong.request("antivirus", {**ANTIVIRUS, "folder": "tha-tep"}))
    with pytest.raises(SettingError, match="'folder'"):
        connector("antivirus").pull(request, store, lambda: MOMENT)
