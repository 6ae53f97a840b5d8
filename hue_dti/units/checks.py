"""What must hold between units: one version a day, a parent on every day, no ring, no name that two would answer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from hue_dti.errors import Fault
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.names import bare_name, name_key, names_of, spelt_key

Placed = tuple[str, int, OrgUnit]
_Versions = dict[str, list[Placed]]


def faults_between(found: Sequence[Placed], spoilt: frozenset[str] = frozenset()) -> list[Fault]:
    """Every fault that shows only when units stand beside each other; `found` has each unit with its file and line.

    A unit may point at a `spoilt` code: that row was written but could not be used, and has its own fault.
    """
    versions: _Versions = defaultdict(list)
    for placed in found:
        versions[placed[2].code].append(placed)
    return [
        *_versions_that_meet(versions),
        *(fault for placed in found if placed[2].parent not in spoilt for fault in _parent_faults(placed, versions)),
        *(fault for placed in found if placed[2].located_in not in spoilt for fault in _place_faults(placed, versions)),
        *_rings(versions),
        *(fault for placed in found for fault in _idle_aliases(placed)),
        *_names_that_meet(found),
    ]


def _versions_that_meet(versions: _Versions) -> Iterator[Fault]:
    for same_code in versions.values():
        for (_, _, earlier), (path, line, later) in combinations(same_code, 2):
            if earlier.valid_from == later.valid_from:
                yield Fault(path, line, f"code {later.code} từ ngày {later.valid_from} có hai dòng", "hãy giữ một dòng")
            elif _share_a_day(earlier, later):
                what = f"code {later.code} có hai đơn vị cùng tồn tại ngày {max(earlier.valid_from, later.valid_from)}"
                yield Fault(path, line, what, "hãy cho đơn vị trước kết thúc vào ngày liền trước ngày đơn vị sau bắt đầu")


def _parent_faults(placed: Placed, versions: _Versions) -> Iterator[Fault]:
    path, line, unit = placed
    if unit.parent is None:
        if unit.level is not Level.PROVINCE:
            yield Fault(path, line, f"{unit.name} chưa có parent", "hãy viết mã đơn vị quản lý")
    elif unit.parent == unit.code:
        yield Fault(path, line, f"{unit.name} có parent là chính mình", "hãy viết mã đơn vị cấp trên")
    elif unit.parent not in versions:
        yield Fault(path, line, f"không có đơn vị nào mang mã parent {unit.parent}", "hãy thêm đơn vị đó hoặc sửa mã")
    else:
        orphaned = _first_day_without(unit, [above for _, _, above in versions[unit.parent]])
        if orphaned is not None:
            what = f"ngày {orphaned} có {unit.name} nhưng không có parent {unit.parent}"
            yield Fault(path, line, what, "hãy cho đơn vị kết thúc cùng parent, rồi thêm một dòng dưới parent mới")


def _place_faults(placed: Placed, versions: _Versions) -> Iterator[Fault]:
    path, line, unit = placed
    if unit.located_in is None:
        return
    stands_in = [each for _, _, each in versions.get(unit.located_in, ()) if each.level is Level.COMMUNE and _share_a_day(each, unit)]
    if not stands_in:
        yield Fault(
            path, line, f"located_in {unit.located_in} không phải xã, phường, thị trấn của thời gian đó", "hãy viết mã một xã hoặc để trống"
        )


def _rings(versions: _Versions) -> Iterator[Fault]:
    """One fault for each ring of parents, at the row where its smallest code stands."""
    for code, same_code in versions.items():
        for path, line, unit in same_code:
            ring = _ring_from(unit, versions)
            if len(ring) > 1 and code == min(ring):
                yield Fault(path, line, f"các parent nối thành vòng: {' → '.join([*ring, code])}", "hãy sửa một parent trong vòng")


def _ring_from(unit: OrgUnit, versions: _Versions) -> list[str]:
    """The codes met going up from this unit on its first day until it is met again; empty when it is not."""
    path = [unit.code]
    above = _version_on(versions, unit.parent, unit.valid_from)
    while above is not None and above.code not in path:
        path.append(above.code)
        above = _version_on(versions, above.parent, unit.valid_from)
    return path if above is not None and above.code == unit.code else []


def _version_on(versions: _Versions, code: str | None, day: date) -> OrgUnit | None:
    return next((unit for _, _, unit in versions.get(code or "", ()) if unit.exists_on(day)), None)


def _idle_aliases(placed: Placed) -> Iterator[Fault]:
    path, line, unit = placed
    known = {name_key(unit.name), name_key(bare_name(unit))}
    for alias in unit.aliases:
        if not name_key(alias) or name_key(alias) in known:
            yield Fault(path, line, f"alias '{alias}' không thêm tên nào mới", "hãy bỏ đi; chữ hoa, dấu và gạch nối không cần ghi riêng")
        known.add(name_key(alias))


def _names_that_meet(found: Sequence[Placed]) -> Iterator[Fault]:
    """Two units under one parent on one day may not answer to the same name, marks included: Hương Vân and Hương Văn are two."""
    named: dict[tuple[str | None, str], list[Placed]] = defaultdict(list)
    for placed in found:
        for key in {spelt_key(name) for name in names_of(placed[2])}:
            named[placed[2].parent, key].append(placed)
    told: set[tuple[int, int]] = set()
    for same_name in named.values():
        for one, other in combinations(same_name, 2):
            first, second = one[2], other[2]
            pair = (id(first), id(second))
            if first.code != second.code and _share_a_day(first, second) and pair not in told:
                told.add(pair)
                what = f"{second.name} ({second.code}) trùng tên gọi với {first.name} ({first.code})"
                yield Fault(other[0], other[1], what, "hãy ghi tên đầy đủ hơn cho một đơn vị, hoặc bỏ alias")


def _share_a_day(one: OrgUnit, other: OrgUnit) -> bool:
    return one.exists_on(other.valid_from) or other.exists_on(one.valid_from)


def _first_day_without(unit: OrgUnit, parents: Sequence[OrgUnit]) -> date | None:
    """The first day of the unit on which none of the parent's versions exists, None when there is always one."""
    day = unit.valid_from
    while unit.exists_on(day):
        version = next((each for each in parents if each.exists_on(day)), None)
        if version is None:
            return day
        if version.valid_to in (None, date.max):
            return None
        day = version.valid_to + timedelta(days=1)
    return None
