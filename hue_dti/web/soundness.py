"""What pages say of how sound figures are: remarks, great changes, completeness, quality labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask

from hue_dti.errors import HueDtiError
from hue_dti.numerals import format_percent
from hue_dti.periods import Period
from hue_dti.services.completeness import Completeness, completeness
from hue_dti.services.jumps import Jump, Jumps, jumps
from hue_dti.services.quality import Quality, qualities
from hue_dti.snapshots.checks import Remark, remarks
from hue_dti.units.model import OrgUnit
from hue_dti.web.site import Quarter, now, site

SHOWN = 50
"""Lines of a list on the page; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Soundness:
    """What is said of one unit's quarter; a lower unit sees what is said of itself and below it."""

    remarks: Sequence[Remark]
    jumps: Jumps
    changed: Sequence[Jump]
    completeness: Completeness
    expected: int
    present: int
    missing: Sequence[object]
    names: Mapping[str, str]


def register(app: Flask) -> None:
    """Give templates what they say."""
    app.context_processor(lambda: {"soundness": soundness, "qualities": quality_of, "change": _change, "most_shown": SHOWN})


def soundness(shown: Quarter) -> Soundness:
    """Of the quarter on the page."""
    own = {unit.code for unit in shown.whole.tree.under(shown.unit.code)}
    found, against = completeness(shown.whole, shown.catalogue), jumps(site().storage, shown.whole, shown.catalogue)
    parts = [part for code, part in found.units.items() if code in own]
    return Soundness(
        [remark for remark in remarks(shown.whole, shown.catalogue) if remark.unit in own],
        against,
        [jump for jump in against.found if jump.unit in own],
        found,
        sum(part.expected for part in parts),
        sum(part.present for part in parts),
        [owed for owed in found.missing if owed.unit in own],
        {unit.code: unit.name for unit in shown.whole.tree.units},
    )


def quality_of(unit: OrgUnit | None, period: Period | None) -> Mapping[str, Quality]:
    """Each source's quality for a unit's quarter; none where there is no quarter to judge by."""
    if unit is None or period is None:
        return {}
    try:
        return qualities(site().storage, site().catalogue, unit, period, now())
    except HueDtiError:
        return {}


def _change(jump: Jump) -> str:
    if jump.change is None:
        return "–"
    return ("+" if jump.change > 0 else "−") + format_percent(abs(jump.change))
