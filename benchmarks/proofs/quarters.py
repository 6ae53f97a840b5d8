"""Quarters made up with a fixed seed, of any size, to freeze and to tamper with; every figure is invented."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from hue_dti import __version__
from hue_dti.catalogue.load import load_catalogue, load_texts
from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.catalogue.rules import Gate, Inverse, Ratio, Rule, Weighted
from hue_dti.observations.model import Observation, Origin, RegisteredDocument, State
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import FrozenFigure, Snapshot, SnapshotHead
from hue_dti.snapshots.scored import score_quarter
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import build_tree

PERIOD = Period.parse("2024-Q2")
FETCHED = datetime(2024, 6, 9, 23, 0, tzinfo=UTC)
DISTRICT_SET, COMMUNE_SET = "hue-district-2024", "hue-commune-2024"


def district_quarter(seed: int = 7, code: str = "483") -> Snapshot:
    """A real district's units and criteria with invented figures."""
    catalogue = load_catalogue(folder("criteria"))
    cutoff = catalogue.sets[DISTRICT_SET].calendar.cutoff(PERIOD)
    return quarter(build_tree(load_units(folder("criteria")), cutoff, code), catalogue, seed)


def province_quarter(seed: int = 7) -> Snapshot:
    """9 districts, 141 communes and 3,500 agencies under one province, scored as a whole and commune by commune."""
    catalogue = province_catalogue()
    cutoff = catalogue.sets[DISTRICT_SET].calendar.cutoff(PERIOD)
    return quarter(build_tree(province_units(), cutoff, "46"), catalogue, seed)


def province_catalogue() -> Catalogue:
    """The district's criteria, said of a province."""
    texts = load_catalogue(folder("criteria")).texts
    said = (("\nlevel: district", "\nlevel: province"), ("levels: [district]", "levels: [province]"))
    return load_texts({name: text.replace(*said[0]).replace(*said[1]) for name, text in texts.items()})


def province_units(agencies: int = 3500) -> list[OrgUnit]:
    """A province of the usual size."""
    since = date(2020, 1, 1)
    units = [OrgUnit("46", "Tỉnh", Level.PROVINCE, None, since)]
    units += [OrgUnit(f"d{n}", f"Huyện {n}", Level.DISTRICT, "46", since) for n in range(9)]
    units += [OrgUnit(f"c{n}", f"Xã {n}", Level.COMMUNE, f"d{n % 9}", since) for n in range(141)]
    return units + [OrgUnit(f"a{n}", f"Trường {n}", Level.AGENCY, f"d{n % 9}", since, None, f"c{n % 141}") for n in range(agencies)]


def observations(tree: Tree, measures: Mapping[str, Measure], wholes: Iterable[str], seed: int) -> list[Observation]:
    """One figure for every unit and measure of the tree but one in fifty, parts below their wholes."""
    chance, large = random.Random(seed), set(wholes)
    found = []
    for code, measure in sorted(measures.items()):
        for row, unit in enumerate(tree.units):
            if unit.level in measure.levels and chance.random() > 0.02:
                origin = Origin(
                    measure.source, f"GET /{measure.source}?page={row // 50}", FETCHED, f"{row // 50:064x}", f"$.data[{row % 50}].{code}"
                )
                value = _value(measure, code in large, chance)
                found.append(Observation(unit.code, code, PERIOD, value, State.MEASURED, tree.as_of, origin))
    return found


def quarter(tree: Tree, catalogue: Catalogue, seed: int) -> Snapshot:
    """A draft of the tree's quarter, scored by the two sets of the catalogue."""
    own, lower = catalogue.sets[DISTRICT_SET], catalogue.sets[COMMUNE_SET]
    figures = {
        (unit.code, code): FrozenFigure(unit.code, code, None, State.MISSING, None, None) for unit, code in _expected(tree, catalogue)
    }
    for seen in observations(tree, catalogue.measures, wholes(catalogue), seed):
        figures[seen.unit, seen.measure] = FrozenFigure(seen.unit, seen.measure, seen.value, seen.state, seen.as_of, seen.origin)
    table = table_of(figures, tree)
    scored = score_quarter(catalogue, own, lower, tree, table, PERIOD)
    unit = tree.units[0].code
    head = SnapshotHead("", unit, str(PERIOD), own.code, 1, None, None, "", FETCHED, "proof", __version__, tree.as_of)
    document = RegisteredDocument(
        unit, "issued", "13/KH-UBND", date(2024, 1, 8), "Kế hoạch", "Chuyển đổi số năm 2024", "UBND huyện", "II.1"
    )
    return Snapshot(
        head,
        tree,
        dict(catalogue.texts),
        scored.sheet,
        lower.code,
        scored.lower,
        scored.ranking,
        (document,),
        table,
        {"phu-luc.pdf": "0" * 64},
    )


def wholes(catalogue: Catalogue) -> set[str]:
    """The measures that any rule divides by."""
    return {whole for each in catalogue.sets.values() for criterion in each.criteria for whole in _wholes(criterion.rule)}


def _wholes(rule: Rule) -> set[str]:
    match rule:
        case Ratio(whole=str(whole)) | Inverse(whole=whole):
            return {whole}
        case Gate(then=then):
            return _wholes(then)
        case Weighted(parts=parts):
            return {whole for part in parts for whole in _wholes(part.rule)}
        case _:
            return set()


def _expected(tree: Tree, catalogue: Catalogue) -> Iterable[tuple[OrgUnit, str]]:
    return ((unit, code) for code, measure in catalogue.measures.items() for unit in tree.units if unit.level in measure.levels)


def _value(measure: Measure, whole: bool, chance: random.Random) -> int:
    match measure.kind:
        case ValueKind.PROGRESS:
            return chance.randint(0, 2)
        case ValueKind.DATE:
            return date(2024, chance.randint(1, 6), chance.randint(1, 10)).toordinal()
        case ValueKind.PERCENT | ValueKind.SHARE:
            return chance.randint(0, 10_000)
        case _:
            return chance.randint(60, 90) if whole else chance.randint(0, 50)
