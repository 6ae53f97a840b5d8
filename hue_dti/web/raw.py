"""A stored raw answer, shown as text that cannot run, or downloaded as it came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, abort, render_template, request, send_file, url_for

from hue_dti.accounts.model import Act
from hue_dti.catalogue.model import Measure
from hue_dti.periods import Period
from hue_dti.snapshots.model import FrozenFigure
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import names_of
from hue_dti.web.access import can, opens
from hue_dti.web.answer import read_answer
from hue_dti.web.places import is_spelt_otherwise
from hue_dti.web.sessions import actor
from hue_dti.web.site import Quarter, open_quarter, site

LONGEST_PLACE = 300
_SUFFIXES = {"json": "json", "csv": "csv", "xml": "xml", "spreadsheetml": "xlsx", "html": "html.txt"}


@dataclass(frozen=True, slots=True)
class Pointed:
    """The figure a reader came from: whose it is, what it is, and in which quarter."""

    quarter: Quarter
    unit: OrgUnit
    measure: Measure
    figure: FrozenFigure

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria of the quarter that use the figure."""
        return tuple(each.code for each in self.quarter.criteria_set.criteria if self.measure.code in each.rule.measures())


def raw_link(shown: Quarter, figure: FrozenFigure, criterion: str = "") -> str:
    """The address of a figure's raw answer, with the figure's place in it and the way back; empty for whom it would not open."""
    sha256 = figure.origin.raw_sha256 if figure.origin else ""
    if not may_read_raw(sha256, shown.host, shown.period):
        return ""
    named = f"{shown.unit.code}/{shown.period}/{figure.unit}/{figure.measure}"
    values: dict[str, Any] = {"sha256": sha256, "cua": named, "tieu-chi": criterion or None}
    return url_for("raw", **values)


def may_read_raw(sha256: str, host: OrgUnit, period: Period) -> bool:
    """Whether the answer would open: it was asked for the host, or for a unit that whoever asks may see."""
    return actor().signed_in and (can(Act.READ_LIVE, host.code, period.end) or opens("raw", sha256=sha256))


def show_raw(sha256: str) -> Response | str:
    """The answer with its request, time and hash; `cua` names the figure a reader came from, `cho` a place, `tai=1` gives the bytes."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        abort(404)
    answer = site().storage.raw_answer(sha256)
    if answer is None:
        abort(404)
    if request.args.get("tai"):
        kind = next((suffix for part, suffix in _SUFFIXES.items() if part in answer.content_type), "bin")
        name = f"cau-tra-loi-goc-{sha256[:12]}.{kind}"
        return send_file(BytesIO(answer.body), mimetype="application/octet-stream", as_attachment=True, download_name=name)
    pointed = _pointed(request.args.get("cua", ""), sha256)
    place = pointed.figure.origin.place if pointed and pointed.figure.origin else request.args.get("cho", "")[:LONGEST_PLACE]
    read = read_answer(answer.body, answer.content_type, place, names_of(pointed.unit) if pointed else ())
    asked = request.args.get("tieu-chi", "")
    users = pointed.criteria if pointed else ()
    return render_template(
        "raw.html",
        answer=answer,
        read=read,
        pointed=pointed,
        place=place,
        q=pointed.quarter if pointed else None,
        came_from=asked if asked in users else next(iter(users), ""),
    )


def _pointed(text: str, sha256: str) -> Pointed | None:
    """The figure named in an address, as long as it really stands in this answer, and its quarter opens for whoever asks."""
    parts = text.split("/")
    if len(parts) != 4:
        return None
    page, period, unit, measure = parts
    if is_spelt_otherwise(period) or not opens("quarter", code=page, period=period):
        return None
    shown = open_quarter(page, period)
    figure = shown.snapshot.figure(unit, measure)
    if figure is None or figure.origin is None or figure.origin.raw_sha256 != sha256:
        return None
    return Pointed(shown, shown.snapshot.tree.unit(unit), shown.catalogue.measures[measure], figure)
