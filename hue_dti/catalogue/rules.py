"""How counts become a share: the whole vocabulary, one frozen class per kind.

The class says what a YAML author may write (its fields are the keys); `hue_dti.scoring.kinds` has one function per
class that computes it. Adding a kind is one class here, one function there, its golden cases and its line in the docs.
Fields typed `str` that name measures are listed in `measures()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from hue_dti.periods import MonthDay


class WhenNone(StrEnum):
    """What a base of zero means."""

    FULL = "full"
    NOT_APPLICABLE = "not_applicable"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class YesNo:
    """1 if done; the measure is 0 = no, 1 = begun, 2 = done."""

    measure: str

    def measures(self) -> tuple[str, ...]:
        return (self.measure,)


@dataclass(frozen=True, slots=True)
class Count:
    """min(count ÷ at_least, 1)."""

    measure: str
    at_least: int

    def measures(self) -> tuple[str, ...]:
        return (self.measure,)


@dataclass(frozen=True, slots=True)
class Ratio:
    """min(part ÷ (whole × target), 1).

    `whole` is None when `part` arrives only as a percentage (value in hundredths of a percent, whole 10,000; never summed).
    `subset`: a part above the whole is refused; otherwise it is capped and marked.
    `proxy`: why the whole (or part) stands in for the decision's own; printed as a note.
    """

    part: str
    whole: str | None
    when_none: WhenNone
    target: Fraction = Fraction(1)
    subset: bool = False
    proxy: str = ""

    def measures(self) -> tuple[str, ...]:
        return (self.part,) if self.whole is None else (self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Inverse:
    """max(0, 1 − part ÷ whole)."""

    part: str
    whole: str
    when_none: WhenNone
    subset: bool = False

    def measures(self) -> tuple[str, ...]:
        return (self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Rung:
    """From this count on, this share."""

    at_least: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Steps:
    """The share of the highest rung reached; rungs rise in both columns. `last_by` equals the measure's `until`."""

    measure: str
    rungs: tuple[Rung, ...]
    last_by: MonthDay | None = None

    def measures(self) -> tuple[str, ...]:
        return (self.measure,)


@dataclass(frozen=True, slots=True)
class Dated:
    """1 if the date (proleptic ordinal day) is on or before `by` of the period's year, `late` after it; begun (no date) earns 0."""

    measure: str
    by: MonthDay
    late: Fraction

    def measures(self) -> tuple[str, ...]:
        return (self.measure,)


@dataclass(frozen=True, slots=True)
class Gate:
    """0 until measure reaches at_least, then the inner rule."""

    measure: str
    at_least: int
    then: Rule

    def measures(self) -> tuple[str, ...]:
        return (self.measure, *self.then.measures())


@dataclass(frozen=True, slots=True)
class Uses:
    """Functions in use (count above 0) ÷ functions asked; one measure per function."""

    functions: tuple[str, ...]

    def measures(self) -> tuple[str, ...]:
        return self.functions


@dataclass(frozen=True, slots=True)
class WeightedPart:
    """One part of a weighted rule; its points are max_points × weight × share, rounded by themselves."""

    name: str
    weight: Fraction
    rule: Rule


@dataclass(frozen=True, slots=True)
class Weighted:
    """Σ weight × share; weights add up to 1 and each part earns its own rounded points."""

    parts: tuple[WeightedPart, ...]

    def measures(self) -> tuple[str, ...]:
        return tuple(code for part in self.parts for code in part.rule.measures())


@dataclass(frozen=True, slots=True)
class Judged:
    """The share an appraiser gives, in ten-thousandths, as a measure."""

    measure: str

    def measures(self) -> tuple[str, ...]:
        return (self.measure,)


Rule = YesNo | Count | Ratio | Inverse | Steps | Dated | Gate | Uses | Weighted | Judged

KINDS: dict[str, type[Rule]] = {
    "yes_no": YesNo,
    "count": Count,
    "ratio": Ratio,
    "inverse": Inverse,
    "steps": Steps,
    "dated": Dated,
    "gate": Gate,
    "uses": Uses,
    "weighted": Weighted,
    "judged": Judged,
}
