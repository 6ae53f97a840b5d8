"""The days of a round moved, all at once or phase by phase; what was fixed before stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.rounds import PHASE_WORDS, STAGE_PHASES, Phase, Window, may_run
from hue_dti.appraisal.windows import Fixed, changes, move_faults
from hue_dti.errors import RoundRefused
from hue_dti.numerals import format_date
from hue_dti.periods import LOCAL
from hue_dti.services.doer import Doer
from hue_dti.services.round_post import readers
from hue_dti.services.rounds import LONGEST_REASON, RoundDesk, said
from hue_dti.storage import Storage


def written(desk: RoundDesk) -> dict[Phase, date]:
    """The day in Việt Nam of the first word written in each phase; phases in which nobody wrote are left out."""
    days = [(Phase.ENTRY, day) for sheet in desk.sheets for day in sheet.first.values()]
    days += [(STAGE_PHASES[mark.stage], mark.at.astimezone(LOCAL).date()) for sheet in desk.sheets for mark in sheet.marks]
    days += [(Phase.PUBLISHING, each.at.astimezone(LOCAL).date()) for each in desk.publications]
    return {phase: min(day for each, day in days if each is phase) for phase in dict(days)}


def move(storage: Storage, desk: RoundDesk, windows: Mapping[Phase, Window], reason: str, doer: Doer, line: Sequence[str]) -> Fixed:
    """Fix other days for the round from now on; RoundRefused says why not, and then nothing changes."""
    of = desk.round
    answer = may_run(of, Attempt(doer.actor, line, 0, doer.today))
    fault = answer.why or move_faults(of.windows, windows, doer.today, written(desk))
    if fault:
        raise RoundRefused(fault)
    why = said(reason, "lý do dời ngày", LONGEST_REASON)
    made = Fixed(of.moved + 1, dict(windows), why, doer.signed, doer.at)
    phases = tuple(changes(of.windows, windows))
    old, new = (told(phases, after) for after in (False, True))
    event = doer.event("round.moved", of.host, of.title, old, new, why)
    who = readers(storage, of, [phase for phase, *_ in phases], [unit.code for unit in of.units], doer.today)
    storage.rounds.move(of.code, made, _seen(desk), [event], who)
    return made


def told(phases: Iterable[tuple[Phase, Window, Window]], after: bool = True) -> str:
    """The phases that changed with their days after or before: `thẩm định 16/06/2024–26/06/2024`."""
    both = ((phase, pair[after]) for phase, *pair in phases)
    return "; ".join(f"{PHASE_WORDS[phase]} {format_date(window.first)}–{format_date(window.last)}" for phase, window in both)


def _seen(desk: RoundDesk) -> tuple[int, int, int]:
    own = (mark.number for sheet in desk.sheets for mark in sheet.own.values())
    words = (mark.number for sheet in desk.sheets for mark in sheet.marks)
    return _newest(own), _newest(words), len(desk.publications)


def _newest(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)
