"""Works out what should be printed from `show --json` and the YAML files, with none of the product's own code."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Line = dict[str, Any]


def count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def points(exact: str | Decimal) -> str:
    return f"{Decimal(exact).normalize():f}".replace(".", ",")


def percent(part: int | str, whole: int | str = 1) -> str:
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.01'), ROUND_HALF_UP)}%".replace(".", ",")


class Reckoner:
    """The words at a path such as `criteria/III.1/part`."""

    def __init__(self, sheet: dict[str, Any], printed: dict[str, Line], measures: dict[str, Line], documents: int) -> None:
        self._sheet, self._printed, self._measures, self._documents = sheet, printed, measures, documents
        self._lines = {line["code"]: line for line in sheet["criteria"]}
        self._groups = {group["code"]: group for group in sheet["groups"]}

    def __call__(self, path: str) -> str:
        room, *rest = path.split("/")
        rooms = {"criteria": self._criterion, "groups": self._group, "total": self._total, "documents": lambda _: count(self._documents)}
        return rooms[room](*rest)

    def _criterion(self, code: str, what: str, unit: str = "") -> str:
        line, rule = self._lines[code], self._printed[code]["rule"]
        if what == "shortfalls":
            listed = {row["unit"]: row["missing"] for row in line["shortfalls"]}
            return count({"sum": sum(listed.values()), "units": len(listed), **listed}[unit])
        if what in {"points", "max_points"}:
            return points(line[what])
        if what == "lost":
            return points(Decimal(line["max_points"]) - Decimal(line["points"]))
        if what in {"share", "rate"}:
            counted = what == "rate" or rule.get("then", rule)["kind"] == "ratio"
            return percent(line["part"], line["whole"]) if counted and line["whole"] else percent(line["share"])
        return self._counted(what, line, rule)

    def _counted(self, what: str, line: Line, rule: dict[str, Any]) -> str:
        if what == "at_least":
            return count(int(rule["at_least"] if "at_least" in rule else rule["rungs"][-1]["at_least"]))
        if what == "gate_count":
            return count(line["figures"][rule["measure"]])
        number = max(line["whole"] - line["part"], 0) if what == "missing" else line[what]
        first = next(iter(line["figures"]))
        return count(number) + (" đồng" if self._measures[first]["kind"] == "amount" else "")

    def _group(self, code: str, what: str) -> str:
        return self._sum(self._groups[code], what, sum(line["group"] == code for line in self._lines.values()))

    def _total(self, what: str) -> str:
        total = self._sheet["total"]
        if what == "assumed":
            return points(Decimal(total["max_points"]) - Decimal(total["max_points_stated"]))
        return self._sum(total, what, len(self._lines))

    @staticmethod
    def _sum(sums: Line, what: str, criteria: int) -> str:
        if what == "criteria":
            return count(criteria)
        if what == "share":
            return percent(sums["points"], sums["max_points"])
        return points(sums[what]) if "points" in what else count(sums[what])
