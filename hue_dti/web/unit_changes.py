"""The administrator's pages of events that change units: what waits, the proof that nothing is lost, apply, take back."""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, render_template, request, url_for

from hue_dti.errors import CatalogueError, UnitEventRefused
from hue_dti.services.unit_events import apply_event, preview, revert_event
from hue_dti.storage.unit_events import Known
from hue_dti.web.access import hand
from hue_dti.web.language import translate
from hue_dti.web.site import now, site

_REFUSED = 409
STATES = {"": ("chưa áp dụng", "not-started"), "applied": ("đã áp dụng", "achieved"), "reverted": ("đã hoàn tác", "in-progress")}


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/sap-xep-don-vi", "unit_events", events)
    app.add_url_rule("/sap-xep-don-vi/<number>", "unit_event", event)
    app.add_url_rule("/sap-xep-don-vi/<number>/ap-dung", "apply_unit_event", apply, methods=["POST"])
    app.add_url_rule("/sap-xep-don-vi/<number>/hoan-tac", "revert_unit_event", revert, methods=["POST"])
    app.context_processor(lambda: {"EVENT_STATES": STATES})


def events() -> str:
    """Every event with how it stands."""
    return render_template("unit_events.html", known=site().storage.unit_events.all())


def event(number: str, said: str = "", done: str = "") -> str:
    """One event: what it changes, the proof, and what can be done with it."""
    if _known(number) is None:
        abort(404)
    seen = preview(site().storage, site().catalogue, number)
    told = done or (translate("Sự kiện đã áp dụng; các đơn vị đã đổi.") if request.args.get("xong") else "")
    return render_template("unit_event.html", seen=seen, event=seen.known.event, said=said, done=told, typed=request.form)


def apply(number: str) -> Response | str | tuple[str, int]:
    """Bring the event about."""
    if _known(number) is None:
        abort(404)
    try:
        ended = apply_event(site().storage, number, hand(), now(), request.form.get("ly-do", "").strip())
    except (UnitEventRefused, CatalogueError) as fault:
        return event(number, str(fault)), _REFUSED
    if ended:
        words = "Quyền của %(n)s người ở đơn vị cũ đã kết thúc: %(names)s. Hãy cấp quyền ở đơn vị mới."
        return event(number, done=translate(words) % {"n": len(ended), "names": ", ".join(ended)})
    return redirect(url_for("unit_event", number=number, xong="1"), 303)  # type: ignore[return-value]


def revert(number: str) -> Response | tuple[str, int]:
    """Take the event back."""
    if _known(number) is None:
        abort(404)
    try:
        revert_event(site().storage, number, hand(), now(), request.form.get("ly-do", ""))
    except UnitEventRefused as fault:
        return event(number, str(fault)), _REFUSED
    return redirect(url_for("unit_event", number=number), 303)  # type: ignore[return-value]


def _known(number: str) -> Known | None:
    return next((each for each in site().storage.unit_events.all() if each.event.number == number), None)
