"""Where only counts may be kept, nothing else reaches the store, whatever a system tells; the shipped descriptions ask for counts."""

from __future__ import annotations

import json

import pytest
from werkzeug.wrappers import Response

from connectors.json_api import JsonApi
from connectors.privacy import NOT_JSON, Keeping
from connectors.sandbox import DESCRIBED
from hue_dti.errors import SourceError
from tests.connectors.conftest import MOMENT, QUICK

NAME, TEXT, PHONE = "Nguyễn Thị Chim Hoàng Yến", "Đèn đường trước nhà tôi hỏng", 912345678
COUNTS = {"tiep_nhan": 8, "dung_han": 8, "khong_hai_long": 1, "buc_xuc": 0}
MAPPED = {
    "figures.reflections": "tiep_nhan",
    "figures.reflections_on_time": "dung_han",
    "figures.reflections_dissatisfied": "khong_hai_long",
    "figures.reflections_upset": "buc_xuc",
    "keeps": " ".join(COUNTS),
}
TOLD = {
    "a list of reflections beside the counts": {**COUNTS, "data": [{"NguoiGui": NAME, "NoiDung": TEXT, "DienThoai": PHONE}]},
    "a text under a name of its own": {**COUNTS, NAME: 3},
    "a name in a list": {**COUNTS, "nguoi": [NAME, [TEXT, PHONE]]},
    "a person under the name of a count": {**COUNTS, "buc_xuc": {"ten": NAME, "so": PHONE}},
    "a text deep below": {**COUNTS, "a": {"b": {"c": [{"d": TEXT}]}}},
}


@pytest.fixture
def read(nam_dong, serve, store):
    """Read citizens' reflections that a server tells."""

    def run(server, **changed):
        described = {"base": serve(server), "network": "sandbox", **QUICK, "attempts": "1", **MAPPED, **changed}
        assert list(JsonApi.faults_of(described)) == []
        return JsonApi("field_reflections").pull(nam_dong.request("field_reflections", described), store, lambda: MOMENT)

    return run


def kept(store):
    return b"".join(answer.body for answer in store.answers).decode()


def no_person(text):
    return not any(word in text for word in (NAME, TEXT, str(PHONE), *(json.dumps(each)[1:-1] for each in (NAME, TEXT))))


@pytest.mark.parametrize("answer", TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_is_not_a_count_is_blotted_before_it_is_kept_and_told_to_the_keeper(answer, ascii_only, read, store):
    found = read(Response(json.dumps(answer, ensure_ascii=ascii_only), mimetype="application/json"))
    assert no_person(kept(store))
    assert no_person(repr(found))
    assert found.readings[0].value == 8
    assert "đã che" in found.faults[-1].what
    assert store.body(found.readings[0].raw_sha256)


def test_counts_alone_are_kept_as_they_are_and_are_no_fault(read, store):
    found = read(Response(json.dumps(COUNTS), mimetype="application/json"))
    assert [each.value for each in found.readings] == [8, 8, 1, 0]
    assert found.faults == ()
    assert json.loads(kept(store)) == COUNTS


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (f"<html>{NAME}: {TEXT}</html>", "application/json", 200),
        (f"<html>{NAME}: {TEXT}</html>", "text/html", 200),
        (json.dumps({"loi": TEXT, "nguoi": NAME}, ensure_ascii=False), "application/json", 403),
        (f"{NAME} {TEXT}", "text/plain", 500),
        (f'{{"tiep_nhan": 8, "tiep_nhan": 9, "ten": "{NAME}"}}', "application/json", 200),
        (f'{{"tiep_nhan": 8, "ten": "{NAME}"', "application/json", 200),
        (f'"{NAME}"', "application/json", 200),
        ("[" * 100_000 + f'"{NAME}"', "application/json", 200),
    ],
    ids=["a page as JSON", "a page", "a refusal", "an error", "one field twice", "half an answer", "a text alone", "too deep"],
)
def test_an_answer_that_is_no_sound_json_leaves_nothing_of_itself(body, kind, status, read, store):
    with pytest.raises(SourceError) as caught:
        read(Response(body, status, mimetype=kind))
    assert store.answers
    assert no_person(kept(store))
    assert no_person(str(caught.value))


def test_what_is_kept_of_no_json_is_a_mark_and_not_nothing():
    keeping = Keeping(frozenset({"a"}))
    assert keeping.body(b"\xff\xfe") == NOT_JSON
    assert json.loads(keeping.body(b'{"a": 1, "b": null, "c": 2}')) == {"a": 1, "b": None, "c": "[đã che]"}
    assert keeping.words() == "c"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"keeps": ""}, "để trống"),
        ({"keeps": "tiep_nhan dung_han khong_hai_long"}, "thiếu 'buc_xuc'"),
        ({"as_of": "ngay"}, "thiếu 'ngay'"),
        ({"figures.reflections": "tong.so_moi"}, "thiếu 'so_moi'"),
    ],
)
def test_a_field_that_a_figure_is_read_from_must_be_among_those_kept(changed, why):
    fault = next(iter(JsonApi.faults_of({**MAPPED, **changed})))
    assert fault.key == "keeps"
    assert why in fault.what


@pytest.mark.parametrize("source", DESCRIBED)
def test_a_described_platform_is_pulled_without_a_connector_of_its_own(source, pull, store):
    found = pull(source)
    assert found.readings
    assert found.faults == ()
    assert {each.unit for each in found.readings} <= {"483", "Huyện Nam Đông"}
    for each in found.readings:
        value = json.loads(store.body(each.raw_sha256))
        for key in each.place.removeprefix("$.").replace("[0]", ".0").split("."):
            value = value[int(key)] if key.isdecimal() else value[key]
        assert value == each.value, "the place leads to the figure in the raw answer"
