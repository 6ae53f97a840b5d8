"""The excerpt of a published ranking that stands beside a plan: top three, neighbours, bottom three, the region, this year against last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.errors import FrameworkError
from hue_dti.numerals import decimal_text
from hue_dti.plans.model import Standings
from hue_dti.rollup.assess import assess, last_places, printed_text, same_unit
from hue_dti.rollup.model import INDEX, Assessment, UnitResult, UnitValues
from hue_dti.rollup.read_regions import read_region_lists
from hue_dti.rollup.read_values import Spelling, read_values
from hue_dti.scoring.ranking import competition

EDGE, NEAR = 3, 2
"""How many of the first and the last are shown, and how many on each side of the unit."""


@dataclass(frozen=True, slots=True)
class RankedLine:
    """One unit in a table: its rank there, and its value."""

    rank: int
    unit: str
    value: Fraction
    own: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One main index, or the whole: value, ranks among all and in the region, and the value of the year before."""

    name: str
    value: Fraction
    rank: int
    region_rank: int | None
    previous: Fraction | None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Everything the paper draws; in `shown` a None stands where units are left out."""

    standings: Standings
    digits: int
    units: int
    whole: Compared
    previous_rank: int | None
    shown: tuple[RankedLine | None, ...]
    region: str
    in_region: tuple[RankedLine, ...]
    lines: tuple[Compared, ...]
    percent: bool = False

    def words(self, value: Fraction) -> str:
        """A value as it is printed: a share of points as `65,14%`, an index at its precision."""
        if self.percent:
            return decimal_text(value * 100, self.digits).replace(".", ",") + "%"
        return printed_text(value, self.digits)

    @property
    def region_rank(self) -> int | None:
        """The unit's rank in its region, by the whole index."""
        return self.whole.region_rank


def excerpt(framework: Framework, standings: Standings) -> Excerpt:
    """The excerpt out of the texts beside the plan; ValuesRefused or FrameworkError says what is wrong with them."""
    values = read_values(standings.values, "giá trị", framework, Spelling())
    before = read_values(standings.previous, "năm trước", framework, Spelling(), published_alone=True) if standings.previous else ()
    regions = read_region_lists(standings.regions, "vùng", values) if standings.regions else {}
    found = assess(framework, values, before, regions)
    own = next((each for each in found.results if same_unit(each.unit) == same_unit(standings.unit)), None)
    if own is None:
        raise FrameworkError(f"Tệp giá trị không có đơn vị '{standings.unit}'; hãy ghi đúng tên như trong tệp.")
    region, members = next(((name, names) for name, names in regions.items() if own.unit in names), ("", ()))
    here = [each for each in found.results if each.unit in members]
    return Excerpt(
        standings,
        found.precision,
        len(found.results),
        _compared(found, own, here, INDEX, "Tổng thể"),
        own.index.previous_rank if len(before) == len(values) else None,
        tuple(_shown(found, own)),
        region,
        tuple(_in(here, own, found.precision)),
        tuple(_compared(found, own, here, main.code, main.name) for main in framework.scored),
    )


def shown_places(count: int, at: int) -> list[int | None]:
    """The places among so many that are shown beside the one at `at`; None stands where some are left out."""
    places = {*range(EDGE), *range(at - NEAR, at + NEAR + 1), *range(count - EDGE, count)}
    found: list[int | None] = []
    for place in sorted(each for each in places if 0 <= each < count):
        if found and place - 1 not in places:
            found.append(None)
        found.append(place)
    return found


def has_values(text: str, name: str, framework: Framework) -> tuple[UnitValues, ...]:
    """The rows of a values file, read to see that it can be."""
    return read_values(text, name, framework, Spelling())


def _shown(found: Assessment, own: UnitResult) -> Sequence[RankedLine | None]:
    results = found.results
    places = ((place, results[place or 0]) for place in shown_places(len(results), results.index(own)))
    return [None if place is None else RankedLine(each.index.rank, each.unit, each.index.value, each is own) for place, each in places]


def _in(here: Sequence[UnitResult], own: UnitResult, digits: int) -> Sequence[RankedLine]:
    ranks = competition([last_places(each.index.value, digits) for each in here])
    return [RankedLine(rank, each.unit, each.index.value, each is own) for rank, each in zip(ranks, here, strict=True)]


def _compared(found: Assessment, own: UnitResult, here: Sequence[UnitResult], key: str, name: str) -> Compared:
    standing = own.index if key == INDEX else own.main[key]
    ranks: Mapping[str, int] = {}
    if here:
        values = [last_places((each.index if key == INDEX else each.main[key]).value, found.precision) for each in here]
        ranks = dict(zip((each.unit for each in here), competition(values), strict=True))
    return Compared(name, standing.value, standing.rank, ranks.get(own.unit), standing.previous)
