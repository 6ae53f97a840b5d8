"""What every job is given to work with, and which jobs are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Concatenate

from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.errors import UnknownUnit
from hue_dti.periods import Period
from hue_dti.storage import Storage, home_folder
from hue_dti.units.model import OrgUnit

GROUP = "hue_dti.jobs"


@dataclass(frozen=True, slots=True)
class Workbench:
    """An installation as a job finds it: its settings, what the criteria say, what is stored, and the clock."""

    settings: Settings
    catalogue: Catalogue
    storage: Storage
    now: Callable[[], datetime]

    @property
    def home(self) -> Path:
        """Where files outside the database are kept."""
        return home_folder(self.settings)

    def unit(self, code: str, period: Period) -> OrgUnit:
        """The unit as of the period's end; UnknownUnit otherwise."""
        for unit in self.storage.units():
            if unit.code == code and unit.exists_on(period.end):
                return unit
        raise UnknownUnit(f"Không có đơn vị mã '{code}' trong {period.label}; hãy sửa units trong lịch chạy.")


JobFunction = Callable[Concatenate[Workbench, ...], None]
"""What an entry point of the group is: the workbench first, then texts by name. `unit`, `period` and `source` come from the schedule."""


def installed_jobs() -> Mapping[str, JobFunction]:
    """Every installed job by its name."""
    return {entry.name: entry.load() for entry in entry_points(group=GROUP)}


def at_the_bench(bench: Workbench, jobs: Mapping[str, JobFunction]) -> Mapping[str, Callable[..., None]]:
    """The same jobs with the workbench laid out, wanting only their arguments."""
    return {name: partial(job, bench) for name, job in jobs.items()}
