"""A criterion's page lets a reader recompute the points by hand, and reach the answer behind every figure."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.resources import folder

PAGE = "/don-vi/483/2024-Q2/tieu-chi"
CODES = [criterion.code for criterion in load_catalogue(folder("criteria")).sets["hue-district-2024"].criteria]


def words(node):
    return " ".join(node.get_text(" ").split())


def equation(page):
    """The signs and numbers of the calculation as printed, without the names under them."""
    return " ".join(
        " ".join([words(step.select_one(".op")), words(step.select_one(".term > a, .term > b"))]) for step in page.select(".step")
    ).strip()


def number(text):
    return Fraction(text.removesuffix(" điểm").replace(".", "").replace(",", "."))


@pytest.fixture(scope="module")
def pages(golden):
    """All fifty-three pages, opened once."""
    reader = golden.browse()
    return {code: reader.open(f"{PAGE}/{code}") for code in CODES}


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("I.1", "đã xong → 5"),
        ("I.2", "2 → 10 điểm × 100,00% = 10"),
        ("I.4", "24 điểm × ( 104 ÷ 24 ; tối đa 100% ) = 24"),
        ("I.6", "24 điểm × ( 1 ÷ 24 ) = 1"),
        ("I.9", "6 ≥ 5 → 20 điểm × ( 6.214 ÷ 26.427 ) = 4,7028"),
        ("II.1", "08/01/2024 ≤ 31/01/2024 → 10"),
        ("III.1", "10 điểm × ( 921 ÷ 968 ) = 9,5145"),
        ("V.4", "0 → 10"),
        ("VI.3", "10 điểm × (1 − 64 ÷ 1.214 ) = 9,4728"),
        ("VI.4", "10 điểm × ( 4 ÷ 6 ) = 6,6667"),
    ],
)
def test_the_calculation_is_printed_with_its_real_digits(code, printed, reader):
    assert equation(reader.open(f"{PAGE}/{code}")) == printed


@pytest.mark.parametrize("code", CODES)
def test_the_digits_of_a_plain_ratio_give_the_printed_points(code, pages, snapshot):
    page, line = pages[code], snapshot.sheet.criterion(code)
    steps = page.select(".step")
    if [words(step.select_one(".op")) for step in steps] == ["", "× (", "÷", ") ="] and "tỷ đồng" not in equation(page):
        most, part, whole, earned = (number(words(step.select_one(".term > a, .term > b"))) for step in steps)
        assert abs(earned - most * part / whole) <= Fraction(1, 20_000)
    if steps:
        assert words(page.select_one(".huge strong")) == words(steps[-1].b)
    else:
        assert line.share is None
        assert line.points == 0


@pytest.mark.parametrize("code", CODES)
def test_every_figure_of_a_rule_is_shown_with_its_source_and_its_raw_answer(code, pages, snapshot):
    page, line = pages[code], snapshot.sheet.criterion(code)
    shown = {figure["id"].removeprefix("so-lieu-"): figure for figure in page.select(".figure")}
    assert list(shown) == list(dict.fromkeys(code for code, _ in line.figures))
    for measure, value in line.figures:
        if value is not None:
            assert "lấy lúc" in words(shown[measure])
            assert "số liệu đến 10/06/2024" in words(shown[measure])
            assert shown[measure].select_one("a[href^='/cau-tra-loi-goc/']")


def test_a_number_in_the_calculation_leads_to_its_figure(reader):
    page = reader.open(f"{PAGE}/III.1")
    targets = [link["href"] for link in page.select(".equation a")]
    assert targets == ["#so-lieu-staff_standardised", "#so-lieu-staff"]
    assert all(page.select_one(target) for target in targets)


def test_the_units_that_miss_are_listed_with_their_sum_and_their_worth(reader, snapshot):
    page, line = reader.open(f"{PAGE}/III.1"), snapshot.sheet.criterion("III.1")
    assert words(page.select_one("#don-vi h2")) == "Còn thiếu 47 ở 24 đơn vị"
    table = page.select_one("#don-vi > table")
    assert [int(words(row.select("td")[3])) for row in table.select("tbody tr")] == [each.missing for each in line.shortfalls]
    assert words(table.tfoot) == "Cộng 47"
    gains = [number(words(row.select_one(".gain")).removeprefix("+")) for row in table.select("tbody tr")]
    assert abs(sum(gains) - (10 - Fraction(95145, 10_000))) < Fraction(1, 100)
    assert len(page.select("#don-vi details tbody tr")) == 20


def test_a_list_of_what_is_achieved_does_not_speak_of_missing(reader):
    page = reader.open(f"{PAGE}/VII.5")
    assert words(page.select_one("#don-vi h2")) == "Kết quả của 10 đơn vị"
    assert page.select_one("#don-vi tfoot") is None


def test_a_programme_the_province_has_not_opened_says_so_instead_of_a_calculation(reader):
    page = reader.open(f"{PAGE}/III.5")
    assert page.select_one(".equation") is None
    assert "UBND tỉnh chưa triển khai" in words(page.select_one(".calc .note"))


def test_rule_legal_basis_deadline_assumptions_and_sentence_stand_on_the_page(reader, catalogue):
    criterion = catalogue.sets["hue-district-2024"].criterion("I.2")
    said = words(reader.open(f"{PAGE}/I.2").main)
    for text in (criterion.legal, criterion.assumptions[0], criterion.to_do, criterion.condition, criterion.evidence, "15/11/2024"):
        assert " ".join(text.split()) in said
    assert "từ 1 cuộc họp: 5 điểm; từ 2 cuộc họp: 10 điểm" in said
    assert "đã họp định kỳ 2 cuộc" in words(reader.open(f"{PAGE}/I.2").blockquote)


def test_assumed_points_are_marked(reader):
    page = reader.open(f"{PAGE}/IX.2")
    assert "*" in words(page.select_one(".huge"))
    assert "Điểm tối đa tạm tính" in words(page.main)


def test_neighbours_lead_from_the_first_criterion_to_the_last(pages):
    for place, code in enumerate(CODES):
        around = [CODES[at] for at in (place - 1, place + 1) if 0 <= at < len(CODES)]
        assert [link["href"].rpartition("/")[2] for link in pages[code].select(".steps a")] == around


def test_a_commune_s_criterion_shows_the_commune_s_own_figures(reader, snapshot):
    page = reader.open("/don-vi/20179/2024-Q2/tieu-chi/III.2")
    sheet = next(sheet for sheet in snapshot.lower if sheet.unit == "20179")
    assert words(page.select_one(".huge strong")).replace(",", ".").rstrip("0").rstrip(".") == str(
        float(Fraction(sheet.criterion("III.2").points, 10_000))
    ).rstrip("0").rstrip(".")
    assert all(
        "cua=20179/2024-Q2/20179/" in link["href"].replace("%2F", "/") for link in page.select(".figure a[href^='/cau-tra-loi-goc/']")
    )
