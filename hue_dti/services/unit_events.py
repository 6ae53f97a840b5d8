"""Change units by an event: see what it does to units and figures, apply it, take it back while nothing hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Settings
from hue_dti.errors import UnitEventRefused
from hue_dti.numerals import format_date
from hue_dti.observations.conserved import Proof, prove
from hue_dti.observations.restated import Told
from hue_dti.periods import Period
from hue_dti.resources import folder
from hue_dti.services.accounts import province_of
from hue_dti.services.quarter import current_figures
from hue_dti.storage import Storage
from hue_dti.storage.unit_events import Known
from hue_dti.storage.unit_uses import Use
from hue_dti.trail.model import Hand
from hue_dti.units.changing import after, before, history, in_order
from hue_dti.units.events import UnitEvent
from hue_dti.units.load import load_events, load_lists
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree

APPLIED, REVERTED = "units.applied", "units.reverted"
"""Acts of the trail."""

SYSTEM = "hue-dti"
"""Who applies what is shipped when an installation is set up."""

FROM_THE_START = "có sẵn khi lập cơ sở dữ liệu"
"""Why."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an event does: the proof by the figures of a period, and what already hangs on it where it holds."""

    known: Known
    period: Period
    proof: Proof
    used: tuple[Use, ...]
    earlier: tuple[UnitEvent, ...]
    """Events before it that do not hold yet."""
    later: tuple[UnitEvent, ...]
    """Events after it that hold."""


def settle_units(storage: Storage, settings: Settings, now: datetime) -> None:
    """Bring the units to the lists and the events that hold; the events shipped hold from the start in a new installation.

    In an installation that has units already a new event only becomes known: an administrator applies it.
    """
    place = settings.criteria or folder("criteria")
    lists, shipped = load_lists(place), load_events(place)
    new = not storage.units()
    book = storage.unit_events
    book.learn(shipped)
    if new:
        storage.save_units(lists)
        for event in shipped:
            book.apply(event, _changed(storage.units(), after(storage.units(), event)), SYSTEM, now, FROM_THE_START)
        return
    storage.save_units(_as_changed(lists, book.all()))


def find(storage: Storage, number: str) -> Known:
    """The event of this number; UnitEventRefused when there is none."""
    for known in storage.unit_events.all():
        if known.event.number == number:
            return known
    raise UnitEventRefused(f"Không có sự kiện số '{number}'; hãy xem danh sách: hue-dti units events")


def preview(storage: Storage, catalogue: Catalogue, number: str, period: Period | None = None) -> Preview:
    """What the event does, proved by the figures of a period: the newest before it that has any, where none is named."""
    known = find(storage, number)
    event = known.event
    units = _standing_before(storage.units(), storage.unit_events.all(), event)
    tree = build_tree(units, event.eve, province_of(units))
    chosen = period or _newest_with_figures(storage, [unit.code for unit in tree.units], event.eve)
    table = current_figures(storage, catalogue, tree, chosen, (), event.eve)
    told = told_by(table)
    others = [each for each in storage.unit_events.all() if each.event.number != number]
    return Preview(
        known=known,
        period=chosen,
        proof=prove(units, event, catalogue.measures.values(), told),
        used=storage.unit_events.uses(event) if known.holds else (),
        earlier=tuple(each.event for each in others if not each.holds and _before(each.event, event)),
        later=tuple(each.event for each in others if each.holds and _before(event, each.event)),
    )


def apply_event(storage: Storage, number: str, by: Hand, now: datetime, reason: str = "") -> tuple[str, ...]:
    """Bring the event about; returns the logins whose rights ended with their units. UnitEventRefused, CatalogueError with faults."""
    known = find(storage, number)
    waiting = [each.event for each in storage.unit_events.all() if not each.holds and _before(each.event, known.event)]
    if waiting:
        raise UnitEventRefused(f"Sự kiện {waiting[0].number} xảy ra trước mà chưa áp dụng; hãy áp dụng theo thứ tự ngày.")
    if known.holds:
        raise UnitEventRefused(f"Sự kiện {number} đã áp dụng rồi.")
    return _apply(storage, known.event, by, now, reason)


def revert_event(storage: Storage, number: str, by: Hand, now: datetime, reason: str) -> None:
    """Take the event back while nothing hangs on it; UnitEventRefused otherwise."""
    known = find(storage, number)
    if not reason.strip():
        raise UnitEventRefused("Hoàn tác một sự kiện phải có lý do.")
    if not known.holds:
        raise UnitEventRefused(f"Sự kiện {number} chưa áp dụng nên không có gì để hoàn tác.")
    later = [each.event for each in storage.unit_events.all() if each.holds and _before(known.event, each.event)]
    if later:
        raise UnitEventRefused(f"Sự kiện {later[-1].number} xảy ra sau và đang có hiệu lực; hãy hoàn tác nó trước.")
    event = known.event
    done = by.did(REVERTED, now, unit=province_of(storage.units()), subject=_subject(event), reason=reason.strip())
    units = storage.units()
    storage.unit_events.revert(event, _changed(units, before(units, event)), by.actor, now, reason.strip(), [done])


def told_by(figures: object) -> Told:
    """What the frozen or drafted figures tell of units."""

    def told(unit: OrgUnit, measure: str) -> int | None:
        figure = figures.get((unit.code, measure))  # type: ignore[attr-defined]
        return None if figure is None else figure.value

    return told


def _apply(storage: Storage, event: UnitEvent, by: Hand, now: datetime, reason: str) -> tuple[str, ...]:
    units = storage.units()
    done = by.did(APPLIED, now, unit=province_of(units), subject=_subject(event), new=event.resolution.number, reason=reason)
    return storage.unit_events.apply(event, _changed(units, after(units, event)), by.actor, now, reason, [done])


def _changed(units: Iterable[OrgUnit], then: Iterable[OrgUnit]) -> list[OrgUnit]:
    """The units that are not as they were."""
    known = set(units)
    return [unit for unit in then if unit not in known]


def _as_changed(lists: Sequence[OrgUnit], known: Iterable[Known]) -> tuple[OrgUnit, ...]:
    """The units of the lists as the events that hold leave them; what the events themselves made stays as stored."""
    changed = lists
    for each in in_order(known.event for known in known if known.holds):
        changed = after(changed, each)
    return tuple(changed)


def _standing_before(units: Sequence[OrgUnit], known: Iterable[Known], event: UnitEvent) -> tuple[OrgUnit, ...]:
    """The units as the event meets them: without it and those after it, with all those before it, whether they hold yet or not."""
    told = tuple(known)
    undone = [each.event for each in told if each.holds and not _before(each.event, event)]
    found = tuple(units)
    for each in reversed(in_order(undone)):
        found = before(found, each)
    return history(found, (each.event for each in told if not each.holds and _before(each.event, event)))


def _newest_with_figures(storage: Storage, codes: Sequence[str], day: date) -> Period:
    """The newest quarter up to the day in which any of the units has figures; the quarter of the day where none has."""
    period = Period.quarter_of(day)
    chosen = period
    for _ in range(MOST_QUARTERS):
        if storage.figures(codes, chosen).measures:
            return chosen
        chosen = chosen.previous()
    return period


MOST_QUARTERS = 8


def _before(one: UnitEvent, other: UnitEvent) -> bool:
    return (one.effective_on, one.number) < (other.effective_on, other.number)


def _subject(event: UnitEvent) -> str:
    return f"{event.number} · {format_date(event.effective_on)}"
