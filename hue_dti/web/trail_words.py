"""What the trail keeps as codes, in words: roles and units, logins of persons, and the page behind a refused request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hue_dti.accounts.account import ROLES
from hue_dti.accounts.model import Role
from hue_dti.errors import PeriodError
from hue_dti.periods import LOCAL, Period
from hue_dti.trail.model import Event
from hue_dti.units.lines import spans_of
from hue_dti.web.language import translate
from hue_dti.web.site import units

_READS = {"GET", "HEAD"}
_PERIOD = re.compile(r"(?<![\w-])20\d\d-(?:Q[1-4]|H[12])(?![\w-])")
_ROLES = {role.value for role in Role}


def in_words(event: Event, people: Mapping[str, str]) -> Event:
    """The event as it is told on a page; `people` are names by login."""
    if event.act == "access.refused":
        method, _, path = event.subject.partition(" ")
        words = "trang %(path)s" if method in _READS else "biểu mẫu của trang %(path)s"
        return replace(event, subject=translate(words, path=path)) if path.startswith("/") else event
    if not event.act.startswith("account."):
        return event
    reason = translate("nhận bàn giao từ %(who)s", who=people[event.reason]) if _is_old_handover(event, people) else event.reason
    old, new = (_granted(text, event, people) for text in (event.old, event.new))
    return replace(event, subject=_person(event.subject, people), old=old, new=new, reason=reason)


def unit_then(event: Event) -> str:
    """The unit's name on the last day of the period the event is about, else on the day of the event."""
    if not event.unit:
        return ""
    spans = spans_of(units()).get(event.unit, ())
    day = _day(event)
    there = next((unit for unit in spans if unit.exists_on(day)), spans[-1] if spans else None)
    return there.name if there is not None else event.unit


def _day(event: Event) -> date:
    found = _PERIOD.search(event.subject)
    try:
        return Period.parse(found[0]).end if found else event.at.astimezone(LOCAL).date()
    except PeriodError:
        return event.at.astimezone(LOCAL).date()


def _is_old_handover(event: Event, people: Mapping[str, str]) -> bool:
    """Whether the reason is the login of who handed over, as it was once kept."""
    return event.act == "account.granted" and event.reason in people


def _granted(text: str, event: Event, people: Mapping[str, str]) -> str:
    """`officer 20167` as `cán bộ nhập số liệu, Xã Hương Sơn`; a login as the person."""
    role, _, code = text.partition(" ")
    if role in _ROLES and code:
        return f"{translate(ROLES[Role(role)])}, {unit_then(replace(event, unit=code))}"
    return _person(text, people)


def _person(login: str, people: Mapping[str, str]) -> str:
    name = people.get(login, login)
    return f"{name} ({login})" if name != login else login
