"""Opening an assessment round: what, whom, between which days."""

from __future__ import annotations

import re
from collections import Counter

from flask import Flask, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.appraisal.rounds import PHASE_WORDS, Participant, Phase, Window
from hue_dti.catalogue.outline import Outline
from hue_dti.collation import fold, sort_key
from hue_dti.errors import ImportRefused, PeriodError, RoundRefused
from hue_dti.periods import FIRST_YEAR, LAST_YEAR, Period
from hue_dti.rollup.rounds import round_lines
from hue_dti.services.round_file import read_units
from hue_dti.services.round_offers import period_for
from hue_dti.services.round_opening import LONGEST_TITLE, open_round, participants
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import lines
from hue_dti.web.dossiers import doer, go
from hue_dti.web.plans import all_outlines
from hue_dti.web.round_days import ENDS, day_typed
from hue_dti.web.rounds import REFUSED
from hue_dti.web.sessions import actor
from hue_dti.web.site import site, today, units

LEVELS = {
    Level.DISTRICT: "Các huyện",
    Level.COMMUNE: "Các xã, phường",
    Level.AGENCY: "Các cơ quan",
    Level.PROVINCE: "Chính tỉnh, thành phố",
}
LARGEST = 400_000
WHOLE_YEAR = "nam"
PERIODS = {"Q1": "Quý I", "Q2": "Quý II", "Q3": "Quý III", "Q4": "Quý IV", WHOLE_YEAR: "Cả năm"}


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    app.add_url_rule("/dot-danh-gia/mo", "round_form", form)
    app.add_url_rule("/dot-danh-gia/mo", "open_round", open_it, methods=["POST"])


def form(said: str = "") -> str:
    """The form."""
    allowed = roots(actor(), Act.APPRAISE)
    mine = [each for each in units() if each.exists_on(today()) and each.level in (Level.PROVINCE, Level.DISTRICT)]
    seen = [each for each in mine if allowed & set(lines().of(each.code))]
    hosts = sorted(seen, key=lambda each: (each.level != Level.PROVINCE, sort_key(each.name)))
    told = {"typed": request.form or request.args, "said": said, "year": today().year, "longest": LONGEST_TITLE}
    there = Counter(each.level for each in units() if each.exists_on(today()))
    levels = {level: (words, there[level]) for level, words in LEVELS.items() if there[level]}
    return render_template("round_form.html", hosts=hosts, outlines=_outlines(), levels=levels, periods=PERIODS, **told)


def _outlines() -> tuple[dict[str, Outline], dict[str, Outline]]:
    """What a round can be for: the criteria sets of today first, then all else whose points are known."""
    known = {code: each for code, each in all_outlines().items() if round_lines(each)}
    sets = site().catalogue.sets
    now = {code: each for code, each in known.items() if code in sets and sets[code].in_force_on(today())}
    return now, {code: each for code, each in known.items() if code not in now}


def open_it() -> str | Response:
    """Open the round."""
    given = request.form
    try:
        outline = all_outlines().get(given.get("khung", ""))
        if outline is None:
            return _refused("Chưa chọn khung hoặc bộ tiêu chí.")
        host, year = given.get("don-vi", ""), given.get("nam-do", "")
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            return _refused("Năm đánh giá gồm bốn chữ số.")
        made = open_round(
            site().storage,
            outline,
            given.get("ma", "").strip() or _code(given.get("ten", "")),
            given.get("ten", ""),
            host,
            int(year),
            _units(host),
            _windows(),
            doer(),
            lines().of(host),
            by_group=given.get("theo") == "nhom",
            period=_period(int(year)),
        )
    except ImportRefused as fault:
        return _refused("; ".join(f"dòng {each.line}: {each.what}; {each.remedy}" for each in fault.faults))
    except (RoundRefused, PeriodError) as fault:
        return _refused(str(fault))
    return go("round", round_code=made.code)


def _period(year: int) -> str:
    """The period whose figures are offered: as chosen, else the newest quarter due when the units have marked."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ""
    chosen = request.form.get("ky", "")
    if chosen:
        return str(Period.parse(f"{year:04d}-{chosen}" if chosen != WHOLE_YEAR else f"{year:04d}"))
    return str(period_for(site().catalogue, year, _windows()))


def _code(title: str) -> str:
    """A code out of the title: `danh-gia-cac-xa-2026`."""
    return re.sub("[^a-z0-9]+", "-", fold(title))[:60].strip("-")


def _units(host: str) -> tuple[Participant, ...]:
    """The units of the list that was handed in, else those of the chosen level under the host."""
    given = request.files.get("danh-sach")
    if given is not None and given.filename:
        body = given.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise RoundRefused(f"Danh sách đơn vị lớn hơn {LARGEST // 1000} kB; hãy chỉ giữ hai cột Mã, Tên và các dòng cần đánh giá.")
        return read_units(body, given.filename, {unit.code: unit.name for unit in units() if unit.exists_on(today())})
    level = next((each for each in LEVELS if each.value == request.form.get("cap")), None)
    if level is None:
        raise RoundRefused("Chưa chọn đơn vị: chọn một cấp hoặc nộp danh sách.")
    known: tuple[OrgUnit, ...] = units()
    return participants(known, host, level, today(), {unit.code: lines().of(unit.code) for unit in known})


def _windows() -> dict[Phase, Window]:
    """The days as typed; RoundRefused for what is no day, and where one is left out."""
    found: dict[Phase, Window] = {}
    for phase in Phase:
        first, last = (request.form.get(f"{end}-{phase.value}", "").strip() for end in ENDS)
        if not first or not last:
            raise RoundRefused(f"Chưa ghi đủ ngày của bước {PHASE_WORDS[phase]}.")
        found[phase] = Window(*(day_typed(phase, end, text) for end, text in zip(ENDS, (first, last), strict=True)))
    return found


def _refused(said: str) -> Response:
    return make_response(form(said), REFUSED)
