"""The only room that knows SQLAlchemy and COPY."""

from hue_dti.storage.facade import Storage
from hue_dti.storage.migrate import Migration, downgrade, upgrade
from hue_dti.storage.model import PullRun, UnknownName
from hue_dti.storage.opening import kept_running, migration_state, open_storage

__all__ = ["Migration", "PullRun", "Storage", "UnknownName", "downgrade", "kept_running", "migration_state", "open_storage", "upgrade"]
