"""Lock exceptions: single criteria of single units opened until a day, several by one act; the committee sees all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from flask import Flask, abort, flash, render_template, request
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.appraisal.model import LockException
from hue_dti.catalogue.model import Criterion
from hue_dti.errors import NumeralError, ReviewRefused
from hue_dti.numerals import format_count, parse_date
from hue_dti.periods import Period
from hue_dti.services.dossier import sends
from hue_dti.services.locks import MOST_DAYS, Place, acts, close_locks, meant, open_locks, ref, standing
from hue_dti.services.review_lock import criteria_at
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import can, visible
from hue_dti.web.dossiers import doer, go
from hue_dti.web.language import translate
from hue_dti.web.site import host_of, period_or_404, site, today, unit_or_404, units


@dataclass(frozen=True)
class LockDesk:
    """The exceptions of a unit and those below it, as whoever asks has them."""

    unit: OrgUnit
    host: OrgUnit
    period: Period

    @property
    def values(self) -> dict[str, str]:
        """The address of its pages."""
        return {"code": self.unit.code, "period": str(self.period)}

    @cached_property
    def below(self) -> Mapping[str, OrgUnit]:
        """The unit and those right below it that whoever asks may see, by code."""
        may_see = visible(Act.READ_LIVE, self.period.end)
        near = (each for each in units() if self.unit.code in {each.code, each.parent} and each.exists_on(self.period.end))
        return {each.code: each for each in near if may_see(each.code)}

    @cached_property
    def criteria(self) -> Mapping[str, Mapping[str, Criterion]]:
        """By unit, the criteria that it gives figures for, by the key that exceptions are kept under; what two sets alike ask for once."""
        return {code: _once(self._at(each.level)) for code, each in self.below.items() if sends(each, self.host)}

    @cached_property
    def known(self) -> Mapping[str, Criterion]:
        """Every criterion of these units by its key."""
        return {key: each for level in dict.fromkeys(each.level for each in self.below.values()) for key, each in self._at(level).items()}

    def _at(self, level: Level) -> Mapping[str, Criterion]:
        return criteria_at(site().catalogue, level, self.host.level, self.period)

    @cached_property
    def openable(self) -> Mapping[str, OrgUnit]:
        """The units whose criteria whoever asks may open."""
        return {code: self.below[code] for code, found in self.criteria.items() if found and can(Act.APPROVE, code, self.period.end)}

    @cached_property
    def shared(self) -> Mapping[str, Criterion]:
        """The criteria that at least two of those units give figures for."""
        told = [key for code in self.openable for key in self.criteria[code]]
        return {key: self.known[key] for key in dict.fromkeys(told) if told.count(key) > 1}

    @cached_property
    def sharing(self) -> tuple[OrgUnit, ...]:
        """The units of those criteria: communes before agencies."""
        own = (each for code, each in self.openable.items() if not self.shared.keys().isdisjoint(self.criteria[code]))
        return tuple(sorted(own, key=lambda each: list(Level).index(each.level)))

    @cached_property
    def kept(self) -> tuple[LockException, ...]:
        """All of them, over or not, oldest first."""
        return site().storage.reviews.exceptions(list(self.below), str(self.period))

    @cached_property
    def standing(self) -> tuple[LockException, ...]:
        """Those that stand today."""
        return standing(self.kept, today())

    @property
    def over(self) -> tuple[LockException, ...]:
        """Those that do not any more, newest first."""
        return tuple(each for each in reversed(self.kept) if each not in self.standing)

    def opened(self, unit: str, criterion: str) -> LockException | None:
        """The exception that stands there now."""
        return next((each for each in self.standing if (each.unit, each.criterion) == (unit, criterion)), None)


def register(app: Flask) -> None:
    """Give the page its addresses."""
    app.add_url_rule("/mo-khoa/<code>/<period>", "exceptions", exceptions, methods=["GET"])
    app.add_url_rule("/mo-khoa/<code>/<period>", "open_lock", open_lock, methods=["POST"])
    app.add_url_rule("/mo-khoa/<code>/<period>/khoa-lai", "close_lock", close_lock, methods=["POST"])
    app.context_processor(lambda: {"opened_work": opened_work})


def opened_work(mine: Collection[str]) -> list[tuple[OrgUnit, Period, LockException]]:
    """The criteria that stand open for these units though their figures were approved or their quarter closed, the soonest over first."""
    found = []
    for each in site().storage.reviews.opened(mine, today()):
        period = Period.parse(each.period)
        then = next((unit for unit in units() if unit.code == each.unit and unit.exists_on(period.end)), None)
        if then is not None and can(Act.ENTER, then.code, period.end):
            found.append((then, period, each))
    return sorted(found, key=lambda row: (row[2].until, row[2].unit, row[2].criterion))


def exceptions(code: str, period: str, said: str = "", at: str = "") -> str:
    """Every exception of the unit and those below it, standing ones by the act that opened them; and the forms for who may open.

    `said` is what was wrong, `at` the form it is said beside.
    """
    mine, typed = _desk(code, period), request.form
    told = {"acts": acts(mine.standing), "ref": ref, "said": said, "at": at, "typed": typed, "chosen": typed.getlist("o")}
    return render_template("exceptions.html", desk=mine, latest=today() + timedelta(days=MOST_DAYS), **told)


def open_lock(code: str, period: str) -> Response | str | tuple[str, int]:
    """Show what would be opened; keep it, all or none, once that was confirmed. What was wrong is said beside the form."""
    mine, form, at = _desk(code, period), request.form, request.form.get("viec", "")
    try:
        given = meant(_places(mine), mine.period, _day(form.get("den-ngay", "")), form.get("ly-do", ""), doer())
    except ReviewRefused as refused:
        return exceptions(code, period, str(refused), at), 409
    if "chac" not in form:
        return render_template("exceptions_confirm.html", desk=mine, given=given, typed=form, chosen=form.getlist("o"))
    open_locks(site().storage, given, doer())
    flash(translate("Đã mở khóa %(n)s tiêu chí, mỗi dòng dưới đây là một.", n=format_count(len(given))))
    return go("exceptions", **mine.values)


def close_lock(code: str, period: str) -> Response | tuple[str, int]:
    """Close the chosen exceptions from now on."""
    mine, form = _desk(code, period), request.form
    own = [each for each in mine.standing if each.unit in mine.openable]
    try:
        count = close_locks(site().storage, own, form.getlist("o"), form.get("ly-do", ""), doer())
    except ReviewRefused as refused:
        return exceptions(code, period, str(refused), "khoa-lai"), 409
    flash(translate("Đã khóa lại %(n)s tiêu chí.", n=format_count(count)))
    return go("exceptions", **mine.values)


def _once(found: Mapping[str, Criterion]) -> Mapping[str, Criterion]:
    """The criteria without those that another before asks for by the same code and figures: opening either opens the same cells."""
    told: dict[tuple[str, frozenset[str]], str] = {}
    for key, each in found.items():
        told.setdefault((each.code, frozenset(each.rule.measures())), key)
    return {key: found[key] for key in told.values()}


def _places(mine: LockDesk) -> list[Place]:
    """What the form chose: criteria `o` of the page's unit, or units `o` for one criterion; ReviewRefused for what nobody offered."""
    form, chosen = request.form, request.form.getlist("o")
    several = form.get("viec") == "don-vi"
    found = [(each, form.get("tieu-chi", "")) for each in chosen] if several else [(mine.unit.code, each) for each in chosen]
    if any(unit not in mine.openable or criterion not in mine.known for unit, criterion in found):
        raise ReviewRefused("Hãy chọn tiêu chí và đơn vị trong danh sách.")
    without = [mine.below[unit].name for unit, criterion in found if criterion not in mine.criteria[unit]]
    if without:
        raise ReviewRefused(f"Tiêu chí này không có số do {', '.join(without)} nhập; hãy bỏ chọn đơn vị đó.")
    return found


def _desk(code: str, period: str) -> LockDesk:
    chosen = period_or_404(period)
    unit = unit_or_404(code, chosen)
    return LockDesk(unit, host_of(unit, chosen) or abort(404), chosen)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except NumeralError:
        return None
