"""Whether a unit's registers are still being written for a period or are full: what persons said of them, each word kept for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hue_dti.errors import EntryRefused
from hue_dti.free_text import one_line
from hue_dti.numerals import format_moment
from hue_dti.observations.registers import REGISTERS, Spec, counts_by, is_of_year
from hue_dti.periods import Period
from hue_dti.services.doer import Doer
from hue_dti.storage import Storage
from hue_dti.storage.registers import RegisterRow, RegisterWord

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class RegisterState:
    """A register that has rows of the period's year, with the newest word on it; without a word it is still being written.

    `later` is what was written, changed or taken back in it since it was called full, of rows up to the period's end.
    """

    spec: Spec
    rows: int
    word: RegisterWord | None
    later: tuple[RegisterRow, ...] = ()

    @property
    def full(self) -> bool:
        """Whether somebody said that nothing is missing, and nothing was written since: a word is for the rows that stood then."""
        return self.word is not None and self.word.full and not self.later

    @property
    def explained(self) -> str:
        """Why its counts go on though it is not full."""
        return self.word.reason if self.word is not None and not self.word.full else ""

    @property
    def since(self) -> str:
        """`1 dòng ghi sau khi báo đủ, sau cùng Lê Văn An lúc 10:30 12/06/2024`; empty where nothing was."""
        if not self.later:
            return ""
        count, last = len({each.row for each in self.later}), self.later[-1]
        return f"{count} dòng ghi sau khi báo đủ, sau cùng {last.name} lúc {format_moment(last.at)}"


def states(storage: Storage, units: Collection[str], period: Period) -> Mapping[str, tuple[RegisterState, ...]]:
    """The registers of these units that have rows for the period, by unit."""
    versions = storage.registers.histories(units)
    words = storage.registers.words(units, str(period)) if versions else {}
    kept: dict[tuple[str, str], list[RegisterRow]] = defaultdict(list)
    for each in versions:
        kept[each.unit, each.register].append(each)
    found: dict[str, tuple[RegisterState, ...]] = {}
    for spec in REGISTERS.values():
        for unit in dict.fromkeys(unit for unit, register in kept if register == spec.slug):
            state = _state(spec, kept[unit, spec.slug], words.get((unit, spec.slug)), period)
            if state.rows:
                found[unit] = (*found.get(unit, ()), state)
    return found


def filling(storage: Storage, units: Collection[str], period: Period) -> Mapping[str, tuple[RegisterState, ...]]:
    """Those of them that are still being written."""
    found = {unit: tuple(each for each in known if not each.full) for unit, known in states(storage, units, period).items()}
    return {unit: left for unit, left in found.items() if left}


def unwritten(storage: Storage, unit: str, period: Period) -> str:
    """Why the unit's figures may not go yet: registers that nobody called full as they stand, nor said why they go; empty where none is."""
    left = [each for each in filling(storage, [unit], period).get(unit, ()) if not each.explained]
    titles = ", ".join(f"{each.spec.title} ({each.since})" if each.since else each.spec.title for each in left)
    return f"{titles} còn đang ghi; hãy xác nhận sổ đã đủ, hoặc ghi vì sao gửi khi sổ chưa đủ." if left else ""


def say(storage: Storage, doer: Doer, unit: str, period: Period, spec: Spec, full: bool, reason: str = "") -> bool:
    """Keep that the register is full, or is still being written; False where that holds already."""
    said = one_line(reason, "Lý do", LONGEST_REASON, EntryRefused) if not full else ""
    with storage.alone(writing_in(unit)):
        last = storage.registers.words([unit], str(period)).get((unit, spec.slug))
        known = next((each for each in states(storage, [unit], period).get(unit, ()) if each.spec is spec), None)
        stands = (last.full, last.reason) == (full, said) if last is not None else not full and not said
        if stands and not (full and known is not None and known.later):
            return False
        word = RegisterWord(spec.slug, unit, str(period), full, said, doer.actor.login, doer.actor.name, doer.at)
        act = "register.full" if full else "register.filling"
        storage.registers.say(word, [doer.event(act, unit, f"{spec.title}, {period}", reason=said)])
    return True


def writing_in(unit: str) -> str:
    """The matter that one is alone at while the unit's registers are written in, or called full."""
    return f"papers {unit}"


def _state(spec: Spec, versions: Sequence[RegisterRow], word: RegisterWord | None, period: Period) -> RegisterState:
    """The state of one register out of every version of its rows, oldest first."""
    replaced = {each.replaces for each in versions}
    rows = sum(each.number not in replaced and not each.withdrawn and is_of_year(each.content, period.year) for each in versions)
    if word is None or not word.full:
        return RegisterState(spec, rows, word)
    counted = {each.number for each in versions if counts_by(each.content, period.end)}
    concerned = (each for each in versions if not counted.isdisjoint({each.number, each.replaces}))
    return RegisterState(spec, rows, word, tuple(each for each in concerned if each.at > word.at))
