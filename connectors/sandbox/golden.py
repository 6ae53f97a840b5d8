"""The golden quarter: what the sandbox's systems know about Nam Đông on 10 June 2024.

Figures stand in the CSV files beside this one: `figures.csv` (totals and district figures), `lists.csv` (the four printed lists, with each
unit as that list spells it), `communes.csv`, `documents.csv`, `meetings.csv`. `invented.py` spreads totals over units where no
document does. Columns of `figures.csv`: `spread` says how the value lies over units, `at_least`, `at_most` and `like` name measures
that bound it or give its proportions; `invented` is yes where the value itself is not in the documents.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from connectors.sandbox import invented
from hue_dti import resources
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree

DISTRICT = "483"
AS_OF = date(2024, 6, 10)
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of `figures.csv`."""

    measure: str
    source: str
    spread: str
    value: str
    at_least: str
    at_most: str
    like: str
    invented: bool
    note: str


@dataclass(frozen=True)
class World:
    """Everything the systems may be asked: `values[measure][unit code]`, and how a list spells a unit."""

    district: OrgUnit
    communes: tuple[OrgUnit, ...]
    offices: tuple[OrgUnit, ...]
    figures: tuple[Figure, ...]
    values: Mapping[str, Mapping[str, int]]
    printed: Mapping[str, Mapping[str, str]]

    def name(self, unit: OrgUnit, measure: str) -> str:
        """The unit as the system that counts this measure spells it."""
        return self.printed.get(measure, {}).get(unit.code, unit.name)

    def text(self, measure: str) -> str:
        """The district's figure as written in the file."""
        return next(figure.value for figure in self.figures if figure.measure == measure)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file beside this module."""
    with (_HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@lru_cache(maxsize=1)
def world() -> World:
    """The golden quarter, computed once."""
    tree = build_tree(load_units(resources.folder("criteria")), AS_OF, DISTRICT)
    communes = tuple(unit for unit in tree.units if unit.level is Level.COMMUNE)
    offices = tuple(unit for unit in tree.units if unit.level in (Level.COMMUNE, Level.AGENCY))
    figures = tuple(Figure(**{**row, "invented": row["invented"] == "yes"}) for row in table("figures.csv"))  # type: ignore[arg-type]
    printed: dict[str, dict[str, str]] = {"hamlet_teams": {row["unit"]: row["printed"] for row in table("communes.csv")}}
    listed: dict[str, dict[str, int]] = {}
    for row in table("lists.csv"):
        printed.setdefault(row["measure"], {})[row["unit"]] = row["printed"]
        listed.setdefault(row["measure"], {})[row["unit"]] = int(row["count"])
    values = _values(figures, [unit.code for unit in communes], [unit.code for unit in offices], listed)
    return World(tree.unit(DISTRICT), communes, offices, figures, values, printed)


def _values(
    figures: Sequence[Figure], communes: Sequence[str], offices: Sequence[str], listed: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    values: dict[str, dict[str, int]] = {"weight": {row["unit"]: int(row["weight"]) for row in table("communes.csv")}}
    for figure in figures:
        if figure.measure == "staff":
            values["staff"] = _staff(int(figure.value), offices, listed)
        elif figure.spread == "list":
            values[figure.measure] = dict(listed[figure.measure])
        elif figure.spread == "missing_list":
            missing = listed[figure.measure]
            values[figure.measure] = {code: staff - missing.get(code, 0) for code, staff in values["staff"].items()}
        elif figure.spread == "communes":
            values[figure.measure] = _over_communes(figure, communes, values)
        elif figure.spread == "district":
            values[figure.measure] = {DISTRICT: int(figure.value)} if figure.value.isdigit() else {}
        else:
            values[figure.measure] = {
                code: {"as_staff": values["staff"][code], "one_each": 1, "none": 0}[figure.spread] for code in offices
            }
    return values


def _staff(total: int, offices: Sequence[str], listed: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """No unit lacks more accounts than it has staff; a list of the missing is the least we know about a unit's size."""
    lists = [listed[measure] for measure in ("staff_readers", "staff_standardised", "staff_wallets")]
    at_least = {code: 4 + max(each.get(code, 0) for each in lists) for code in offices}
    return invented.spread(total, invented.staff_weights(offices), at_least, {})


def _over_communes(figure: Figure, communes: Sequence[str], values: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    weight = invented.weights(figure.measure, communes, values[figure.like or "weight"])
    bounds = [values[name] for name in figure.at_most.split()]
    at_most = {code: min(bound[code] for bound in bounds) for code in communes} if bounds else {}
    return invented.spread(int(figure.value), weight, values.get(figure.at_least, {}), at_most)
