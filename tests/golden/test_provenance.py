"""Every figure opens down to the raw answer it came from, at the place it names, and the answers alone give the quarter again."""

import csv
import hashlib
import io
import json
import re
import threading
from datetime import date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import openpyxl
import pytest
from flask import Flask, Response, request

from hue_dti.periods import LOCAL
from hue_dti.resources import folder
from hue_dti.units.load import load_units
from tests.golden_quarter import MIGRATED, PERIOD, described, opened, serving

PROGRESS = {"chưa": 0, "đang": 1, "đã xong": 2}


@pytest.fixture(scope="module")
def answers(golden, snapshot):
    """Every stored answer behind a figure, by its hash."""
    wanted = {figure.origin.raw_sha256 for figure in snapshot.figures.values() if figure.value is not None}
    return {sha256: golden.storage.raw_answer(sha256) for sha256 in wanted}


@pytest.fixture(scope="module")
def measured(snapshot):
    """Every figure with a value."""
    return [figure for figure in snapshot.figures.values() if figure.value is not None]


@pytest.fixture(scope="module")
def books(answers):
    return {sha256: openpyxl.load_workbook(io.BytesIO(each.body)) for sha256, each in answers.items() if each.body[:2] == b"PK"}


def found_at(measured, answers, sort):
    """Figures whose stored answer is of this sort, by content type."""
    return [figure for figure in measured if sort in answers[figure.origin.raw_sha256].content_type]


def test_every_figure_with_a_value_names_a_stored_answer_whose_bytes_have_that_hash(measured, answers):
    assert len(measured) > 650
    for figure in measured:
        answer = answers[figure.origin.raw_sha256]
        assert hashlib.sha256(answer.body).hexdigest() == figure.origin.raw_sha256
        assert (figure.origin.request, figure.origin.fetched_at) == (answer.request, answer.fetched_at)
        assert figure.origin.place
        assert urlsplit(answer.request.removeprefix("GET ")).path.startswith(f"/{figure.origin.source}/")


def test_the_places_of_all_figures_are_looked_up_below(measured, answers):
    sorts = [found_at(measured, answers, sort) for sort in ("json", "csv", "rss")]
    cells = [figure for figure in measured if "!" in figure.origin.place]
    registers = [figure for figure in measured if figure.origin.source in {"documents", "hamlet_teams", "meetings"}]
    assert sum(map(len, (*sorts, cells, registers))) == len(measured)


def test_no_stored_request_carries_the_token(golden):
    with golden.database.connect() as connection:
        assert connection.execute("SELECT count(*) FROM raw_request WHERE request LIKE '%mo-phong%'").fetchone() == (0,)


def test_a_figure_of_a_json_answer_stands_at_its_path(measured, answers):
    figures = found_at(measured, answers, "json")
    assert len(figures) > 240
    for figure in figures:
        value = json.loads(answers[figure.origin.raw_sha256].body)
        for key, index in re.findall(r"\.(\w+)(?:\[(\d+)\])?", figure.origin.place):
            value = value[key][int(index)] if index else value[key]
        assert value == figure.value, figure


def test_a_figure_of_a_workbook_stands_in_its_cell(measured, books):
    figures = [figure for figure in measured if "!" in figure.origin.place]
    assert len(figures) > 190
    for figure in figures:
        name, _, cell = figure.origin.place.partition("!")
        page = books[figure.origin.raw_sha256][name]
        head = {column[4].value: column[5].value for column in page.iter_cols()}
        unit = next(words for title, words in head.items() if title and f"[{figure.measure}]" in title)
        assert as_stored(page[cell].value, unit) == figure.value, figure
        assert f"[{figure.measure}]" in page.cell(5, page[cell].column).value
        assert page.cell(page[cell].row, 1).value == figure.unit


def as_stored(value, unit):
    """What an office wrote as the integer that is kept: đồng, hundredths of a percent, steps, counts."""
    if isinstance(value, str) and value.endswith("%"):
        return int(Decimal(value.removesuffix("%").replace(",", ".")) * 100)
    if isinstance(value, str) and not value[:1].isdigit():
        return PROGRESS[value.lower()]
    number = Decimal(value.replace(".", "").replace(",", ".") if isinstance(value, str) else value)
    return int(number * 10**9) if unit == "tỷ đồng" else int(number)


def test_a_figure_of_the_antivirus_export_counts_its_units_rows(measured, answers, snapshot):
    figures = found_at(measured, answers, "csv")
    assert len(figures) == 4 * 44
    for figure in figures:
        rows = list(csv.reader(io.StringIO(answers[figure.origin.raw_sha256].body.decode())))
        number, first = map(int, re.fullmatch(r"(\d+) dòng của đơn vị, từ dòng (\d+)", figure.origin.place).groups())
        own = [row for row in rows if row[1:2] == [rows[first - 1][1]]]
        assert own[0][1] == snapshot.tree.unit(figure.unit).name
        counts = {
            "computers": len(own),
            "computers_malware": sum(bool(row[2]) for row in own),
            "computers_virus": sum(bool(row[3]) for row in own),
            "computers_infected": sum(row[4] != "0" for row in own),
        }
        assert (number, counts[figure.measure]) == (len(own), figure.value)


def test_a_figure_of_the_news_feed_names_its_articles(measured, answers):
    figures = found_at(measured, answers, "rss")
    assert {figure.measure: figure.value for figure in figures} == {"leader_news": 104, "unit_news": 25}
    for figure in figures:
        items = ElementTree.fromstring(answers[figure.origin.raw_sha256].body).iter("item")
        days = {item.findtext("guid"): parsedate_to_datetime(item.findtext("pubDate")).astimezone(LOCAL).date() for item in items}
        named = re.findall(r"\d{5}", figure.origin.place)
        assert len(set(named)) == figure.value
        assert all(date(2024, 1, 1) <= days[guid] <= date(2024, 6, 10) for guid in named)


def test_a_figure_of_the_document_register_names_its_rows(snapshot, books):
    by_measure = {figure.measure: figure for figure in snapshot.figures.values() if figure.origin and figure.origin.source == "documents"}
    for measure in ("directives_issued", "directives_received"):
        assert len(rows_named(by_measure[measure])) == by_measure[measure].value == 19
    plan, committee = by_measure["annual_plan"], by_measure["steering_committee"]
    page = books[plan.origin.raw_sha256]["Văn bản đi"]
    assert [page.cell(row, 3).value.date().toordinal() for row in rows_named(plan)] == [plan.value]
    assert [page.cell(row, 2).value for row in rows_named(committee)] == ["196/QĐ-UBND"]


def rows_named(figure):
    return [int(number) for number in re.findall(r"\d+", figure.origin.place.partition("dòng")[2])]


def test_a_documents_row_in_appendix_one_is_the_registers(snapshot, books):
    for document in snapshot.documents:
        sheet, _, row = document.place.partition(", dòng ")
        cells = [cell.value for cell in books[document.raw_sha256][sheet][int(row)]]
        assert (cells[1], cells[2].date()) == (document.number, document.issued_on)
        assert isinstance(cells[2], datetime)


def test_a_figure_of_the_hamlet_register_counts_its_communes_rows(measured, books):
    figures = [figure for figure in measured if figure.origin.source == "hamlet_teams"]
    assert len(figures) == 40
    for figure in figures:
        page = books[figure.origin.raw_sha256]["Tổ CNSCĐ"]
        number, name = re.fullmatch(r"Tổ CNSCĐ, (\d+) dòng của (.*)", figure.origin.place).groups()
        own = [[cell.value for cell in row] for row in page.iter_rows(min_row=6) if row[2].value == name]
        counts = {
            "villages": len(own),
            "teams": sum(row[4] is not None for row in own),
            "teams_strengthened": sum(row[6] is not None for row in own),
            "team_members": sum(row[3] for row in own),
        }
        assert (int(number), counts[figure.measure]) == (len(own), figure.value)


def test_a_figure_of_the_meeting_register_names_its_rows(measured, books):
    figures = {figure.measure: figure for figure in measured if figure.origin.source == "meetings"}
    assert {measure: figure.origin.place.count("dòng") for measure, figure in figures.items()} == {
        "steering_meetings": 2,
        "team_conferences": 1,
    }
    for figure in figures.values():
        page = books[figure.origin.raw_sha256]["Họp, tập huấn"]
        assert all(page.cell(int(row), 1).value.date() <= date(2024, 6, 10) for row in re.findall(r"dòng (\d+)", figure.origin.place))


@pytest.fixture
def stored_answers(golden):
    """A server that knows nothing but the stored answers of the golden quarter."""
    with golden.database.connect() as connection:
        rows = connection.execute("SELECT request, content_type, body FROM raw_request JOIN raw_answer USING (sha256)").fetchall()
    kept = {tuple(urlsplit(asked.removeprefix("GET "))[2:4]): (content_type, body) for asked, content_type, body in rows}
    app = Flask("stored")
    app.config["RELEASE"] = threading.Event()

    @app.get("/<path:path>")
    def answer(path):
        content_type, body = kept["/" + path, request.query_string.decode()]
        return Response(body, content_type=content_type)

    with serving(app) as base:
        yield base


def test_the_stored_answers_alone_give_every_figure_and_document_of_the_quarter_again(stored_answers, golden, server, tmp_path):
    with server.temporary(MIGRATED) as database, opened(database, tmp_path) as again:
        again.storage.save_units(load_units(folder("criteria")))
        outcomes = again.pull(described(stored_answers))
        assert {outcome.outcome for outcome in outcomes.values()} == {"ok"}
        assert told(again) == told(golden)
        assert again.read().documents == golden.read().documents


def told(quarter):
    codes = {unit.code for unit in quarter.storage.units()}
    found = quarter.storage.observations(codes, PERIOD)
    return {(each.unit, each.measure): (each.value, each.state, each.as_of, each.origin.raw_sha256, each.origin.place) for each in found}
