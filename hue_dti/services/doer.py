"""Who does something and from where: what rows and the trail keep of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.accounts.model import Actor
from hue_dti.appraisal.model import Signed
from hue_dti.periods import LOCAL
from hue_dti.trail.model import Event, Hand


@dataclass(frozen=True, slots=True)
class Doer:
    """A person at a moment; `address` is where the request came from, `request` its number in the log."""

    actor: Actor
    at: datetime
    address: str = ""
    request: str = ""

    @property
    def signed(self) -> Signed:
        """As rows keep it."""
        return Signed(self.actor.login, self.actor.name, self.actor.post)

    @property
    def today(self) -> date:
        """The day in Việt Nam."""
        return self.at.astimezone(LOCAL).date()

    def event(self, act: str, unit: str, subject: str, old: str = "", new: str = "", reason: str = "") -> Event:
        """What this person did, for the trail."""
        hand = Hand(self.actor.login, self.actor.name, self.address, self.request)
        return hand.did(act, self.at, unit=unit, subject=subject, old=old, new=new, reason=reason)
