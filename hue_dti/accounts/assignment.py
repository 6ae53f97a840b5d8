"""Who answers for a criterion of a unit: another unit below it, or one person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.accounts.model import Act, Actor
from hue_dti.accounts.rights import may


@dataclass(frozen=True, slots=True)
class Assignment:
    """A criterion of the unit's set, the unit that answers for it, and its person (login, empty for whoever is there)."""

    unit: str
    criteria_set: str
    criterion: str
    responsible: str
    login: str
    by: str
    at: datetime


def mine(actor: Actor, criteria: Iterable[str], given: Mapping[str, Assignment], lines: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Of a unit's criteria those that fall to the actor; `lines` has the line of the unit itself (under "") and of each responsible one.

    A criterion of a named person falls to that person alone; one of a unit to whoever may enter there; one that nobody was given to
    whoever may enter at the unit itself.
    """
    found = set()
    for code in criteria:
        told = given.get(code)
        if told is not None and told.login:
            falls = told.login == actor.login
        else:
            falls = may(actor, Act.ENTER, tuple(lines[told.responsible if told is not None else ""]))
        if falls:
            found.add(code)
    return frozenset(found)
