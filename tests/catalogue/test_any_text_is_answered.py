"""Whatever stands in a file, the loader answers with faults that name a line of it, never with an error of its own."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hue_dti.catalogue.load import load_texts
from hue_dti.errors import CatalogueError

BROKEN = Path(__file__).parent / "broken"
MEASURES = (BROKEN / "measures.yaml").read_text(encoding="utf-8")
SETS = [path.read_text(encoding="utf-8") for path in sorted(BROKEN.glob("*.yaml")) if path.name != "measures.yaml"]
SCRAPS = [
    "",
    "null",
    "[]",
    "{}",
    "[a, 1]",
    "{a: b}",
    "-1",
    "1e9",
    '"',
    "{",
    "]",
    "? x",
    "*a",
    "&a b",
    "!!int 3",
    "\t",
    "#",
    "|",
    "- -",
    "\ud800",
    "\x00",
]


def answer(measures, text):
    """The faults, or none when both files load."""
    try:
        load_texts({"m/measures.yaml": measures, "m/set.yaml": text})
    except CatalogueError as broken:
        return broken.faults
    return ()


def assert_answered(measures, text):
    lines = {"m/measures.yaml": measures.count("\n") + 1, "m/set.yaml": text.count("\n") + 1}
    for fault in answer(measures, text):
        assert 1 <= fault.line <= lines[fault.path]
        assert fault.what
        assert fault.remedy.startswith("hãy ")
        assert "\n" not in str(fault)


@given(st.sampled_from(SETS), st.data())
@settings(max_examples=300, deadline=None)
def test_a_value_replaced_by_anything_is_answered(text, data):
    places = [match.span(1) for match in re.finditer(r"[:\-\[,{] ?([^\s:,\[\]{}][^,\n\]}]*)", text)]
    start, end = data.draw(st.sampled_from(places))
    assert_answered(MEASURES, text[:start] + data.draw(st.sampled_from(SCRAPS) | st.text(max_size=8)) + text[end:])


@given(st.sampled_from(SETS), st.data())
@settings(max_examples=150, deadline=None)
def test_lines_lost_or_doubled_are_answered(text, data):
    lines = text.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    for edited in (lines[:at] + lines[at + 1 :], lines[:at] + lines[at : at + 1] * 2 + lines[at + 1 :], lines[:at]):
        assert_answered(MEASURES, "\n".join(edited))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_measures_with_anything_in_them_are_answered(data):
    places = [match.span(1) for match in re.finditer(r": ([^,{}\n]+)", MEASURES)]
    start, end = data.draw(st.sampled_from(places))
    assert_answered(MEASURES[:start] + data.draw(st.sampled_from(SCRAPS) | st.text(max_size=8)) + MEASURES[end:], SETS[0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# chỉ có ghi chú",
        "null",
        "[[[[[[",
        "{a: {b: [",
        "? [a]\n: b",
        "{[a]: b}",
        "- " * 40,
        "a: " * 5,
        "%YAML 9.9\n---\na: b",
        "---",
        "...",
        "\ufeff",
    ],
)
def test_odd_whole_texts_are_answered(text):
    assert answer(MEASURES, text)
    assert_answered(MEASURES, text)
    assert_answered(text, SETS[0])
