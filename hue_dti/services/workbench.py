"""What every job is given to work with, and which jobs are installed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Concatenate, TypeVar

from hue_dti.alerts.model import Rule
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.errors import UnknownUnit
from hue_dti.periods import Period
from hue_dti.services.alerts import rules_file, rules_of
from hue_dti.services.sources import SourceSettings, sources_of
from hue_dti.storage import Storage, home_folder
from hue_dti.units.model import OrgUnit

T = TypeVar("T")

GROUP = "hue_dti.jobs"
SECRETS_KEEP_S = 60.0


@dataclass(frozen=True, slots=True)
class Workbench:
    """An installation as a job finds it: its settings, what the criteria say, what is stored, and the clock."""

    settings: Settings
    catalogue: Catalogue
    storage: Storage
    now: Callable[[], datetime]
    _read: dict[str, Any] = field(init=False, default_factory=dict, repr=False, compare=False)

    def sources(self) -> Mapping[str, SourceSettings]:
        """What the sources file says; read again when it changed, or when a minute has passed, since its secrets may have.

        SettingError without a file, SourcesError for a faulty one; what this machine lacks costs only its own source.
        """
        minute = int(time.monotonic() / SECRETS_KEEP_S)
        return self._kept(
            "sources", (self.settings.sources, minute), lambda: sources_of(self.settings, os.environ, self.catalogue, complete=False)
        )

    def rules(self) -> tuple[Rule, ...]:
        """The alert rules, read again when their file changed; CatalogueError with every fault of it."""
        return self._kept("rules", (rules_file(self.settings),), lambda: rules_of(self.settings, self.catalogue))

    def _kept(self, what: str, marks: tuple[object, ...], read: Callable[[], T]) -> T:
        """What was read last, while the marks, and the files among them, are the same."""
        stamp = tuple(mark.stat().st_mtime_ns if isinstance(mark, Path) and mark.exists() else mark for mark in marks)
        if self._read.get(what, (None,))[0] != stamp:
            self._read[what] = stamp, read()
        found: T = self._read[what][1]
        return found

    @property
    def home(self) -> Path:
        """Where files outside the database are kept."""
        return home_folder(self.settings)

    def unit(self, code: str, period: Period) -> OrgUnit:
        """The unit as of the period's end; UnknownUnit otherwise."""
        (unit,) = self.units([code], period)
        return unit

    def units(self, codes: Sequence[str], period: Period) -> list[OrgUnit]:
        """The units as of the period's end, in the order of their codes; UnknownUnit for one that is not there."""
        there = {unit.code: unit for unit in self.storage.units() if unit.exists_on(period.end)}
        for code in codes:
            if code not in there:
                raise UnknownUnit(f"Không có đơn vị mã '{code}' trong {period.label}; hãy sửa units trong lịch chạy.")
        return [there[code] for code in codes]


JobFunction = Callable[Concatenate[Workbench, ...], None]
"""What an entry point of the group is: the workbench first, then texts by name. `unit`, `period` and `source` come from the schedule."""


def installed_jobs() -> Mapping[str, JobFunction]:
    """Every installed job by its name."""
    return {entry.name: entry.load() for entry in entry_points(group=GROUP)}


def at_the_bench(bench: Workbench, jobs: Mapping[str, JobFunction]) -> Mapping[str, Callable[..., None]]:
    """The same jobs with the workbench laid out, wanting only their arguments."""
    return {name: partial(job, bench) for name, job in jobs.items()}
