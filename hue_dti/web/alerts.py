"""Alerts: what needs somebody now, what is being seen to, what is over; and the count in the navigation."""

from __future__ import annotations

from functools import partial

from flask import Response, abort, g, redirect, render_template, request, url_for

from hue_dti.accounts.model import Act, Actor
from hue_dti.alerts.model import Alert, Kind
from hue_dti.alerts.together import matters
from hue_dti.errors import AlertError, HueDtiError
from hue_dti.services.alerts import LONGEST_BY, LONGEST_REASON, acknowledge, open_alerts
from hue_dti.services.plan_watch import RULE
from hue_dti.storage import ALERTS
from hue_dti.web.access import can, hand, visible
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import kept, now, site, units

CLOSED_SHOWN = 50
_PLACE = 4
"""Parts of a plan alert's subject that say where its line stands."""

KINDS = {
    Kind.STALE: "nguồn quá hạn",
    Kind.FAILED: "nguồn lỗi",
    Kind.REFUSED: "số bị từ chối",
    Kind.JUMP: "thay đổi lớn",
    Kind.BEHIND: "chậm kế hoạch",
}


def alerts(said: str = "", number: int = 0) -> str:
    """The open alerts, those nobody has taken on first, and the last closed ones; `said` is what was wrong with a form."""
    shown = visible(Act.READ_LIVE)
    open_ = [each for each in open_alerts(site().storage) if shown(each.unit)]
    closed = site().storage.alerts.closed(CLOSED_SHOWN, {unit.code for unit in units() if shown(unit.code)})
    return render_template(
        "alerts.html",
        waiting=matters(each for each in open_ if each.acknowledged_at is None),
        taken=matters(each for each in open_ if each.acknowledged_at is not None),
        closed=closed,
        names={unit.code: unit.name for unit in units()},
        plan_place=plan_place,
        said=said,
        number=number,
        typed=request.form,
        longest=LONGEST_REASON,
    )


def take_on(number: int) -> Response | tuple[str, int]:
    """Take an alert on in the name of who asks, and those of its source at other units, with a reason.

    What was wrong is said beside the form, with what was typed still in it.
    """
    if site().storage.alerts.find(number) is None:
        abort(404)
    try:
        acknowledge(site().storage, number, _named(actor()), request.form.get("ly-do", ""), now(), hand(), partial(can, Act.OPERATE))
    except AlertError as fault:
        return alerts(str(fault), number), 409
    return redirect(url_for("alerts", _anchor=f"canh-bao-{number}"), 303)  # type: ignore[return-value]


def plan_place(alert: Alert) -> dict[str, str] | None:
    """The page of the plan's line that an alert is about; None for an alert about a source or measure."""
    parts = alert.subject.split("/", 4)
    if alert.rule != RULE or len(parts) < _PLACE:
        return None
    unit, framework, year, line = parts[:_PLACE]
    return {"code": unit, "framework": framework, "year": year, "line": line}


def _named(person: Actor) -> str:
    """Name and post, as short as an alert keeps them."""
    return (f"{person.name}, {person.post}" if person.post else person.name)[:LONGEST_BY]


def waiting_alerts() -> int | None:
    """How many matters nobody has taken on, of those whoever asks may see; None while the database does not say."""
    if g.get("unreachable"):
        return None
    try:
        return len(matters(each for each in kept("waiting alerts", _waiting) if can(Act.READ_LIVE, each.unit)))
    except HueDtiError:
        return None


def _waiting() -> tuple[tuple[Alert, ...], tuple[str, ...]]:
    return site().storage.alerts.waiting(), (ALERTS,)


def kind_words(kind: Kind) -> str:
    """What an alert is about, in the reader's language."""
    return translate(KINDS[kind])
