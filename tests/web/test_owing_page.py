"""In the last days before the cut-off a unit's page says what is missing, from whom, and what it is worth."""

from dataclasses import replace
from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from hue_dti.numerals import format_points
from hue_dti.observations.model import State
from hue_dti.periods import LOCAL, Period
from hue_dti.services.owing import owing
from hue_dti.services.quarter import draft
from hue_dti.web import create_app
from tests.people import signed_in
from tests.web.conftest import words

PERIOD = Period.parse("2024-Q2")
PAGE = "/don-vi/483/2024-Q2"
COMMUNE = "20179"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.fixture(scope="module")
def late(copy_quarter, tmp_path_factory):
    """Nam Đông without some wallets, a commune's teams and a source that failed with hostile words."""
    with copy_quarter(tmp_path_factory.mktemp("late")) as made:
        run = made.storage.begin_pull("police", "483", PERIOD, made.now())
        came = made.storage.observations(sorted({unit.code for unit in made.storage.units()}), PERIOD)
        for measure, wanted, reason in (
            ("staff_wallets", lambda each: each.unit.startswith("483"), ""),
            ("teams_strengthened", lambda each: each.unit == COMMUNE, ""),
            ("leader_news", lambda each: True, "<script>alert(1)</script> quá 20 giây"),
        ):
            gone = [each for each in came if each.measure == measure and wanted(each)][:3]
            assert gone
            state = State.SOURCE_FAILED if reason else State.MISSING
            made.storage.save_observations(run, [replace(each, value=None, state=state, reason=reason) for each in gone])
        made.storage.finish_pull(run, "ok", "", 1, 0, (), made.now())
        yield made


@pytest.fixture(scope="module")
def open_on(late):
    """A page of the site on a day."""
    app = create_app(late.settings, late.storage)

    def opened(address, day="2024-06-03T08:00"):
        app.config["CLOCK"] = lambda: at(day)
        return signed_in(app).get(address, follow_redirects=True)

    return opened


def reminder(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser").find("section", class_="owing")


def test_the_page_tells_the_days_left_the_missing_list_and_what_it_is_worth(open_on, late):
    owed = owing(draft(late.storage, late.catalogue, late.unit, PERIOD, at("2024-06-03T08:00")), late.catalogue)
    section = reminder(open_on(PAGE))
    said = words(section)
    assert "Còn 7 ngày đến ngày chốt số liệu 10/06/2024" in said
    assert f"Đã có {owed.present}/{owed.expected} số liệu, còn thiếu {owed.missing}" in said
    assert f"nhiều nhất {format_points(owed.gain)} điểm" in said
    assert [words(link.find(class_="code")) for link in section.select("ol a")] == [each.code for each in owed.criteria]
    assert late.catalogue.sources["web_news"].owner in said
    assert "alert(1)" in said
    assert section.find("script") is None


def test_it_is_there_from_fourteen_days_before_to_the_day_itself(open_on):
    assert reminder(open_on(PAGE, "2024-05-26T23:59")) is None
    assert "Còn 14 ngày" in words(reminder(open_on(PAGE, "2024-05-27T00:00")))
    assert "Hôm nay, 10/06/2024, là ngày chốt số liệu" in words(reminder(open_on(PAGE, "2024-06-10T23:59")))
    assert reminder(open_on(PAGE, "2024-06-11T00:00")) is None


def test_a_commune_s_page_lists_its_own_debt_only(open_on, late):
    section = reminder(open_on(f"/don-vi/{COMMUNE}/2024-Q2"))
    assert [words(link.find(class_="code")) for link in section.select("ol a")] == ["IV.3"]
    assert section.find("a", string=lambda text: text and "Công văn" in text) is None
    other = next(u.code for u in late.storage.units() if u.parent == "483" and u.level.value == "commune" and u.code != COMMUNE)
    assert reminder(open_on(f"/don-vi/{other}/2024-Q2")) is None


def test_the_letter_is_linked_and_comes_as_pdf_and_word(open_on):
    links = [link["href"] for link in reminder(open_on(PAGE)).select(".acts a")]
    assert links == [f"{PAGE}/cong-van-don-doc.pdf", f"{PAGE}/cong-van-don-doc.docx"]
    pdf, word = (open_on(link) for link in links)
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    assert word.data[:2] == b"PK"
    assert "cong-van-don-doc-nam-dong-2024-Q2.pdf" in pdf.headers["Content-Disposition"]
    assert links[0] in open_on(f"{PAGE}/bao-cao", "2024-06-20T08:00").text


@pytest.mark.parametrize(
    "address",
    [f"{PAGE}/cong-van-don-doc.xlsx", f"/don-vi/{COMMUNE}/2024-Q2/cong-van-don-doc.pdf", "/don-vi/483/2099-Q1/cong-van-don-doc.pdf"],
)
def test_there_is_no_letter_where_there_is_none_to_write(open_on, address):
    assert open_on(address).status_code == 404


def test_a_quarter_without_any_figure_is_reminded_too(open_on):
    said = words(reminder(open_on("/don-vi/480/2024-Q2")))
    assert "Còn 7 ngày" in said
    assert "Đã có 0/" in said


def test_a_closed_quarter_is_not_reminded(another_quarter):
    made = another_quarter()
    run = made.storage.begin_pull("police", "483", PERIOD, made.now())
    came = next(each for each in made.storage.observations(["483"], PERIOD) if each.measure == "leader_news")
    made.storage.save_observations(run, [replace(came, value=None, state=State.MISSING)])
    made.close()
    app = create_app(made.settings, made.storage)
    app.config["CLOCK"] = lambda: at("2024-06-10T12:00")
    assert reminder(signed_in(app).get(PAGE)) is None
    assert signed_in(app).get(f"{PAGE}/cong-van-don-doc.pdf").status_code == 200


def test_the_reminder_is_in_english_too(late):
    app = create_app(late.settings, late.storage)
    app.config["CLOCK"] = lambda: at("2024-06-03T08:00")
    reader = signed_in(app)
    reader.get("/ngon-ngu/en")
    assert "7 days to the cut-off on 10/06/2024" in words(reminder(reader.get(PAGE)))
