"""“Chạy ngay” and “Thử hỏi nguồn”: queue the job, then show how far it has come."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, redirect, render_template, request, url_for

from hue_dti.catalogue.model import Measure, ValueKind
from hue_dti.periods import PeriodKind
from hue_dti.services.run_now import PULL, TRY, Asked, Progress, SourceCall, ask_now, progress
from hue_dti.services.trial import ask_trial, trial_progress
from hue_dti.trail.model import Event
from hue_dti.web.access import event
from hue_dti.web.answer import Answer, read_answer
from hue_dti.web.formats import figure_words
from hue_dti.web.language import translate
from hue_dti.web.site import host_of, now, period_or_404, site, today, unit_or_404
from hue_dti.web.supply import standing

_NUMBER = 18
"""Digits of the longest number that is one of ours."""


def run_source(source: str) -> Response:
    """Queue a pull of the source, unless one waits or runs, and go to its progress."""
    call = _call(source, request.form, PULL)
    return _to_progress("run_progress", call, ask_now(site().storage, call, [_told("source.asked", call)]))


def run_progress(source: str) -> str:
    """How far a pull has come; with `khung` only the part of the page that changes."""
    call = _call(source, request.args, PULL)
    come = progress(site().storage, call, Asked(_number("viec"), _number("sau"), "da-co" in request.args))
    return _show("run.html", call, come, standing=standing(come.run, stale=False) if come.run else None)


def try_source(source: str) -> Response:
    """Queue a trial of the source, unless one waits or runs, and go to its progress."""
    call = _call(source, request.form, TRY)
    return _to_progress("trial", call, ask_trial(site().storage, call, [_told("source.tried", call)]))


def trial(source: str) -> str:
    """How far a trial has come and what it told; with `khung` only the part of the page that changes."""
    call = _call(source, request.args, TRY)
    come, kept = trial_progress(site().storage, call, Asked(_number("viec"), _number("sau"), "da-co" in request.args))
    more = {"measures": site().catalogue.measures, "trial_value": trial_value, "trial_answer": _answer}
    return _show("trial.html", call, come, kept=kept, **more)


def _told(act: str, call: SourceCall) -> Event:
    return event(act, call.unit, f"{site().catalogue.sources[call.source].name}, {call.period.label}")


def trial_value(figure: dict[str, Any], measure: Measure | None) -> str:
    """The value of a figure that was read, in words."""
    if figure["value"] is None:
        return translate("chưa có")
    return figure_words(figure["value"], measure) if measure and measure.kind is not ValueKind.DATE else str(figure["value"])


def _answer(answer: dict[str, Any]) -> Answer:
    return read_answer(b64decode(answer["body"] or ""), answer["content_type"], "", ())


def _call(source: str, values: Any, job: str) -> SourceCall:
    """What is to be asked; 404 for a source, unit or period there is not, or for a unit whose figures are pulled with another's."""
    period = period_or_404(values.get("ky", ""))
    unit = unit_or_404(values.get("don-vi", ""), period)
    if (
        source not in site().catalogue.sources
        or host_of(unit, period) != unit
        or period.start > today()
        or period.kind is not PeriodKind.QUARTER
    ):
        abort(404)
    return SourceCall(unit.code, period, source, job)


def _number(name: str) -> int:
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _NUMBER):
        abort(404)
    return int(text)


def _to_progress(page: str, call: SourceCall, asked: Asked) -> Response:
    about = {"don-vi": call.unit, "ky": str(call.period), "viec": asked.job, "sau": asked.after, "da-co": 1 if asked.before else None}
    return redirect(url_for(page, source=call.source, **about), 303)  # type: ignore[arg-type, return-value]


def _show(page: str, call: SourceCall, come: Progress, **more: object) -> str:
    part = "khung" in request.args
    return render_template(
        page,
        source=site().catalogue.sources[call.source],
        unit=unit_or_404(call.unit, call.period),
        period=call.period,
        come=come,
        before="da-co" in request.args,
        part=part,
        again=f"{request.path}?{urlencode({name: text for name, text in request.args.items() if name != 'khung'})}",
        at=now(),
        **more,
    )
