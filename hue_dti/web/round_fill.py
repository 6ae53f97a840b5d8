"""What the platform's figures give all units of a round that somebody fills in: one look, one act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.appraisal.model import Answer
from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.rounds import UnitSheet, may_enter
from hue_dti.errors import PlanRefused, RoundRefused, SettingError
from hue_dti.rollup.offered import Filling, Offers, fillings
from hue_dti.services.round_offers import Taken, Told, take_units, taken
from hue_dti.services.rounds import Given
from hue_dti.web.access import opens
from hue_dti.web.dossiers import doer, go
from hue_dti.web.filled_book import opened, sealed
from hue_dti.web.language import translate
from hue_dti.web.round_figures import offers_of
from hue_dti.web.round_offers import TOO_OLD
from hue_dti.web.rounds import ADDRESS, REFUSED, Place, open_place, unit_line
from hue_dti.web.site import site, today


@dataclass(frozen=True)
class Row:
    """A unit as taking its figures over would leave it, and whether the person may do so now."""

    sheet: UnitSheet
    offers: Offers
    may: Answer

    @cached_property
    def new(self) -> list[Filling]:
        """Lines that would get their first mark."""
        return [each for each in self._lines if each.is_new]

    @cached_property
    def other(self) -> list[Filling]:
        """Lines where another mark stands."""
        return [each for each in self._lines if each.overwrites]

    @property
    def left(self) -> int:
        """How many lines the figures give nothing for."""
        return sum(each.offer.points is None for each in self._lines)

    @property
    def after(self) -> int:
        """The unit's own points when its new lines are taken over."""
        return self.sheet.self_points + sum(each.offer.points or 0 for each in self.new)

    @property
    def after_all(self) -> int:
        """The same with the other lines overwritten."""
        return self.after + sum((each.offer.points or 0) - (each.own.points if each.own else 0) for each in self.other)

    @property
    def is_open(self) -> bool:
        """Whether there is something to take over, and now."""
        return self.may.ok and bool(self.new or self.other)

    @cached_property
    def _lines(self) -> tuple[Filling, ...]:
        return fillings(self.sheet, self.offers)


def register(app: Flask) -> None:
    """Give the page its addresses, and templates whether a round has it for whoever asks."""
    app.add_url_rule(f"{ADDRESS}/so-lieu", "round_fill", look)
    app.add_url_rule(f"{ADDRESS}/so-lieu", "take_round_fill", take_over, methods=["POST"])
    app.context_processor(lambda: {"fills_many": lambda here: sum(may.ok for _, may in _open(here)) > 1})


def look(round_code: str, said: str = "") -> str:
    """Every unit the person fills in, as it is marked and as the figures give it; nothing is kept."""
    here = open_place()
    offers = offers_of(here.round)
    rows = [Row(sheet, offers(sheet.unit.code), may) for sheet, may in _open(here)] or abort(404)
    told = [
        [row.sheet.unit.code, given.line, given.points, given.words, given.link, seen]
        for row in rows
        if row.is_open
        for given, seen in taken(row.sheet, row.offers, overwrite=True)
    ]
    chosen = request.form.getlist("don-vi") if said else [row.sheet.unit.code for row in rows if row.new]
    return render_template("round_fill.html", round=here.round, rows=rows, chosen=chosen, said=said, held=sealed(_what(here), told))


def take_over(round_code: str) -> Response:
    """Keep what was looked at for the chosen units, all or none; lines with another mark only where that was ticked."""
    here = open_place()
    try:
        found = _chosen(here, opened(_what(here), request.form.get("sealed", "")))
        count = take_units(site().storage, here.desk, found, doer())
    except SettingError:
        return make_response(look(round_code, translate(TOO_OLD)), REFUSED)
    except (PlanRefused, RoundRefused) as fault:
        return make_response(look(round_code, str(fault)), REFUSED)
    return go("round", round_code=round_code, da_ghi=count, may=len(found), _anchor="don-vi")


def _chosen(here: Place, held: Iterable[tuple[str, str, int, str, str, int]]) -> list[Taken]:
    """What is taken over for the units that were ticked; RoundRefused when none was."""
    chosen, overwrite = set(request.form.getlist("don-vi")), request.form.get("ghi-de") == "1"
    if not chosen:
        raise RoundRefused("Chưa chọn đơn vị nào.")
    units: dict[str, list[Told]] = {}
    for unit, line, points, words, link, seen in held:
        if unit in chosen and (overwrite or not seen):
            units.setdefault(unit, []).append((Given(line, points, words, link), seen))
    return [Taken(sheet, units[code], unit_line(here.round, code)) for sheet in here.desk.sheets if (code := sheet.unit.code) in units]


def _open(here: Place) -> Iterator[tuple[UnitSheet, Answer]]:
    """The units that the person fills in, and whether now."""
    actor = doer().actor
    for sheet in here.desk.sheets:
        if opens("round_offers", round_code=here.round.code, unit=sheet.unit.code):
            attempt = Attempt(actor, unit_line(here.round, sheet.unit.code), 0, today(), "–", sheet.entered_by)
            yield sheet, may_enter(sheet, attempt, here.desk.extensions)


def _what(here: Place) -> str:
    return f"so lieu {here.round.code}"
