"""Tell a person by mail that their account was changed."""

from __future__ import annotations

from datetime import datetime

from hue_dti.services.notices import tell
from hue_dti.services.workbench import Workbench


def tell_person(bench: Workbench, login: str, act: str, by: str, at: str) -> None:
    """Send the notice; without a mail server or an address nothing is sent, and the person's own page tells it all the same."""
    tell(bench.storage, bench.settings, login, act, by, datetime.fromisoformat(at), bench.now())
