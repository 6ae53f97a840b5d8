"""Next best steps of every commune of a nation: 63 provinces, 705 districts, 10,598 communes, one quarter's figures drawn by chance.

`python -m benchmarks.nation_steps`: every step of every commune scored again, the least counts that win a place in its district, and
the five best of each commune laid out; beside it one plain scoring of the same nation in the same run.
"""

from __future__ import annotations

import time
from datetime import date

import numpy as np

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.observations.intake import subsets
from hue_dti.observations.model import State
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.scoring.again import Again
from hue_dti.scoring.arrays import score_arrays
from hue_dti.scoring.model import Column, Frame
from hue_dti.steps.find import Tried, tried_of
from hue_dti.steps.horizon import Horizon
from hue_dti.steps.model import Step
from hue_dti.steps.peers import Peers
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import build_tree

PROVINCES, DISTRICTS, COMMUNES = 63, 705, 10_598
PERIOD, DAY = Period.parse("2024-Q2"), date(2024, 6, 10)
BEST = 5


def nation() -> Tree:
    """The tree: districts shared out over provinces, communes over districts."""
    start = date(2020, 1, 1)
    units = [OrgUnit("VN", "Việt Nam", Level.PROVINCE, None, start)]
    units += [OrgUnit(f"P{n}", f"Tỉnh {n}", Level.PROVINCE, "VN", start) for n in range(PROVINCES)]
    units += [OrgUnit(f"D{n}", f"Huyện {n}", Level.DISTRICT, f"P{n % PROVINCES}", start) for n in range(DISTRICTS)]
    units += [OrgUnit(f"C{n}", f"Xã {n}", Level.COMMUNE, f"D{n % DISTRICTS}", start) for n in range(COMMUNES)]
    return build_tree(units, DAY)


def figures(tree: Tree, catalogue: Catalogue, seed: int = 931) -> Frame:
    """A figure in 97 of 100 cells of the communes' measures; no part above its whole."""
    chance = np.random.default_rng(seed)
    at = np.array([unit.level is Level.COMMUNE for unit in tree.units])
    values = {code: _drawn(measure, chance, len(tree)) for code, measure in catalogue.measures.items() if Level.COMMUNE in measure.levels}
    for _ in range(3):
        for part, whole in sorted(subsets(catalogue)):
            if part in values and whole in values:
                values[part] = np.minimum(values[part], values[whole])
    return Frame(tree, {code: _column(value, at, chance) for code, value in values.items()})


def _drawn(measure: Measure, chance: np.random.Generator, size: int) -> np.ndarray:
    if measure.kind is ValueKind.PROGRESS:
        return chance.integers(0, 3, size)
    return chance.integers(0, 6000 if measure.noun in {"người", "tài khoản", "hộ", "địa chỉ"} else 60, size)


def _column(value: np.ndarray, at: np.ndarray, chance: np.random.Generator) -> Column:
    came = at & (chance.random(len(at)) < 0.97)
    state = np.where(came, np.int8(State.MEASURED), np.where(at, np.int8(State.MISSING), np.int8(0))).astype(np.int8)
    return Column(np.where(came, value, 0).astype(np.int64), state, np.where(came, DAY.toordinal(), 0).astype(np.int32))


def best_of(again: Again, tried: list[Tried], peers: Peers) -> list[list[Step]]:
    """The best steps of every commune, with the place each gives."""
    rates = np.array([each.rates(again.measures) for each in tried])
    order = np.argsort(-rates, axis=0, kind="stable")[:BEST]
    return [[tried[place].step(again, peers, i) for place in order[:, i] if tried[place].gain[i]] for i in range(len(again.base.spans))]


def main() -> None:
    """Print what a nation costs."""
    catalogue = load_catalogue(folder("criteria"))
    tree = nation()
    frame = figures(tree, catalogue)
    criteria_set = catalogue.sets["hue-commune-2024"]
    started = time.perf_counter()
    score_arrays(criteria_set, catalogue.measures, frame, PERIOD, DAY)
    scored = time.perf_counter() - started
    started = time.perf_counter()
    again = Again.of(criteria_set, catalogue.measures, frame, PERIOD, DAY)
    above = [tree.parent[row] for row in again.base.spans.first.tolist()]
    numbers = {row: number for number, row in enumerate(dict.fromkeys(above))}
    peers = Peers.within(again.base, [numbers[row] for row in above])
    horizon, above_points = Horizon.of(criteria_set, PERIOD, DAY, closed=False), peers.points_for_next(again.base)
    tried = [each for line in again.base.lines for each in tried_of(again, line, horizon, above_points)]
    found = sum(int((each.gain > 0).sum()) for each in tried)
    all_steps = time.perf_counter() - started
    best = best_of(again, tried, peers)
    whole = time.perf_counter() - started
    print(f"{len(best)} communes, {len(tree)} units: scoring once {scored:.2f} s")
    print(f"every step scored again: {found} steps in {all_steps:.2f} s; with the best {BEST} of each laid out and ranked {whole:.2f} s")
    print(f"{whole / len(best) * 1e3:.3f} ms a commune; {whole / scored:.1f} times one scoring of the nation")


if __name__ == "__main__":
    main()
