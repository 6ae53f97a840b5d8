"""Paths of figures in a snapshot, and what each prints: `criteria/III.1/part`, `groups/I/achieved`, `total/points` …"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from hue_dti.catalogue.model import Catalogue, CriteriaSet, ValueKind
from hue_dti.catalogue.rules import Count, Gate, Inverse, Ratio, Rule, Steps
from hue_dti.errors import ReportError
from hue_dti.numerals import POINT, format_amount, format_count, format_percent, format_points
from hue_dti.periods import Period
from hue_dti.reports.model import Figure
from hue_dti.scoring.model import CriterionScore, ScoreSheet
from hue_dti.snapshots.model import Snapshot


class FigureBook:
    """Gives any figure of a snapshot by its path, printed the Vietnamese way; the same book serves text, page and checks."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue) -> None:
        self.snapshot, self.catalogue = snapshot, catalogue
        self.criteria_set: CriteriaSet = catalogue.sets[snapshot.sheet.criteria_set]
        self._lines = {line.code: line for line in snapshot.sheet.criteria}
        self._groups = {group.code: group for group in snapshot.sheet.groups}

    def figure(self, path: str) -> Figure:
        """The figure at a path; ReportError when the snapshot has none there."""
        return Figure(self.text(path), path)

    def text(self, path: str) -> str:
        """What is printed for a path."""
        head, *rest = path.split("/")
        readers: dict[str, Callable[[list[str]], str]] = {
            "criteria": self._criterion,
            "groups": self._group,
            "total": self._total,
            "documents": lambda _: format_count(len(self.documents_of_the_period())),
            "set": self._set,
        }
        try:
            return readers[head](rest)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration):
            raise ReportError(f"Bản chốt không có số liệu ở '{path}'.") from None

    def group_of(self, criterion: str) -> str:
        """The code of the group a criterion stands in."""
        return self._lines[criterion].group

    def documents_of_the_period(self) -> tuple[int, ...]:
        """Positions of the documents the unit itself issued inside the period's window, in the snapshot's order."""
        window = self.criteria_set.calendar.window(_period(self.snapshot.sheet))
        return tuple(
            position
            for position, document in enumerate(self.snapshot.documents)
            if document.direction == "issued" and document.unit == self.snapshot.head.unit and document.issued_on in window
        )

    def _criterion(self, rest: list[str]) -> str:
        code, what, *more = rest
        line = self._lines[code]
        criterion = self.criteria_set.criterion(code)
        if what == "shortfalls":
            if more[0] == "sum":
                return format_count(sum(each.missing for each in line.shortfalls))
            if more[0] == "units":
                return format_count(len(line.shortfalls))
            return format_count(abs(next(each.missing for each in line.shortfalls if each.unit == more[0])))
        if what in {"points", "max_points", "lost"}:
            value = line.max_points - line.points if what == "lost" else getattr(line, what)
            return format_points(value)
        if what in {"share", "rate", "missing_share", "points_share"}:
            return format_percent(share_of(what, line, criterion.rule))
        if what == "at_least":
            return format_count(threshold(criterion.rule))
        if what in {"part", "whole", "missing", "gate_count"}:
            return self._counted(criterion.rule, line, what)
        raise KeyError(what)

    def _counted(self, rule: Rule, line: CriterionScore, what: str) -> str:
        number = getattr(line, what)
        measure = rule.measures()[0]
        amount = self.catalogue.measures[measure].kind is ValueKind.AMOUNT
        return format_amount(number) if amount and what != "gate_count" else format_count(number)

    def _group(self, rest: list[str]) -> str:
        code, what = rest
        group = self._groups[code]
        if what == "criteria":
            return format_count(sum(1 for line in self.snapshot.sheet.criteria if line.group == code))
        if what in {"points", "max_points"}:
            return format_points(getattr(group, what))
        if what == "share":
            return format_percent(Fraction(group.points, group.max_points))
        return format_count(getattr(group, what))

    def _total(self, rest: list[str]) -> str:
        (what,) = rest
        total = self.snapshot.sheet.total
        if what == "criteria":
            return format_count(len(self.snapshot.sheet.criteria))
        if what == "share":
            return format_percent(Fraction(total.points, total.max_points))
        if what == "assumed":
            return format_points(total.max_points - total.max_points_stated)
        if what in {"points", "max_points", "points_stated", "max_points_stated", "excluded", "converted"}:
            return format_points(getattr(total, what))
        return format_count(getattr(total, what))

    def _set(self, rest: list[str]) -> str:
        (what,) = rest
        if what == "max_points":
            return format_points(sum((group.max_points for group in self.criteria_set.groups), Fraction()) * POINT)
        raise KeyError(what)


def _period(sheet: ScoreSheet) -> Period:
    return Period.parse(sheet.period)


def share_of(what: str, line: CriterionScore, rule: Rule) -> Fraction:
    """The printed percentage: `rate` is part ÷ whole as counted, `share` the same for a ratio and the share of points otherwise."""
    if what == "points_share":
        return Fraction(line.points, line.max_points)
    counted = isinstance(inner(rule), Ratio) and line.part is not None and line.whole
    if what == "missing_share":
        if line.missing is None or not line.whole:
            raise KeyError(what)
        return Fraction(line.missing, line.whole)
    if what == "rate" or (what == "share" and counted):
        if line.part is not None and line.whole:
            return Fraction(line.part, line.whole)
        if what == "rate" and isinstance(inner(rule), Inverse):
            raise KeyError(what)
    if line.share is None:
        raise KeyError(what)
    return line.share


def inner(rule: Rule) -> Rule:
    """The rule behind a gate, or the rule itself."""
    return rule.then if isinstance(rule, Gate) else rule


def threshold(rule: Rule) -> int:
    """The count a rule asks for."""
    if isinstance(rule, Steps):
        return rule.rungs[-1].at_least
    if isinstance(rule, Count | Gate):
        return rule.at_least
    raise KeyError("at_least")
