"""Articles that no category takes wait for a person; a person's word goes before the site's categories; a side bar is no list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.metadata import entry_points

import pytest
from werkzeug.wrappers import Request, Response

from connectors.html_lists import ListReader
from hue_dti.errors import SourceAnswerInvalid
from hue_dti.observations.articles import identities_in, place_of
from tests.connectors.conftest import MOMENT, QUICK

LEADERS = "Hoạt động của lãnh đạo"
DAY = "Mon, 03 Jun 2024 08:00:00 +0700"
OLD = f"<item><guid>cũ</guid><category>{LEADERS}</category><pubDate>Sun, 31 Dec 2023 10:00:00 +0700</pubDate></item>"


def item(identity, category, published=DAY):
    return (
        f"<item><guid>{identity}</guid><title>Bài {identity}</title><link>https://namdong.example/?tc={identity}</link>"
        f"<category>{category}</category><pubDate>{published}</pubDate></item>"
    )


def feed(*items):
    return Response(f"<rss version='2.0'><channel>{''.join(items)}{OLD}</channel></rss>", mimetype="text/xml")


@pytest.fixture
def ask(nam_dong, store, serve):
    """Pull a site of a kind from a server that answers, with what persons said of its articles."""

    def run(kind, server, assigned=None, **settings):
        described = {"base": serve(server), "network": "sandbox", **QUICK, "attempts": "1", **settings}
        connector = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == kind).load()
        request = replace(nam_dong.request("web_news", described), assigned=assigned or {})
        return connector("web_news").pull(request, store, lambda: MOMENT)

    return run


def values(pulled):
    return {each.measure: each.value for each in pulled.readings}


def test_an_article_of_no_category_waits_and_one_of_an_ignored_category_does_not(ask):
    found = ask("web_news", feed(item("1", LEADERS), item("2", "Thông báo"), item("3", "Lịch công tác")), ignored="Khác; lịch công tác")
    assert values(found) == {"leader_news": 1, "unit_news": 0}
    assert {each.key: each.measure for each in found.articles} == {
        "127.0.0.1/1": "leader_news",
        "127.0.0.1/2": "",
        "127.0.0.1/3": "none",
    }
    (waiting,) = [each for each in found.articles if not each.measure]
    assert (waiting.title, waiting.day, waiting.categories) == ("Bài 2", date(2024, 6, 3), "Thông báo")
    assert waiting.link == "https://namdong.example/?tc=2"


def test_an_article_from_before_the_days_that_count_waits_for_nobody(ask):
    found = ask("web_news", feed(item("1", "Thông báo", "Sat, 30 Dec 2023 10:00:00 +0700")))
    assert found.articles == ()


@pytest.mark.parametrize(
    ("assigned", "expected"),
    [
        ({"127.0.0.1/2": "leader_news"}, (2, 0)),
        ({"127.0.0.1/2": "unit_news"}, (1, 1)),
        ({"127.0.0.1/1": "none"}, (0, 0)),
        ({"127.0.0.1/1": "unit_news"}, (0, 1)),
        ({"khac.example/2": "leader_news"}, (1, 0)),
    ],
)
def test_a_person_s_word_on_an_article_goes_before_the_site_s_categories(assigned, expected, ask):
    found = ask("web_news", feed(item("1", LEADERS), item("2", "Thông báo")), assigned)
    assert tuple(values(found).values()) == expected
    assert {each.identity: each.measure for each in found.articles} == {"1": "leader_news", "2": ""}, "the listing is the site's own"


def test_an_assigned_article_without_a_day_withholds_its_count(ask):
    found = ask("web_news", feed(item("2", "Thông báo", "hôm qua")), {"127.0.0.1/2": "unit_news"})
    assert values(found) == {"leader_news": 0}


def test_the_place_names_the_articles_even_where_an_id_has_a_comma(ask):
    found = ask("web_news", feed(item("1,2, 3", LEADERS), item("4", LEADERS)))
    assert identities_in(found.readings[0].place) == ("1%2C2%2C 3", "4")


@pytest.mark.parametrize("place", ["3 mục trong kênh, guid a, b", "Trang!C5", "", "du_lieu[0].so"])
def test_a_place_that_does_not_name_as_many_as_it_says_names_none(place):
    assert identities_in(place) is None
    assert identities_in(place_of(["a", "b"])) == ("a", "b")
    assert identities_in(place_of([])) == ()


def pages(**bodies):
    def server(environ, start_response):
        asked = Request(environ)
        return Response(f"<html><body>{bodies['cn' + asked.args['cn']]}</body></html>", mimetype="text/html")(environ, start_response)

    return server


LISTS = {"category.leader_news": "?cn=1", "category.unit_news": "?cn=2"}


def test_a_list_of_all_articles_leaves_those_of_no_category_for_review(ask):
    def row(tc):
        return f'<a href="?tc={tc}">Bài {tc}</a> 03/06/2024 '

    found = ask("web_pages", pages(cn1=row(1), cn2=row(2), cn3=row(1) + row(2) + row(3)), **LISTS, review="?cn=3")
    assert values(found) == {"leader_news": 1, "unit_news": 1}
    (waiting,) = [each for each in found.articles if not each.measure]
    assert (waiting.key, waiting.title) == ("127.0.0.1/3", "Bài 3")


def test_a_sitemap_s_articles_outside_its_categories_wait(ask):
    def server(environ, start_response):
        root = Request(environ).root_url.rstrip("/")
        urls = "".join(
            f"<url><loc>{root}{path}</loc><lastmod>2024-05-01</lastmod></url>" for path in ("/tin/a/1", "/tin/b/2", "/tin/3", "/gioi-thieu")
        )
        return Response(f"<urlset>{urls}</urlset>", mimetype="text/xml")(environ, start_response)

    found = ask("web_sitemap", server, **{"category.leader_news": "/tin/a/", "category.unit_news": "/tin/b/"}, review="/tin/")
    assert values(found) == {"leader_news": 1, "unit_news": 1}
    assert [each.key for each in found.articles if not each.measure] == ["127.0.0.1/tin/3"]


SIDE_BAR = '<div class="ben"><p><a href="?tc=9">Đọc nhiều</a></div>'
MAIN = '<ul id="ds" class="tin ds"><li><a href="?tc=1"><img src="x"></a><li><a href="?tc=1">A</a> 03/06/2024</ul>'


def test_a_side_bar_without_dates_withholds_the_count_and_naming_the_list_mends_it(ask):
    server = pages(cn1=MAIN + SIDE_BAR, cn2=MAIN.replace("tc=1", "tc=2") + SIDE_BAR)
    assert values(ask("web_pages", server, **LISTS)) == {"unit_news": 1}, "the undated link counts for the first category"
    for named in ("#ds", ".tin", "ul", "ul.ds", "ul#ds"):
        found = ask("web_pages", server, **LISTS, list=named)
        assert (values(found), [each for each in found.faults if "tin" in each.place]) == ({"leader_news": 1, "unit_news": 1}, []), named


def test_a_page_without_the_named_list_is_refused_and_no_zero(ask):
    with pytest.raises(SourceAnswerInvalid, match="trang không có phần '#khac'"):
        ask("web_pages", pages(cn1=MAIN, cn2=MAIN), **LISTS, list="#khac")


@pytest.mark.parametrize("selector", ["", "ul li", "a > b", "#", "[x]", "*", "div#a.b"])
def test_a_list_that_names_no_element_is_a_fault_of_the_file(selector):
    connector = next(entry for entry in entry_points(group="hue_dti.connectors") if entry.name == "web_pages").load()
    assert [each.key for each in connector.faults_of({**LISTS, "list": selector})] == ["list"]


@pytest.mark.parametrize(
    "page",
    ["<b>" * 200_000 + "</i>" * 200_000, "<p>" * 300_000 + "</p>" * 300_000, "<ul id=ds>" * 100_000 + "</ul>" * 100_000],
    ids=["never closed", "deeper than people read", "lists in lists"],
)
def test_tags_without_end_are_read_through(page):
    reader = ListReader("https://a.example/", "tc", "#ds")
    reader.feed(page + '<a href="?tc=1">x</a>')
    reader.close()
    assert reader.listed == []
