"""Huế of 2025: Nam Đông into Phú Lộc on 1 January, 133 communes into 40 on 1 July with the districts gone; codes and names used again."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hue_dti.errors import CatalogueError
from hue_dti.resources import folder
from hue_dti.units.events import ChangeKind
from hue_dti.units.lineage import Lineage
from hue_dti.units.load import load_events, load_lists, load_units
from hue_dti.units.model import Level
from hue_dti.units.tree import build_tree

OLD, YEAR, NEW = date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 1)


@pytest.fixture(scope="module")
def units():
    return load_units(folder("criteria"))


@pytest.fixture(scope="module")
def line(units):
    return Lineage(units, load_events(folder("criteria")))


@pytest.mark.parametrize(
    ("day", "name", "districts", "communes"),
    [
        (OLD, "Tỉnh Thừa Thiên Huế", 9, 141),
        (YEAR, "Thành phố Huế", 9, 133),
        (date(2025, 6, 30), "Thành phố Huế", 9, 133),
        (NEW, "Thành phố Huế", 0, 40),
    ],
)
def test_both_trees_are_there_on_their_days(units, day, name, districts, communes):
    tree = build_tree(units, day, "46")
    levels = Counter(unit.level for unit in tree.units)
    assert (tree.units[0].name, levels[Level.DISTRICT], levels[Level.COMMUNE]) == (name, districts, communes)


def test_there_are_21_wards_and_19_communes_straight_under_the_city(units):
    below = build_tree(units, NEW, "46").children("46")
    assert Counter(unit.name.split()[0] for unit in below) == {"Phường": 21, "Xã": 19}


def test_nam_dong_went_into_phu_loc_with_its_ten_communes(line):
    (step,) = line.became(line.on("483", OLD))
    assert (step.unit.name, step.event.resolution.number, step.change.kind) == ("Huyện Phú Lộc", "1314/NQ-UBTVQH15", ChangeKind.MERGE)
    assert [each.unit.name for each in line.came_from(step.unit)] == ["Huyện Phú Lộc", "Huyện Nam Đông"]
    commune = line.on("20167", YEAR)
    assert (commune.parent, [unit.parent for unit in line.identity(commune)]) == ("482", ["483", "482"])


def test_the_code_of_huong_xuan_is_now_nam_dong_s_and_they_are_not_one_unit(line):
    before, now = line.on("20179", OLD), line.on("20179", NEW)
    assert (before.name, now.name) == ("Xã Hương Xuân", "Xã Nam Đông")
    assert line.identity(now) == (now,)
    assert {origin.unit.name for origin in line.origins(now, OLD)} == {"Xã Hương Sơn", "Xã Hương Xuân", "Xã Thượng Nhật"}
    assert all(origin.part == 1 for origin in line.origins(now, OLD))


def test_duong_no_alone_was_kept_as_it_was(line):
    kept = [unit for unit in (line.on(code, NEW) for code in _codes(line)) if len(line.identity(unit)) > 1]
    assert [unit.name for unit in kept if unit.level is Level.COMMUNE] == ["Phường Dương Nỗ"]


def test_every_commune_of_2024_is_wholly_in_one_of_the_40(line):
    held = Counter()
    for code in _codes(line):
        unit = line.on(code, NEW)
        if unit.level is Level.COMMUNE:
            held.update({origin.unit.code: origin.part for origin in line.origins(unit, OLD)})
    there = {unit.code for unit in load_lists(folder("criteria")) if unit.level is Level.COMMUNE}
    assert held == dict.fromkeys(there, 1)


def test_the_file_says_where_its_source_is_silent():
    events = {event.number: event for event in load_events(folder("criteria"))}
    assert "suy ra" in events["2025-02"].note
    assert "không nói" in events["2025-02"].note
    silent = [change for change in events["2025-02"].changes if change.kind is ChangeKind.END]
    assert len(silent) == 34
    assert all(change.note for change in silent)


def test_a_fault_of_an_event_file_names_file_and_line(tmp_path: Path):
    place = tmp_path / "units"
    for path in (folder("criteria") / "units").rglob("*.csv"):
        copy = place / path.relative_to(folder("criteria") / "units")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    changes = place / "events" / "changes.csv"
    rows = list(csv.reader(changes.read_text(encoding="utf-8").splitlines()))
    line = next(at for at, row in enumerate(rows) if row[:3] == ["2025-03", "merge", "20179"])
    text = changes.read_text(encoding="utf-8").splitlines()
    text[line] = text[line].replace("20179,Xã Hương Xuân", "20180,Xã Hương Xuân")
    changes.write_text("\n".join(text), encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"changes\.csv:{line + 1}: ngày 30/06/2025 không có đơn vị mã 20180"):
        load_units(tmp_path)


def _codes(line):
    return sorted({change.new for event in line.events for change in event.changes if change.new and line.on(change.new, NEW)})
