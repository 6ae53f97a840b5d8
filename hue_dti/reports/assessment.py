"""Sections III and IV in plain generated form: what is done, what loses points, why, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.numerals import format_count, format_date
from hue_dti.reports import narrative
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.model import Block, Heading, Paragraph, Run, Text
from hue_dti.reports.texts import text
from hue_dti.reports.wording import Value, joined, runs
from hue_dti.scoring.model import CriterionScore, Status
from hue_dti.snapshots.model import Snapshot
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import bare_name

WEAKEST = 6
"""How many criteria are named as losing the most points."""

WORST_UNITS = 5
"""How many lower units are named."""

_UNSAID: Mapping[str, Sequence[Paragraph]] = {}


class AssessmentWriter:
    """Writes sections III and IV from one snapshot."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, book: FigureBook) -> None:
        self.snapshot, self.catalogue, self.book = snapshot, catalogue, book
        self.criteria: dict[str, Criterion] = {each.code: each for each in book.criteria_set.criteria}

    def own(self, part: str) -> list[Paragraph]:
        """What the program says in one part of these sections, by the part's key."""
        said: dict[str, Callable[[], list[Paragraph]]] = {
            narrative.ACHIEVED: self._achieved,
            narrative.LIMITS: self._limits,
            narrative.CAUSES: self._causes,
            narrative.REMEDIES: self._remedies,
            narrative.TASKS: self._tasks,
        }
        return said[part]()

    def blocks(self, said: Mapping[str, Sequence[Paragraph]] = _UNSAID) -> tuple[Block, ...]:
        """Section III: results, limits, causes, remedies; `said` are parts in somebody's own words."""
        out: list[Block] = [Heading(1, (Text(text("sections", "assessment")),))]
        for part in narrative.ASSESSED:
            out += [_heading(f"{part}_heading"), *(said.get(part) or self.own(part))]
        return tuple(out)

    def tasks(self, heading: str, said: Mapping[str, Sequence[Paragraph]] = _UNSAID) -> tuple[Block, ...]:
        """Section IV: deadlines still open this year, the weakest criteria, the units that owe most, what to keep; or own words."""
        return (Heading(1, (Text(heading),)), *(said.get(narrative.TASKS) or self.own(narrative.TASKS)))

    def _tasks(self) -> list[Paragraph]:
        paragraphs = [*self._deadlines(), *self._gains(), *self._owing_units(), *self._unopened_tasks()]
        kept = "keep" if self.snapshot.sheet.total.achieved else "keep_none"
        keep = runs(text("tasks", kept), {"achieved": self.book.figure("total/achieved")})
        numbered = [(Text(f"{number}. "), *runs_) for number, runs_ in enumerate([*paragraphs, keep], 1)]
        return [Paragraph(each) for each in numbered]

    def weakest(self) -> list[CriterionScore]:
        """Open criteria that lose points, the most first; ties in printed order."""
        losing = [line for line in self._open_lines() if line.points < line.max_points]
        return sorted(losing, key=lambda line: line.points - line.max_points)[:WEAKEST]

    def _unachieved(self) -> list[CriterionScore]:
        return [line for line in self.weakest() if line.status is not Status.ACHIEVED]

    def _open_lines(self) -> Iterable[CriterionScore]:
        opened = {code for code, criterion in self.criteria.items() if criterion.status.opened}
        return (line for line in self.snapshot.sheet.criteria if line.code in opened and line.status is not Status.NOT_APPLICABLE)

    def _achieved(self) -> list[Paragraph]:
        groups = self.snapshot.sheet.groups
        names = {group.code: group.name for group in self.book.criteria_set.groups}
        full = [names[g.code] for g in groups if g.achieved and not (g.in_progress or g.not_started or g.not_achieved)]
        out = [Paragraph(runs(text("assessment", "achieved_total"), self._total_values()))]
        if full:
            values = {"unit": self._unit_name(), "count": format_count(len(full)), "groups": "; ".join(full)}
            out.append(Paragraph(runs(text("assessment", "achieved_full"), values)))
        best = sorted(groups, key=lambda g: (-g.points / g.max_points if g.max_points else 0, names[g.code]))[:3]
        listed = joined(
            ((Text(f"{names[g.code]} ("), self.book.figure(f"groups/{g.code}/share"), Text(")")) for g in best if g.max_points), "; "
        )
        out.append(Paragraph(runs(text("assessment", "achieved_best"), {"groups": listed})))
        return out

    def _total_values(self) -> dict[str, Value]:
        achieved = (self.book.figure("total/achieved"), Text("/"), self.book.figure("total/criteria"))
        return {
            "achieved": achieved,
            "points": self.book.figure("total/points"),
            "max_points": self.book.figure("total/max_points"),
        }

    def _limits(self) -> list[Paragraph]:
        weakest = self._unachieved()
        if not weakest:
            return [Paragraph((Text(text("assessment", "limits_none")),))]
        lead = Paragraph((Text(text("assessment", "limits_lead")),))
        return [lead, *(Paragraph(runs(text("assessment", "limit"), self._line_values(line))) for line in weakest)]

    def _line_values(self, line: CriterionScore) -> dict[str, Value]:
        criterion = self.criteria[line.code]
        return {
            "code": line.code,
            "name": criterion.name,
            "responsible": criterion.responsible_unit,
            "points": self.book.figure(f"criteria/{line.code}/points"),
            "max_points": self.book.figure(f"criteria/{line.code}/max_points"),
            "gain": self.book.figure(f"criteria/{line.code}/lost"),
            "detail": self._detail(criterion, line),
        }

    def _detail(self, criterion: Criterion, line: CriterionScore) -> tuple[Run, ...]:
        if criterion.shortfall is None or not line.missing or line.shows != "missing" or not line.shortfalls:
            return ()
        missing: dict[str, Value] = {"missing": self.book.figure(f"criteria/{line.code}/missing"), "noun": criterion.shortfall.noun}
        units: dict[str, Value] = {
            "units": self.book.figure(f"criteria/{line.code}/shortfalls/units"),
            "worst": in_sentence(self.snapshot.tree.unit(line.shortfalls[0].unit)),
        }
        return (*runs(text("assessment", "limit_missing"), missing), *runs(text("assessment", "limit_units"), units))

    def _causes(self) -> list[Paragraph]:
        out: list[Paragraph] = []
        by_reason: dict[str, list[str]] = {}
        for criterion in self.criteria.values():
            if not criterion.status.opened:
                by_reason.setdefault(criterion.status.reason, []).append(criterion.code)
        for reason, codes in by_reason.items():
            values = {"count": format_count(len(codes)), "reason": reason, "codes": ", ".join(codes)}
            out.append(Paragraph(runs(text("assessment", "cause_unopened"), values)))
        unclear = [line.code for line in self._open_lines() if line.coverage.partial or not line.has_figures]
        if unclear:
            values = {"count": format_count(len(unclear)), "codes": ", ".join(unclear)}
            out.append(Paragraph(runs(text("assessment", "cause_source"), values)))
        if worst := self._worst_units():
            out.append(Paragraph(runs(text("assessment", "cause_units"), {"units": worst})))
        return out or [Paragraph((Text(text("assessment", "causes_none")),))]

    def _worst_units(self) -> str:
        lists = Counter[str]()
        for line in self._open_lines():
            if line.shows == "missing" and line.status is not Status.ACHIEVED:
                lists.update({each.unit: 1 for each in line.shortfalls})
        order = {unit.code: position for position, unit in enumerate(self.snapshot.tree.units)}
        worst = sorted(lists, key=lambda code: (-lists[code], order[code]))[:WORST_UNITS]
        named = ((in_sentence(self.snapshot.tree.unit(code)), format_count(lists[code])) for code in worst)
        return "; ".join(text("tasks", "owing", unit=name, count=count) for name, count in named)

    def _remedies(self) -> list[Paragraph]:
        out: list[Paragraph] = []
        for line in self._unachieved():
            criterion = self.criteria[line.code]
            detail: tuple[Run, ...] = ()
            if self._detail(criterion, line) and criterion.shortfall is not None:
                missing: dict[str, Value] = {"missing": self.book.figure(f"criteria/{line.code}/missing"), "noun": criterion.shortfall.noun}
                detail = runs(text("assessment", "remedy_missing"), missing)
            out.append(Paragraph(runs(text("assessment", "remedy"), {**self._line_values(line), "detail": detail})))
        return out

    def _deadlines(self) -> list[tuple[Run, ...]]:
        cutoff = self.snapshot.head.cutoff
        open_by_day: dict[date, list[str]] = {}
        for line in self._open_lines():
            criterion = self.criteria[line.code]
            if criterion.deadline is None or line.status is Status.ACHIEVED:
                continue
            day = criterion.deadline.in_year(cutoff.year)
            if cutoff <= day and (day.month, day.day) != (12, 31):
                open_by_day.setdefault(day, []).append(line.code)
        return [
            runs(text("tasks", "deadline"), {"deadline": format_date(day), "codes": ", ".join(codes)})
            for day, codes in sorted(open_by_day.items())
        ]

    def _gains(self) -> list[tuple[Run, ...]]:
        return [runs(text("tasks", "weakest"), self._line_values(line)) for line in self.weakest()]

    def _owing_units(self) -> list[tuple[Run, ...]]:
        worst = self._worst_units()
        return [runs(text("tasks", "units"), {"units": worst})] if worst else []

    def _unopened_tasks(self) -> list[tuple[Run, ...]]:
        codes = [criterion.code for criterion in self.criteria.values() if not criterion.status.opened]
        return [runs(text("tasks", "opened"), {"codes": ", ".join(codes)})] if codes else []

    def _unit_name(self) -> str:
        return self.snapshot.tree.unit(self.snapshot.head.unit).name


def _heading(key: str) -> Heading:
    return Heading(2, (Text(text("assessment", key)),))


def in_sentence(unit: OrgUnit) -> str:
    """A unit's name inside a sentence: the word of its level goes small, `xã Hương Xuân`; proper names stay."""
    return unit.name if unit.name == bare_name(unit) else unit.name[:1].lower() + unit.name[1:]
