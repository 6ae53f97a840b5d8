"""Ranking pages over all closed quarters, and a unit's strong and weak sides; only what is closed is shown, so anybody may read it."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Response, abort, render_template, request, send_file

from hue_dti.errors import PeriodError
from hue_dti.periods import Period
from hue_dti.reports.standings_xlsx import standings_book
from hue_dti.services.standings import field_of, ranking
from hue_dti.standings.model import Field, Ranking
from hue_dti.standings.profile import profile
from hue_dti.standings.ranks import TOTAL, keys_of
from hue_dti.standings.words import move_words, side_words
from hue_dti.units.model import Level
from hue_dti.web.filled_book import XLSX
from hue_dti.web.site import Quarter, nothing_yet, open_quarter, period_or_404, site
from hue_dti.web.trend import before, trend

CAPS = {"huyen": Level.DISTRICT, "xa": Level.COMMUNE, "co-quan": Level.AGENCY}
WORDS = {"huyen": "Huyện, thị xã, thành phố", "xa": "Xã, phường, thị trấn", "co-quan": "Cơ quan, đơn vị"}
_CAP = f"any({', '.join(repr(each) for each in CAPS)})"


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/bang-xep-hang", "standings_home", standings_home)
    app.add_url_rule(f"/bang-xep-hang/<{_CAP}:cap>/<period>", "standings", standings)
    app.add_url_rule(f"/bang-xep-hang/<{_CAP}:cap>/<period>.xlsx", "standings_file", standings_file)
    app.add_url_rule("/don-vi/<code>/<period>/phan-tich", "analysis", analysis)
    app.context_processor(lambda: {"STANDINGS_CAPS": WORDS})


def standings_home() -> str:
    """The communes in the newest closed period, or the units of `cap`."""
    head = next(iter(site().storage.newest_heads()), None)
    cap = request.args["cap"] if request.args.get("cap") in CAPS else "xa"
    if head is None:
        return render_template("standings.html", found=None, cap=cap, period=None, periods=[], left_out=())
    return standings(cap, head.period)


def standings(cap: str, period: str) -> str:
    """Ranked by `theo` (a group or criterion), in `vung`, against `so-voi`."""
    chosen = period_or_404(period)
    found, periods = _found(cap, chosen), _periods()
    left_out = found.field.left_out if found is not None else ()
    return render_template("standings.html", found=found, cap=cap, period=chosen, periods=periods, left_out=left_out, move_words=move_words)


def standings_file(cap: str, period: str) -> Response:
    """The same as a workbook."""
    chosen = period_or_404(period)
    found = _found(cap, chosen)
    if found is None:
        abort(404)
    name = f"xep-hang-{cap}-{chosen}.xlsx"
    return send_file(BytesIO(standings_book(found)), mimetype=XLSX, as_attachment=True, download_name=name)


def analysis(code: str, period: str) -> str:
    """A unit's place, what moved it, its strong and weak sides, and how it went over the periods."""
    shown = open_quarter(code, period)
    if not shown.frozen:
        nothing_yet(shown.unit, shown.period, "none_closed", shown.host)
    field = field_of(site().storage, shown.unit.level, shown.period)
    if field is None or not any(member.unit == code for member in field.members):
        nothing_yet(shown.unit, shown.period, "not_scored", shown.host)
    region = next(member.region for member in field.members if member.unit == code)
    points = trend(shown, lambda sheet: (sheet.total.points, sheet.total.max_points))
    earlier = before(points, shown.period)
    found = ranking(site().storage, field, TOTAL, region, earlier.period if earlier else None)
    return render_template(
        "analysis.html",
        q=shown,
        found=found,
        place=next(place for place in found.places if place.member.unit == code),
        move=found.changes.moves.get(code) if found.changes is not None else None,
        profile=profile(field.within(region), field.criteria_set, code),
        region=field.units.get(region),
        points=points,
        move_words=move_words,
        side_words=side_words,
        cap=_cap_of(shown),
    )


def _cap_of(shown: Quarter) -> str:
    return next((cap for cap, level in CAPS.items() if level is shown.unit.level), "xa")


def _found(cap: str, period: Period) -> Ranking | None:
    field = field_of(site().storage, CAPS[cap], period)
    if field is None:
        return None
    key, region = request.args.get("theo") or TOTAL, request.args.get("vung", "")
    if key not in keys_of(field.criteria_set) or (region and region not in {each.code for each in field.regions}):
        abort(404)
    return ranking(site().storage, field, key, region, _against(field))


def _against(field: Field) -> Period | None:
    try:
        asked = Period.parse(request.args["so-voi"]) if request.args.get("so-voi") else None
    except PeriodError:
        abort(404)
    return asked if asked != field.period else None


def _periods() -> list[str]:
    return list(dict.fromkeys(head.period for head in site().storage.newest_heads()))
