"""A province of any number of communes, with invented figures and with gaps: communes that sent nothing, and criteria without figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.proofs.quarters import PERIOD, observations, province_catalogue, province_units, wholes
from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.storage import Storage, open_storage
from hue_dti.units.load import load_lists
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

PULLED = PERIOD.end


def communes_of_a_province(count: int) -> list[OrgUnit]:
    """The province's units with so many communes, under names that communes really have."""
    names = [unit.name for unit in load_lists(folder("criteria")) if unit.level is Level.COMMUNE][:count]
    kept = [unit for unit in province_units(agencies=count) if unit.level is not Level.COMMUNE or int(unit.code[1:]) < count]
    named = dict(zip((unit.code for unit in kept if unit.level is Level.COMMUNE), names, strict=True))
    return [replace(unit, name=named.get(unit.code, unit.name)) for unit in kept]


def write_criteria(target: Path) -> None:
    """The district's criteria said of a province, as a folder of files."""
    for name, text in province_catalogue().texts.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")


def fill(storage: Storage, communes: int, silent: int, without: str) -> None:
    """Store the units and a quarter's figures; the first `silent` communes sent nothing, the next as many not this measure."""
    units, catalogue = communes_of_a_province(communes), province_catalogue()
    storage.save_units(units)
    tree = build_tree(units, PERIOD.end, "46")
    quiet, partly = {f"c{n}" for n in range(silent)}, {f"c{n}" for n in range(silent, 2 * silent)}
    below = {unit.code for unit in units if unit.located_in in quiet}
    came = [
        replace(each, origin=replace(each.origin, raw_sha256=""))
        for each in observations(tree, catalogue.measures, wholes(catalogue), seed=5)
        if each.unit not in quiet | below and not (each.unit in partly and each.measure == without)
    ]
    run = storage.begin_pull("super_app", "46", PERIOD, came[0].origin.fetched_at)
    storage.save_observations(run, came)
    storage.finish_pull(run, "ok", "", 1, len(came), (), came[0].origin.fetched_at)


@contextmanager
def province(server: Any, home: Path, communes: int, silent: int = 2, without: str = "accounts") -> Iterator[tuple[Settings, Storage]]:
    """An installation whose topmost unit has so many communes and a quarter that is not closed."""
    write_criteria(home)
    with server.temporary("hue_dti_template") as database, open_storage(database.settings) as storage:
        fill(storage, communes, silent, without)
        yield replace(database.settings, criteria=home), storage
