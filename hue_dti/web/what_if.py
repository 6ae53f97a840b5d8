"""“Thử các con số khác”: other figures or targets of a unit, and what points and places they would give; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for

from hue_dti.catalogue.model import Criterion, Group, Measure, ValueKind
from hue_dti.errors import NumeralError, ScoringError
from hue_dti.numerals import decimal_text, format_count, parse_amount, parse_count, parse_date, parse_percent
from hue_dti.scoring.again import Again
from hue_dti.services.next_steps import horizon_of, scored_unit
from hue_dti.services.plan_aims import aim_of
from hue_dti.services.what_if import WhatIf, what_if
from hue_dti.steps.supposing import Reached, Target, sum_of, target_of
from hue_dti.steps.words import value_words
from hue_dti.web.language import translate
from hue_dti.web.plan_new import into_plan, may_plan
from hue_dti.web.site import Quarter, open_quarter, site, today

FIGURE, TARGET = "s.", "t."
LONGEST = 30
_HUNDRED = 10_000
_LARGEST = 10**15
_PROGRESS = ("0", "1", "2")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that may be supposed: what it is now in words, what was typed instead, and what is wrong with that."""

    name: str
    label: str
    now: str
    typed: str = ""
    fault: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion with its fields."""

    criterion: Criterion
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A group's rows; `open` where something was typed."""

    group: Group
    rows: tuple[Row, ...]

    @property
    def open(self) -> bool:
        return any(field.typed for row in self.rows for field in row.fields)


def register(app: Flask) -> None:
    """Give the page its address."""
    app.add_url_rule("/don-vi/<code>/<period>/thu", "what_if", what_if_page)


def what_if_page(code: str, period: str) -> Response | str:
    """What the address supposes; an address that says more than that leads to the shorter one."""
    shown = open_quarter(code, period)
    again, _ = scored_unit(shown.whole, shown.catalogue, shown.unit.code)
    typed = {name: value.strip()[:LONGEST] for name, value in request.args.items() if name.startswith((FIGURE, TARGET)) and value.strip()}
    if len(typed) != len(request.args):
        supposed: dict[str, Any] = dict(typed)
        return redirect(url_for("what_if", code=code, period=period, **supposed))  # type: ignore[return-value]
    read = _Read(shown, again, typed)
    found, fault = _score(shown, read) if typed and not read.faults else (None, "")
    missed = _missed(found, shown)
    sections = _sections(shown, again, typed, {**read.faults, **missed})
    into = _into(found, shown) if found else {}
    told = {"found": found, "fault": fault, "faults": read.faults, "missed": missed, "typed": typed, "into": into}
    return render_template("what_if.html", q=shown, sections=sections, **told)


def _into(found: WhatIf, shown: Quarter) -> dict[str, str]:
    """The way of each criterion that came to something else into the unit's plan, with that as its target."""
    if not may_plan(shown.unit):
        return {}
    measures, criteria_set = shown.catalogue.measures, shown.criteria_set
    horizon = horizon_of(shown.whole, criteria_set, today())
    ways = {}
    for code, _, _ in found.moved:
        criterion = criteria_set.criterion(code)
        aims = [aim_of(criterion, each.sheet.criterion(code), measures) for each in (found.before, found.after)]
        if aims[1] and aims[0] != aims[1]:
            due = horizon.by(criterion, (measures[each] for each in criterion.rule.measures()))
            whence = f"từ thử các con số khác, {shown.period.label}"
            ways[code] = into_plan(shown.unit, criteria_set.code, due, code, aims[1], "", whence)
    return ways


class _Read:
    """What was typed as figures and targets; what cannot be read is a fault by its field's name."""

    def __init__(self, shown: Quarter, again: Again, typed: Mapping[str, str]) -> None:
        self.figures: dict[str, int] = {}
        self.targets: dict[str, Target] = {}
        self.faults: dict[str, str] = {}
        measures = _measures(shown, again)
        criteria = {each.code: each for each in shown.criteria_set.criteria if target_of(each.rule) is not None}
        for name, text in typed.items():
            kind, _, code = name.partition(".")
            try:
                if f"{kind}." == FIGURE and code in measures:
                    self.figures[code] = _value(text, measures[code])
                elif f"{kind}." == TARGET and code in criteria:
                    self.targets[code] = _target(text, criteria[code])
                else:
                    self.faults[name] = translate("“%(name)s” không có trong bộ chỉ số của đơn vị này.", name=code)
            except NumeralError as told:
                self.faults[name] = str(told)


def _score(shown: Quarter, read: _Read) -> tuple[WhatIf | None, str]:
    try:
        return what_if(site().storage, shown.whole, shown.catalogue, shown.unit.code, read.figures, read.targets), ""
    except ScoringError as told:
        return None, str(told)


def _sections(shown: Quarter, again: Again, typed: Mapping[str, str], faults: Mapping[str, str]) -> list[Section]:
    told: set[str] = set()
    sections = []
    for group in shown.criteria_set.groups:
        rows = []
        for criterion in (each for each in group.criteria if each.status.opened):
            codes = [code for code in dict.fromkeys(criterion.rule.measures()) if code not in told]
            told.update(codes)
            fields = [_figure_field(shown.catalogue.measures[code], sum_of(again, code), typed, faults) for code in codes]
            target = target_of(criterion.rule)
            fields += [_target_field(criterion, target, typed, faults)] if target is not None else []
            rows += [Row(criterion, tuple(fields))] if fields else []
        sections += [Section(group, tuple(rows))] if rows else []
    return sections


def _figure_field(measure: Measure, now: int | None, typed: Mapping[str, str], faults: Mapping[str, str]) -> Field:
    name = FIGURE + measure.code
    words = translate("chưa có số liệu") if now is None else value_words(now, measure)
    choices = tuple((value, value_words(int(value), measure)) for value in _PROGRESS) if measure.kind is ValueKind.PROGRESS else ()
    return Field(name, measure.name, words, typed.get(name, ""), faults.get(name, ""), choices)


def _target_field(criterion: Criterion, now: Target, typed: Mapping[str, str], faults: Mapping[str, str]) -> Field:
    name = TARGET + criterion.code
    words = format_count(now) if isinstance(now, int) else _percent(now)
    return Field(name, translate("Mức phải đạt của tiêu chí"), words, typed.get(name, ""), faults.get(name, ""))


def _missed(found: WhatIf | None, shown: Quarter) -> dict[str, str]:
    return {FIGURE + each.measure: _how_far(each, shown.catalogue.measures[each.measure]) for each in found.missed} if found else {}


def _how_far(each: Reached, measure: Measure) -> str:
    if each.reached is None:
        return translate("Không đơn vị nào ở đây có số liệu này.")
    return translate("Chỉ đến %(n)s được: phần không thể vượt tổng của nó.", n=value_words(each.reached, measure))


def _measures(shown: Quarter, again: Again) -> dict[str, Measure]:
    codes = (code for line in again.base.lines if line.criterion.status.opened for code in line.criterion.rule.measures())
    return {code: shown.catalogue.measures[code] for code in codes}


def _value(text: str, measure: Measure) -> int:
    readers: dict[ValueKind, Callable[[str], int]] = {
        ValueKind.PERCENT: parse_percent,
        ValueKind.SHARE: parse_percent,
        ValueKind.AMOUNT: parse_amount,
        ValueKind.DATE: lambda written: parse_date(written).toordinal(),
    }
    if measure.kind is ValueKind.PROGRESS:
        if text not in _PROGRESS:
            raise NumeralError(translate("'%(said)s' không phải một mức; hãy chọn trong danh sách.", said=text))
        return int(text)
    value = readers.get(measure.kind, parse_count)(text)
    if measure.kind in {ValueKind.PERCENT, ValueKind.SHARE} and value > _HUNDRED:
        raise NumeralError(translate("Tỷ lệ không quá một trăm phần trăm; hãy viết lại."))
    if value > _LARGEST:
        raise NumeralError(translate("Con số quá lớn; hãy viết lại."))
    return value


def _target(text: str, criterion: Criterion) -> Target:
    now = target_of(criterion.rule)
    value: Target = parse_count(text) if isinstance(now, int) else Fraction(parse_percent(text), _HUNDRED)
    if not 0 < value <= _LARGEST or (isinstance(value, Fraction) and value > 1):
        raise NumeralError(translate("Mức phải đạt lớn hơn 0, nếu là tỷ lệ thì không quá một trăm phần trăm; hãy viết lại."))
    return value


def _percent(share: Fraction) -> str:
    return decimal_text(share * 100, 2, trim=True).replace(".", ",") + "%"
