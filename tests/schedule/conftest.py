"""A clock that the test turns, over a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import LOCAL
from hue_dti.resources import folder
from hue_dti.schedule.clockwork import Clockwork
from hue_dti.schedule.model import Entry
from hue_dti.services.workbench import Workbench
from hue_dti.storage import Storage
from hue_dti.units.load import load_units


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The criteria that ship."""
    return load_catalogue(folder("criteria"))


@pytest.fixture
def clockwork(storage: Storage, catalogue: Catalogue, database) -> Callable[..., Clockwork]:
    """A schedule of these entries over the province's units."""
    storage.save_units(load_units(folder("criteria")))

    def made(*entries: Entry, **settings: object) -> Clockwork:
        return Clockwork(entries, Workbench(replace(database.settings, **settings), catalogue, storage, lambda: datetime.now(LOCAL)))

    return made
