"""What the pages of sending and review share: the dossier of an address, who asks, how they answer a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from hue_dti.appraisal.model import Answer, Move, State
from hue_dti.catalogue.model import Catalogue, ValueKind
from hue_dti.errors import NoSetInForce
from hue_dti.evidence.asked import STANDING_WORDS
from hue_dti.numerals import format_decimal
from hue_dti.observations.model import State as Seen
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.services.dossier import Cell, Dossier, Flag, sends
from hue_dti.services.dossier_read import dossiers
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of
from hue_dti.services.review_acts import may
from hue_dti.snapshots.model import Snapshot
from hue_dti.units.model import OrgUnit
from hue_dti.web.access import address, lines, request_number
from hue_dti.web.formats import figure_words, period_name
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import host_of, nothing_yet, now, period_or_404, site, today, unit_or_404

STATES = {
    State.DRAFT: ("chưa gửi", "not-started"),
    State.SENT: ("đã gửi, chờ mở", "in-progress"),
    State.UNDER_REVIEW: ("đang thẩm tra", "in-progress"),
    State.APPROVED: ("đã duyệt", "achieved"),
    State.RETURNED: ("bị trả lại", "not-achieved"),
    State.WITHDRAWN: ("đã rút lại", "not-started"),
    State.APPRAISING: ("đang thẩm định", "in-progress"),
    State.EXPLAINING: ("chờ giải trình", "in-progress"),
    State.SETTLED: ("đã chốt kết quả", "achieved"),
}

FLAGS = {
    Flag.RETURNED: "bị trả lại",
    Flag.REPLACED: "máy thay số đã duyệt",
    Flag.MENDED: "đã sửa sau khi bị trả lại",
    Flag.CHECK: "mâu thuẫn",
    Flag.OBJECTED: "đơn vị báo chưa đúng",
    Flag.FILLING: "sổ còn đang ghi",
    Flag.REGISTER: "khác sổ",
    Flag.JUMP: "thay đổi lớn",
    Flag.EVIDENCE: "thiếu minh chứng",
    Flag.PROOF: "minh chứng cần xem",
    Flag.REUSED: "minh chứng dùng lại",
    Flag.CARRIED: "số cũ",
    Flag.LATE: "nhập muộn",
}

CONCLUDED = {
    "duyet": "Đã duyệt số liệu %(period)s của %(unit)s.",
    "tra-lai": "Đã trả lại số liệu %(period)s cho %(unit)s sửa.",
    "hoan-tac": "Đã hoàn tác; số liệu %(period)s của %(unit)s lại đang thẩm tra.",
}


@dataclass(frozen=True)
class Desk:
    """A dossier as the person at this desk has it."""

    dossier: Dossier
    catalogue: Catalogue
    line: tuple[str, ...]

    @property
    def values(self) -> dict[str, str]:
        """The address of its pages."""
        return {"code": self.dossier.unit.code, "period": str(self.dossier.period)}

    def may(self, move: Move) -> Answer:
        """Whether the person may make the move now."""
        return may(site().storage, self.dossier, move, doer(), self.line)


def register(app: Flask) -> None:
    """Give templates the words of states and flags."""
    words = {"CASE_STATES": STATES, "CELL_FLAGS": FLAGS, "PROOF_WORDS": STANDING_WORDS}
    app.context_processor(lambda: {**words, "edit_link": edit_link, "mean_words": mean_words, "criterion_name": criterion_name})


def criterion_name(d: Dossier, code: str) -> str:
    """The name of a criterion that counts the unit's figures; empty where no set has the code."""
    sets = [site().catalogue.sets[each] for each in (d.snapshot.lower_set, d.snapshot.sheet.criteria_set) if each]
    return next((each.name for found in (sets[::-1] if d.unit == d.host else sets) for each in found.criteria if each.code == code), "")


def doer() -> Doer:
    """Who asks, now, from where."""
    return Doer(actor(), now(), address(), request_number())


def desk(code: str, period: str) -> Desk:
    """The dossier in an address; 404 for a unit that sends none."""
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    host = host_of(unit, chosen)
    if host is None or not sends(unit, host):
        abort(404)
    snapshot, catalogue = quarter_of(host, chosen)
    mine = snapshot.tree.unit(code) if code in snapshot.tree.index else abort(404)
    return Desk(dossiers(site().storage, catalogue, snapshot, [mine])[0], catalogue, lines().of(code, chosen.end))


def quarter_of(host: OrgUnit, period: Period) -> tuple[Snapshot, Catalogue]:
    """The host's quarter, frozen or as it stands, and the catalogue it stands on; a page that says why where it has not begun."""
    if period.start > today():
        nothing_yet(host, period, "not_begun")
    try:
        snapshot = read(site().storage, site().catalogue, host, period, now())
    except NoSetInForce:
        nothing_yet(host, period, "no_set")
    return snapshot, catalogue_of(snapshot) if snapshot.head.sha256 else site().catalogue


def seen_version() -> int:
    """The version of the case that the form's page showed; -1, which nothing has, for anything else."""
    text = request.form.get("phien-ban", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def seen_figures() -> str:
    """The figures that the form's page showed, as `Dossier.seen` tells them; what no dossier has where the form does not say."""
    return request.form.get("da-xem", "–")


def go(endpoint: str, **values: object) -> Response:
    """Answer a form that was acted on with the page it leads to."""
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]


def done_words(what: str, mine: Desk) -> str:
    """What was just concluded of the whole dossier, in words."""
    return translate(CONCLUDED[what], period=period_name(mine.dossier.period, short=True), unit=mine.dossier.unit.name)


def edit_link(cell: Cell, dossier: Dossier) -> str:
    """Where the figure is typed, with the way back to this page; empty for what a machine told."""
    if "entry" not in current_app.view_functions or (cell.told is not None and not cell.judged and cell.told.state is Seen.MEASURED):
        return ""
    return url_for("entry", code=cell.unit.code, period=dossier.period, tu="gui", _anchor=f"v-{cell.measure.code}")


def mean_words(cell: Cell) -> str:
    """The mean as the measure is printed, with one decimal for counts."""
    if cell.mean is None:
        return ""
    if cell.measure.kind is ValueKind.COUNT:
        return format_decimal(cell.mean, 1)
    return figure_words(round(cell.mean), cell.measure)
