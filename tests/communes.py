"""The forty communes of today with a quarter of their own: figures drawn by chance, closed one by one, beside a quarter of a district."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from benchmarks.proofs.quarters import observations, wholes
from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import Period
from hue_dti.services.close import close_quarter
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.tree import build_tree


def communes_of(storage: Storage, period: Period) -> tuple[OrgUnit, ...]:
    """The communes at the period's end."""
    tree = build_tree(storage.units(), period.end, "46")
    return tuple(unit for unit in tree.units if unit.level is Level.COMMUNE)


def tell(storage: Storage, catalogue: Catalogue, period: Period, seed: int, silent: Collection[str] = ()) -> None:
    """Store figures of the quarter for every commune but the silent ones."""
    tree = build_tree(storage.units(), period.end, "46")
    came = [
        replace(each, period=period, as_of=period.end, origin=replace(each.origin, raw_sha256=""))
        for each in observations(tree, catalogue.measures, wholes(catalogue), seed)
        if each.unit not in silent
    ]
    run = storage.begin_pull("super_app", "46", period, came[0].origin.fetched_at)
    storage.save_observations(run, came)
    storage.finish_pull(run, "ok", "", 1, len(came), (), came[0].origin.fetched_at)


def close_all(storage: Storage, catalogue: Catalogue, period: Period, home: Path, at: datetime, silent: Collection[str] = ()) -> None:
    """Every commune with figures closes the quarter itself."""
    for unit in communes_of(storage, period):
        if unit.code not in silent:
            close_quarter(storage, catalogue, unit, period, lambda: at, "Thư ký", home=home)
