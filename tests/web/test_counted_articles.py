"""From a figure of news down to each article behind it, and the list of articles that wait for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from hue_dti.observations.model import ListedArticle
from hue_dti.web.articles import outside
from tests.web.conftest import QUARTER, words

NOW = datetime(2024, 6, 11, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"


def test_a_figure_of_news_opens_the_list_of_what_it_counts(reader):
    page = reader.open(f"{QUARTER}/tieu-chi/I.4")
    links = {words(link): link["href"] for link in page.select(".figure a") if "bài được tính" in words(link)}
    assert "104 bài được tính" in links
    listed = reader.open(links["104 bài được tính"])
    rows = listed.select("table.rows tbody tr")
    assert len(rows) == 104
    assert "104" in words(listed.h1)
    assert words(rows[0].td) == "10/06/2024"
    assert "Hoạt động của lãnh đạo" in words(rows[0])
    link = rows[0].th.a
    assert urlsplit(link["href"]).scheme == "http"
    assert set(link["rel"]) >= {"noopener", "noreferrer"}
    assert reader.open(rows[0].select("td")[-1].a["href"])


def test_a_figure_that_counts_no_articles_has_no_list_of_them(reader):
    page = reader.open(f"{QUARTER}/tieu-chi/III.1")
    assert not [link for link in page.select("a") if "bài được tính" in words(link)]
    for address in (f"{QUARTER}/tin/staff", f"{QUARTER}/tin/khong-co", f"{QUARTER}/tin/notices", "/don-vi/999/2024-Q2/tin/leader_news"):
        reader.open(address, 404)


def test_the_articles_that_wait_are_one_step_from_the_sources(reader):
    link = next(link for link in reader.open("/nguon").select("a") if "chờ người xem" in words(link))
    assert "18 tin" in words(link)
    page = reader.open(link["href"])
    assert len(page.select("table.rows tbody tr")) == 18
    assert "hue-dti articles assign" in words(page)
    assert not page.select("main form, main button")


def test_where_nothing_waits_the_page_says_so_and_the_sources_do_not_speak_of_it(bare):
    reader = bare.browse()
    assert "Không tin nào chờ phân loại" in words(reader.open("/nguon/tin-cho-xem").main)
    assert "chờ người xem" not in words(reader.open("/nguon").main)


def test_what_a_site_writes_stays_text_and_only_web_addresses_are_links(bare):
    run = bare.storage.begin_pull("web_news", "483", "2024-Q2", NOW)
    listed = ListedArticle("a.example/1", "1", SCRIPT, "javascript:alert(1)", None, SCRIPT, "")
    bare.storage.finish_pull(run, "ok", "", 1, 0, (), NOW, listed=[listed, replace(listed, key="b/2", link="https://a:b@c.example/")])
    answer = bare.browse().get("/nguon/tin-cho-xem")
    assert SCRIPT not in answer.text
    assert "javascript:" not in answer.text
    assert "a:b@" not in answer.text


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "data:text/html,x", "//a.example/x", "https://", "http://[", "https://u:p@a/"])
def test_an_address_that_is_none_is_not_followed(link):
    assert outside(link) == ""
