"""“Việc của tôi”: what an officer has left in the quarter, how long there is, what it is worth, and one button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Flask, render_template, request, url_for

from hue_dti.accounts.model import Act
from hue_dti.accounts.rights import roots
from hue_dti.collation import sort_key
from hue_dti.periods import Period
from hue_dti.services.cells import EntryCell, UnitCells, live_period, unit_cells
from hue_dti.services.tasks import Task, UnitProgress, falls_to, progress_of, tasks_of
from hue_dti.units.lines import spans_of
from hue_dti.units.model import Level, OrgUnit
from hue_dti.web.access import can, can_anywhere, opens
from hue_dti.web.alerts import waiting_alerts
from hue_dti.web.articles import articles_waiting
from hue_dti.web.awaiting import waits
from hue_dti.web.cell import waiting_notes
from hue_dti.web.cell_words import goal_words, task_words
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor
from hue_dti.web.site import newest_quarter, now, period_or_404, site, today, units

MOST_GOALS = 8


@dataclass(frozen=True)
class Day:
    """What the first screen shows of a unit's quarter."""

    found: UnitCells
    tasks: tuple[Task, ...]
    of_all: bool

    @property
    def cells(self) -> tuple[EntryCell, ...]:
        """The cells of the tasks that take typing, each once."""
        return tuple({cell.measure.code: cell for task in self.tasks for cell in task.cells}.values())

    @property
    def waiting(self) -> tuple[EntryCell, ...]:
        return tuple(cell for cell in self.cells if cell.waits)

    @property
    def first(self) -> EntryCell | None:
        """The cell to go on with: of what is worth most."""
        return next((task.waiting[0] for task in self.tasks if task.waiting), None)

    @property
    def left(self) -> tuple[Task, ...]:
        """The tasks with a cell to fill; cells that came back have a list of their own."""
        return tuple(task for task in self.tasks if any(cell.mark is None for cell in task.waiting))

    @staticmethod
    def empty(task: Task) -> EntryCell:
        """The first of the task's cells to fill."""
        return next(cell for cell in task.waiting if cell.mark is None)

    @property
    def done(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.cells and not task.waiting)

    @property
    def goals(self) -> tuple[Task, ...]:
        """What could be better among the figures that are there, those worth most first; the same goal of two criteria is one."""
        better = [task for task in self.tasks if not task.waiting and task.goal is not None and task.goal_gain > 0]
        once = {(task.scored.code, task.goal): task for task in reversed(better)}
        return tuple(sorted(once.values(), key=lambda task: -task.goal_gain)[:MOST_GOALS])

    @property
    def gain(self) -> int:
        """What all that is left is worth at most, in ten-thousandths: criteria do not touch each other."""
        return sum(task.gain for task in self.tasks if task.waiting)

    @property
    def days(self) -> int:
        """Days to the cut-off, negative after it."""
        return (self.found.cutoff - today()).days

    @property
    def back(self) -> tuple[EntryCell, ...]:
        """The cells that the committee returned and nobody mended yet."""
        return tuple(cell for cell in self.found.cells if cell.mark is not None)


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/viec-cua-toi", "tasks", tasks_page)


def tasks_page() -> str:
    """The tasks of `don-vi` in `ky`; without them, of the unit one answers for and the quarter it works on."""
    mine, province = my_units(), _own_province()
    first = None if province is not None else next(iter(mine), None)
    chosen = next((unit for unit in mine if unit.code == request.args.get("don-vi")), first)
    period = _period(chosen)
    plan = {
        "mine": mine,
        "codes": [unit.code for unit in (*mine, province) if unit is not None],
        "today": today(),
        "this_month": today().replace(day=1),
        "waits": waits(),
        "province": province,
        "runs": _running() if can_anywhere(Act.OPERATE) else None,
        "quarter": newest_quarter() if province is not None else None,
        "named": [unit for unit in mine if unit.code in roots(actor(), Act.ENTER) and unit is not chosen],
    }
    if chosen is None or period is None:
        return render_template("tasks.html", day=None, unit=chosen, period=period, others=(), **plan)
    found = unit_cells(site().storage, site().catalogue, chosen.code, period, now())
    if found is None:
        return render_template("tasks.html", day=None, unit=chosen, period=period, others=(), **plan)
    whose = falls_to(site().storage, site().catalogue, actor(), found)
    every = request.args.get("tat-ca") == "1"
    tasks = tasks_of(site().storage, site().catalogue, found, now(), (lambda scored, code: True) if every else whose)
    of_all = all(whose(scored, each.code) for scored, criteria_set in found.sets for each in criteria_set.criteria)
    others = _others(mine, chosen, period)
    words = {"task_words": task_words, "goal_words": goal_words, "measures": site().catalogue.measures}
    return render_template("tasks.html", day=Day(found, tasks, of_all), unit=chosen, period=period, others=others, **words, **plan)


def my_units() -> list[OrgUnit]:
    """The units whose figures whoever asks may type, as they were last under a role of theirs: those one is named for, then those below."""
    named = roots(actor(), Act.ENTER)
    known = {unit.code: unit for unit in units() if unit.level is not Level.PROVINCE and named and can(Act.ENTER, unit.code, _last(unit))}
    return sorted(known.values(), key=lambda unit: (unit.code not in named, list(Level).index(unit.level), sort_key(unit.name)))


def _running() -> list[tuple[str, int, str]]:
    """What waits for those who run the sources: the words, how many, where it is done."""
    found = [
        ("số của máy bị báo chưa đúng, chờ trả lời", len(waiting_notes()), url_for("sources", _anchor="so-bi-bao")),
        ("cảnh báo chưa ai nhận", waiting_alerts() or 0, url_for("alerts")),
    ]
    if opens("names"):
        found.append(("tên đơn vị chờ xác nhận", len(site().storage.unknown_names()), url_for("names")))
        found.append(("tin chờ phân loại", articles_waiting(), url_for("waiting")))
    return [(translate(words), count, address) for words, count, address in found if count]


def _own_province() -> OrgUnit | None:
    """The province, for somebody who enters, reviews or gives values for all of it: what waits there is theirs, not one commune's cells."""
    named = roots(actor(), Act.ENTER) | roots(actor(), Act.REVIEW) | roots(actor(), Act.GIVE)
    return next((unit for unit in units() if unit.level is Level.PROVINCE and unit.code in named and unit.exists_on(today())), None)


def _last(unit: OrgUnit) -> date | None:
    """The last day of a span that is over; None, today, for one that lasts."""
    return unit.valid_to if unit.valid_to is not None and unit.valid_to < today() else None


def _period(unit: OrgUnit | None) -> Period | None:
    if request.args.get("ky"):
        return period_or_404(request.args["ky"])
    return live_period(site().storage, site().catalogue, unit.code, today()) if unit is not None else None


def _others(mine: list[OrgUnit], chosen: OrgUnit, period: Period) -> tuple[UnitProgress, ...]:
    spans = spans_of(units())
    there = (unit.code for unit in mine if any(span.exists_on(period.end) for span in spans[unit.code]))
    codes = [code for code in there if code != chosen.code]
    told = progress_of(site().storage, site().catalogue, codes, period)
    return tuple(sorted((each for each in told if each.expected), key=lambda each: (each.progress, each.present / each.expected)))
