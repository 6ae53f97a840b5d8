"""What the platform's figures give the units of a round, as far as whoever asks may see them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, g

from hue_dti.accounts.model import Act
from hue_dti.appraisal.rounds import Round
from hue_dti.rollup.offered import Offers
from hue_dti.services.round_offers import OfferBook, period_of
from hue_dti.web.access import can
from hue_dti.web.roll_up import ways
from hue_dti.web.site import now, site

UNSEEN = "bạn không xem được số liệu chưa chốt của đơn vị này"


def register(app: Flask) -> None:
    """Give templates the period whose figures a round takes, None where the platform has no figures for it."""
    app.context_processor(lambda: {"figures_of": lambda of: period_of(site().catalogue, of) if _book(of).counts else None})


def offers_of(of: Round) -> Callable[[str], Offers]:
    """What the figures give a unit, by its code: frozen ones everybody sees, others who reads drafts at the unit."""
    book = _book(of)

    def seen(unit: str) -> Offers:
        found = book.of(unit)
        if found.basis is None or found.basis.sequence or can(Act.READ_LIVE, unit, book.period.end):
            return found
        return Offers(why=UNSEEN)

    return seen


def _book(of: Round) -> OfferBook:
    """The round's offers, worked out once for each request."""
    known = g.setdefault("round_offers", {})
    if of.code not in known:
        known[of.code] = OfferBook(site().storage, site().catalogue, ways(), of, now())
    found: OfferBook = known[of.code]
    return found
