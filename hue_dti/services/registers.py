"""Keep a register row by row, and count from it; what stands there already from another hand is only replaced when asked to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import spelling
from hue_dti.errors import EntryRefused
from hue_dti.observations.model import Observation, RawAnswer
from hue_dti.observations.registers import MEETINGS, PAPERS, REGISTERS, TEAMS, Column, Content, Spec, day_of, shown, team_figures, team_of
from hue_dti.periods import Period
from hue_dti.services.behind import ACCOUNT
from hue_dti.services.counted import Count, Ground, counted, ground_of, standing
from hue_dti.services.desk import Desk
from hue_dti.services.papers import paper_counts, papers_run, standing_papers, told_documents
from hue_dti.services.register_state import writing_in
from hue_dti.storage import Storage
from hue_dti.storage.entered_run import EnteredRun
from hue_dti.storage.registers import Change, RegisterRow
from hue_dti.trail.model import Event
from hue_dti.units.model import OrgUnit

MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Tally:
    """One measure of a register: what its rows count to, and what stands in the quarter now."""

    measure: str
    count: Count
    now: Observation | None

    @property
    def differs(self) -> bool:
        """Whether the quarter has another figure than the register."""
        return self.count.value is not None and (self.now is None or self.now.value != self.count.value)


def save_rows(desk: Desk, unit: OrgUnit, period: Period, spec: Spec, changes: Sequence[Change]) -> bool:
    """Keep changed rows with the figures they give; False when the same form came before. EntryRefused says what is wrong."""
    if not is_kept_by(desk, spec, unit):
        raise EntryRefused(f"{spec.title} không ghi ở {unit.name}; hãy chọn đơn vị khác.")
    with _alone(desk, unit, period):
        rows = desk.storage.registers.rows(unit.code, spec.slug)
        after = _after(rows, changes)
        _must_fit(spec, after)
        run = _run(desk, unit, period, spec, list(after.values()), instead=False)
        events = [_event(desk, unit, spec, rows, change) for change in changes]
        return desk.storage.registers.save(unit.code, spec.slug, changes, desk.actor.login, desk.actor.name, desk.now(), run, events)


def use_counts(desk: Desk, unit: OrgUnit, period: Period, spec: Spec) -> tuple[Observation, ...]:
    """Let what the register counts stand in the quarter, also in place of what a table of the office told."""
    with _alone(desk, unit, period):
        rows = desk.storage.registers.rows(unit.code, spec.slug)
        run = _run(desk, unit, period, spec, [row.content for row in rows], instead=True)
        told = "; ".join(f"{desk.catalogue.measures[each.measure].name}: {each.value}" for each in run.figures)
        event = desk.event("register.counted", unit.code, f"{spec.title}, {period}", new=told)
        desk.storage.registers.save(unit.code, spec.slug, (), desk.actor.login, desk.actor.name, desk.now(), run, (event,))
        return run.figures


def tallies(desk: Desk, unit: OrgUnit, period: Period, spec: Spec, rows: Sequence[RegisterRow]) -> tuple[Tally, ...]:
    """What the rows count to beside what stands in the quarter."""
    ground = ground_of(desk.storage, desk.catalogue, unit, period)
    if ground is None or not rows:
        return ()
    current = standing(desk.storage, ground)
    found = _counts(desk.storage, desk.catalogue, ground, spec, [row.content for row in rows])
    return tuple(Tally(count.measure, count, current.get(count.measure)) for count in found)


def register_counts(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period) -> Mapping[str, tuple[Spec, int]]:
    """What the registers that the unit keeps count to, by measure; nothing of one without a row."""
    ground = ground_of(storage, catalogue, unit, period)
    found: dict[str, tuple[Spec, int]] = {}
    for spec in REGISTERS.values() if ground is not None else ():
        rows = storage.registers.rows(unit.code, spec.slug)
        counts = _counts(storage, catalogue, ground, spec, [row.content for row in rows]) if rows and ground is not None else ()
        found |= {count.measure: (spec, count.value) for count in counts if count.value is not None}
    return found


def is_kept_by(desk: Desk, spec: Spec, unit: OrgUnit) -> bool:
    """Whether units of this level keep the register."""
    known = (desk.catalogue.measures.get(code) for code in spec.measures)
    return any(unit.level in measure.levels for measure in known if measure is not None)


@contextmanager
def _alone(desk: Desk, unit: OrgUnit, period: Period) -> Iterator[None]:
    """Nobody else counts for the unit, no pull of its quarter is let in and no review of it moves, while the block lasts."""
    ground = ground_of(desk.storage, desk.catalogue, unit, period)
    with desk.storage.sitting([writing_in(unit.code), *(ground.matters if ground is not None else ())]):
        yield


def _after(rows: Sequence[RegisterRow], changes: Sequence[Change]) -> Mapping[UUID, Content]:
    """The rows as they will stand."""
    after: dict[UUID, Content] = {row.row: row.content for row in rows}
    for change in changes:
        if change.withdrawn:
            after.pop(change.row, None)
        else:
            after[change.row] = change.content
    return after


def _must_fit(spec: Spec, after: Mapping[UUID, Content]) -> None:
    if len(after) > MOST_ROWS:
        raise EntryRefused(f"Sổ có hơn {MOST_ROWS} dòng; hãy kiểm tra lại tệp.")
    if spec is TEAMS:
        seen: set[str] = set()
        for content in after.values():
            key = spelling(content["village"])
            if key in seen:
                raise EntryRefused(f"'{content['village']}' có hai dòng; hãy sửa dòng đã có, hoặc ghi rõ tên thôn.")
            seen.add(key)


def _run(desk: Desk, unit: OrgUnit, period: Period, spec: Spec, contents: Sequence[Content], instead: bool) -> EnteredRun:
    request = spec.told_by(desk.by)
    if spec is PAPERS:
        return papers_run(desk, unit, period, standing_papers(desk.storage, unit.code), contents, request, instead)
    at = desk.now()
    told = [{column.label: shown(column, content[column.code]) for column in spec.columns} for content in contents]
    about = {"sổ": spec.title, "đơn vị": unit.code, "kỳ": str(period), "người ghi": desk.actor.name, ACCOUNT: desk.actor.login}
    about["lúc ghi"] = at.isoformat()
    body = json.dumps(about | {"dòng": told}, ensure_ascii=False, indent=1).encode()
    record = RawAnswer(hashlib.sha256(body).hexdigest(), request, 200, "application/json", at, body)
    ground = ground_of(desk.storage, desk.catalogue, unit, period)
    figures: tuple[Observation, ...] = ()
    if ground is not None:
        figures = counted(
            desk.storage, desk.catalogue, ground, list(_counts(desk.storage, desk.catalogue, ground, spec, contents)), record, instead
        )
    return EnteredRun(unit.code, str(period), record, figures)


def _counts(storage: Storage, catalogue: Catalogue, ground: Ground, spec: Spec, contents: Sequence[Content]) -> Iterator[Count]:
    """What the rows count to; an empty register tells of nothing, not of none."""
    if spec is PAPERS:
        yield from paper_counts(catalogue, ground, told_documents(storage, ground.unit, ground.period, contents), contents)
    elif spec is TEAMS:
        days = ground.days(catalogue, "teams_strengthened")
        for measure, value in team_figures(map(team_of, contents), ground.cutoff, days).items():
            yield Count(measure, value if contents else None, "$.dòng", "" if contents else "sổ không còn dòng nào")
    else:
        measure = "steering_meetings" if spec is MEETINGS else "team_conferences"
        days = ground.days(catalogue, measure)
        value = sum(day_of(content) in days for content in contents)
        yield Count(measure, value if contents else None, "$.dòng", "" if contents else "sổ không còn dòng nào")


def _event(desk: Desk, unit: OrgUnit, spec: Spec, rows: Sequence[RegisterRow], change: Change) -> Event:
    old = next((row.content for row in rows if row.row == change.row), None)
    act = "register.withdrawn" if change.withdrawn else "register.saved"
    before = _line(spec, old) if old is not None else ""
    return desk.event(act, unit.code, spec.title, before, "" if change.withdrawn else _line(spec, change.content), change.reason)


def _line(spec: Spec, content: Content) -> str:
    """A row in one line of the trail."""
    cells: list[tuple[Column, str]] = [(column, shown(column, content.get(column.code))) for column in spec.columns]
    return "; ".join(f"{column.label}: {text}" for column, text in cells if text)[:500]
