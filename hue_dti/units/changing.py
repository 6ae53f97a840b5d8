"""The tree after an event: what ends, what begins, and every fault that would leave a gap, a ring or an orphan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from hue_dti.errors import CatalogueError, Fault
from hue_dti.numerals import format_date
from hue_dti.units.checks import Placed, faults_between
from hue_dti.units.events import Change, ChangeKind, UnitEvent, successor
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import name_key, names_of


def after(units: Iterable[OrgUnit], event: UnitEvent) -> tuple[OrgUnit, ...]:
    """The units of all times once the event holds; CatalogueError with every fault of it, each at its row."""
    given = tuple(units)
    before = {unit.code: unit for unit in given if unit.exists_on(event.eve)}
    faults = [*_faults_of_event(event), *_faults_of_changes(event, before), *_later_faults(event, given)]
    if faults:
        raise CatalogueError(faults)
    changed = {change.old for change in event.changes}
    ended = {(unit.code, unit.valid_from) for code in changed for unit in [before[code]]}
    kept = [replace(unit, valid_to=event.eve) if (unit.code, unit.valid_from) in ended else unit for unit in given]
    begun = _begun(event, before)
    faults = _between(kept, begun, event)
    if faults:
        raise CatalogueError(faults)
    return (*kept, *(unit for _, _, unit in begun))


def before(units: Iterable[OrgUnit], event: UnitEvent) -> tuple[OrgUnit, ...]:
    """The units of all times as they were before the event held; what it began is gone, what it ended goes on."""
    new = {change.new for change in event.changes if change.new}
    old = {change.old for change in event.changes}
    found = []
    for unit in units:
        if unit.valid_from == event.effective_on and unit.code in new:
            continue
        goes_on = unit.code in old and unit.valid_to == event.eve
        found.append(replace(unit, valid_to=None) if goes_on else unit)
    return tuple(found)


def history(units: Iterable[OrgUnit], events: Iterable[UnitEvent]) -> tuple[OrgUnit, ...]:
    """The units once all these events hold, one after another by their day."""
    found = tuple(units)
    for event in in_order(events):
        found = after(found, event)
    return found


def in_order(events: Iterable[UnitEvent]) -> tuple[UnitEvent, ...]:
    """By the day they take effect, then by number."""
    return tuple(sorted(events, key=lambda event: (event.effective_on, event.number)))


def _begun(event: UnitEvent, before: dict[str, OrgUnit]) -> list[Placed]:
    begun: dict[str, Placed] = {}
    for change in event.changes:
        if change.new and change.new not in begun:
            begun[change.new] = (*change.place, successor(change, event, before[change.old]))
    return list(begun.values())


def _between(kept: Sequence[OrgUnit], begun: list[Placed], event: UnitEvent) -> list[Fault]:
    """What does not go together once the event holds; a unit that lost its managing unit is blamed on the event's own row."""
    return faults_between([*((*event.place, unit) for unit in kept), *begun])


def _faults_of_event(event: UnitEvent) -> Iterator[Fault]:
    if not event.changes:
        yield Fault(*event.place, f"sự kiện {event.number} không đổi đơn vị nào", "hãy thêm dòng vào tệp changes hoặc bỏ sự kiện")
    if event.resolution.issued_on > event.effective_on:
        what = f"nghị quyết {event.resolution.number} ký ngày {format_date(event.resolution.issued_on)}, sau ngày có hiệu lực"
        yield Fault(*event.place, what, "hãy xem lại hai ngày đó")


def _faults_of_changes(event: UnitEvent, before: dict[str, OrgUnit]) -> Iterator[Fault]:
    olds = Counter(change.old for change in event.changes)
    for change in event.changes:
        if change.old not in before:
            what = f"ngày {format_date(event.eve)} không có đơn vị mã {change.old}"
            yield Fault(*change.place, what, "hãy xem lại old_code hoặc ngày của sự kiện")
        elif before[change.old].valid_to is not None:
            what = f"{before[change.old].name} ({change.old}) đã kết thúc ngày {format_date(event.eve)}"
            yield Fault(*change.place, what, "hãy bỏ dòng này hoặc bỏ valid_to của đơn vị đó trong danh sách gốc")
        elif change.old_name and name_key(change.old_name) not in {name_key(name) for name in names_of(before[change.old])}:
            what = f"old_name là '{change.old_name}', nhưng mã {change.old} ngày đó là {before[change.old].name}"
            yield Fault(*change.place, what, "hãy sửa mã hoặc tên; có thể các dòng đã bị lệch")
        if olds[change.old] > 1 and any(each.kind is not ChangeKind.SPLIT for each in event.out_of(change.old)):
            what = f"đơn vị {change.old} đổi {olds[change.old]} lần trong một sự kiện"
            yield Fault(*change.place, what, "hãy giữ một dòng, hoặc ghi split ở mọi dòng nếu đơn vị bị tách")
        yield from _faults_of_new(change, event, before)
    for code in olds:
        yield from _faults_of_shares(event.out_of(code))


def _faults_of_new(change: Change, event: UnitEvent, before: dict[str, OrgUnit]) -> Iterator[Fault]:
    if not change.new:
        return
    if change.new in before and not event.out_of(change.new):
        what = f"mã {change.new} còn là mã của {before[change.new].name}, đơn vị mà sự kiện này không đổi"
        yield Fault(*change.place, what, "hãy thêm một dòng cho đơn vị đó, hoặc dùng mã khác")
    first = event.into(change.new)[0]
    told, other = _described(first), _described(change)
    if told != other and change is not first:
        what = f"đơn vị mới {change.new} là {_shown(change)}, dòng {first.place[1]} lại ghi {_shown(first)}"
        yield Fault(*change.place, what, "hãy ghi giống nhau ở mọi dòng của một đơn vị mới")
    alone = len(event.into(change.new)) == 1
    if not alone and change.kind in (ChangeKind.RENAME, ChangeKind.MOVE):
        yield Fault(*change.place, f"{change.kind} nhưng có đơn vị khác cũng thành {change.new}", "hãy ghi merge")


def _faults_of_shares(parts: Sequence[Change]) -> Iterator[Fault]:
    if not parts or parts[0].kind is not ChangeKind.SPLIT:
        return
    shares = [part.share for part in parts]
    if len(parts) == 1:
        yield Fault(*parts[0].place, f"{parts[0].old} tách mà chỉ có một phần", "hãy ghi đủ các phần, mỗi phần một dòng")
    if any(share is None for share in shares) and any(share is not None for share in shares):
        yield Fault(*parts[0].place, f"chỉ vài phần của {parts[0].old} có share", "hãy ghi share cho mọi phần, hoặc để trống tất cả")
    elif None not in shares and sum((share or Fraction(0) for share in shares), Fraction(0)) != 1:
        yield Fault(*parts[0].place, f"các share của {parts[0].old} cộng lại không bằng 100%", "hãy sửa để tổng là 100%")


def _later_faults(event: UnitEvent, units: Sequence[OrgUnit]) -> Iterator[Fault]:
    """Nothing may have begun under a code after the day on which the event gives it away."""
    codes = {code for change in event.changes for code in (change.old, change.new) if code}
    for unit in units:
        if unit.code in codes and unit.valid_from >= event.effective_on:
            what = f"{unit.name} ({unit.code}) đã có từ {format_date(unit.valid_from)}"
            yield Fault(*event.place, what, "hãy áp dụng các sự kiện theo thứ tự ngày, mỗi sự kiện một lần")


def _described(change: Change) -> tuple[str, str, str | None]:
    return change.name, str(change.level or ""), change.parent


def _shown(change: Change) -> str:
    return f"'{change.name or '…'}' dưới {change.parent or '…'}"
