"""Handing in a source's file: chosen, looked at cell by cell, stored only when the very same bytes are confirmed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, make_response, render_template, request
from itsdangerous import BadData
from werkzeug.wrappers import Response

from hue_dti.errors import HueDtiError, SettingError, SourceAnswerInvalid
from hue_dti.observations.model import ReadsFiles
from hue_dti.periods import Period, PeriodKind
from hue_dti.services.import_file import LONGEST_NAME, MOST_BYTES, HandedIn, confirm, handed_in, preview
from hue_dti.services.sources import SourceSettings, find_connector, sources_of
from hue_dti.services.trial import told
from hue_dti.services.waiting_file import forget, keep_waiting, waiting_body
from hue_dti.storage import home_folder
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import hand
from hue_dti.web.asking import trial_value
from hue_dti.web.dossiers import go
from hue_dti.web.filled_book import REFUSED, TOO_OLD, opened, seal, sealed
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, now, period_or_404, site, today, unit_or_404
from hue_dti.web.uploads import LARGER

ADDRESS = "/nguon/<source>/nop-tep/<code>/<period>"
SEAL = "nop-tep"


@dataclass(frozen=True)
class Counter:
    """Where somebody hands a file in: the source and how it is asked, whose quarter."""

    code: str
    source: SourceSettings
    unit: OrgUnit
    period: Period

    @property
    def values(self) -> dict[str, str]:
        """The address of the page."""
        return {"source": self.code, "code": self.unit.code, "period": str(self.period)}

    @property
    def most_bytes(self) -> int:
        """The longest file that is taken."""
        text = self.source.settings.get("max_bytes", "")
        return min(int(float(text)), MOST_BYTES) if text else MOST_BYTES


def register(app: Flask) -> None:
    """Give the pages their addresses, and the board the sources that take files."""
    app.add_url_rule(ADDRESS, "hand_in_file", form)
    app.add_url_rule(ADDRESS, "look_at_file", look, methods=["POST"])
    app.add_url_rule(f"{ADDRESS}/ghi", "store_file", store, methods=["POST"])
    app.context_processor(lambda: {"takes_files": takes_files})
    LARGER["look_at_file"] = MOST_BYTES + 100_000


def takes_files() -> frozenset[str]:
    """The sources whose files a person may hand in; none where this machine knows no sources file, or a faulty one."""
    try:
        return frozenset(code for code, each in _described().items() if _reads_files(code, each))
    except HueDtiError:
        return frozenset()


def form(source: str, code: str, period: str) -> str:
    """The page that takes the file; after storing it tells what was stored."""
    at = _counter(source, code, period)
    try:
        done = seal(SEAL).loads(request.args["vua"]) if "vua" in request.args else None
    except BadData:
        done = None
    return _page(at, done=done)


def look(source: str, code: str, period: str) -> str | Response:
    """What the file would bring and what of it is refused, and why; nothing of it is stored."""
    at = _counter(source, code, period)
    given = request.files.get("tep")
    if given is None or not given.filename:
        return make_response(_page(at, fault=translate("Chưa chọn tệp; hãy chọn tệp rồi bấm Xem trước.")), REFUSED)
    try:
        return _looked_at(at, handed_in(given.filename, given.read(at.most_bytes + 1), _by(), now(), at.most_bytes))
    except SettingError as fault:
        return make_response(_page(at, fault=str(fault)), REFUSED)


def store(source: str, code: str, period: str) -> Response:
    """Store the file that was looked at."""
    at, login = _counter(source, code, period), actor().login
    try:
        sha256, name = _looked(at)
        home = home_folder(site().settings)
        file = handed_in(name, waiting_body(home, login, sha256, now()), _by(), now(), at.most_bytes)
        outcome = confirm(site().storage, site().catalogue, at.code, at.source, at.unit, at.period, file, sha256, now, hand())
        forget(home, login, sha256)
    except (SettingError, SourceAnswerInvalid) as fault:
        return make_response(_page(at, fault=str(fault)), REFUSED)
    done = {"name": name, "sha256": sha256, "stored": outcome.observations, "refused": len(set(outcome.faults))}
    return go("hand_in_file", **at.values, vua=seal(SEAL).dumps(done))


def _looked_at(at: Counter, file: HandedIn) -> str:
    seen = preview(site().storage, site().catalogue, at.code, at.source, at.unit, at.period, file, now)
    trial, held = told(seen.trial), ""
    if trial["to_store"] or trial["documents"]:
        sha256 = keep_waiting(home_folder(site().settings), actor().login, file.body, now())
        held = sealed(SEAL, {"sha256": sha256, "name": file.name, **at.values})
    return _page(at, told=trial, known=seen.known, name=file.name, sealed=held)


def _looked(at: Counter) -> tuple[str, str]:
    """Hash and name of the file that this person looked at here; SettingError when it was too long ago, elsewhere or somebody else."""
    looked = opened(SEAL, request.form.get("sealed", ""))
    if {name: looked.get(name) for name in at.values} != at.values:
        raise SettingError(translate(TOO_OLD))
    return str(looked["sha256"]), str(looked["name"])


def _by() -> str:
    """As the file's record names who handed it in: the login first, by which nobody approves what came from his own hands."""
    return f"{actor().login}, {actor().name}"[:LONGEST_NAME]


def _counter(source: str, code: str, period: str) -> Counter:
    """Where the address points; 404 for a source, unit or quarter there is not, or a source that takes no files."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    if chosen.kind is not PeriodKind.QUARTER or chosen.start > today() or host_of(unit, chosen) != unit or source not in takes_files():
        abort(404)
    return Counter(source, _described()[source], unit, chosen)


def _described() -> dict[str, SourceSettings]:
    """The sources as the sources file tells them; reading a file asks nobody, so a secret that is not here is none to miss."""
    return sources_of(site().settings, os.environ, site().catalogue, complete=False)


def _reads_files(code: str, source: SourceSettings) -> bool:
    try:
        return code in site().catalogue.sources and isinstance(find_connector(source.connector, code), ReadsFiles)
    except HueDtiError:
        return False


def _page(at: Counter, **more: Any) -> str:
    source, measures = site().catalogue.sources[at.code], site().catalogue.measures
    given = {"told": None, "done": None, "fault": "", "measures": measures, "trial_value": trial_value, **more}
    return render_template("hand_in_file.html", at=at, source=source, unit=at.unit, period=at.period, **given)
