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
from statistics import median
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
ROUNDS = 31
_FREED = 3_900_000
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


def by_turns(acts: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median processor time of several rounds in which each act runs once: what others do is not counted, and disturbs all alike.

    A large block freed first leaves the memory with the process, as in any that has read a quarter's figures: none of the acts is measured
    by what the system takes to hand out pages.
    """
    np.ones(_FREED).sum()
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            started = time.process_time()
            act()
            taken[name].append(time.process_time() - started)
    return {name: median(times) for name, times in taken.items()}


def asked(whole: Nation, *, coverage: bool) -> ScoreArrays:
    """The communes scored, with all that OpenFisca is asked for; a converted score is an exact fraction, dividend and divisor."""
    arrays = scored(whole, COMMUNE_SET)
    _converted = arrays.points * arrays.max_points, arrays.max_points - arrays.excluded
    _covered = [(line.covered.have, line.covered.expected) for line in arrays.lines if coverage]
    return arrays


def beside_openfisca(whole: Nation) -> None:
    """Score the communes' set in both, from figures in arrays; totals may differ by what OpenFisca's 32-bit floats lose."""
    from benchmarks.nation_peers import ABSENT, scored_by_openfisca, tax_system

    criteria_set = whole.catalogue.sets[COMMUNE_SET]
    system = tax_system(criteria_set)
    at = np.array([unit.level is Level.COMMUNE for unit in whole.tree.units])
    codes = {code for criterion in criteria_set.criteria for code in criterion.rule.measures()}
    columns = {code: column for code, column in whole.frame.columns.items() if code in codes}
    laid = {code: np.where(column.present, column.value, ABSENT)[at].astype(np.int32) for code, column in columns.items()}

    def theirs(*, coverage: bool) -> Any:
        return scored_by_openfisca(system, criteria_set, laid, int(at.sum()), coverage=coverage)

    for what, coverage in (("points, statuses, sums", False), ("the same and each criterion's coverage", True)):
        acts = {"ours": lambda c=coverage: asked(whole, coverage=c), "theirs": lambda c=coverage: theirs(coverage=c)}
        taken = by_turns(acts)
        compared(f"scoring communes from figures in arrays, {what}", taken["ours"], taken["theirs"], "OpenFisca")
    _agreed(asked(whole, coverage=True), theirs(coverage=True))


def _agreed(ours: ScoreArrays, theirs: Any) -> None:
    """Compare every total, status, what leaves the maximum and every coverage; the run fails where they differ."""
    off = float(np.abs(theirs.total - ours.points / POINT).max())
    print(f"totals differ by {off:.5f} at most")
    same = [np.array_equal(line.status, told) for line, told in zip(ours.lines, theirs.status, strict=True)]
    same += [np.array_equal(line.covered.have, told) for line, told in zip(ours.lines, theirs.have, strict=True)]
    same += [np.array_equal(ours.excluded, np.rint(theirs.left_out * POINT)), np.array_equal(ours.present_figures, theirs.present)]
    if off > 0.001 or not all(same):
        raise SystemExit("OpenFisca gives other results")
    print("the same statuses, points left out, figures that came and coverage of each criterion")


def beside_skcriteria(arrays: ScoreArrays) -> None:
    """Rank the communes by the sum of their criteria's points in both; the order must be the same."""
    from benchmarks.nation_peers import ranks_by_skcriteria

    points = np.column_stack([line.points for line in arrays.lines])
    names = [arrays.tree.units[row].code for row in arrays.spans.first.tolist()]
    acts = {"ours": lambda: competition(points.sum(axis=1).tolist()), "theirs": lambda: ranks_by_skcriteria(points / POINT, names)}
    taken = by_turns(acts, RUNS)
    ours, (_, sums) = acts["ours"](), acts["theirs"]()
    falling = np.diff(np.asarray(sums)[np.argsort(np.array(ours), kind="stable")])
    compared("ranking communes by the sum of their criteria", taken["ours"], taken["theirs"], "scikit-criteria")
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
    try:
        beside_openfisca(whole)
        beside_skcriteria(communes)
    except ModuleNotFoundError as lacking:
        print(f"not compared with the others: no {lacking.name} here; pip install '.[benchmarks]' brings it")
    subprocess.run([sys.executable, "-m", "benchmarks.nation_steps"], check=True)


if __name__ == "__main__":
    main()
