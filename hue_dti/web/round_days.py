"""The days of a round moved on a page: filled in for all phases at once or typed one by one, looked at, then kept with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Flask, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.appraisal.rounds import PHASE_WORDS, Phase, Window
from hue_dti.appraisal.windows import FARTHEST, history, shifted
from hue_dti.errors import NumeralError, RoundRefused
from hue_dti.numerals import format_date, parse_date
from hue_dti.services.round_days import move, written
from hue_dti.services.rounds import LONGEST_REASON
from hue_dti.web.dossiers import doer, go
from hue_dti.web.rounds import ADDRESS, REFUSED, Place, host_line, open_place
from hue_dti.web.site import site, today

ENDS = ("tu", "den")


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule(f"{ADDRESS}/ngay", "round_days", page)
    app.add_url_rule(f"{ADDRESS}/ngay", "move_round", move_it, methods=["POST"])


def page(round_code: str) -> str:
    """The days as they stand, to be typed over."""
    return _page(open_place())


def move_it(round_code: str) -> str | Response:
    """Fill in the days moved by so many, or keep what was typed."""
    here = open_place()
    try:
        if request.form.get("viec") == "dien":
            return _page(here, typed=_filled(here))
        windows = {phase: Window(*(_day(here, phase, end) for end in ENDS)) for phase in Phase}
        _check_seen(here)
        move(site().storage, here.desk, windows, request.form.get("ly-do", ""), doer(), host_line(here.round))
    except RoundRefused as fault:
        return make_response(_page(here, str(fault), request.form.to_dict()), REFUSED)
    return go("round", round_code=round_code, _anchor="cac-buoc")


def _page(here: Place, said: str = "", typed: dict[str, str] | None = None) -> str:
    shown = typed if typed is not None else _spelt(here.round.windows)
    first = written(here.desk)
    return render_template(
        "round_days.html",
        round=here.round,
        typed=shown,
        filled=typed is not None and not said,
        said=said,
        today=today(),
        begun={phase: day for phase, day in first.items() if here.round.windows[phase].first <= today()},
        moves=history(site().storage.rounds.fixed(here.round.code)),
        letters=site().storage.round_notices.tally(here.round.code),
        longest=LONGEST_REASON,
    )


def _filled(here: Place) -> dict[str, str]:
    """The fields with every day still to come moved by what was typed."""
    text = request.form.get("them", "").strip().lstrip("+")
    sign, digits = (-1, text[1:]) if text[:1] in {"-", "−"} else (1, text)
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:6]) <= FARTHEST):
        raise RoundRefused(f"Số ngày dời là một số từ 1 đến {FARTHEST}; dời sớm lên thì ghi dấu trừ, ví dụ -3.")
    days = sign * int(digits[:6])
    moved = shifted(here.round.windows, days, today(), written(here.desk))
    return {**_spelt(moved), "them": text, "ly-do": request.form.get("ly-do", "")}


def _spelt(windows: Mapping[Phase, Window]) -> dict[str, str]:
    both = (
        (f"{end}-{phase.value}", day) for phase, each in windows.items() for end, day in zip(ENDS, (each.first, each.last), strict=True)
    )
    return {name: format_date(day) for name, day in both}


def _day(here: Place, phase: Phase, end: str) -> date:
    """The day typed; a field that the page did not offer leaves the day as it is."""
    window = here.round.windows[phase]
    name = f"{end}-{phase.value}"
    if name not in request.form:
        return window.first if end == ENDS[0] else window.last
    return day_typed(phase, end, request.form[name])


def day_typed(phase: Phase, end: str, text: str) -> date:
    """The first (`tu`) or last (`den`) day of a phase as typed; RoundRefused names the field of what is no day."""
    try:
        return parse_date(text)
    except NumeralError as fault:
        raise RoundRefused(f"{PHASE_WORDS[phase].capitalize()}, {'từ ngày' if end == ENDS[0] else 'đến hết ngày'}: {fault}") from None


def _check_seen(here: Place) -> None:
    """Refuse what was typed over days that were moved since the page was opened."""
    if request.form.get("lan") != str(here.round.moved):
        raise RoundRefused("Ngày của đợt đã được dời từ khi trang này mở; các ô dưới đây giữ ngày bạn gõ, hãy xem lại rồi lưu.")
