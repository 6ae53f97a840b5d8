"""A JSON system that is only described: pages, totals and figures are believed when they agree, and never guessed."""

from __future__ import annotations

import json

import pytest
from werkzeug.wrappers import Request, Response

from connectors.json_api import JsonApi
from hue_dti.errors import SourceAnswerInvalid, SourceRefused
from tests.connectors.conftest import MOMENT, QUICK

ROWS = [{"xa": "Hương Xuân", "so": 1}, {"xa": "Hương Sơn", "so": 2}, {"xa": "Hương Phú", "so": 0}]
MAPPED = {"rows": "du_lieu", "unit": "xa", "figures.addresses": "so", "total": "tong"}
NUMBERED = {"pages.kind": "number", "pages.parameter": "trang"}
BY_OFFSET = {"pages.kind": "offset", "pages.parameter": "tu", "pages.size_parameter": "co", "pages.size": "2"}
BY_LINK = {"pages.kind": "next", "pages.next": "sau"}


class Paged:
    """Two rows a page by number, offset or link; `changed` spoils every answer."""

    def __init__(self, rows=ROWS, total=None, changed=lambda answer, number: answer):
        self.rows, self.total, self.changed, self.requests = rows, len(rows) if total is None else total, changed, []

    def __call__(self, environ, start_response):
        asked = Request(environ)
        self.requests.append(asked)
        number = int(asked.args.get("trang") or asked.args.get("sau") or int(asked.args.get("tu", "0")) // 2 + 1)
        start = int(asked.args.get("tu", (number - 1) * 2))
        more = f"{asked.base_url}?sau={number + 1}" if start + 2 < len(self.rows) else None
        answer = {"trang": number, "tong": self.total, "du_lieu": self.rows[start : start + 2], "sau": more}
        return Response(json.dumps(self.changed(answer, number)), mimetype="application/json")(environ, start_response)


@pytest.fixture
def read(nam_dong, serve, store):
    """Read the addresses that a server tells, as described."""

    def run(server, source="digital_address", **settings):
        described = {"base": serve(server), "network": "sandbox", **QUICK, "attempts": "1", **settings}
        assert list(JsonApi.faults_of(described)) == []
        return JsonApi(source).pull(nam_dong.request(source, described), store, lambda: MOMENT)

    return run


@pytest.mark.parametrize("pages", [NUMBERED, BY_OFFSET, BY_LINK], ids=["number", "offset", "next"])
@pytest.mark.parametrize("with_total", [True, False])
def test_every_page_is_read_once_by_number_by_offset_and_by_link(pages, with_total, read, store):
    mapped = MAPPED if with_total else {name: value for name, value in MAPPED.items() if name != "total"}
    found = read(Paged(), **mapped, **pages)
    assert [(each.unit, each.value) for each in found.readings] == [("Hương Xuân", 1), ("Hương Sơn", 2), ("Hương Phú", 0)]
    assert found.faults == ()
    assert [each.place for each in found.readings] == ["$.du_lieu[0].so", "$.du_lieu[1].so", "$.du_lieu[0].so"]
    assert store.body(found.readings[2].raw_sha256) != store.body(found.readings[0].raw_sha256)


@pytest.mark.parametrize("pages", [NUMBERED, BY_OFFSET, BY_LINK, {}], ids=["number", "offset", "next", "one page"])
def test_a_total_that_the_rows_do_not_reach_refuses_the_list(pages, read):
    with pytest.raises(SourceAnswerInvalid, match="ghi tổng số 9 nhưng các trang có"):
        read(Paged(total=9), **MAPPED, **pages)


SPOILT = {
    "a total that changes on the way": (lambda answer, number: {**answer, "tong": 3 + number}, "tổng số"),
    "a total that is no number": (lambda answer, number: {**answer, "tong": "ba"}, "'tong'"),
    "no list": (lambda answer, number: {**answer, "du_lieu": None}, "không có danh sách 'du_lieu'"),
    "one page again and again": (lambda answer, number: {**answer, "du_lieu": ROWS[:1], "trang": 1}, "hai lần"),
    "one unit in two rows": (lambda answer, number: {**answer, "du_lieu": [{"xa": "Hương Xuân", "so": number}]}, "hai lần"),
}


@pytest.mark.parametrize(("changed", "why"), SPOILT.values(), ids=SPOILT)
def test_pages_that_do_not_agree_are_refused(changed, why, read):
    with pytest.raises(SourceAnswerInvalid, match=why):
        read(Paged(changed=changed), **MAPPED, **NUMBERED)


def test_pages_without_end_end(read):
    endless = Paged(changed=lambda answer, number: {"du_lieu": [{"xa": f"Xã {number}", "so": 1}]})
    with pytest.raises(SourceAnswerInvalid, match="quá 5 trang"):
        read(endless, **{name: value for name, value in MAPPED.items() if name != "total"}, **NUMBERED, max_pages="5")


def test_a_link_to_another_host_is_not_followed(read):
    away = Paged(changed=lambda answer, number: {**answer, "sau": "http://10.0.0.1/x"})
    with pytest.raises(SourceRefused, match="ra ngoài địa chỉ"):
        read(away, **MAPPED, **BY_LINK)


@pytest.mark.parametrize("value", [-1, "nhiều", 1.5, True, [], {}, "12"])
def test_a_figure_that_is_no_count_is_a_fault_and_not_a_figure(value, read):
    found = read(Paged([{"xa": "Hương Xuân", "so": value}, {"xa": "Hương Sơn", "so": 4}]), **MAPPED)
    assert [each.value for each in found.readings] == [4]
    assert [fault.place for fault in found.faults] == ["$.du_lieu[0].so"]


def test_null_is_no_figure_and_a_figure_that_no_row_has_is_a_fault(read):
    assert read(Paged([{"xa": "Hương Xuân", "so": None}, {"xa": "Hương Sơn", "so": 4}]), **MAPPED).faults == ()
    found = read(Paged(ROWS[:2]), **{**MAPPED, "figures.addresses": "so_moi"})
    assert found.readings == ()
    assert "không dòng nào có 'so_moi'" in found.faults[0].what


def test_without_a_unit_the_figures_are_of_the_unit_asked_for_and_each_span_of_days_is_asked_once(read, nam_dong):
    server = Paged(changed=lambda answer, number: {"tin": {"leader": 5, "unit": 7}})
    settings = {"rows": "tin", "figures.leader_news": "leader", "figures.unit_news": "unit"}
    found = read(server, "web_news", **settings, **{"params.tu": "0", "params.ngay": "{start}..{end}"})
    assert [(each.unit, each.measure, each.value) for each in found.readings] == [("483", "leader_news", 5), ("483", "unit_news", 7)]
    assert [request.args["ngay"] for request in server.requests] == ["2024-01-01..2024-06-10"]


WRONG = {
    "no figures": ({"rows": "a"}, "figures"),
    "an expression that is none": ({"figures.a": "[?"}, "figures.a"),
    "rows that are no expression": ({"figures.a": "a", "rows": "a..b"}, "rows"),
    "a place that does not exist": ({"figures.a": "a", "params.x": "{quy}"}, "params.x"),
    "pages of no kind": ({"figures.a": "a", "pages.parameter": "p"}, "pages"),
    "pages without their parameter": ({"figures.a": "a", "pages.kind": "number"}, "pages"),
    "a key of pages that does not exist": ({"figures.a": "a", **NUMBERED, "pages.sise": "3"}, "pages.sise"),
    "a size that is no number": ({"figures.a": "a", **BY_OFFSET, "pages.size": "x"}, "pages.size"),
    "a kind of figure that does not exist": ({"figures.a": "a", "kinds": "a=số"}, "kinds"),
    "days written otherwise": ({"figures.a": "a", "dates": "mdy"}, "dates"),
}


@pytest.mark.parametrize(("settings", "key"), WRONG.values(), ids=WRONG)
def test_a_description_that_cannot_work_is_a_fault_of_the_file(settings, key):
    assert [fault.key for fault in JsonApi.faults_of(settings)] == [key]
