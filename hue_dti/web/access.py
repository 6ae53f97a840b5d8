"""The one place where rights are asked at the web's door: a matrix of every route, and what pages ask of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml
from flask import Flask, Response, abort, g, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import may, roots
from hue_dti.errors import SettingError
from hue_dti.free_text import fault_of, plain
from hue_dti.trail.model import Event, Hand
from hue_dti.units.lines import Lines
from hue_dti.web.kept_form import PASSWORDS, door_page
from hue_dti.web.language import here, translate
from hue_dti.web.places import FINDERS, Place, Values, code_of, is_closed, is_issued, is_known, is_spelt_otherwise
from hue_dti.web.sessions import actor, signed_in
from hue_dti.web.site import now, site, today, units

_READING = {"GET", "HEAD"}
_KEYS = {"public", "signed_in", "act", "unit", "closed", "issued"}
_WITHOUT_SECOND = {"second_factor", "own_account"}
"""What opens for somebody who has to set up a second factor first; the public's pages do too."""

_PLACES = {"code", "period", "huyen", "don-vi", "ky", "nam", "quy"}
"""What says which unit a request is about."""
_IN_THE_PATH = {"code", "period"}
"""What says so before the question mark only."""


class UnreadableWords(BadRequest):
    """Words of a form hold signs that may not stand in any; says which and where."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the matrix says of a route."""

    public: bool = False
    signed_in: bool = False
    acts: frozenset[Act] = frozenset()
    unit: str = ""
    closed: bool = False
    issued: bool = False


def register(app: Flask) -> None:
    """Ask before every view, and give templates what they ask."""
    app.before_request(_sayable)
    app.before_request(_ask)
    app.after_request(_kept_by_nobody)
    app.context_processor(lambda: {"actor": actor(), "can": can, "opens": opens, "can_anywhere": can_anywhere})
    app.context_processor(lambda: {"only_here": not site().settings.trusted_hosts})


def complete(app: Flask) -> None:
    """Refuse to start when a route has no line in the matrix, or a line no route or finder."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    faults = [f"trang '{name}' chưa có dòng" for name in sorted(routes - matrix().keys())]
    faults += [f"dòng '{name}' không có trang nào" for name in sorted(matrix().keys() - routes)]
    faults += [f"dòng '{name}' gọi '{line.unit}' không có" for name, line in matrix().items() if line.unit and line.unit not in FINDERS]
    if faults:
        raise SettingError(f"hue_dti/web/access.yaml: {'; '.join(faults)}; hãy sửa bảng quyền.")


@cache
def matrix() -> Mapping[str, Line]:
    """Every route's line, by endpoint; SettingError for a line that says nothing clear."""
    told = yaml.safe_load(files("hue_dti.web").joinpath("access.yaml").read_text(encoding="utf-8"))
    return {name: _line(name, said) for name, said in told.items()}


def can(act: Act | str, code: str, day: date | None = None) -> bool:
    """Whether whoever asks may do this to the unit, as it stood that day or stands now."""
    return may(actor(), Act(act), lines().of(code, day))


def can_anywhere(act: Act | str) -> bool:
    """Whether whoever asks may do this at any unit."""
    return bool(roots(actor(), Act(act)))


def visible(act: Act | str, day: date | None = None) -> Callable[[str], bool]:
    """What a list may show: whether the act is allowed at a unit of this code."""
    return lambda code: can(act, code, day)


def opens(endpoint: str, **values: Any) -> bool:
    """Whether a link to this page would open for whoever asks; pages hide those that would not."""
    line = matrix()[endpoint]
    told = {name: str(value) for name, value in values.items() if value is not None}
    return line.public or (line.closed and is_closed(told)) or (line.issued and is_issued(told)) or _allowed(line, told)


def event(act: str, unit: str, subject: str, old: str = "", new: str = "", reason: str = "") -> Event:
    """What happened in this request, with who asks, from where and when."""
    return hand().did(act, now(), unit=unit, subject=subject, old=old, new=new, reason=reason)


def hand() -> Hand:
    """Whose hand this request is, for services that write their events themselves."""
    asking = actor()
    return Hand(asking.login, asking.name, address(), request_number())


def address() -> str:
    """Where the request came from."""
    return request.remote_addr or ""


def request_number() -> str:
    """The request's number, as it stands in events."""
    if "request_number" not in g:
        g.request_number = secrets.token_hex(6)
    return cast(str, g.request_number)


def lines() -> Lines:
    """The lines of all units, made once for each request."""
    if "lines" not in g:
        g.lines = Lines(units(), today())
    return cast(Lines, g.lines)


def _sayable() -> None:
    """No page sends a zero byte and no text of the database holds one, so what has one came from no reader."""
    parts = [(request.view_args or {}).values(), request.args.values()]
    parts += [] if request.method in _READING or request.url_rule is None else [request.form.values()]
    if any("\0" in str(value) for part in parts for value in part):
        abort(400)
    if request.method not in _READING and request.url_rule is not None:
        _readable()


def _readable() -> None:
    """No words of a form turn a reader's eye round or hold what nobody typed, whatever page takes them; passwords are nobody's to read."""
    for name, text in request.form.items(multi=True):
        fault = "" if name in PASSWORDS else fault_of(plain(text), len(text), allowed="\n\r\t")
        if fault:
            raise UnreadableWords(fault)


def _ask() -> Response | tuple[str, int] | None:
    if request.url_rule is None:
        return None  # there is no such page, which says so itself
    line = matrix()[request.endpoint or ""]
    if line.public:
        return None
    person = signed_in()
    if person is not None and person.owes_second and request.endpoint not in _WITHOUT_SECOND:
        return redirect(url_for("second_factor"), 303)  # type: ignore[return-value]
    values = _values()
    if line.closed and (not is_known(values) or is_closed(values)):
        return None  # what does not exist says so itself
    if line.issued and is_issued(values):
        return None
    if _allowed(line, values):
        return None
    if actor().signed_in:
        site().storage.trail.note(event("access.refused", values.get("code") or code_of(values), f"{request.method} {request.path}"))
        abort(404)
    return _to_the_door()


def _allowed(line: Line, values: Values) -> bool:
    if not actor().signed_in:
        return False
    return line.signed_in or any(_at(line.acts, place) for place in FINDERS[line.unit](values))


def _at(acts: frozenset[Act], place: Place) -> bool:
    return any(can(act, *place) for act in acts)


def _values() -> Values:
    """What the request says: the address, then the form it sends, then what follows the question mark; never two different things."""
    sent = {} if request.method in _READING else request.form.to_dict()
    path = {name: str(value) for name, value in (request.view_args or {}).items()}
    if is_spelt_otherwise(path.get("period", "")):
        abort(404)
    told = dict(path)
    for part in (sent, request.args.to_dict()):
        for name, value in part.items():
            if name in _PLACES and told.get(name, value) != value:
                abort(400)
            if name not in _IN_THE_PATH:
                told.setdefault(name, value)
    return told


def _to_the_door() -> Response | tuple[str, int]:
    if request.method in _READING:
        return redirect(url_for("sign_in", ve=here()))  # type: ignore[return-value]
    words = translate("Bạn chưa đăng nhập, hoặc phiên làm việc đã hết nên trang chưa nhận được gì.")
    return door_page(words), 401


def _kept_by_nobody(answer: Response) -> Response:
    """What a signed-in person sees stays in no cache."""
    if g.get("person_known") and actor().signed_in:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _line(name: str, said: Mapping[str, Any]) -> Line:
    acts = said.get("act", [])
    told = {key: value for key, value in said.items() if key != "act"}
    line = Line(acts=frozenset(map(Act, [acts] if isinstance(acts, str) else acts)), **told) if said.keys() <= _KEYS else None
    if line is None or [line.public, line.signed_in, bool(line.acts and line.unit)].count(True) != 1:
        raise SettingError(f"hue_dti/web/access.yaml: dòng '{name}' phải có đúng một trong: public, signed_in, act cùng unit.")
    return line
