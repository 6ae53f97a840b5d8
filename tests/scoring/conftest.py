"""Plays a golden case: a few lines of YAML become units, figures and a criteria set, scored by the real engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hue_dti.catalogue.load import load_catalogue
from hue_dti.catalogue.model import (
    CriteriaSet,
    Criterion,
    Decision,
    Group,
    Measure,
    OverTime,
    OverUnits,
    ShortfallSpec,
    StatusPolicy,
    ValueKind,
)
from hue_dti.catalogue.rules import KINDS, Ratio, Rule, Rung, WeightedPart, WhenNone
from hue_dti.observations.model import Observation, Origin, State
from hue_dti.periods import Calendar, MonthDay, Period
from hue_dti.resources import folder
from hue_dti.scoring.engine import score
from hue_dti.scoring.frame import frame_from
from hue_dti.scoring.model import ScoreSheet
from hue_dti.units.load import load_units
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import build_tree

CASES = Path(__file__).parent / "cases"
ORIGIN = Origin("test", "GET /", datetime(2024, 6, 10, tzinfo=UTC), "", "")
PROGRESS = {"no": 0, "begun": 1, "done": 2}
STATES = {state.slug: state for state in State}
LEVELS = {"Tỉnh": Level.PROVINCE, "Huyện": Level.DISTRICT, "Xã": Level.COMMUNE, "Thôn": Level.VILLAGE}


@dataclass(frozen=True)
class Played:
    """What a case came to."""

    sheets: tuple[ScoreSheet, ...]
    criteria_set: CriteriaSet
    tree: Tree


def all_cases() -> list[dict[str, Any]]:
    """Every case of every file, every scalar as text."""
    files = sorted(CASES.glob("*.yaml"))
    return [case for path in files for case in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)]


def play(case: Mapping[str, Any]) -> Played:
    """Score a case; what it does not say is the default described at the top of the case files."""
    if "quarter" in case:
        return _quarter(case["quarter"])
    level = Level(case.get("level", "district"))
    figures: dict[str, Any] = case["figures"]
    period = Period.parse(case.get("period", "2024-Q2"))
    as_of = date.fromisoformat(case.get("as_of", "2024-06-10"))
    units = _units(figures, level, case.get("units", {}))
    measures = {code: _measure(code, figure, case, level, units) for code, figure in figures.items()}
    measures |= {code: _measure(code, {}, case, level, units) for code in case.get("measures", {}) if code not in figures}
    tree = build_tree(units.values(), as_of)
    root = tree.units[0].code
    seen = [
        observed(unit, code, text, period, as_of)
        for code, figure in figures.items()
        for unit, text in (figure.items() if isinstance(figure, dict) else [(root, figure)])
    ]
    criteria_set = make_set(level, [make_criterion(line) for line in case.get("criteria", [case])], case.get("set", {}))
    return Played(score(criteria_set, measures, frame_from(tree, measures, seen), period, as_of), criteria_set, tree)


def _units(figures: Mapping[str, Any], level: Level, parents: Mapping[str, str]) -> dict[str, OrgUnit]:
    named = [unit for figure in figures.values() if isinstance(figure, dict) for unit in figure]
    root = {Level.DISTRICT: "Huyện", Level.COMMUNE: "Xã", Level.PROVINCE: "Tỉnh"}[level]
    above = "Huyện" if level is Level.COMMUNE and named else root
    codes = dict.fromkeys([above, *parents.values(), *parents, *named])
    return {code: make_unit(code, None if code == above else parents.get(code, above)) for code in codes}


def make_unit(code: str, parent: str | None) -> OrgUnit:
    """A unit whose code is its name; the first word tells the level, anything unknown is an agency."""
    return OrgUnit(code, code, LEVELS.get(code.split()[0], Level.AGENCY), parent, date(2020, 1, 1))


def _measure(code: str, figure: object, case: Mapping[str, Any], level: Level, units: Mapping[str, OrgUnit]) -> Measure:
    said = case.get("measures", {}).get(code, {})
    found = tuple(dict.fromkeys(units[unit].level for unit in figure)) if isinstance(figure, dict) else (level,)
    levels = tuple(Level(each) for each in said["levels"]) if "levels" in said else found
    texts = list(figure.values()) if isinstance(figure, dict) else [figure]
    kind = ValueKind(said.get("kind") or next((kind for text in texts if (kind := _kind(str(text)))), "count"))
    summed = kind in (ValueKind.COUNT, ValueKind.AMOUNT)
    over = OverUnits(said.get("over_units", "sum" if summed else "none"))
    return Measure(code, code, "", kind, levels, over, OverTime.LAST, "test")


def _kind(text: str) -> str:
    text = text.partition(" on ")[0]
    if text in PROGRESS:
        return "progress"
    return "percent" if text.endswith("%") else "date" if text.count("-") == 2 else ""


def observed(unit: str, code: str, text: str, period: Period, as_of: date) -> Observation:
    """One figure from its spelling: `12`, `82%`, `done`, `2024-01-08`, `missing`, `carried_over 12`, `12 on 2024-05-31`."""
    text, _, day = text.partition(" on ")
    word, _, rest = text.partition(" ")
    state, text = (STATES[word], rest) if word in STATES else (State.MEASURED, text)
    seen_on = date.fromisoformat(day) if day else as_of
    return Observation(unit, code, period, _value(text) if text else None, state, seen_on, ORIGIN)


def _value(text: str) -> int:
    if text in PROGRESS:
        return PROGRESS[text]
    if text.endswith("%"):
        return int(Fraction(text[:-1]) * 100)
    return date.fromisoformat(text).toordinal() if text.count("-") == 2 else int(text.replace("_", ""))


def share(text: str) -> Fraction:
    """`50%`, `1/2` or `0.5`."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def make_rule(said: Mapping[str, Any]) -> Rule:
    """A rule as a criteria file spells it."""
    kind = KINDS[said["kind"]]
    known = {field.name for field in dataclasses.fields(kind)}
    assert known >= said.keys() - {"kind"}, f"{said['kind']} has no {said.keys() - known}"
    given = {key: _argument(key, value) for key, value in said.items() if key != "kind"}
    return kind(**({"whole": None} | given if kind is Ratio else given))


def _argument(key: str, value: Any) -> Any:
    match key:
        case "at_least":
            return int(value)
        case "target" | "late":
            return share(value)
        case "by" | "last_by":
            return MonthDay.parse(value)
        case "subset":
            return value == "true"
        case "when_none":
            return WhenNone(value)
        case "then":
            return make_rule(value)
        case "functions":
            return tuple(value)
        case "rungs":
            return tuple(Rung(int(rung["at_least"]), share(rung["share"])) for rung in value)
        case "parts":
            return tuple(WeightedPart(part["name"], share(part["weight"]), make_rule(part["rule"])) for part in value)
        case _:
            return value


def make_criterion(said: Mapping[str, Any]) -> Criterion:
    """A criterion from the keys of a case (or of one of its criteria)."""
    listed = said.get("shortfall")
    return Criterion(
        code=said.get("code", "X.1"),
        name=said.get("code", "X.1"),
        to_do="",
        condition="",
        evidence="",
        max_points=Fraction(said.get("max_points", "10")),
        rule=make_rule(said["rule"]),
        source="",
        verifying_unit="",
        responsible_unit="",
        deadline=MonthDay.parse(said.get("deadline", "12-31")) if said.get("deadline") != "none" else None,
        legal="",
        status=StatusPolicy(said.get("opened", "true") == "true", "", said.get("achieved_when", "share")),
        shortfall=ShortfallSpec(tuple(Level(each) for each in listed["levels"]), listed.get("shows", "missing"), "") if listed else None,
        points_assumed=said.get("assumed") == "true",
    )


def make_set(level: Level, criteria: list[Criterion], said: Mapping[str, str]) -> CriteriaSet:
    """A set of one group per first half of a code."""
    groups = dict.fromkeys(criterion.code.rpartition(".")[0] for criterion in criteria)
    held = {code: tuple(each for each in criteria if each.code.rpartition(".")[0] == code) for code in groups}
    day = date(2024, 1, 1)
    return CriteriaSet(
        code="test",
        title="",
        short_title="",
        level=level,
        official=False,
        decision=Decision("", day, "", "", day),
        in_force_from=day,
        in_force_to=None,
        replaces=(),
        calendar=Calendar(),
        unopened_leave_the_maximum=said.get("unopened_leave_the_maximum") == "true",
        enough_data=share(said.get("enough_data", "0")),
        groups=tuple(Group(code, code, sum((each.max_points for each in own), Fraction(0)), own) for code, own in held.items()),
    )


@cache
def _quarter(name: str) -> Played:
    """A real district's quarter: real units, the real criteria files, the figures beside the cases."""
    said: dict[str, Any] = yaml.load((CASES / "quarters" / f"{name}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    catalogue = load_catalogue(folder("criteria"))
    period, as_of = Period.parse(said["period"]), date.fromisoformat(said["as_of"])
    tree = build_tree(load_units(folder("criteria")), as_of, said["unit"])
    seen = [
        observed(unit, code, text, period, as_of)
        for code, figure in said["figures"].items()
        for unit, text in (figure.items() if isinstance(figure, dict) else [(said["unit"], figure)])
    ]
    criteria_set = catalogue.sets[said["criteria_set"]]
    frame = frame_from(tree, catalogue.measures, seen)
    return Played(score(criteria_set, catalogue.measures, frame, period, as_of), criteria_set, tree)


@pytest.fixture(name="play", scope="session")
def _play() -> Any:
    return play


@pytest.fixture(name="cases", scope="session")
def _cases() -> list[dict[str, Any]]:
    return all_cases()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per case, named by the case's sentence."""
    if "golden_case" in metafunc.fixturenames:
        found = all_cases()
        metafunc.parametrize("golden_case", found, ids=[case["case"] for case in found])
