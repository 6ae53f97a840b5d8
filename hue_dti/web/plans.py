"""Improvement plans: the list, one plan with its filters, one obligation with its history and the form of the month."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.catalogue.outline import Outline, OutlineLine
from hue_dti.collation import sort_key
from hue_dti.errors import PlanRefused
from hue_dti.plans.model import PlanLine, PlanVersion
from hue_dti.plans.progress import DOING_WORDS, Doing, Obligation, Told, counts, newest_by_month
from hue_dti.services.plans import FIRST_YEAR, LAST_YEAR, LONGEST_LINK, LONGEST_WORDS, months, obligations_of, outlines, tell
from hue_dti.services.units_named import spans_on
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import can, lines, opens, visible
from hue_dti.web.dossiers import doer, go
from hue_dti.web.frameworks import known_frameworks
from hue_dti.web.places import plan_in
from hue_dti.web.sessions import actor
from hue_dti.web.site import site, today, units

DOING_MARKS = {
    Doing.NOT_STARTED: "not-started",
    Doing.DOING: "in-progress",
    Doing.DONE: "achieved",
    Doing.LATE: "not-achieved",
}
PLANNING = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
"""Nobody plans for an agency or a village."""
LATEST = 5
"""Versions that stand on the plan's page; the history has all."""
ADDRESS = f"/ke-hoach/<code>/<framework>/<int(min={FIRST_YEAR},max={LAST_YEAR}):year>"


@dataclass(frozen=True)
class Desk:
    """A plan as whoever asks may see it: the whole of it, or only what falls to their own units."""

    version: PlanVersion
    outline: Outline
    all: tuple[Obligation, ...]
    whole: bool
    mine: frozenset[str]

    @property
    def values(self) -> dict[str, object]:
        """The address of its pages."""
        key = self.version.key
        return {"code": key.unit, "framework": key.framework, "year": key.year}

    @property
    def shown(self) -> tuple[Obligation, ...]:
        """The obligations whoever asks may see."""
        return tuple(each for each in self.all if self.whole or self.is_mine(each.line))

    def is_mine(self, line: PlanLine) -> bool:
        """Whether a unit of whoever asks leads the line or helps with it."""
        return any(code in self.mine for name in (*line.lead, *line.coordinating) for code in self.version.codes(name))

    def may_tell(self, each: Obligation) -> bool:
        """Whether whoever asks reports on the obligation."""
        return not each.line.is_given_up and any(can(Act.ENTER, code) for code in each.units)


def register(app: Flask) -> None:
    """Give the pages their addresses, and templates the words of obligations."""
    app.add_url_rule("/ke-hoach", "plans", plans)
    app.add_url_rule(ADDRESS, "plan", plan)
    app.add_url_rule(f"{ADDRESS}/viec/<line>", "plan_line", plan_line)
    app.add_url_rule(f"{ADDRESS}/viec/<line>/<int(max=999):lead>", "tell_of_line", tell_of_line, methods=["POST"])
    app.context_processor(lambda: {"DOING_WORDS": DOING_WORDS, "DOING_MARKS": DOING_MARKS, "plan_work": plan_work})


def plans() -> str:
    """Every plan one may open, with how it goes."""
    shown, see = [], visible(Act.READ_LIVE)
    for version in site().storage.plans.newest():
        if any(see(code) for code in (version.key.unit, *version.units())):
            found = desk_of(version)
            shown.append((found, counts(found.shown, today())))
    may_keep = bool(planning_units())
    return render_template("plans.html", plans=shown, names_on=names_on, outlines=all_outlines(), may_keep=may_keep)


def plan(code: str, framework: str, year: int) -> str:
    """The plan's lines; filters: lead unit, group, the ministry's focus list, what is behind, one's own."""
    found = open_plan()
    focus = found.outline.years_of_focus()
    asked = {name: request.args.get(name, "") for name in ("chu-tri", "nhom", "trong-tam", "chi")}
    lines = [line for line in found.version.plan.lines if _wanted(found, line, asked)]
    leads = dict.fromkeys(each.lead for each in found.shown)
    return render_template(
        "plan.html",
        desk=found,
        lines=lines,
        of=_of_lines(found.shown),
        asked=asked,
        filtered=any(asked.values()),
        focus=focus,
        lacking=_lacking(found, asked["trong-tam"]),
        leads=sorted(leads),
        counts=counts(found.shown, today()),
        today=today(),
        names=names_on(found.version.key.last_day),
        may_keep=can(Act.EDIT_REPORT, code),
        unset=sum(line.is_open for line in found.version.plan.lines),
        ranks=framework not in known_frameworks() or known_frameworks()[framework].computable,
        versions=site().storage.plans.versions(found.version.key, most=LATEST) if found.whole else (),
    )


def plan_line(code: str, framework: str, year: int, line: str) -> str:
    """One line with everything told of it."""
    return _line_page(open_plan(), line)


def tell_of_line(code: str, framework: str, year: int, line: str, lead: int) -> Response:
    """Tell how it stands in a month; what was wrong is said beside the form, with what was typed still in it."""
    found = open_plan()
    mine = next((each for each in found.all if each.line.key == line and each.place == lead), None)
    if mine is None:
        abort(404)
    form = request.form
    try:
        month = date.fromisoformat(f"{form.get('thang', '')}-01")
        doing = Doing(form.get("tinh-trang", ""))
    except ValueError:
        return make_response(_line_page(found, line, lead, "Chưa chọn tháng hoặc tình trạng; hãy chọn rồi gửi lại."), 422)
    try:
        tell(site().storage, mine, month, doing, form.get("loi", ""), form.get("lien-ket", ""), _seen(mine, month), doer())
    except PlanRefused as fault:
        return make_response(_line_page(found, line, lead, str(fault)), 422)
    return go("plan_line", **found.values, line=line, _anchor=f"cv-{lead}")


def desk_of(version: PlanVersion) -> Desk:
    """The plan as whoever asks may see it."""
    see = visible(Act.READ_LIVE)
    mine = frozenset(code for code in version.units() if see(code))
    known = all_outlines().get(version.key.framework) or Outline(version.key.framework, version.key.framework, "", ())
    return Desk(version, known, obligations_of(site().storage, version), see(version.key.unit), mine)


def open_plan() -> Desk:
    """The plan in the address."""
    version = plan_in({name: str(value) for name, value in (request.view_args or {}).items()})
    return desk_of(version) if version is not None else abort(404)


def all_outlines() -> dict[str, Outline]:
    """Everything a plan can be for."""
    return outlines(site().catalogue, known_frameworks())


def planning_units() -> list[OrgUnit]:
    """The units whose plans whoever asks keeps, province and districts first."""
    allowed = roots(actor(), Act.EDIT_REPORT)
    found = [each for each in units() if each.level in PLANNING and each.exists_on(today()) and allowed & set(lines().of(each.code))]
    return sorted(found, key=lambda each: (PLANNING.index(each.level), sort_key(each.name)))


def plan_work(codes: Collection[str]) -> list[tuple[Desk, Obligation]]:
    """What whoever asks has to see to in plans for these units: behind first, then what nothing was told of this month, by due day."""
    found = []
    for version in site().storage.plans.newest():
        if version.units() & set(codes):
            desk = desk_of(version)
            mine = (each for each in desk.all if set(each.units) & set(codes) and _open(each))
            found += [(desk, each) for each in mine if opens("tell_of_line", line=each.line.key, lead=each.place, **desk.values)]
    return sorted(found, key=lambda each: (not each[1].is_behind(today()), each[1].due, each[0].version.key.year))


def _open(each: Obligation) -> bool:
    return not each.line.is_given_up and each.doing is not Doing.DONE and each.version.key.year >= today().year - 1


def _wanted(found: Desk, line: PlanLine, asked: dict[str, str]) -> bool:
    if not (found.whole or found.is_mine(line)):
        return False
    year = asked["trong-tam"]
    wanted_year = _year(year)
    behind = asked["chi"] == "cham"
    checks = (
        not asked["chu-tri"] or asked["chu-tri"] in line.lead,
        not asked["nhom"] or asked["nhom"] == line.group,
        not year or (wanted_year is not None and line.code in found.outline.focused(wanted_year)),
        not behind or any(each.is_behind(today()) for each in found.all if each.line.key == line.key),
        asked["chi"] != "chua-dat" or line.is_open,
        asked["chi"] != "cua-toi" or found.is_mine(line),
    )
    return all(checks)


def _lacking(found: Desk, text: str) -> tuple[OutlineLine, ...]:
    """What is on the ministry's list of the year and in no line of the plan, for who sees the whole of it."""
    year = _year(text)
    lines = found.version.plan.lines
    return found.outline.not_taken_up(year, {line.code for line in lines}) if year is not None and found.whole else ()


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _of_lines(shown: Sequence[Obligation]) -> dict[str, list[Obligation]]:
    by_line: dict[str, list[Obligation]] = {}
    for each in shown:
        by_line.setdefault(each.line.key, []).append(each)
    return by_line


def _line_page(found: Desk, key: str, lead: int | None = None, said: str = "") -> str:
    line = found.version.plan.line(key)
    if line is None or not (found.whole or found.is_mine(line)):
        abort(404)
    group = found.outline.group(line.group)
    return render_template(
        "plan_line.html",
        desk=found,
        line=line,
        group=group,
        mine=[each for each in found.all if each.line.key == key],
        by_month=_by_month(found, key),
        months=months(found.version.key, today())[::-1],
        lead=lead,
        said=said,
        typed=request.form,
        today=today(),
        names=names_on(found.version.key.last_day),
        named=lambda codes: ", ".join(names_on(found.version.key.last_day).get(code, code) for code in codes),
        longest=(LONGEST_WORDS, LONGEST_LINK),
        may_keep=can(Act.EDIT_REPORT, found.version.key.unit),
    )


def _by_month(found: Desk, key: str) -> Callable[[Obligation], tuple[Told, ...]]:
    return lambda each: newest_by_month(each.told)[::-1]


def _seen(mine: Obligation, month: date) -> int | None:
    """The number of the word for the month that the person saw: the form carries the newest of all words."""
    newest = request.form.get("da-xem", "")
    most = int(newest) if newest.isascii() and newest.isdecimal() and len(newest) < 19 else 0
    return max((each.number for each in mine.told if each.month == month and each.number <= most), default=None)


def names_on(day: date) -> dict[str, str]:
    """What each code was called on that day, else what it was called last: codes and names are reused."""
    return {code: unit.name for code, unit in spans_on(units(), day).items()}
