"""A nation's quarter of 63 provinces, 705 districts and 10,598 communes scored, ranked, rolled up; beside OpenFisca and scikit-criteria.

`python -m benchmarks.nation`: every figure is drawn with a fixed seed. The two peers come with the extra `benchmarks` and are asked the
same in the same run: the same order of ranks and the same points, or the run fails. Next best steps are measured by
`python -m benchmarks.nation_steps`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.nation_steps import DAY, PERIOD, figures, nation
from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.load_frameworks import load_frameworks
from hue_dti.catalogue.load_rollups import load_rollups
from hue_dti.catalogue.model import Catalogue, ValueKind
from hue_dti.observations.model import State
from hue_dti.resources import folder
from hue_dti.rollup.local import add_up
from hue_dti.rollup.losses import losses
from hue_dti.rollup.province import RollUp, roll_up
from hue_dti.scoring.arrays import ScoreArrays, score_arrays
from hue_dti.scoring.model import Column, Frame
from hue_dti.scoring.ranking import competition
from hue_dti.units.model import Level, Tree

RUNS = 7
POINT = 10_000
COMMUNE_SET, DISTRICT_SET = "hue-commune-2024", "hue-district-2024"


@dataclass(frozen=True)
class Nation:
    """The set that everything is measured on."""

    catalogue: Catalogue
    tree: Tree
    frame: Frame


def made(seed: int = 931) -> Nation:
    """Figures of communes as for the next best steps, and of districts in 97 of 100 cells."""
    catalogue, tree = load_catalogue(folder("criteria")), nation()
    frame = figures(tree, catalogue, seed)
    chance = np.random.default_rng(seed + 1)
    at = np.array([unit.level is Level.DISTRICT for unit in tree.units])
    districts = {code: measure for code, measure in catalogue.measures.items() if Level.DISTRICT in measure.levels}
    wholes = {"applications", "applications_checked", "procedures", "systems", "reflections", "specialists", "budget", "infection_notices"}
    columns = {}
    for code, measure in districts.items():
        most = 3 if measure.kind is ValueKind.PROGRESS else 2000 if code in wholes else 40
        least = 1000 if code in wholes else 0
        columns[code] = _column(chance.integers(least, most, len(tree)), at, chance)
    return Nation(catalogue, tree, Frame(tree, {**frame.columns, **columns}))


def _column(value: np.ndarray, at: np.ndarray, chance: np.random.Generator) -> Column:
    came = at & (chance.random(len(at)) < 0.97)
    state = np.where(came, np.int8(State.MEASURED), np.where(at, np.int8(State.MISSING), np.int8(0))).astype(np.int8)
    return Column(np.where(came, value, 0).astype(np.int64), state, np.where(came, DAY.toordinal(), 0).astype(np.int32))


def scored(whole: Nation, code: str) -> ScoreArrays:
    """One set over the whole nation."""
    return score_arrays(whole.catalogue.sets[code], whole.catalogue.measures, whole.frame, PERIOD, DAY)


def ranked(arrays: ScoreArrays) -> tuple[int, ...]:
    """Competition ranks on exact converted scores, all units of the level together."""
    return competition(
        [
            Fraction(points, arrays.max_points - left or 1)
            for points, left in zip(arrays.points.tolist(), arrays.excluded.tolist(), strict=True)
        ]
    )


def rolled(whole: Nation) -> list[RollUp]:
    """Every province's draft index."""
    frameworks = load_frameworks(folder("criteria"))
    (made_map,) = load_rollups(folder("criteria"), whole.catalogue, frameworks).values()
    return rolled_up(whole, frameworks[made_map.framework], made_map)


def rolled_up(whole: Nation, framework: Any, made_map: Any) -> list[RollUp]:
    """The same with what the files say already read."""
    rows = [row for row, unit in enumerate(whole.tree.units) if unit.level is Level.PROVINCE and unit.parent]
    feds = add_up(made_map, whole.catalogue.measures, whole.frame, rows, PERIOD.end.month)
    return [roll_up(framework, made_map, {code: fed.figure(whole.tree, i) for code, fed in feds.items()}, {}) for i in range(len(rows))]


def costly(whole: Nation, framework: Any, made_map: Any) -> int:
    """For every province, its districts by what they cost it; how many do."""
    rows = [row for row, unit in enumerate(whole.tree.units) if unit.level is Level.PROVINCE and unit.parent]
    feds = add_up(made_map, whole.catalogue.measures, whole.frame, rows, PERIOD.end.month)
    below: dict[int, list[int]] = {row: [] for row in rows}
    for row, above in enumerate(whole.tree.parent):
        if above in below:
            below[above].append(row)
    own = (({code: fed.figure(whole.tree, i) for code, fed in feds.items()}, below[row]) for i, row in enumerate(rows))
    return sum(len(losses(whole.tree, feds, told, framework, districts)) for told, districts in own)


def timed(act: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """The quickest of several runs, which others disturbed least, and what the last gave."""
    taken, given = [], None
    for _ in range(runs):
        started = time.perf_counter()
        given = act()
        taken.append(time.perf_counter() - started)
    return min(taken), given


def beside_openfisca(whole: Nation) -> None:
    """Score the communes' set in both, from figures in arrays; totals may differ by what OpenFisca's 32-bit floats lose."""
    from benchmarks.nation_peers import ABSENT, scored_by_openfisca, tax_system

    criteria_set = whole.catalogue.sets[COMMUNE_SET]
    system = tax_system(criteria_set)
    at = np.array([unit.level is Level.COMMUNE for unit in whole.tree.units])
    codes = {code for criterion in criteria_set.criteria for code in criterion.rule.measures()}
    columns = {code: column for code, column in whole.frame.columns.items() if code in codes}
    laid = {code: np.where(column.present, column.value, ABSENT)[at].astype(np.int32) for code, column in columns.items()}
    theirs_s, theirs = timed(lambda: scored_by_openfisca(system, criteria_set, laid, int(at.sum())))
    ours_s, ours = timed(lambda: scored(whole, COMMUNE_SET))
    compared("scoring communes from figures in arrays", ours_s, theirs_s, "OpenFisca")
    off = float(np.abs(theirs - ours.points / POINT).max())
    print(f"totals differ by {off:.5f} at most")
    if off > 0.001:
        raise SystemExit("OpenFisca gives other points")


def beside_skcriteria(arrays: ScoreArrays) -> None:
    """Rank the communes by the sum of their criteria's points in both; the order must be the same."""
    from benchmarks.nation_peers import ranks_by_skcriteria

    points = np.column_stack([line.points for line in arrays.lines])
    names = [arrays.tree.units[row].code for row in arrays.spans.first.tolist()]
    theirs_s, (_, sums) = timed(lambda: ranks_by_skcriteria(points / POINT, names))
    ours_s, ours = timed(lambda: competition(points.sum(axis=1).tolist()))
    falling = np.diff(np.asarray(sums)[np.argsort(np.array(ours), kind="stable")])
    compared("ranking communes by the sum of their criteria", ours_s, theirs_s, "scikit-criteria")
    print(f"the same order: {bool((falling <= 1e-9).all())}")
    if not (falling <= 1e-9).all():
        raise SystemExit("scikit-criteria ranks otherwise")


def compared(what: str, ours_s: float, theirs_s: float, whose: str) -> None:
    """Print both times and their ratio."""
    print(f"{what}: ours {ours_s * 1e3:.1f} ms, {whose} {theirs_s * 1e3:.1f} ms: {theirs_s / ours_s:.2f} times ours")


def main() -> None:
    """Print what a nation costs, and what the same costs elsewhere."""
    made_s, whole = timed(made, 1)
    cells = sum(int(column.present.sum()) for column in whole.frame.columns.values())
    print(f"{len(whole.tree)} units, {cells} figures, made in {made_s:.1f} s")
    communes_s, communes = timed(lambda: scored(whole, COMMUNE_SET))
    districts_s, districts = timed(lambda: scored(whole, DISTRICT_SET))
    ranks_s, _ = timed(lambda: (ranked(communes), ranked(districts)))
    frameworks = load_frameworks(folder("criteria"))
    (made_map,) = load_rollups(folder("criteria"), whole.catalogue, frameworks).values()
    rolled_s, provinces = timed(lambda: rolled_up(whole, frameworks[made_map.framework], made_map))
    costly_s, found = timed(lambda: costly(whole, frameworks[made_map.framework], made_map), 1)
    in_all = communes_s + districts_s + ranks_s + rolled_s
    print(f"scoring {len(communes.spans)} communes {communes_s * 1e3:.0f} ms, {len(districts.spans)} districts {districts_s * 1e3:.0f} ms")
    print(f"ranking both exactly {ranks_s * 1e3:.0f} ms; rolling {len(provinces)} provinces up {rolled_s * 1e3:.0f} ms")
    print(f"all of it {in_all:.2f} s")
    print(f"what each of {found} districts costs its province: {costly_s:.2f} s")
    beside_openfisca(whole)
    beside_skcriteria(communes)
    subprocess.run([sys.executable, "-m", "benchmarks.nation_steps"], check=True)


if __name__ == "__main__":
    main()
