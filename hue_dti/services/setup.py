"""Make an installation ready to work: tables at their newest, the province's units in place."""

from __future__ import annotations

from datetime import UTC, datetime

from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.services.unit_events import settle_units
from hue_dti.storage import Storage, kept_running, migration_state, open_storage, upgrade
from hue_dti.units.load import load_units


def prepare(settings: Settings, patience_s: float | None = None) -> Storage:
    """Return the storage of a ready installation; doing it again changes nothing. `patience_s` as for `open_storage`.

    Raises StorageError or SettingError from the database and CatalogueError with every fault of the unit files.
    """
    load_units(settings.criteria or folder("criteria"))
    with kept_running(settings):
        state = migration_state(settings)
        if not state.up_to_date and not state.newer_than_program:
            upgrade(settings)
        storage = open_storage(settings, patience_s)
    try:
        settle_units(storage, settings, datetime.now(UTC))
    except BaseException:
        storage.close()
        raise
    return storage
