"""Tell persons by mail what concerns them: that their account was changed, that the days of their round moved."""

from __future__ import annotations

from datetime import datetime

from hue_dti.services.notices import tell
from hue_dti.services.round_post import tell as tell_of_days
from hue_dti.services.workbench import Workbench
from hue_dti.storage.round_notices import NoticeKey


def tell_person(bench: Workbench, login: str, act: str, by: str, at: str) -> None:
    """Send the notice; without a mail server or an address nothing is sent, and the person's own page tells it all the same."""
    tell(bench.storage, bench.settings, login, act, by, datetime.fromisoformat(at), bench.now())


def tell_round(bench: Workbench, round: str, cause: str, login: str) -> None:
    """Send one person the letter of a round's moved days; what became of it is on the round's page."""
    tell_of_days(bench.storage, bench.settings, NoticeKey(round, cause, login), bench.now)
