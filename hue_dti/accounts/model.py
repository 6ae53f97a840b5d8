"""Accounts, their roles at units, and the acts that roles allow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is at a unit and at everything below it."""

    PROVINCE_ADMIN = "province_admin"
    OPERATOR = "operator"
    APPRAISER = "appraiser"
    APPROVER = "approver"
    MEMBER = "member"
    SECRETARY = "secretary"
    OFFICER = "officer"
    READER = "reader"
    SCREEN = "screen"


class Act(StrEnum):
    """What a page or form does, as far as rights go."""

    READ_CLOSED = "read_closed"
    READ_LIVE = "read_live"
    ENTER = "enter"
    ATTACH = "attach"
    SEND = "send"
    COMMENT = "comment"
    REVIEW = "review"
    APPROVE = "approve"
    CLOSE = "close"
    EDIT_REPORT = "edit_report"
    ISSUE_REPORT = "issue_report"
    APPRAISE = "appraise"
    OPERATE = "operate"
    GIVE = "give"
    APPROVE_BASE = "approve_base"
    ADMINISTER = "administer"
    READ_TRAIL = "read_trail"
    WATCH_WALL = "watch_wall"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a unit (its code); it covers the unit and whatever is below it on the day it is asked."""

    role: Role
    unit: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account as a request finds it, or the public, who has no login and no grants."""

    login: str
    name: str
    post: str
    grants: tuple[Grant, ...]

    @property
    def signed_in(self) -> bool:
        """Whether this is a person with an account."""
        return bool(self.login)


PUBLIC = Actor("", "", "", ())
