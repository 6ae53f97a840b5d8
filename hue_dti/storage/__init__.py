"""The only room that knows SQLAlchemy and COPY."""

from hue_dti.storage.accounts import Invitation
from hue_dti.storage.board import CameAnswer, KeptTrial
from hue_dti.storage.circuit import Circuit
from hue_dti.storage.dump import Dump, Filling, dumping
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
    Ended,
    Figures,
    KeptArticle,
    MeasureFigures,
    PullRun,
    Said,
    UnknownName,
    Way,
)
from hue_dti.storage.monitoring import Pulse, QueuePulse, SourcePulse
from hue_dti.storage.opening import application_engine, kept_running, migration_state, open_storage
from hue_dti.storage.queue import Deferred, Queued
from hue_dti.storage.reminders import Reminder, ReminderKey
from hue_dti.storage.restore import restore
from hue_dti.storage.schedule import ScheduledRun, StaleSource
from hue_dti.storage.touched import ALERTS
from hue_dti.storage.worker import Pace, work

__all__ = [
    "ALERTS",
    "OLDEST_SERVER",
    "CameAnswer",
    "ChangeReason",
    "Circuit",
    "ConfirmedName",
    "Deferred",
    "DifferenceReason",
    "DismissedName",
    "Dump",
    "Ended",
    "Figures",
    "Filling",
    "Health",
    "Invitation",
    "KeptArticle",
    "KeptTrial",
    "MeasureFigures",
    "Migration",
    "Pace",
    "PullRun",
    "Pulse",
    "QueuePulse",
    "Queued",
    "Reminder",
    "ReminderKey",
    "Said",
    "ScheduledRun",
    "SourcePulse",
    "StaleSource",
    "Storage",
    "UnknownName",
    "Way",
    "application_engine",
    "downgrade",
    "dumping",
    "home_folder",
    "kept_running",
    "look_at",
    "migration_state",
    "open_storage",
    "restore",
    "upgrade",
    "work",
]
