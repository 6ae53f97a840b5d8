"""The ministry's frameworks are open to everybody: points, components with their documents, and what nobody knows."""

from __future__ import annotations

import pytest

from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.resources import folder

FRAMEWORKS = load_frameworks(folder("criteria"))
PROVINCE = FRAMEWORKS["province-922"]


def words(node):
    return " ".join(node.get_text(" ").split())


def test_every_framework_is_listed_and_opens(reader):
    page = reader.open("/khung")
    links = [link["href"] for link in page.select("main table a.row-link")]
    assert sorted(links) == sorted(f"/khung/{code}" for code in FRAMEWORKS)
    for link in links:
        reader.open(link)
    reader.open("/khung/province-923", 404)


def test_a_framework_shows_points_components_documents_and_what_is_not_known(reader):
    page = reader.open("/khung/province-922")
    assert [words(row.select_one("th")) for row in page.select("#chi-so-chinh table:first-of-type tbody tr")] == [
        f"{main.number}. {main.name}" for main in PROVINCE.main
    ]
    codes = [words(row.td) for row in page.select("section[id] table.small-rows tbody tr")]
    assert codes == [component.code for _, component in PROVINCE.lines()]
    assert [words(gap) for gap in page.select("#chua-biet li")] == list(PROVINCE.gaps)
    documents = {mark["id"] for mark in page.select("#tai-lieu dt")}
    assert {link["href"].removeprefix("#") for link in page.select("table a[href^='#tl-']")} <= documents
    assert words(page.select_one("#infrastructure tbody tr td:nth-of-type(3)")) == "10 suy luận"


def test_the_year_of_focus_leaves_only_its_components(reader):
    page = reader.open("/khung/province-922?trong-tam=2023")
    codes = [words(row.td) for row in page.select("table.small-rows tbody tr")]
    marked = [line.code for each in PROVINCE.components if each.focus for line in each.lines]
    assert codes == marked
    assert len([code for code in codes if code.count(".") == 1]) == 14
    assert len(reader.open("/khung/province-922?trong-tam=1").select("table.small-rows tbody tr")) == 108


@pytest.mark.parametrize("address", ["/khung", "/khung/province-922", "/khung/province-405"])
def test_no_vietnamese_word_of_ours_is_left_in_english(golden, address):
    reader = golden.browse()
    reader.get("/ngon-ngu/en")
    page = reader.open(address)
    for quoted in page.select("[lang=vi]"):
        quoted.decompose()
    assert not set(words(page.body)) & set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĐ")
