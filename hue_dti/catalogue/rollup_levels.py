"""A roll-up map where only some levels of units are there: what nobody counts any more is a gap that is said, never filled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from hue_dti.catalogue.model import Measure
from hue_dti.catalogue.rollups import Feed, NotLocal, RollUpMap
from hue_dti.units.model import Level
from hue_dti.units.names import AT_LEVEL


def counted_at(made: RollUpMap, measures: Mapping[str, Measure], levels: Collection[Level]) -> RollUpMap:
    """The map as it works where units of these levels are there; feeds whose counts none of them keeps become gaps."""
    gone = [feed for feed in made.feeds if not set(measures[feed.part].levels) & set(levels)]
    if not gone:
        return made
    kept = tuple(feed for feed in made.feeds if feed not in gone)
    return replace(made, feeds=kept, not_local=(*(_gap(feed, measures[feed.part]) for feed in gone), *made.not_local))


def _gap(feed: Feed, measure: Measure) -> NotLocal:
    levels = ", ".join(AT_LEVEL[level] for level in measure.levels)
    why = f"Số liệu “{measure.name}” chỉ {levels} đếm; đến cuối kỳ không còn {levels} nên không còn nơi đếm"
    return NotLocal((feed.component,), why, feed.held_by, ended=True)
