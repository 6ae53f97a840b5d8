"""The only room that knows SQLAlchemy and COPY."""

from hue_dti.storage.embedded import home_folder
from hue_dti.storage.facade import Storage
from hue_dti.storage.migrate import Migration, downgrade, upgrade
from hue_dti.storage.model import Figures, MeasureFigures, PullRun, UnknownName
from hue_dti.storage.opening import kept_running, migration_state, open_storage

__all__ = [
    "Figures",
    "MeasureFigures",
    "Migration",
    "PullRun",
    "Storage",
    "UnknownName",
    "downgrade",
    "home_folder",
    "kept_running",
    "migration_state",
    "open_storage",
    "upgrade",
]
