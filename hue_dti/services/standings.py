"""All closed quarters of a period as one field of units of a level: ranked, and compared with another period."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.collation import sort_key
from hue_dti.errors import ScoringError
from hue_dti.periods import Period
from hue_dti.scoring.engine import score
from hue_dti.scoring.model import ScoreSheet
from hue_dti.services.quarter import catalogue_of, closed_in
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.standings.change import Changes, changes
from hue_dti.standings.model import Field, Ranking
from hue_dti.standings.ranks import TOTAL, Member, Value, at_level, keys_of, places, values_of
from hue_dti.storage import Storage
from hue_dti.units.lineage import Lineage
from hue_dti.units.model import Level, OrgUnit


def field_of(storage: Storage, level: Level, period: Period) -> Field | None:
    """What was closed in the period for units of this level; None when nothing was."""
    found: Field | None = None
    members: list[Member] = []
    units: dict[str, OrgUnit] = {}
    snapshots: list[Snapshot] = []
    left_out: list[str] = []
    closed: set[str] = set()
    for snapshot in closed_in(storage, period):
        catalogue = catalogue_of(snapshot)
        closed |= {unit.code for unit in snapshot.tree.units}
        criteria_set = _set_for(snapshot, catalogue, level)
        if criteria_set is None:
            continue
        found = found or Field(level, period, catalogue, criteria_set, (), {}, (), ())
        if _rules(criteria_set) != _rules(found.criteria_set):
            left_out.append(snapshot.tree.units[0].name)
            continue
        own = _members(snapshot, criteria_set, _sheets(snapshot, catalogue, criteria_set))
        members += own
        units |= _named(storage, snapshot, own)
        snapshots.append(snapshot)
    if found is None or not members:
        return None
    told = tuple(members), units, tuple(snapshots), tuple(left_out), _absent(storage, level, period, closed)
    return Field(level, period, found.catalogue, found.criteria_set, *told)


def _absent(storage: Storage, level: Level, period: Period, closed: Container[str]) -> tuple[OrgUnit, ...]:
    """The units of the level on the period's last day that no closed quarter holds, by name."""
    there = (unit for unit in storage.units() if unit.level is level and unit.exists_on(period.end) and unit.code not in closed)
    return tuple(sorted(there, key=lambda unit: sort_key(unit.name)))


def ranking(storage: Storage, field: Field, key: str = TOTAL, region: str = "", against: Period | None = None) -> Ranking:
    """Rank by total, group or criterion; with another period also why each rank changed."""
    held = field.within(region)
    before = field_of(storage, field.level, against) if against is not None else None
    moved = _changes(storage.lineage(), field, before, key, region) if before is not None and key in keys_of(before.criteria_set) else None
    return Ranking(field, key, region, places(held, field.criteria_set, key), against, moved)


def _changes(lineage: Lineage, field: Field, before: Field, key: str, region: str) -> Changes:
    """Today's figures are scored by the rules of then, unless they are the same; a code given to another unit is not the unit of then."""
    now = _by_unit(field.within(region), field.criteria_set, key)
    same = now
    if _rules(before.criteria_set) != _rules(field.criteria_set):
        same = _by_unit([member for member in _by_rules(field, before) if region in {"", member.region}], before.criteria_set, key)
    return changes(_by_unit(before.within(region), before.criteria_set, key), same, now, _followed_by(lineage, field, before))


def _followed_by(lineage: Lineage, field: Field, before: Field) -> dict[str, str]:
    """Under which code each unit of then goes on; one that ended, was merged or split goes on under none of today's."""
    found = {member.unit: f"{member.unit} ({before.period})" for member in before.members}
    for member in field.members:
        for span in lineage.identity(field.units[member.unit]):
            then = before.units.get(span.code)
            if then is not None and then.valid_from == span.valid_from and span.code in found:
                found[span.code] = member.unit
    return found


def _by_rules(field: Field, before: Field) -> Iterator[Member]:
    for snapshot in field.snapshots:
        try:
            sheets = _scored(snapshot, before.catalogue, before.criteria_set)
        except ScoringError:
            continue
        known = {member.unit for member in field.members}
        yield from (member for member in _members(snapshot, before.criteria_set, sheets) if member.unit in known)


def _by_unit(members: Sequence[Member], criteria_set: CriteriaSet, key: str) -> dict[str, Value]:
    return dict(zip((member.unit for member in members), values_of(members, criteria_set, key), strict=True))


def _set_for(snapshot: Snapshot, catalogue: Catalogue, level: Level) -> CriteriaSet | None:
    """The set that scored the level in this quarter; for agencies the criteria that are counted at agencies."""
    own = catalogue.sets[snapshot.sheet.criteria_set]
    lower = catalogue.sets[snapshot.lower_set] if snapshot.lower_set else None
    for each in (own, lower):
        if each is not None and each.level is level:
            return each
    return at_level(own, catalogue.measures, level) if level is Level.AGENCY else None


def _sheets(snapshot: Snapshot, catalogue: Catalogue, criteria_set: CriteriaSet) -> Iterable[ScoreSheet]:
    if criteria_set.level is snapshot.tree.units[0].level:
        return (snapshot.sheet,)
    return _scored(snapshot, catalogue, criteria_set) if criteria_set.level is Level.AGENCY else snapshot.lower


def _scored(snapshot: Snapshot, catalogue: Catalogue, criteria_set: CriteriaSet) -> tuple[ScoreSheet, ...]:
    frame = table_of(snapshot.figures, snapshot.tree).frame(snapshot.tree, catalogue.measures)
    return score(criteria_set, catalogue.measures, frame, Period.parse(snapshot.head.period), snapshot.tree.as_of)


def _members(snapshot: Snapshot, criteria_set: CriteriaSet, sheets: Iterable[ScoreSheet]) -> list[Member]:
    root = snapshot.tree.units[0]
    region = (root.parent or root.code) if criteria_set.level is root.level else root.code
    return [Member(sheet.unit, region, sheet) for sheet in sheets]


def _named(storage: Storage, snapshot: Snapshot, members: Iterable[Member]) -> dict[str, OrgUnit]:
    """The units and their regions as that day saw them."""
    found = {member.unit: snapshot.tree.unit(member.unit) for member in members} | {snapshot.tree.units[0].code: snapshot.tree.units[0]}
    above = snapshot.tree.units[0].parent
    return found | {each.code: each for each in storage.units() if each.code == above and each.exists_on(snapshot.tree.as_of)}


def _rules(criteria_set: CriteriaSet) -> tuple[object, ...]:
    """What of a set moves points; words do not."""
    lines = tuple((each.code, each.max_points, each.rule, each.status.opened) for each in criteria_set.criteria)
    return (*lines, criteria_set.unopened_leave_the_maximum, criteria_set.enough_data)
