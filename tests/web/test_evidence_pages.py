"""Evidence in the browser: handing in, seeing what is missing, files out again exactly as they came and only to be saved."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from hue_dti.accounts.model import Grant, Role
from hue_dti.web import create_app
from tests.evidence.papers import pdf, png
from tests.evidence.signing import authority, signed
from tests.people import signed_in
from tests.web.conftest import PERIOD, Reader, words

PAGE = f"/minh-chung/483/{PERIOD}"
OFFICER, NEIGHBOUR = Grant(Role.OFFICER, "483"), Grant(Role.OFFICER, "482")


@pytest.fixture
def office(bare, tmp_path):
    """An officer of Nam Đông, in an installation that trusts the test's root."""
    (tmp_path / "goc.pem").write_bytes(authority().pem)
    settings = replace(bare.settings, trust_roots=tmp_path, evidence_max_mb=1)
    app = create_app(settings, bare.storage)

    class Office:
        def __init__(self):
            self.app, self.storage = app, bare.storage
            self.reader = self.as_of("an.le", OFFICER)

        def as_of(self, login, *grants):
            return Reader(signed_in(app, login, *grants))

        def send(self, body=b"", name="Kế hoạch.pdf", criterion="II.1", reader=None, unit="483", **fields):
            reader, address = reader or self.reader, f"/minh-chung/{unit}/{PERIOD}/{criterion}"
            page = reader.open(address)
            form = page.select_one("form[data-send]")
            hidden = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
            sent = {**hidden, "minh-chung": "signed_file", **{name.replace("_", "-"): value for name, value in fields.items()}}
            headers = {"Accept": sent.pop("accept", "text/html")}
            if body:
                sent["tep"] = FileStorage(io.BytesIO(body), name, "tep")
            boundary, whole = encode_multipart(MultiDict(sent))
            return reader.client.post(address, data=whole, headers=headers, content_type=f"multipart/form-data; boundary={boundary}")

        def one(self):
            return self.storage.evidence.of(["483"], str(PERIOD))[-1]

    return Office()


def test_after_sending_the_page_tells_name_pages_signer_and_result(office):
    answer = office.send(signed())
    assert answer.status_code == 303
    told = words(office.reader.open(answer.location).select_one(".note.good"))
    assert told.startswith("Đã nhận Kế hoạch.pdf. 1 trang. Chữ ký hợp lệ: Nguyễn Văn Đạt , ")


def test_a_script_gets_the_same_as_json(office):
    assert office.send(signed(), accept="application/json").get_json()["next"].startswith(f"{PAGE}/II.1?vua=")
    refused = office.send(b"MZ", "a.exe", accept="application/json")
    assert (refused.status_code, "không thuộc loại được nhận" in refused.get_json()["error"]) == (422, True)


def test_a_refused_file_is_told_on_top_and_what_was_typed_stays(office):
    answer = office.send(png(), "anh.pdf", so_ky_hieu="12/KH", ngay="08/01/2024", trich_yeu="Kế hoạch năm")
    assert answer.status_code == 422
    assert "đuôi .pdf nhưng bên trong là ảnh PNG" in answer.text
    assert 'value="12/KH"' in answer.text
    assert "Kế hoạch năm</textarea>" in answer.text


@pytest.mark.parametrize(
    ("fields", "said"), [({"so_ky_hieu": "12/KH"}, "phải ghi cả hai"), ({"so_ky_hieu": "1", "ngay": "hôm qua"}, "hôm qua")]
)
def test_number_and_day_go_together_and_a_day_is_a_day(fields, said, office):
    answer = office.send(signed(), **fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_beyond_the_limit_is_refused_and_one_at_the_limit_is_not(office):
    assert office.send(png(chunks=((b"tEXt", bytes(1_000_000)),)), "a.png").status_code == 422
    assert office.send(png(chunks=((b"tEXt", bytes(1_300_000)),)), "a.png").status_code == 413
    small = png(chunks=((b"tEXt", b""),))
    assert office.send(png(chunks=((b"tEXt", bytes(1_000_000 - len(small))),)), "a.png").status_code == 303


def test_the_file_comes_back_byte_for_byte_only_to_be_saved_under_its_vietnamese_name(office):
    body = signed()
    office.send(body, "Kế hoạch \u201csố\u201d.pdf")
    answer = office.reader.get(f"{PAGE}/II.1/{office.one().number}/tep")
    assert answer.data == body
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%20" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert office.storage.trail.page()[0].event.act == "evidence.downloaded"


def test_a_file_that_waits_for_its_scan_is_given_to_nobody(office, bare, tmp_path):
    site = office.app.extensions["hue_dti"]
    office.app.extensions["hue_dti"] = replace(site, settings=replace(site.settings, clamav=str(tmp_path / "nobody")))
    office.send(signed())
    assert "chờ quét vi-rút" in words(office.reader.open(f"{PAGE}/II.1"))
    assert office.reader.get(f"{PAGE}/II.1/{office.one().number}/tep").status_code == 404


def test_the_list_tells_what_is_there_missing_and_explained(office):
    office.send(signed())
    office.send(criterion="I.1", viec="giai-trinh", loi="Đang trình ký")
    page = office.reader.open(PAGE)
    asked = [row for row in page.select("tbody tr") if row.select_one(".state-cell")]
    rows = {words(row.select_one(".code")): words(row.select_one(".state-cell")) for row in asked}
    assert (rows["II.1"], rows["I.1"], rows["II.2"]) == ("có", "giải trình", "thiếu")
    left = office.reader.open(f"{PAGE}?con=1")
    assert "II.1" not in {words(code) for code in left.select(".code")}


def test_what_is_taken_back_asks_why_and_stays_told(office):
    office.send(signed())
    address = f"{PAGE}/II.1/{office.one().number}/rut"
    token = office.reader.open(f"{PAGE}/II.1").select_one(".take-back input[name=csrf_token]")["value"]
    assert office.reader.client.post(address, data={"csrf_token": token, "ly-do": " "}).status_code == 422
    assert office.reader.client.post(address, data={"csrf_token": token, "ly-do": "nhầm bản"}).status_code == 303
    page = office.reader.open(f"{PAGE}/II.1")
    assert "nhầm bản" in words(page)
    assert words(page.select_one("section p .status")) == "thiếu"


def test_links_are_shown_without_telling_where_one_comes_from(office):
    office.send(criterion="IV.5", viec="lien-ket", minh_chung="link", lien_ket="https://namdong.thuathienhue.gov.vn/7")
    link = office.reader.open(f"{PAGE}/IV.5").select_one(".pieces a")
    assert (link["href"], link["rel"]) == ("https://namdong.thuathienhue.gov.vn/7", ["noopener", "noreferrer", "nofollow"])


def test_the_pack_holds_every_file_with_a_list_and_is_the_same_each_time(office):
    body = signed()
    office.send(body, "Kế hoạch #1, 50%25.pdf")
    office.send(criterion="IV.5", viec="lien-ket", minh_chung="link", lien_ket="https://a.vn/?a=1&b=<i>")
    once, again = (office.reader.get(f"{PAGE}/tron-bo.zip").data for _ in range(2))
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert archive.testzip() is None
        (name,) = (each for each in archive.namelist() if each != "muc-luc.html")
        index = archive.read("muc-luc.html").decode()
        assert archive.read(name) == body
    assert name == f"II.1/{office.storage.evidence.of(['483'], str(PERIOD))[0].number} Kế hoạch #1, 50%25.pdf"
    first = BeautifulSoup(index, "html.parser").select_one("td a[href]")["href"]
    assert unquote(urlsplit(first).path) == name, "a browser that opens the list finds the file"
    assert "&lt;i&gt;" in index
    assert "<td>II.2</td><td>Văn bản chỉ đạo đã ban hành (tệp điện tử có ký số)</td><td>thiếu</td>" in index


def test_nobody_else_sees_adds_or_takes_back(office, bare):
    office.send(signed())
    number = office.one().number
    stranger = office.as_of("la.nguoi", NEIGHBOUR)
    for address in (PAGE, f"{PAGE}/II.1", f"{PAGE}/II.1/{number}/tep", f"{PAGE}/tron-bo.zip"):
        assert stranger.get(address).status_code == 404
        assert Reader(office.app.test_client()).get(address).status_code in {302, 303, 401}
    for address in (f"{PAGE}/II.1", f"{PAGE}/II.1/{number}/rut"):
        assert stranger.client.post(address, data={}).status_code == 404
    reader = office.as_of("doc.gia", Grant(Role.READER, "483"))
    assert reader.get(f"{PAGE}/II.1").status_code == 200
    assert "Gửi minh chứng" not in reader.get(f"{PAGE}/II.1").text
    assert reader.client.post(f"{PAGE}/II.1", data={}).status_code == 404


def test_a_number_of_another_unit_is_not_found_under_this_one(office):
    office.send(signed())
    number = office.one().number
    assert office.reader.get(f"{PAGE}/II.2/{number}/tep").status_code == 404
    assert office.reader.get(f"/minh-chung/483/2024-Q1/II.1/{number}/tep").status_code == 404


def test_a_file_of_another_unit_is_pointed_out_without_its_name(office):
    body = signed()
    neighbour = office.as_of("binh.tran", NEIGHBOUR)
    assert office.send(body, "KÊNH-THỬ.pdf", reader=neighbour, unit="482").status_code == 303
    office.send(body)
    page = words(office.reader.open(f"{PAGE}/II.1"))
    assert "Tệp này cũng đang dùng ở một đơn vị khác." in page
    assert "KÊNH-THỬ" not in page
    office.send(body, criterion="II.2")
    page = words(office.reader.open(f"{PAGE}/II.2"))
    assert "Tệp này cũng đang dùng cho tiêu chí II.1, Quý II/2024 của Huyện Nam Đông." in page


def test_hostile_words_of_a_file_stay_words(office):
    office.send(pdf(), "<script>alert(1)</script>.pdf", loi="<img src=x onerror=alert(1)>")
    page = office.reader.open(f"{PAGE}/II.1")
    assert page.select("main script, main img") == []
    assert "<img src=x onerror=alert(1)>" in words(page)


def test_the_officer_s_list_names_what_is_not_proven_yet(office):
    address = f"/viec-cua-toi?don-vi=483&ky={PERIOD}"
    asked = "Kế hoạch chuyển đổi số của năm (tệp điện tử có ký số)"
    assert asked in words(office.reader.open(address).select_one("#minh-chung"))
    office.send(signed())
    assert asked not in words(office.reader.open(address).select_one("#minh-chung"))
