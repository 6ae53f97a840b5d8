"""A plan as JSON and back: what a version keeps for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from hue_dti.plans.model import GroupTarget, Plan, PlanLine, PlanVersion, Standings
from hue_dti.plans.targets import rank_target, target_of

_TEXTS = ("number", "group", "name", "result", "code", "tasks", "deferral", "note")


def content_json(version: PlanVersion) -> dict[str, Any]:
    """Lines, targets, who is meant by each name, and the ranking tables' texts."""
    return {
        **plan_json(version.plan),
        "who": {name: list(codes) for name, codes in version.who.items()},
        "standings": _standings_json(version.standings) if version.standings else None,
    }


def _standings_json(standings: Standings) -> dict[str, Any]:
    """The texts of the ranking tables; a period and a note only where there are any, so that what was kept before reads the same."""
    return {name: told for name, told in asdict(standings).items() if told or name not in ("period", "note")}


def plan_json(plan: Plan) -> dict[str, Any]:
    """Lines and targets."""
    groups = [{"group": each.group, "target": each.target.words, "result": each.result} for each in plan.groups]
    return {"lines": [_line_json(line) for line in plan.lines], "groups": groups}


def plan_from(framework: str, told: Mapping[str, Any]) -> Plan:
    """The plan out of its JSON; words of targets are read anew."""
    groups = tuple(_group(each) for each in told["groups"])
    return Plan(framework, tuple(_line(each) for each in told["lines"]), groups)


def who_from(told: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Which units each name means."""
    return {name: tuple(codes) for name, codes in told["who"].items()}


def standings_from(told: Mapping[str, Any]) -> Standings | None:
    """The texts of the ranking tables, where there are any."""
    found = told["standings"]
    return Standings(**found) if found else None


def _line_json(line: PlanLine) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(line, name) for name in _TEXTS}
    units = {"lead": list(line.lead), "coordinating": list(line.coordinating)}
    return told | units | {"target": line.target.words, "due": line.due.isoformat() if line.due else None}


def _line(told: Mapping[str, Any]) -> PlanLine:
    return PlanLine(
        **{name: told[name] for name in _TEXTS},
        target=target_of(told["target"]),
        lead=tuple(told["lead"]),
        coordinating=tuple(told["coordinating"]),
        due=date.fromisoformat(told["due"]) if told["due"] else None,
    )


def _group(told: Mapping[str, Any]) -> GroupTarget:
    read = target_of if told["group"] else rank_target
    return GroupTarget(told["group"], read(told["target"]), told["result"])
