"""Figures of sources that do not count: let in by the same gate, held against no other figure, compared and never summed."""

from __future__ import annotations

from dataclasses import replace

from hue_dti.catalogue.model import Catalogue
from hue_dti.observations.model import Pulled


def beside(catalogue: Catalogue, source: str) -> Catalogue:
    """The catalogue of what the source is only compared in, as if it counted there; without sets, no part is held against a whole."""
    compared = {code: replace(measure, source=source) for code, measure in catalogue.measures.items() if source in measure.also_from}
    return replace(catalogue, measures=compared, sets={}, checks={})


def apart(pulled: Pulled, catalogue: Catalogue, source: str) -> tuple[Pulled, Pulled]:
    """What a connector brought, with the readings that count (and those nobody asked for), and those that are only compared."""
    compared = beside(catalogue, source).measures
    counting = tuple(reading for reading in pulled.readings if reading.measure not in compared)
    others = tuple(reading for reading in pulled.readings if reading.measure in compared)
    return replace(pulled, readings=counting), Pulled(others)
