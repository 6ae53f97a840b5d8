"""Whether a unit's registers are still being written for a period or are full: what persons said of them, each word kept for good."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from hue_dti.errors import EntryRefused
from hue_dti.free_text import one_line
from hue_dti.observations.registers import REGISTERS, Spec, is_of_year
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.storage import Storage
from hue_dti.storage.registers import RegisterRow, RegisterWord

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class RegisterState:
    """A register that has rows of the period's year, with the newest word on it; without a word it is still being written."""

    spec: Spec
    rows: int
    word: RegisterWord | None

    @property
    def full(self) -> bool:
        """Whether somebody said that nothing is missing."""
        return self.word is not None and self.word.full

    @property
    def explained(self) -> str:
        """Why its counts go on though it is not full."""
        return self.word.reason if self.word is not None and not self.word.full else ""


def states(storage: Storage, units: Collection[str], period: Period) -> Mapping[str, tuple[RegisterState, ...]]:
    """The registers of these units that have rows for the period, by unit."""
    rows = list(_standing(storage, units, period))
    words = storage.registers.words(units, str(period)) if rows else {}
    found: dict[str, tuple[RegisterState, ...]] = {}
    for spec in REGISTERS.values():
        for unit in dict.fromkeys(row.unit for row in rows if row.register == spec.slug):
            count = sum((row.unit, row.register) == (unit, spec.slug) for row in rows)
            found[unit] = (*found.get(unit, ()), RegisterState(spec, count, words.get((unit, spec.slug))))
    return found


def filling(storage: Storage, units: Collection[str], period: Period) -> Mapping[str, tuple[RegisterState, ...]]:
    """Those of them that are still being written."""
    found = {unit: tuple(each for each in known if not each.full) for unit, known in states(storage, units, period).items()}
    return {unit: left for unit, left in found.items() if left}


def say(storage: Storage, doer: Doer, unit: str, period: Period, spec: Spec, full: bool, reason: str = "") -> bool:
    """Keep that the register is full, or is still being written; False where that was the last word already."""
    said = one_line(reason, "Lý do", LONGEST_REASON, EntryRefused) if not full else ""
    last = storage.registers.words([unit], str(period)).get((unit, spec.slug))
    if (last.full, last.reason) == (full, said) if last is not None else not full and not said:
        return False
    word = RegisterWord(spec.slug, unit, str(period), full, said, doer.actor.login, doer.actor.name, doer.at)
    act = "register.full" if full else "register.filling"
    storage.registers.say(word, [doer.event(act, unit, f"{spec.title}, {period}", reason=said)])
    return True


def _standing(storage: Storage, units: Collection[str], period: Period) -> Iterator[RegisterRow]:
    """The rows that stand, of the period's year."""
    versions = storage.registers.histories(units)
    replaced = {each.replaces for each in versions}
    for each in versions:
        if each.number not in replaced and not each.withdrawn and is_of_year(each.content, period.year):
            yield each
