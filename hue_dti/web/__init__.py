"""The web door: closed quarters for everybody, everything else for whoever is signed in and may see it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Flask
from flask_bootstrap import Bootstrap5

from hue_dti.catalogue.load import load_catalogue
from hue_dti.config import Settings
from hue_dti.resources import folder
from hue_dti.services.sealed import seal_plain
from hue_dti.services.secret_key import secret_keys
from hue_dti.services.setup import prepare
from hue_dti.storage import Storage
from hue_dti.vault import Vault
from hue_dti.web import (
    access,
    again,
    appraising,
    approving,
    assignments,
    awaiting,
    base_acts,
    cell,
    cells,
    closing,
    criteria_diff,
    dossiers,
    entry,
    entry_book,
    errors,
    evidence,
    evidence_beside,
    exceptions,
    formats,
    forms,
    frameworks,
    guard,
    handing_in,
    kept_form,
    language,
    names,
    navigation,
    next_steps,
    owing,
    own_account,
    people,
    people_sheet,
    plan_desk,
    plan_goals,
    plan_lines,
    plan_new,
    plan_print,
    plans,
    province_book,
    province_round,
    provinces,
    provinces_in,
    reconcile,
    registers,
    report_desk,
    report_history,
    report_issue,
    reports,
    reviewing,
    roll_up,
    round_days,
    round_figures,
    round_fill,
    round_form,
    round_marking,
    round_offers,
    round_sheet,
    rounds,
    second_factor,
    sending,
    sessions,
    shared_sign_in,
    sign_in,
    soundness,
    standings,
    taken_away,
    tasks,
    trail,
    two_quarters,
    unit_changes,
    units_in_time,
    uploads,
    views,
    wall,
    watch,
    what_if,
)
from hue_dti.web.site import EXTENSION, Site
from hue_dti.web.tidy import TidyRequest

PAGES = (
    *(sign_in, kept_form, shared_sign_in, own_account, people, people_sheet, second_factor, assignments),
    *(views, next_steps, what_if, criteria_diff, standings, evidence, evidence_beside),
    *(registers, names, reconcile, soundness, owing, handing_in, base_acts),
    *(tasks, awaiting, entry, entry_book, cell),
    *(dossiers, sending, reviewing, cells, approving, exceptions, closing, appraising),
    *(report_desk, report_history, report_issue, reports),
    *(province_book, provinces_in, plans, plan_desk, plan_new, plan_lines, plan_goals, plan_print),
    *(rounds, round_form, round_days, round_figures, round_marking, round_sheet, round_offers, round_fill),
    *(units_in_time, unit_changes, two_quarters, province_round),
    *(wall, watch, trail, taken_away),
)
"""Rooms of pages that want nothing but the application."""

PATIENCE_S = 10.0
"""How long a person waits for a lock of the database before being told so."""


def create_app(settings: Settings | None = None, storage: Storage | None = None) -> Flask:
    """Make the site for an installation; `storage` may be given by who already opened it."""
    chosen = settings or Settings.from_environment(os.environ)
    app = Flask(__name__, template_folder=str(folder("templates") / "web"), static_folder="static")
    app.request_class = TidyRequest
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, MAX_CONTENT_LENGTH=1_000_000, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    Bootstrap5(app)
    criteria = chosen.criteria or folder("criteria")
    catalogue = load_catalogue(criteria)
    keys = secret_keys(chosen)
    place = app.extensions[EXTENSION] = Site(storage or prepare(chosen, PATIENCE_S), catalogue, chosen, Vault(keys))
    seal_plain(place.storage, place.vault, datetime.now(UTC))
    guard.register(app, chosen)
    language.register(app)
    sessions.register(app)
    uploads.register(app)
    evidence.make_room(app)
    access.register(app)
    forms.register(app, keys)
    navigation.register(app)
    formats.register(app)
    errors.register(app)
    again.register(app)
    for pages in PAGES:
        pages.register(app)
    frameworks.register(app, criteria)
    provinces.register(app, criteria)
    roll_up.register(app, criteria)
    access.complete(app)
    return app
