"""The platform of digital addresses: confirmed addresses per commune.

Settings beside those of `connectors.http`: `path` (default `api/communes/addresses`).

`GET {path}?district={code}&asOf={ISO date}&page={n}` →
`{"page": 1, "totalItems": 10, "asOf": "10/06/2024", "items": [{"commune": "Hương Xuân", "confirmed": 1200}]}`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from connectors.http import Asker
from connectors.paging import PageKeys, fetch_all, readings_of
from hue_dti.observations.model import Pulled, PullRequest, RawStore

KEYS = PageKeys("page", "page", "totalItems", "items", "asOf", "commune")
COLUMNS = {"confirmed": "addresses"}


class DigitalAddress:
    """Asks the address platform for confirmed addresses."""

    measures = tuple(COLUMNS.values())

    settings: tuple[str, ...] = ()

    def __init__(self, source: str = "digital_address") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """One reading per commune the platform lists; raise SourceError when the list cannot be trusted."""
        asker = Asker(self.source, request.settings, store, now)
        params = {"district": request.unit.code, "asOf": request.cutoff.isoformat()}
        path = request.settings.get("path", "api/communes/addresses")
        readings, faults = readings_of(fetch_all(asker, path, params, KEYS, request, now), COLUMNS)
        return Pulled(tuple(readings), faults=tuple(faults))
