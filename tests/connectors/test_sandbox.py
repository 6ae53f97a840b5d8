"""The sandbox itself: what it invents adds up, and says that it is invented."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from datetime import date

import pytest

from connectors.sandbox import create_app, sources
from connectors.sandbox.golden import table, world
from connectors.sandbox.invented import spread
from connectors.sandbox.news import articles
from connectors.super_app import EVENTS, LISTS

WITHIN = [
    ("addresses", "households"),
    ("households_broadband", "households"),
    ("accounts_standardised", "households"),
    ("accounts_standardised", "accounts"),
    ("accounts", "residents"),
    ("citizen_readers", "accounts"),
    ("citizen_wallets", "accounts"),
    ("citizen_signatures", "accounts"),
    ("shops_vietqr", "shops"),
    ("households", "residents"),
    ("staff_standardised", "staff"),
    ("staff_readers", "staff"),
    ("staff_wallets", "staff"),
    ("staff_signatures", "staff"),
    ("computers_malware", "computers"),
    ("computers_infected", "computers"),
]


@pytest.mark.parametrize(("part", "whole"), WITHIN)
def test_no_unit_has_more_of_a_part_than_of_its_whole(part, whole):
    values = world().values
    assert all(values[part][unit] <= values[whole][unit] for unit in values[part])
    assert set(values[part]) == set(values[whole])


def test_every_figure_spread_over_units_adds_up_to_its_total():
    known = world()
    for figure in known.figures:
        if figure.value.isdigit() and figure.spread != "district":
            assert sum(known.values[figure.measure].values()) == int(figure.value), figure.measure


def test_every_agency_and_commune_office_has_staff():
    staff = world().values["staff"]
    assert len(staff) == 44
    assert min(staff.values()) >= 8


def test_what_is_invented_is_the_same_every_time():
    world.cache_clear()
    first = world().values
    world.cache_clear()
    assert world().values == first


@pytest.mark.parametrize("total", range(0, 61, 7))
def test_a_total_is_spread_exactly_and_within_bounds(total):
    weight, at_least, at_most = {"a": 5, "b": 3, "c": 1}, {"a": 0}, {"a": 20, "b": 20, "c": 20}
    parts = spread(total, weight, at_least, at_most)
    assert sum(parts.values()) == total
    assert all(0 <= parts[code] <= 20 for code in weight)


@pytest.mark.parametrize("total", [4, 61])
def test_a_total_that_bounds_do_not_allow_is_refused(total):
    with pytest.raises(ValueError, match="cannot be spread"):
        spread(total, {"a": 5, "b": 3, "c": 1}, {"a": 5}, {"a": 20, "b": 20, "c": 20})


def test_the_feed_lists_one_article_twice_and_has_articles_before_and_after_the_quarter():
    listed = articles()
    assert sorted(Counter(article.identity for article in listed).values())[-2:] == [1, 2]
    assert min(article.moment.date() for article in listed) < date(2024, 1, 1)
    assert max(article.moment.date() for article in listed) > date(2024, 6, 10)


def test_every_answer_says_that_it_holds_invented_figures(pull, store):
    for source in sources("http://127.0.0.1:1"):
        pull(source)
    for answer in store.answers:
        packed = zipfile.is_zipfile(io.BytesIO(answer.body))
        text = zipfile.ZipFile(io.BytesIO(answer.body)).read("docProps/core.xml") if packed else answer.body
        assert "mô phỏng" in text.decode(), answer.request


def test_the_front_page_lists_every_endpoint():
    app = create_app({})
    page = app.test_client().get("/").text
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert rule.rule.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "mô phỏng" in page


@pytest.mark.parametrize(
    "address",
    [
        "/super_app/api/v1/thong-ke/nguoi-dan?huyen=474&den_ngay=2024-06-10",
        "/super_app/api/v1/thong-ke/nguoi-dan?huyen=483&den_ngay=2024-03-31",
        "/super_app/api/v1/thong-ke/khac?huyen=483&den_ngay=2024-06-10",
        "/web_news/so-lieu.xlsx",
    ],
)
def test_what_the_systems_do_not_know_is_not_found(address):
    headers = {"Authorization": f"Bearer {sources('http://x')['super_app']['token']}"}
    assert create_app({}).test_client().get(address, headers=headers).status_code == 404


def test_no_answer_holds_a_person_or_a_text_of_a_citizen(pull, store):
    pull("super_app")
    allowed = {"don_vi", "trang", "tong_so", "so_lieu_den_ngay", "nguon_goc", "du_lieu", "tu_ngay", "den_ngay"}
    allowed |= set(EVENTS) | {key for columns in LISTS.values() for key in columns}
    for answer in store.answers:
        body = json.loads(answer.body)
        assert set(body) | {key for row in body.get("du_lieu", []) for key in row} <= allowed


def test_the_register_of_the_sandbox_marks_what_is_invented():
    rows = table("documents.csv")
    assert Counter(
        row["invented"] for row in rows if row["direction"] == "issued" and row["directive"] and row["issued_on"] < "2024-06-11"
    ) == {
        "no": 17,
        "yes": 2,
    }
