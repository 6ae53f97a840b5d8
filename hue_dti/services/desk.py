"""Where somebody hands something in: the installation, who and when, and where the request came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hue_dti.accounts.model import Actor
from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.storage import Storage
from hue_dti.trail.model import Event
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything an act of handing in needs besides what is handed in."""

    storage: Storage
    catalogue: Catalogue
    settings: Settings
    home: Path
    actor: Actor
    now: Callable[[], datetime]
    address: str = ""
    request: str = ""

    @property
    def by(self) -> str:
        """Name and post of who stands there."""
        return f"{self.actor.name}, {self.actor.post}" if self.actor.post else self.actor.name

    def unit(self, code: str, period: Period) -> OrgUnit | None:
        """The unit of this code as the period ends."""
        return next((each for each in self.storage.units() if each.code == code and each.exists_on(period.end)), None)

    def event(self, act: str, unit: str, subject: str, old: str = "", new: str = "", reason: str = "") -> Event:
        """What is told of an act at this desk."""
        return Doer(self.actor, self.now(), self.address, self.request).event(act, unit, subject, old, new, reason)
