"""Alerts: what needs somebody now, what is being seen to, what is over; and the count in the navigation."""

from __future__ import annotations

from flask import Response, abort, g, redirect, render_template, request, url_for

from hue_dti.accounts.model import Act
from hue_dti.alerts.model import Kind
from hue_dti.errors import AlertError, HueDtiError
from hue_dti.services.alerts import LONGEST_BY, LONGEST_REASON, acknowledge, open_alerts
from hue_dti.web.access import can, hand, visible
from hue_dti.web.language import translate
from hue_dti.web.site import now, site, units

CLOSED_SHOWN = 50

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
        waiting=[each for each in open_ if each.acknowledged_at is None],
        taken=[each for each in open_ if each.acknowledged_at is not None],
        closed=closed,
        names={unit.code: unit.name for unit in units()},
        said=said,
        number=number,
        typed=request.form,
        longest=(LONGEST_BY, LONGEST_REASON),
    )


def take_on(number: int) -> Response | tuple[str, int]:
    """Take an alert on with a name and a reason; what was wrong is said beside the form, with what was typed still in it."""
    if site().storage.alerts.find(number) is None:
        abort(404)
    try:
        acknowledge(site().storage, number, request.form.get("nguoi", ""), request.form.get("ly-do", ""), now(), hand())
    except AlertError as fault:
        return alerts(str(fault), number), 409
    return redirect(url_for("alerts", _anchor=f"canh-bao-{number}"), 303)  # type: ignore[return-value]


def waiting_alerts() -> int | None:
    """How many alerts nobody has taken on, of those whoever asks may see; None while the database does not say."""
    if g.get("unreachable"):
        return None
    try:
        return sum(count for code, count in site().storage.alerts.waiting().items() if can(Act.READ_LIVE, code))
    except HueDtiError:
        return None


def kind_words(kind: Kind) -> str:
    """What an alert is about, in the reader's language."""
    return translate(KINDS[kind])
