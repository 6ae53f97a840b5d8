"""docs/criteria-format.md tells every key, rule kind, word and placeholder that the loader knows, and its examples load."""

import re
from pathlib import Path

import pytest

from hue_dti.catalogue import placeholders, shapes
from hue_dti.catalogue.load import load_texts
from hue_dti.catalogue.model import CheckedPer, FlowWindow, OverTime, OverUnits, ValueKind
from hue_dti.catalogue.rules import KINDS, WhenNone
from hue_dti.units.model import Level

TEXT = (Path(__file__).parents[2] / "docs" / "criteria-format.md").read_text(encoding="utf-8")
TITLES = {
    shapes.MEASURES_FILE: "Tệp số liệu",
    shapes.SOURCE: "Nguồn",
    shapes.MEASURE: "Số liệu",
    shapes.CHECKS_FILE: "Tệp kiểm tra chéo",
    shapes.CHECK: "Kiểm tra",
    shapes.JUMP: "Thay đổi lớn",
    shapes.SET: "Bộ chỉ số",
    shapes.DECISION: "Quyết định",
    shapes.IN_FORCE: "Thời gian áp dụng",
    shapes.CALENDAR: "Lịch chốt",
    shapes.CUTOFFS: "Ngày chốt",
    shapes.GROUP: "Nhóm",
    shapes.CRITERION: "Tiêu chí",
    shapes.CLASS: "Xếp loại",
    shapes.PROOF: "Minh chứng",
    shapes.STATUS: "Tình trạng",
    shapes.SHORTFALL: "Danh sách còn thiếu",
    shapes.SENTENCES: "Các câu trong báo cáo",
    shapes.BY_STATUS: "Câu theo tình trạng",
    shapes.RUNG: "Nấc",
    shapes.PART: "Phần",
}


def sections():
    """Heading → what stands under it up to the next heading."""
    parts = re.split(r"^#+ (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


SECTIONS = sections()
OF_RULES = {kind: next(body for title, body in SECTIONS.items() if title.startswith(f"`{kind}`: ")) for kind in KINDS}


def section_of(shape):
    rules = {id(rule): kind for kind, rule in shapes.RULES.items()}
    return OF_RULES[rules[id(shape)]] if id(shape) in rules else SECTIONS[TITLES[shape]]


def rows_of(body):
    """First and second cell of each row of the tables in a section."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line.startswith("| `")]
    return [(key, row[1]) for row in rows for key in re.findall(r"`([^`]+)`", row[0])]


def examples(body):
    return re.findall(r"```yaml\n(.*?)```", body, re.DOTALL)


MEASURES, DISTRICT = examples(SECTIONS["Ví dụ đầy đủ"])


@pytest.mark.parametrize("shape", shapes.ALL, ids=lambda shape: shape.name)
def test_every_key_has_a_row_under_its_heading_and_no_row_names_a_key_that_is_gone(shape):
    keys = [key for key, _ in rows_of(section_of(shape))]
    assert sorted(keys) == sorted(shape.keys)


@pytest.mark.parametrize("shape", [each for each in shapes.ALL if each is not shapes.CUTOFFS], ids=lambda shape: shape.name)
def test_the_rows_say_which_keys_must_be_written(shape):
    told = dict(rows_of(section_of(shape)))
    assert {key for key in told if told[key] == "có"} == set(shape.required)


def rules_of(kind):
    """The rules of the examples under a kind, as the loader reads them."""
    for example in examples(OF_RULES[kind]):
        rule = "".join(f"        {line}\n" for line in example.splitlines())
        head = DISTRICT.partition("        rule:")[0].replace("max_points: 34", "max_points: 24")
        sentences = '        sentences:\n          report: {any: "{status}"}\n          result: {any: "{points}"}\n'
        loaded = load_texts({"m/measures.yaml": MEASURES, "m/district.yaml": head + rule + sentences})
        yield loaded.sets["tinh-mau-district-2026"].criteria[0].rule


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_every_kind_of_rule_load(kind):
    rules = list(rules_of(kind))
    assert rules
    assert all(isinstance(rule, KINDS[kind]) for rule in rules)


def test_the_full_example_loads():
    loaded = load_texts({"m/measures.yaml": MEASURES, "m/district-2026.yaml": DISTRICT})
    assert len(loaded.sets["tinh-mau-district-2026"].criteria) == 2


def test_the_fault_shown_is_one_the_loader_gives():
    wrong = DISTRICT.replace("        max_points: 24", "        max_points: mười")
    with pytest.raises(Exception, match="mười") as caught:
        load_texts({"m/measures.yaml": MEASURES, "m/district-2026.yaml": wrong})
    assert str(caught.value).partition(": ")[2] in TEXT


@pytest.mark.parametrize(
    "words", [CheckedPer, ValueKind, OverUnits, OverTime, FlowWindow, WhenNone, Level], ids=lambda words: words.__name__
)
def test_every_word_of_an_enumeration_is_explained(words):
    assert [word.value for word in words if f"`{word.value}`" not in TEXT] == []


def test_every_word_of_the_other_lists_is_explained():
    lists = (shapes.ENTRIES, shapes.ACHIEVED_WHEN, shapes.SHOWS, shapes.SENTENCE_KEYS, shapes.PERIOD_KEYS)
    assert [word for words in lists for word in words if f"`{word}`" not in TEXT] == []


def test_every_placeholder_is_explained_and_none_that_is_gone():
    figures = {name for kind in KINDS for rule in rules_of(kind) for name in placeholders.of_rule(rule)}
    known = placeholders.ALWAYS | placeholders.IN_SHORTFALL | {placeholders.NOTE} | figures
    assert set(re.findall(r"`\{([a-z_]+)\}`", SECTIONS["Chỗ điền"])) == known
