"""Communes that close quarters of their own, ranked among all of the province: since no district does it for them."""

from __future__ import annotations

from dataclasses import dataclass

from hue_dti.catalogue.model import CriteriaSet
from hue_dti.collation import sort_key
from hue_dti.periods import Period
from hue_dti.scoring.model import Ranked, ScoreSheet
from hue_dti.scoring.ranking import rank
from hue_dti.services.hosts import own_hosts
from hue_dti.services.quarter import catalogue_of, closed_in
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.names import bare_name
from hue_dti.web.site import site, units


@dataclass(frozen=True)
class OwnRanking:
    """The closed quarters of a period: places, sheets and names by unit; `waiting` communes have not closed theirs."""

    period: Period
    lower: CriteriaSet
    ranking: tuple[Ranked, ...]
    sheets: dict[str, ScoreSheet]
    names: dict[str, str]
    waiting: tuple[OrgUnit, ...]


def own_ranking(period: Period) -> OwnRanking | None:
    """The ranking of the communes that closed the period themselves under the newest set; None when none did."""
    hosts = {unit.code: unit for unit in own_hosts(site().catalogue, units(), Level.COMMUNE, period.end)}
    sheets: dict[str, ScoreSheet] = {}
    sets: dict[str, CriteriaSet] = {}
    for snapshot in closed_in(site().storage, period):
        head = snapshot.head
        if head.unit in hosts:
            sheets[head.unit] = snapshot.sheet
            sets[head.criteria_set] = catalogue_of(snapshot).sets[head.criteria_set]
    if not sheets:
        return None
    lower = max(sets.values(), key=lambda each: each.in_force_from)
    same = [sheet for sheet in sheets.values() if sheet.criteria_set == lower.code]
    same.sort(key=lambda sheet: sort_key(bare_name(hosts[sheet.unit])))
    names = {code: hosts[code].name for code in sheets}
    waiting = tuple(sorted((unit for code, unit in hosts.items() if code not in sheets), key=lambda unit: sort_key(bare_name(unit))))
    return OwnRanking(period, lower, rank(same, lower), sheets, names, waiting)
