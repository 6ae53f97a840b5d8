"""The style sheets keep what the pages promise: readable colours, no name used that no page has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hue_dti.resources import folder

STATIC = Path(__file__).parents[2] / "hue_dti" / "web" / "static"
CSS = (STATIC / "hue.css").read_text(encoding="utf-8")
WALL = (STATIC / "wall.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", CSS))
DARK = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", WALL))


def luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["ink", "soft", "deep", "act", "achieved", "in-progress", "not-started", "not-achieved", "not-applicable"])
def test_words_are_readable_on_white_and_on_the_palest_grey(name):
    assert contrast(COLOURS[name], "#ffffff") >= 4.5
    assert contrast(COLOURS[name], COLOURS["pale"]) >= 4.5


@pytest.mark.parametrize("mark", re.findall(r"\.fill-(?:achieved|in-progress|not-started|not-achieved) \{ fill: ([^;]+);", CSS))
def test_marks_in_charts_stand_out(mark):
    colour = COLOURS[mark[6:-1]] if mark.startswith("var(") else mark
    assert contrast(colour, "#ffffff") >= 3


@pytest.mark.parametrize("name", ["bright", "dim", "achieved", "in-progress", "not-started", "not-achieved", "not-applicable"])
def test_words_on_the_wall_stand_out_from_the_dark(name):
    assert contrast(DARK[name], DARK["night"]) >= 7
    assert contrast(DARK[name], DARK["raised"]) >= 7


@pytest.mark.parametrize("step", "abcde")
def test_numbers_on_the_map_are_readable_and_its_colours_stand_out(step):
    words = "#ffffff" if step == "e" else DARK["on-step"]
    assert contrast(DARK[f"step-{step}"], words) >= 4.5
    assert contrast(DARK[f"step-{step}"], DARK["night"]) >= 3


def test_words_on_the_hatch_and_on_the_lost_connection_are_readable():
    hatch = re.findall(r"#[0-9a-f]{6}", re.search(r"--hatch: (.*);", WALL)[1])
    assert [contrast(DARK["bright"], grey) >= 7 for grey in hatch] == [True] * 2
    background, words = re.search(r"#mat-ket-noi \{[^}]*background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6})", WALL).groups()
    assert contrast(background, words) >= 7


@pytest.mark.parametrize("sheet", [CSS, WALL], ids=["hue", "wall"])
def test_every_class_of_the_style_sheet_is_used_on_some_page(sheet):
    pages = "".join(path.read_text(encoding="utf-8") for path in (folder("templates") / "web").glob("*.html"))
    code = "".join(path.read_text(encoding="utf-8") for path in [*STATIC.parent.glob("*.py"), STATIC.parent.parent / "reports" / "html.py"])
    code += "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    put_together = ("fill-", "stroke-", "state-", "level-", "report-", "step-")
    named = {name for name in re.findall(r"\.([a-z][a-z_-]+)(?=[\s.,:{>+~\[)])", sheet) if not name.startswith(put_together)}
    assert {name for name in named if not re.search(rf"(?<![\w-]){name}(?![\w-])", pages + code)} == set()


def test_the_style_sheets_and_the_scripts_are_small():
    assert len(CSS) < 40_000
    assert len((STATIC / "hue.js").read_text(encoding="utf-8")) < 4_000
    assert len(WALL) < 12_000
    assert len((STATIC / "wall.js").read_text(encoding="utf-8")) < 8_000
