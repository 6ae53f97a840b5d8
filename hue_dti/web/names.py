"""The names in the sources that nobody has placed yet, with the command that places each."""

from __future__ import annotations

from flask import Flask, render_template

from hue_dti.services.names import waiting_names
from hue_dti.web.site import now, site

SUGGESTED = 3


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/ten-don-vi", "names", names_page)


def names_page() -> str:
    """What waits, and what was confirmed or put aside, newest first."""
    storage = site().storage
    known = {(unit.code, unit.valid_from): unit for unit in storage.units()}
    return render_template(
        "names.html",
        waiting=waiting_names(storage, site().catalogue, now),
        confirmed=[(each, known.get((each.code, each.valid_from))) for each in reversed(storage.confirmed_names())],
        dismissed=storage.dismissed_names(),
        sources=site().catalogue.sources,
        most=SUGGESTED,
    )
