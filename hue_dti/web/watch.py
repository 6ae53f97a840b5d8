"""For the machines that watch this one: does it live, is it ready, and every number there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from flask import Flask, Response, abort, current_app, jsonify, request

from hue_dti.errors import CatalogueError, SettingError, StorageError
from hue_dti.resources import folder
from hue_dti.schedule.lag import schedule_lag
from hue_dti.schedule.read import load_schedule
from hue_dti.services.metrics import Gauge, Sample, collect
from hue_dti.services.workbench import installed_jobs
from hue_dti.web.guard import is_this_machine
from hue_dti.web.site import Site, now, site

_PLAIN = "text/plain; version=0.0.4; charset=utf-8"
_READY = "sẵn sàng"


@dataclass(frozen=True, slots=True)
class Part:
    """Something that must be ready before pages can be answered; `words` say what is wrong and what to do."""

    name: str
    ready: bool
    words: str = _READY


def register(app: Flask) -> None:
    """Give the three their addresses."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)
    app.after_request(_never_kept)


def healthz() -> Response:
    """The process lives and answers; nothing is asked of anybody."""
    return jsonify(alive=True)


def readyz() -> Response:
    """Whether pages can be answered, part by part; 503 when one is not ready."""
    parts = (*_database(site()), _criteria(site()))
    ready = all(part.ready for part in parts)
    answer = jsonify(ready=ready, parts={part.name: {"ready": part.ready, "words": part.words} for part in parts})
    answer.status_code = 200 if ready else 503
    return answer


def metrics() -> Response:
    """Every gauge in the text format that Prometheus reads; for this machine, or whoever has the token."""
    if not (is_this_machine() or _has_token()):
        abort(404)
    moment = now()
    return Response(exposition(collect(site().storage, moment, _lag(moment))), content_type=_PLAIN)


def _has_token() -> bool:
    token = site().settings.metrics_token
    return bool(token) and compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())


def exposition(gauges: Iterable[Gauge]) -> str:
    """The text exposition format, version 0.0.4."""
    lines = []
    for gauge in gauges:
        lines += [f"# HELP {gauge.name} {_escaped(gauge.meaning)}", f"# TYPE {gauge.name} gauge"]
        lines += [f"{gauge.name}{_labels(sample)} {sample.value!r}" for sample in gauge.samples]
    return "\n".join([*lines, ""])


def _labels(sample: Sample) -> str:
    pairs = (f'{name}="{_escaped(value, quotes=True)}"' for name, value in sample.labels)
    return f"{{{','.join(pairs)}}}" if sample.labels else ""


def _escaped(text: str, quotes: bool = False) -> str:
    escaped = text.replace("\\", r"\\").replace("\n", r"\n")
    return escaped.replace('"', r"\"") if quotes else escaped


def _lag(moment: datetime) -> timedelta | None:
    """None also where the schedule's file cannot be read: `hue-dti schedule` says why."""
    here = site()
    try:
        entries = load_schedule(here.settings.schedule or folder("jobs") / "schedule.yaml", installed_jobs(), here.catalogue.sources)
    except (CatalogueError, SettingError) as fault:
        current_app.logger.warning("the schedule cannot be read: %s", fault)
        return None
    return schedule_lag(entries, here.catalogue, here.storage.schedule, moment)


def _database(here: Site) -> tuple[Part, Part]:
    """Reachable, and its tables those of this program; the address stays in the log."""
    try:
        state = here.storage.migration()
    except StorageError as fault:
        current_app.logger.warning("not ready: %s", fault)
        said = "không làm việc được với cơ sở dữ liệu; hãy chạy: hue-dti doctor"
        return Part("database", False, said), Part("tables", False, "chưa xem được vì không làm việc được với cơ sở dữ liệu")
    if state.newer_than_program:
        words = f"cơ sở dữ liệu ở bản {state.current}, mới hơn bản {state.head} mà chương trình này biết; hãy cài bản chương trình mới hơn"
    else:
        words = f"cơ sở dữ liệu ở bản {state.current or 'trống'}, chương trình cần bản {state.head}; hãy chạy: hue-dti db upgrade"
    return Part("database", True), Part("tables", state.up_to_date, _READY if state.up_to_date else words)


def _criteria(here: Site) -> Part:
    if here.catalogue.sets:
        return Part("criteria", True)
    return Part("criteria", False, "chưa nạp được bộ tiêu chí nào; hãy chạy: hue-dti criteria check")


def _never_kept(answer: Response) -> Response:
    if request.endpoint in {"healthz", "readyz", "metrics"}:
        answer.headers["Cache-Control"] = "no-store"
    return answer
