"""Where the frame of every page leads: a link is shown to whoever may follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, url_for

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.periods import Period
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import can_anywhere
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, today, units

TOP, FOOT, PERSON = "top", "foot", "person"
_OVERSEEING = frozenset({Level.PROVINCE, Level.DISTRICT})


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame: at the top, at the foot, or in the person's menu (`places`).

    Without an act it is for everybody, in the person's menu for whoever is signed in; with `others`, for whoever may do one of them
    too. With `levels`, the act has to be allowed at a unit of such a level, or at one that closes quarters of its own.
    """

    endpoint: str
    label: str
    act: Act | None = None
    places: frozenset[str] = frozenset({TOP})
    levels: frozenset[Level] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)
    others: frozenset[Act] = frozenset()


LINKS: tuple[Link, ...] = (
    Link("tasks", "Việc của tôi", Act.ENTER, frozenset({TOP, PERSON}), others=frozenset({Act.REVIEW, Act.OPERATE})),
    Link("sources", "Nguồn số liệu", Act.READ_LIVE, frozenset({TOP, FOOT}), _OVERSEEING),
    Link("progress_home", "Tiến độ", Act.REVIEW, frozenset({TOP, PERSON})),
    Link("reports", "Báo cáo", Act.REVIEW, frozenset({TOP, PERSON})),
    Link("plans", "Kế hoạch", Act.READ_LIVE, frozenset({FOOT, PERSON})),
    Link("rounds", "Đợt đánh giá", None, frozenset({FOOT, PERSON})),
    Link("alerts", "Cảnh báo", Act.READ_LIVE, frozenset({FOOT}), _OVERSEEING),
    Link("home", "Các quý đã chốt", None, frozenset({FOOT})),
    Link("base_figures", "Số liệu nền", Act.READ_LIVE, frozenset({FOOT})),
    Link("units_at", "Đơn vị theo ngày", None, frozenset({FOOT})),
    Link("unit_events", "Sắp xếp đơn vị", Act.ADMINISTER, frozenset({PERSON})),
    Link("people", "Người dùng và quyền", Act.ADMINISTER, frozenset({PERSON})),
    Link("own_account", "Tài khoản của tôi", None, frozenset({PERSON})),
    Link("province_now", "DTI cấp tỉnh", None, frozenset({FOOT})),
    Link("frameworks", "Khung DTI", None, frozenset({FOOT})),
    Link("standings_home", "Bảng xếp hạng", None, frozenset({FOOT})),
    Link("criteria_diff", "So sánh bộ chỉ số", Act.OPERATE, frozenset({FOOT})),
    Link("trail", "Nhật ký", Act.READ_TRAIL, frozenset({FOOT, PERSON})),
    Link("wall", "Màn hình lớn", Act.WATCH_WALL, frozenset({FOOT})),
)
"""In the order they are shown."""

LANDING = ("tasks", "progress_home", "home")
"""Where one arrives after signing in: the first of these whose link is shown."""


def register(app: Flask) -> None:
    """Give the frame its links."""
    app.context_processor(lambda: {"links": links, "oversees": oversees})


def links(place: str) -> tuple[Link, ...]:
    """The links of a place that whoever asks may follow."""
    return tuple(link for link in LINKS if place in link.places and _shown(link))


def oversees() -> bool:
    """Whether whoever asks sees how sources stand for the province or a unit that closes quarters."""
    return any(_shown(link) for link in LINKS if link.endpoint == "alerts")


def first_page() -> str:
    """Where whoever asks arrives."""
    shown = {link.endpoint: link for link in LINKS if link.endpoint in LANDING and _shown(link)}
    known = current_app.view_functions
    return next((url_for(name, **shown[name].values) for name in LANDING if name in shown and name in known), url_for("home"))


def _shown(link: Link) -> bool:
    if link.act is None:
        return PERSON not in link.places or actor().signed_in
    if not link.levels:
        return any(can_anywhere(act) for act in (link.act, *link.others))
    allowed = roots(actor(), link.act)
    return bool(allowed) and any(unit.level in link.levels or _closes(unit) for unit in units() if unit.code in allowed)


def _closes(unit: OrgUnit) -> bool:
    """Whether the unit closes quarters of its own today, as communes do where no district is."""
    return unit.exists_on(today()) and host_of(unit, Period.quarter_of(today())) == unit
