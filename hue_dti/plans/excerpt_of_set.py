"""The excerpt of a ranking by a criteria set: shares of points of all ranked units in a closed quarter, kept beside the plan as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hue_dti.catalogue.outline import Outline
from hue_dti.errors import FrameworkError
from hue_dti.plans.excerpt import Compared, Excerpt, RankedLine, shown_places
from hue_dti.plans.model import Standings
from hue_dti.scoring.ranking import competition

TOTAL = "total"
_WORDS = ("code", "unit", "region", "region_name")


@dataclass(frozen=True, slots=True)
class Shares:
    """One ranked unit: its code and name, its region, and its shares of points by TOTAL and group, those that are known."""

    code: str
    unit: str
    region: str
    region_name: str
    shares: Mapping[str, Fraction]


def shares_text(rows: Sequence[Shares], groups: Iterable[str]) -> str:
    """The table as it is kept, with exact fractions."""
    keys = (TOTAL, *groups)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_WORDS, *keys))
    for row in rows:
        writer.writerow((row.code, row.unit, row.region, row.region_name, *(str(row.shares.get(key, "")) for key in keys)))
    return out.getvalue()


def shares_of(text: str) -> tuple[Shares, ...]:
    """The table read back, the best first."""
    found = []
    for row in csv.DictReader(io.StringIO(text)):
        shares = {key: Fraction(value) for key, value in row.items() if key not in _WORDS and value}
        found.append(Shares(row["code"], row["unit"], row["region"], row["region_name"], shares))
    return tuple(sorted(found, key=lambda each: -each.shares[TOTAL]))


def excerpt_of_set(outline: Outline, standings: Standings, code: str) -> Excerpt:
    """The excerpt for the unit of this code; FrameworkError where the table does not rank it."""
    rows, before = shares_of(standings.values), shares_of(standings.previous)
    own = _of(rows, code)
    if own is None:
        raise FrameworkError(f"Bảng xếp hạng kèm theo không có {standings.unit}; hãy đặt bảng khác.")
    here = [row for row in rows if row.region == own.region]
    here = here if 1 < len(here) < len(rows) else []
    then = _of(before, code)
    groups = [(group.code, group.name) for group in outline.groups if group.code in own.shares]
    compared = [_compared(rows, here, own, then, key, name) for key, name in ((TOTAL, "Tổng thể"), *groups)]
    ranks, at = _ranks(rows, TOTAL), rows.index(own)
    shown = [
        None if place is None else RankedLine(ranks[rows[place].code], *_row(rows[place], own)) for place in shown_places(len(rows), at)
    ]
    comparable = then is not None and len(before) == len(rows)
    return Excerpt(
        standings,
        2,
        len(rows),
        compared[0],
        _ranks(before, TOTAL)[code] if comparable else None,
        tuple(shown),
        own.region_name if here else "",
        tuple(RankedLine(rank, *_row(row, own)) for row, rank in zip(here, _ranks(here, TOTAL).values(), strict=True)),
        tuple(compared[1:]),
        percent=True,
    )


def _of(rows: Sequence[Shares], code: str) -> Shares | None:
    return next((row for row in rows if row.code == code), None)


def _row(row: Shares, own: Shares) -> tuple[str, Fraction, bool]:
    return row.unit, row.shares[TOTAL], row is own


def _ranks(rows: Sequence[Shares], key: str) -> dict[str, int]:
    """Each unit's rank by what is known of the key."""
    known = [row for row in rows if key in row.shares]
    return dict(zip((row.code for row in known), competition([row.shares[key] for row in known]), strict=True))


def _compared(rows: Sequence[Shares], here: Sequence[Shares], own: Shares, then: Shares | None, key: str, name: str) -> Compared:
    previous = then.shares.get(key) if then is not None else None
    return Compared(name, own.shares[key], _ranks(rows, key)[own.code], _ranks(here, key).get(own.code), previous)
