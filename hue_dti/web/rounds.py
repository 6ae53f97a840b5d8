"""Assessment rounds: the list, one round with its days and units, more time for one, published results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import Any

from flask import Flask, abort, make_response, render_template, request, send_file
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.appraisal.model import Stage
from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.rounds import PHASE_WORDS, STAGE_PHASES, Phase, Round, may_publish, open_for
from hue_dti.appraisal.windows import history
from hue_dti.catalogue.frameworks import Framework
from hue_dti.catalogue.outline import Outline
from hue_dti.collation import fold
from hue_dti.errors import NumeralError, RoundRefused
from hue_dti.numerals import decimal_text, parse_date
from hue_dti.rollup.assess import printed_text
from hue_dti.rollup.rounds import GROUP, LINE, PILLAR, Key, RoundResult, places_by
from hue_dti.services.mail import LETTER_WORDS
from hue_dti.services.round_file import published_book, round_book
from hue_dti.services.rounds import LONGEST_REASON, RoundDesk, changed_since, desk_of, extend, publish, published
from hue_dti.services.year_results import ranks_units
from hue_dti.web.access import can, event, lines, visible
from hue_dti.web.dossiers import doer, go
from hue_dti.web.filled_book import XLSX
from hue_dti.web.formats import fixed_points
from hue_dti.web.frameworks import known_frameworks, of_provinces
from hue_dti.web.places import round_in
from hue_dti.web.plans import all_outlines, names_on
from hue_dti.web.sessions import actor
from hue_dti.web.site import site, today

ADDRESS = "/dot-danh-gia/<round_code>"
REFUSED = 409


@dataclass(frozen=True)
class Place:
    """A round as whoever asks may see it: the whole of it, or only the own units."""

    desk: RoundDesk
    whole: bool
    mine: frozenset[str]

    @property
    def round(self) -> Round:
        """The round itself."""
        return self.desk.round

    @property
    def rows(self) -> tuple[RoundResult, ...]:
        """The units whoever asks may see, by rank for who sees all."""
        return tuple(row for row in self.desk.results if self.whole or row.unit in self.mine)


def register(app: Flask) -> None:
    """Give the pages their addresses, and templates the words of phases."""
    app.add_url_rule("/dot-danh-gia", "rounds", rounds)
    app.add_url_rule(ADDRESS, "round", one)
    app.add_url_rule(f"{ADDRESS}/gia-han", "extend_round", more_time, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/cong-bo", "publish_round", publish_it, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/bang.xlsx", "round_book", book)
    published_one = f"{ADDRESS}/cong-bo/<int(max=9999):number>"
    app.add_url_rule(published_one, "round_result", result)
    app.add_url_rule(f"{published_one}/ket-qua.xlsx", "round_result_file", result_file)
    app.add_url_rule(f"{published_one}/ban-cong-bo", "round_bundle", bundle)
    app.context_processor(lambda: {"PHASE_WORDS": PHASE_WORDS, "phases": tuple(Phase), "LETTER_WORDS": LETTER_WORDS})


def rounds() -> str:
    """Every round one may open, the newest first; of the others what was published, for everybody."""
    see, known = visible(Act.READ_LIVE), site().storage.rounds.all()
    found = [each for each in known if any(see(code) for code in (each.host, *(unit.code for unit in each.units)))]
    out = {each.round: each for each in site().storage.rounds.publications()}
    told = [(each, each.phases_on(today()), each.next_on(today()), out.get(each.code)) for each in found]
    return render_template(
        "rounds.html",
        rounds=told,
        others=[(each, out[each.code]) for each in known if each.code in out and each not in found],
        outlines=all_outlines(),
        names_on=names_on,
        may_open=bool(roots(actor(), Act.APPRAISE)),
        sees=bool(roots(actor(), Act.READ_LIVE)),
    )


def one(round_code: str, said: str = "", what: str = "") -> str:
    """The round: its days, units, who is late or misses what, more time given, publications."""
    here = open_place()
    desk = here.desk
    attempt = Attempt(doer().actor, host_line(desk.round), 0, today(), "–")
    return render_template(
        "round.html",
        seat=here,
        outline=all_outlines().get(desk.round.outline),
        names=names_on(desk.round.at.date()) | {unit.code: unit.name for unit in desk.round.units},
        today=today(),
        now=desk.round.phases_on(today()),
        marks_due=_marks_due(desk),
        tally=_tally(desk) if here.whole else None,
        waits={sheet.unit.code: len(sheet.unexplained) for sheet in desk.sheets},
        moves=history(site().storage.rounds.fixed(round_code)) if desk.round.moved else (),
        letters=site().storage.round_notices.tally(round_code),
        unsent=site().storage.round_notices.reasons(round_code) if can(Act.APPRAISE, desk.round.host) else (),
        may_run=can(Act.APPRAISE, desk.round.host),
        may_publish=may_publish(desk.round, attempt, len(desk.publications), desk.entered_by, desk.extensions),
        publishes=can(Act.APPROVE, desk.round.host),
        changed=changed_since(site().storage, desk) if here.whole else 0,
        value=value_words(desk),
        said=said,
        what=what,
        typed=request.form,
        kept=request.args.get("da_ghi", ""),
        kept_units=request.args.get("may", ""),
        longest=LONGEST_REASON,
    )


def _tally(desk: RoundDesk) -> tuple[int, int, int, int]:
    """How many units began their own marks, how many gave all, how many have an appraiser's mark, how many lines wait for a word."""
    begun = sum(not sheet.is_empty for sheet in desk.sheets)
    full = sum(not sheet.missing for sheet in desk.sheets)
    appraised = sum(any(words.appraised for words in sheet.words.values()) for sheet in desk.sheets)
    return begun, full, appraised, sum(len(sheet.unexplained) for sheet in desk.sheets)


def _marks_due(desk: RoundDesk) -> bool:
    """Whether an appraiser's words may be written today for some unit."""
    phases = (STAGE_PHASES[stage] for stage in (Stage.APPRAISED, Stage.FINAL))
    units = (desk.round.host, *(each.unit for each in desk.extensions))
    return any(open_for(desk.round, phase, unit, today(), desk.extensions) for phase in phases for unit in units)


def more_time(round_code: str) -> Response:
    """Give one unit more time for one phase."""
    here, form = open_place(), request.form
    try:
        phase, until = _phase(form.get("buoc", "")), parse_date(form.get("den-ngay", ""))
        extend(site().storage, here.desk, form.get("ai", ""), phase, until, form.get("ly-do", ""), doer(), host_line(here.round))
    except (RoundRefused, NumeralError) as fault:
        return make_response(one(round_code, str(fault), "gia-han"), REFUSED)
    return go("round", round_code=round_code, _anchor="gia-han")


def publish_it(round_code: str) -> Response:
    """Publish the result as it stands."""
    here = open_place()
    try:
        made = publish(site().storage, here.desk, request.form.get("ly-do", ""), doer(), host_line(here.round))
    except RoundRefused as fault:
        return make_response(one(round_code, str(fault), "cong-bo"), REFUSED)
    return go("round_result", round_code=round_code, number=made.number)


def book(round_code: str) -> Response:
    """Results and marks as they stand, as a workbook."""
    here = open_place()
    site().storage.trail.note(event("export.made", here.round.host, f"đợt đánh giá {round_code}, XLSX"))
    return send_file(BytesIO(round_book(here.desk)), mimetype=XLSX, as_attachment=True, download_name=f"{fold(round_code)}.xlsx")


def result(round_code: str, number: int) -> str:
    """A published result as it was frozen, for everybody."""
    found = round_in({"round_code": round_code}) or abort(404)
    told = published(site().storage, round_code, number) or abort(404)
    every = site().storage.rounds.publications(round_code)
    framework, outline = known_frameworks().get(found.outline), all_outlines().get(found.outline)
    keys = _keys(told, outline, framework)
    chosen = next((each for each in keys if each.words == request.args.get("theo")), None)
    return render_template(
        "round_result.html",
        told=told,
        keys=keys,
        by=chosen,
        places=places_by(told, chosen) if chosen is not None else [(row["rank"], None, row) for row in told["results"]],
        made=next(each for each in every if each.number == number),
        every=every,
        round=found,
        outline=outline,
        among_provinces=number == len(every) and ranks_units(found, of_provinces()),
        value=lambda row: _fraction_words(row["value"], told["precision"]),
        worth=lambda each: _value(each, told["precision"]) if chosen is not None and chosen.kind == PILLAR else fixed_points(each),
        pillars=framework.pillars if framework is not None else (),
        of_pillar=lambda row, code: _fraction_words(row["pillars"][code], told["precision"]),
    )


def _keys(told: Mapping[str, Any], outline: Outline | None, framework: Framework | None) -> list[Key]:
    """What a published result may be ranked by: its groups, the framework's pillars, its lines; what was frozen without one has none."""
    names = {each.code: each.name for each in outline.groups} if outline is not None else {}
    groups = [Key(GROUP, code, names.get(code, code)) for code in dict.fromkeys(line[2] for line in told["lines"])]
    pillars = [Key(PILLAR, each.code, each.name) for each in framework.pillars] if framework is not None else []
    known = [each for each in pillars if all(each.code in row["pillars"] for row in told["results"])]
    lines = [Key(LINE, code, name) for code, name, group, _ in told["lines"] if code != group]
    return [*known, *groups, *lines]


def result_file(round_code: str, number: int) -> Response:
    """A published result as a workbook."""
    told = published(site().storage, round_code, number) or abort(404)
    name = f"{fold(round_code)}-cong-bo-{number}.xlsx"
    return send_file(BytesIO(published_book(told)), mimetype=XLSX, as_attachment=True, download_name=name)


def bundle(round_code: str, number: int) -> Response:
    """The very bytes that were frozen, with every mark and its grounds, for whoever reads at the round's host."""
    body = site().storage.rounds.bundle(round_code, number) or abort(404)
    name = f"{fold(round_code)}-cong-bo-{number}.json"
    return send_file(BytesIO(body), mimetype="application/octet-stream", as_attachment=True, download_name=name)


def open_place() -> Place:
    """The round in the address as whoever asks may see it."""
    found = round_in({name: str(value) for name, value in (request.view_args or {}).items()}) or abort(404)
    see = visible(Act.READ_LIVE)
    mine = frozenset(unit.code for unit in found.units if see(unit.code))
    return Place(desk_of(site().storage, found, known_frameworks()), see(found.host), mine)


def host_line(found: Round) -> tuple[str, ...]:
    """The host's line of rights."""
    return lines().of(found.host)


def unit_line(found: Round, unit: str) -> tuple[str, ...]:
    """A unit's line of rights in a round: its own up to the province, with the host's."""
    own, host = lines().of(unit), host_line(found)
    return own if found.host in own else (*own, *host)


def value_words(desk: RoundDesk) -> Callable[[RoundResult], str]:
    """How a unit's value is printed: a framework's index at its precision, else the share of the maximum."""
    digits = desk.framework.precision if desk.framework is not None else None

    def words(row: RoundResult) -> str:
        return _value(row.value, digits)

    return words


def _fraction_words(text: str, digits: int | None) -> str:
    return _value(Fraction(text), digits)


def _value(value: Fraction, digits: int | None) -> str:
    if digits is None:
        return decimal_text(value * 100, 2).replace(".", ",") + "%"
    return printed_text(value, digits)


def _phase(text: str) -> Phase:
    try:
        return Phase(text)
    except ValueError:
        raise RoundRefused("Chưa chọn bước được gia hạn.") from None
