"""The index of all units of one year as somebody published it, and the ranking table that a reader finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.collation import sort_key
from hue_dti.rollup.assess import last_places, same_unit
from hue_dti.rollup.model import INDEX, Assessment, Standing, Summary, UnitResult, UnitValues, pillar_key
from hue_dti.rollup.read_values import DecimalSign, Spelling, read_values
from hue_dti.scoring.ranking import competition


@dataclass(frozen=True, slots=True)
class YearResult:
    """A file of values as it was handed in: of which year, from which document, and why it took the place of the one before."""

    framework: str
    year: int
    number: int
    content: str
    spelling: Spelling
    document: str
    issued_on: date
    reason: str
    by: str
    name: str
    post: str
    at: datetime

    def values(self, framework: Framework) -> tuple[UnitValues, ...]:
        """The units of the file; ValuesRefused with every fault."""
        return read_values(self.content, f"giá trị năm {self.year}", framework, self.spelling, published_alone=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One unit in the table: its place by what is asked, its place in its region where that is whole, and whether it is one's own."""

    rank: int
    standing: Standing
    result: UnitResult
    region: str
    region_rank: int | None
    region_units: int
    own: bool


def keys_of(found: Assessment) -> Mapping[str, str]:
    """What units may be ranked by: the index, a pillar, a scored main index; key → name."""
    framework = found.framework
    pillars = {pillar_key(each.code): each.name for each in framework.pillars}
    return {INDEX: "DTI", **pillars, **{each.code: each.name for each in framework.scored}}


def rows_by(found: Assessment, key: str, own: Sequence[str] = (), region: str = "") -> tuple[Row, ...]:
    """The units ranked by a key at the printed precision, all or those of a region; `own` are the names that mean one's own unit."""
    regions: dict[str, list[UnitResult]] = {}
    for result in found.results:
        regions.setdefault(_region(result), []).append(result)
    within = {name: _places(members, key, found.precision) for name, members in regions.items() if name}
    mine = {same_unit(name) for name in own}
    rows = [
        Row(
            standing_of(result, key).rank,
            standing_of(result, key),
            result,
            _region(result),
            within.get(_region(result), {}).get(result.unit),
            len(regions[_region(result)]),
            same_unit(result.unit) in mine,
        )
        for result in found.results
        if region in ("", _region(result))
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, sort_key(row.result.unit))))


def standing_of(result: UnitResult, key: str) -> Standing:
    """A unit's value and rank in a key."""
    if key == INDEX:
        return result.index
    pillars = {pillar_key(code): standing for code, standing in result.pillars.items()}
    return pillars[key] if key in pillars else result.main[key]


def summary_of(found: Assessment, key: str) -> Summary:
    """What all units come to together in a key."""
    if key == INDEX:
        return found.index
    pillars = {pillar_key(each.code): each for each in found.pillars}
    return pillars[key] if key in pillars else next(each for each in found.main if each.code == key)


def changed(now: Sequence[UnitValues], before: Sequence[UnitValues]) -> tuple[str, ...]:
    """The units whose values differ between two versions, those that came or went included."""
    old, new = ({same_unit(row.unit): row for row in rows} for rows in (before, now))
    both = {**old, **new}
    return tuple(row.unit for name, row in both.items() if _told(old.get(name)) != _told(new.get(name)))


def spelling_of(decimal: str, points: bool) -> Spelling:
    """How a file's numbers are written, as forms and rows tell it; ValueError for a sign there is not."""
    return Spelling(DecimalSign(decimal), points)


def _told(row: UnitValues | None) -> tuple[Mapping[str, Fraction], Mapping[str, Fraction]] | None:
    return (row.main, row.published) if row is not None else None


def _region(result: UnitResult) -> str:
    return result.regions[0].region if result.regions else ""


def _places(members: Sequence[UnitResult], key: str, digits: int) -> Mapping[str, int]:
    ranks = competition([last_places(standing_of(each, key).value, digits) for each in members])
    return dict(zip((each.unit for each in members), ranks, strict=True))
