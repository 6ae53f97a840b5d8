"""The ministry's frameworks for everybody: main indices, points, components with where each comes from, and what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from flask import Flask, abort, current_app, render_template, request

from hue_dti.catalogue.framework_words import KIND_WORDS, SCOPE_WORDS, points_text
from hue_dti.catalogue.frameworks import Framework, MainIndex, Scope
from hue_dti.catalogue.load_frameworks import load_frameworks

EXTENSION = "hue_dti_frameworks"


def register(app: Flask, criteria: Path) -> None:
    """Read the frameworks of the criteria folder once and give their pages addresses."""
    app.extensions[EXTENSION] = load_frameworks(criteria)
    app.add_url_rule("/khung", "frameworks", frameworks)
    app.add_url_rule("/khung/<code>", "framework", framework)


def frameworks() -> str:
    """All frameworks, those in use now first."""
    found = sorted(known_frameworks().values(), key=lambda each: (each.last_year is not None, not each.computable, each.code))
    return render_template("frameworks.html", frameworks=found, scopes=SCOPE_WORDS, points=points_text)


def framework(code: str) -> str:
    """One framework; `?trong-tam=2023` leaves only the components the ministry asked to work on in that year."""
    chosen = known_frameworks().get(code)
    if chosen is None:
        abort(404)
    years = sorted({year for component in chosen.components for year in component.focus})
    asked = request.args.get("trong-tam", "")
    focus = next((year for year in years if str(year) == asked), None)
    return render_template(
        "framework.html",
        framework=chosen,
        years=years,
        focus=focus,
        listed={main.code: _listed(main, focus) for main in chosen.main},
        kinds=KIND_WORDS,
        scopes=SCOPE_WORDS,
        points=points_text,
    )


def _listed(main: MainIndex, focus: int | None) -> list[object]:
    """The main index's components and parts to show; in a year of focus those marked for it, with their parts."""
    shown = [each for each in main.components if focus is None or focus in each.focus]
    return [line for each in shown for line in each.lines]


def known_frameworks() -> Mapping[str, Framework]:
    """The installation's frameworks by code."""
    return cast(Mapping[str, Framework], current_app.extensions[EXTENSION])


def of_provinces() -> Mapping[str, Framework]:
    """Those that rank provinces: by an index that is computed, or only told as it was published where too little is known of them."""
    return {code: each for code, each in known_frameworks().items() if each.scope is Scope.PROVINCE}
