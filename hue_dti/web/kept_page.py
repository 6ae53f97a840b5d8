"""A page whose inner parts are kept: worked out once for all who have the same rights, in a frame that is everybody's own.

The parts are worked out for somebody without a name who has only those rights that may matter for the unit; these rights are part of the
key. So nothing personal and nothing that others may not see can be in them, whatever the templates ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from flask import g, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from hue_dti.accounts.model import Actor
from hue_dti.periods import Period
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import lines
from hue_dti.web.packed import part
from hue_dti.web.sessions import actor, standing_in
from hue_dti.web.site import Quarter, kept, today

PIECES = ("title", "skips", "crumbs", "periods", "content", "asof")
CUT = "\x00"
"""No page has one: the door takes no text with it and the database keeps none."""

NOBODY = "·"
"""The login of who stands in for everybody signed in; nobody can have it."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The blocks of a page by name; the longest of them as bytes and compressed."""

    blocks: Mapping[str, Markup]
    shared: tuple[bytes, bytes]


Prepare = Callable[[], tuple[Quarter, Mapping[str, Any]]]
"""What the template is told, and the quarter it is about."""


def kept_page(template: str, unit: OrgUnit, period: Period, prepare: Prepare) -> str:
    """The page of a unit's quarter; `prepare` may answer by itself, as views do, with a page that says why there is nothing."""
    nameless = _nameless(unit, period)
    key = ("page", template, request.full_path, g.lang, nameless, today())
    try:
        pieces = kept(key, lambda: _made(template, unit, period, prepare, nameless))
    except HTTPException:
        return render_template(template, **prepare()[1])  # that answer is for whoever asks, by name
    g.shared_part = pieces.shared
    return render_template("kept.html", pieces=pieces.blocks)


def _nameless(unit: OrgUnit, period: Period) -> Actor:
    """Whoever asks without the name, with the rights held at the unit, above it and below it."""
    asking, days = actor(), _days(period)
    above = _above(unit, period)
    near = {each for each in asking.grants if each.unit in above or any(unit.code in lines().of(each.unit, day) for day in days)}
    return Actor(NOBODY if asking.signed_in else "", "", "", tuple(sorted(near, key=lambda each: (each.unit, each.role))))


def _made(template: str, unit: OrgUnit, period: Period, prepare: Prepare, nameless: Actor) -> tuple[Pieces, set[str]]:
    with standing_in(nameless):
        shown, told = prepare()
        whole = render_template(template, layout="pieces.html", cut=CUT, csrf_token=_personal, **told)
    blocks = dict(zip(PIECES, map(Markup, whole.split(CUT)), strict=True))
    longest = blocks["content"].encode()
    return Pieces(blocks, (longest, part(longest))), {each.code for each in shown.whole.tree.units} | _above(unit, period) | {
        shown.host.code
    }


def _above(unit: OrgUnit, period: Period) -> set[str]:
    """The unit and those above it, in the periods beside too, to which the page leads."""
    return {unit.code}.union(*(lines().of(unit.code, day) for day in _days(period)))


def _days(period: Period) -> tuple[date, ...]:
    return period.previous().end, period.end, period.next().end, today()


def _personal() -> NoReturn:
    raise TypeError("a part that is kept for many asked for what is one person's")
