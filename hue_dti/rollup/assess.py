"""Values of main indices → index, pillars, ranks, means, growth. Value = points ÷ maximum points, exact until it is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from hue_dti.catalogue.framework_checks import unknown
from hue_dti.catalogue.frameworks import Framework, Pillar
from hue_dti.collation import nfc, sort_key, spelling
from hue_dti.errors import FrameworkError
from hue_dti.numerals import decimal_text
from hue_dti.rollup.model import INDEX, Assessment, RegionRank, Standing, Summary, UnitResult, UnitValues, pillar_key
from hue_dti.rollup.movement import RankMove, rank_moves
from hue_dti.scoring.ranking import competition

_DASH = re.compile(r"\s*[-‐–—]\s*")
_PROVINCE = re.compile(r"(?:tỉnh\s+|thành phố\s+|tp(?:\.\s*|\s+))(?=\S)", re.IGNORECASE)

Regions = Mapping[str, Sequence[str]]
"""Names of regions → names of their units."""


def assess(
    framework: Framework,
    units: Sequence[UnitValues],
    previous: Sequence[UnitValues] = (),
    regions: Regions | None = None,
    precision: int | None = None,
) -> Assessment:
    """Compute and rank the units of one year; each row of `units` gives every scored main index, names of regions are among them.

    `previous` is the year before; its rows may give published values only. Where the rows of `units` give nothing but a published index,
    that is ranked, and the assessment's framework tells of nothing else. FrameworkError where too little is known to compute.
    """
    told = framework
    if units and all(not row.main and INDEX in row.published for row in units):
        told = replace(framework, main=(), pillars=())
    else:
        check_computable(framework)
    digits = framework.precision if precision is None else precision
    now, before = _Year(told, units, digits), _Year(framework, previous, digits)
    in_regions = now.in_regions(regions or {})
    moves = rank_moves(before.ranked(INDEX), now.ranked(INDEX), now.ranked(INDEX))
    results = [_result(now, before, place, tuple(in_regions.get(place, ())), moves) for place in range(len(units))]
    results.sort(key=lambda result: (result.index.rank, sort_key(result.unit)))
    return Assessment(
        told,
        digits,
        tuple(results),
        _summary(now, before, INDEX, "DTI"),
        tuple(_summary(now, before, main.code, main.name) for main in told.scored),
        tuple(_summary(now, before, pillar_key(pillar.code), pillar.name) for pillar in told.pillars),
        new=tuple(row.unit for row, name in zip(units, now.names, strict=True) if previous and name not in before.places),
        gone=tuple(row.unit for row, name in zip(previous, before.names, strict=True) if name not in now.places),
    )


def check_computable(framework: Framework) -> None:
    """Refuse a framework of which too little is known, saying what."""
    if not framework.computable:
        missing = "; ".join(unknown(framework))
        raise FrameworkError(
            f"Khung {framework.code} chưa tính được từ giá trị chỉ số chính: {missing}. "
            f"Hãy bổ sung vào tệp {framework.place[0]} khi có phụ lục của quyết định."
        )


def index_of(framework: Framework, main: Mapping[str, Fraction]) -> Fraction:
    """The index: the points of all main indices over the maximum."""
    points = (main[each.code] * (each.counts_for or each.max_points or 0) for each in framework.scored)
    return sum(points, Fraction(0)) / framework.divisor


def pillar_of(framework: Framework, pillar: Pillar, main: Mapping[str, Fraction]) -> Fraction:
    """The pillar's value: the points of its main indices over its own maximum."""
    points = (main[each.code] * (each.max_points or 0) for each in framework.scored if each.code in pillar.main)
    return sum(points, Fraction(0)) / pillar.max_points


def same_unit(name: str) -> str:
    """A key equal for one name however it was typed: spaces, capitals, dashes, where in the word the tone stands, with or without
    `tỉnh`, `thành phố`, `TP.` before it.
    """
    plain = " ".join(_DASH.sub(" ", nfc(name)).split())
    kind = _PROVINCE.match(plain)
    return spelling(plain[kind.end() :] if kind else plain)


def printed(value: Fraction, digits: int) -> Fraction:
    """The value as it is printed: rounded half-up, once."""
    return Fraction(last_places(value, digits), 10**digits)


def printed_text(value: Fraction, digits: int) -> str:
    """The value in words as it is printed: `0,5872`."""
    return decimal_text(printed(value, digits), digits).replace(".", ",")


def last_places(value: Fraction, digits: int) -> int:
    """The printed value in units of its last decimal place: 0,48795 at 4 digits is 4880."""
    places: int = (2 * value.numerator * 10**digits + value.denominator) // (2 * value.denominator)
    return places


class _Year:
    """All units of one year: what each is worth in each key, and its rank there among those that are worth something."""

    def __init__(self, framework: Framework, rows: Sequence[UnitValues], digits: int) -> None:
        self.framework, self.rows, self.digits = framework, rows, digits
        self.names = [same_unit(row.unit) for row in rows]
        self.places = {name: place for place, name in enumerate(self.names)}
        self.worth = [_worth(framework, row) for row in rows]
        self.ranks = {key: self.among(key, range(len(rows))) for key in dict.fromkeys(key for each in self.worth for key in each)}

    def among(self, key: str, places: Sequence[int]) -> Mapping[int, int]:
        """Place in the file → competition rank at the printed precision, among these places."""
        with_value = [place for place in places if key in self.worth[place]]
        ranks = competition([last_places(self.worth[place][key], self.digits) for place in with_value])
        return dict(zip(with_value, ranks, strict=True))

    def at(self, key: str, name: str) -> tuple[Fraction | None, int | None]:
        """The value and rank of the unit of this `same_unit` name; (None, None) where it has none."""
        place = self.places.get(name)
        if place is None or key not in self.worth[place]:
            return None, None
        return self.worth[place][key], self.ranks[key][place]

    def ranked(self, key: str) -> Mapping[str, int]:
        """Unit → its printed value in units of the last decimal place, which is what ranks it."""
        return {name: last_places(self.worth[place][key], self.digits) for name, place in self.places.items() if key in self.worth[place]}

    def mean(self, key: str) -> Fraction | None:
        """The mean of all units, None unless each has a value."""
        return _mean([each[key] for each in self.worth if key in each], len(self.rows))

    def in_regions(self, regions: Regions) -> Mapping[int, list[RegionRank]]:
        """Place in the file → the unit's ranks in each of its regions."""
        found: dict[int, list[RegionRank]] = {}
        keys = (INDEX, *(pillar_key(pillar.code) for pillar in self.framework.pillars))
        for region, names in regions.items():
            places = [self.places[same_unit(name)] for name in names]
            ranks = {key: self.among(key, places) for key in keys}
            for place in places:
                of_unit = {key: ranks[key][place] for key in keys}
                found.setdefault(place, []).append(RegionRank(region, len(places), of_unit))
        return found


def _worth(framework: Framework, row: UnitValues) -> Mapping[str, Fraction]:
    """Everything a row is worth: computed from its main indices where it gives them, else as published."""
    if not row.main:
        return row.published
    pillars = {pillar_key(pillar.code): pillar_of(framework, pillar, row.main) for pillar in framework.pillars}
    return {INDEX: index_of(framework, row.main), **row.main, **pillars}


def _result(now: _Year, before: _Year, place: int, regions: tuple[RegionRank, ...], moves: Mapping[str, RankMove]) -> UnitResult:
    standings = {key: _standing(now, before, place, key) for key in now.worth[place]}
    main = {each.code: standings[each.code] for each in now.framework.main if each.code in standings}
    pillars = {each.code: standings[pillar_key(each.code)] for each in now.framework.pillars}
    return UnitResult(now.rows[place].unit, standings[INDEX], main, pillars, regions, moves.get(now.names[place]))


def _standing(now: _Year, before: _Year, place: int, key: str) -> Standing:
    row = now.rows[place]
    previous, previous_rank = before.at(key, now.names[place])
    return Standing(now.worth[place][key], now.ranks[key][place], row.published.get(key), previous, previous_rank)


def _summary(now: _Year, before: _Year, key: str, name: str) -> Summary:
    values = [each[key] for each in now.worth]
    mean = _mean(values, len(values)) or Fraction(0)
    off = {row.unit: abs(value - row.published[key]) for row, value in zip(now.rows, values, strict=True) if key in row.published}
    unit = max(off, key=lambda each: off[each], default=None)
    return Summary(
        key.removeprefix("pillar."),
        name,
        mean,
        sum(value > mean for value in values),
        sum(value >= now.framework.halfway for value in values),
        _mean([row.published[key] for row in now.rows if key in row.published], len(values)),
        before.mean(key),
        None if unit is None else (unit, off[unit]),
    )


def _mean(values: Sequence[Fraction], units: int) -> Fraction | None:
    return sum(values, Fraction(0)) / units if values and len(values) == units else None
