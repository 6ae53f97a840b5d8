"""The one answer to: may this person do this to this unit?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from hue_dti.accounts.model import Act, Actor, Grant, Role

EVERYBODY = frozenset({Act.READ_CLOSED})

_OFFICER = frozenset({Act.READ_LIVE, Act.ENTER, Act.ATTACH, Act.SEND, Act.COMMENT})

ALLOWED: Mapping[Role, frozenset[Act]] = {
    Role.PROVINCE_ADMIN: frozenset({Act.READ_LIVE, Act.OPERATE, Act.APPROVE_BASE, Act.ADMINISTER, Act.READ_TRAIL, Act.WATCH_WALL}),
    Role.OPERATOR: frozenset({Act.READ_LIVE, Act.OPERATE, Act.GIVE, Act.CLOSE, Act.WATCH_WALL}),
    Role.APPRAISER: frozenset({Act.READ_LIVE, Act.REVIEW, Act.APPRAISE, Act.GIVE, Act.COMMENT}),
    Role.APPROVER: frozenset({Act.READ_LIVE, Act.REVIEW, Act.APPROVE, Act.ISSUE_REPORT, Act.COMMENT}),
    Role.MEMBER: frozenset({Act.READ_LIVE, Act.REVIEW, Act.COMMENT}),
    Role.SECRETARY: _OFFICER | {Act.REVIEW, Act.CLOSE, Act.EDIT_REPORT},
    Role.OFFICER: _OFFICER,
    Role.READER: frozenset({Act.READ_LIVE}),
    Role.SCREEN: frozenset({Act.WATCH_WALL}),
}

_OF_FIGURES = frozenset({Act.ENTER, Act.GIVE, Act.APPROVE, Act.APPRAISE})


def at_odds(held: Iterable[Grant], given: Grant, line_of: Callable[[str], Sequence[str]]) -> Grant | None:
    """The role held that does not go with the one to be given; None when all go together.

    Who gives rights at a place neither enters nor approves nor appraises its figures: that person could else make an approval alone.
    """
    return next((each for each in held if _odd(each, given, line_of) or _odd(given, each, line_of)), None)


def _odd(one: Grant, other: Grant, line_of: Callable[[str], Sequence[str]]) -> bool:
    administers, makes = Act.ADMINISTER in ALLOWED[one.role], _OF_FIGURES & ALLOWED[other.role]
    return administers and bool(makes) and one.unit in line_of(other.unit)


def may(actor: Actor, act: Act, line: Sequence[str]) -> bool:
    """Whether one of the actor's roles allows the act at the unit; `line` is the unit's code and those above it, up to the province."""
    return act in EVERYBODY or any(act in ALLOWED[grant.role] and grant.unit in line for grant in actor.grants)


def roots(actor: Actor, act: Act) -> frozenset[str]:
    """The units at which the act is allowed, each with everything below it: what a list may show."""
    return frozenset(grant.unit for grant in actor.grants if act in ALLOWED[grant.role])
