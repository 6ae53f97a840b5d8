"""The only room that knows SQLAlchemy and COPY."""

from hue_dti.storage.circuit import Circuit
from hue_dti.storage.embedded import home_folder
from hue_dti.storage.engine import OLDEST_SERVER
from hue_dti.storage.facade import Storage
from hue_dti.storage.health import Health, look_at
from hue_dti.storage.migrate import Migration, downgrade, upgrade
from hue_dti.storage.model import (
    ChangeReason,
    ConfirmedName,
    DifferenceReason,
    DismissedName,
    Figures,
    KeptArticle,
    MeasureFigures,
    PullRun,
    Said,
    UnknownName,
)
from hue_dti.storage.opening import kept_running, migration_state, open_storage
from hue_dti.storage.queue import Deferred
from hue_dti.storage.schedule import ScheduledRun, StaleSource
from hue_dti.storage.worker import Pace, work

__all__ = [
    "OLDEST_SERVER",
    "ChangeReason",
    "Circuit",
    "ConfirmedName",
    "Deferred",
    "DifferenceReason",
    "DismissedName",
    "Figures",
    "Health",
    "KeptArticle",
    "MeasureFigures",
    "Migration",
    "Pace",
    "PullRun",
    "Said",
    "ScheduledRun",
    "StaleSource",
    "Storage",
    "UnknownName",
    "downgrade",
    "home_folder",
    "kept_running",
    "look_at",
    "migration_state",
    "open_storage",
    "upgrade",
    "work",
]
