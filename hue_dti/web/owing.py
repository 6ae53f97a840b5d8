"""What a unit still owes, on its page in the last days before the cut-off, and the letter that asks for it."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Response, abort, send_file

from hue_dti.errors import HueDtiError
from hue_dti.periods import Period
from hue_dti.reports.owing import Owing
from hue_dti.services.letter import FORMATS, letter_bytes, letter_name, reminder_letter
from hue_dti.services.owing import owing
from hue_dti.services.quarter import draft
from hue_dti.units.model import OrgUnit
from hue_dti.web.site import Quarter, host_of, now, period_or_404, site, today, unit_or_404

LAST_DAYS = 14
"""How many days before the cut-off a unit's page begins to remind."""

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def register(app: Flask) -> None:
    """Give the letter its address and the pages their reminder."""
    app.add_url_rule("/don-vi/<code>/<period>/cong-van-don-doc.<kind>", "letter", letter)
    app.context_processor(lambda: {"reminder_of": reminder_of, "owed_of": owed_of, "owed_before": owed_before, "today": today})


def letter(code: str, period: str, kind: str) -> Response:
    """The letter as a file, from today's figures; 404 for a unit without a quarter of its own and where nothing is owed."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    if kind not in FORMATS or host_of(unit, chosen) is not unit or chosen.start > today():
        abort(404)
    try:
        written = reminder_letter(site().storage, site().catalogue, unit, chosen, now())
    except HueDtiError:
        abort(404)
    content = BytesIO(letter_bytes(written, kind, site().settings.report_fonts))
    return send_file(content, mimetype=_TYPES[kind], as_attachment=True, download_name=letter_name(unit, chosen, kind))


def owed_of(q: Quarter) -> Owing | None:
    """What the unit of the page owes while its quarter is open; None when nothing is."""
    if q.frozen:
        return None
    owed = owing(q.whole, q.catalogue, None if q.host is q.unit else q.snapshot.sheet)
    return owed if owed.criteria else None


def reminder_of(q: Quarter) -> Owing | None:
    """The same, in the last days before the cut-off only."""
    return owed_of(q) if 0 <= (q.whole.head.cutoff - today()).days <= LAST_DAYS else None


def owed_before(host: OrgUnit, period: Period) -> Owing | None:
    """What is owed where no figure has come at all, in the last days before the cut-off."""
    criteria_set = site().catalogue.set_for(host.level, period.end)
    if criteria_set is None or not 0 <= (criteria_set.calendar.cutoff(period) - today()).days <= LAST_DAYS:
        return None
    owed = owing(draft(site().storage, site().catalogue, host, period, now()), site().catalogue)
    return owed if owed.criteria else None
