"""What the platform's figures give a unit's sheet in a round: shown beside every mark, taken over after a look at what would change."""

from __future__ import annotations

from flask import Flask, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.appraisal.rounds import Round, may_enter
from hue_dti.errors import PlanRefused, RoundRefused, SettingError
from hue_dti.rollup.offered import fillings
from hue_dti.services.round_offers import Told, take, taken
from hue_dti.services.rounds import Given
from hue_dti.web.dossiers import doer, go
from hue_dti.web.filled_book import opened, sealed
from hue_dti.web.language import translate
from hue_dti.web.round_figures import offers_of
from hue_dti.web.round_sheet import bench
from hue_dti.web.rounds import ADDRESS, REFUSED
from hue_dti.web.site import site

TOO_OLD = "Lần xem trước đã quá một giờ hoặc không phải của bạn. Hãy xem lại dưới đây rồi lấy điểm."


def register(app: Flask) -> None:
    """Give the page its addresses."""
    address = f"{ADDRESS}/don-vi/<unit>/so-lieu"
    app.add_url_rule(address, "round_offers", look)
    app.add_url_rule(address, "take_round_offers", take_over, methods=["POST"])


def look(round_code: str, unit: str, said: str = "") -> str:
    """Every line as it is marked and as the figures give it; nothing is kept."""
    mine = bench(unit)
    offers = offers_of(mine.place.round)(unit)
    rows = fillings(mine.sheet, offers)
    told = [[given.line, given.points, given.words, given.link, seen] for given, seen in taken(mine.sheet, offers, overwrite=True)]
    return render_template(
        "round_offers.html",
        bench=mine,
        round=mine.place.round,
        sheet=mine.sheet,
        offers=offers,
        said=said,
        may=may_enter(mine.sheet, mine.attempt, mine.place.desk.extensions),
        new=[row for row in rows if row.is_new],
        other=[row for row in rows if row.overwrites],
        same=[row for row in rows if row.own is not None and row.own.points == row.offer.points],
        left=[row for row in rows if row.offer.points is None],
        held=sealed(_what(mine.place.round, unit), told),
    )


def take_over(round_code: str, unit: str) -> Response:
    """Keep what was looked at, all or none; lines with another mark only where that was ticked."""
    mine = bench(unit)
    try:
        held = opened(_what(mine.place.round, unit), request.form.get("sealed", ""))
        every: list[Told] = [(Given(line, points, words, link), seen) for line, points, words, link, seen in held]
        told = [each for each in every if not each[1] or request.form.get("ghi-de") == "1"]
        count = take(site().storage, mine.place.desk, mine.sheet, told, doer(), mine.line)
    except SettingError:
        return make_response(look(round_code, unit, translate(TOO_OLD)), REFUSED)
    except (PlanRefused, RoundRefused) as fault:
        return make_response(look(round_code, unit, str(fault)), REFUSED)
    return go("round_sheet", **mine.values, da_ghi=count)


def _what(of: Round, unit: str) -> str:
    return f"so lieu {of.code} {unit}"
