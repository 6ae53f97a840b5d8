"""The round that freezes the province's result of a quarter: the one that stands, or where to open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Flask, url_for

from hue_dti.accounts.model import Act
from hue_dti.appraisal.rounds import Phase, Round
from hue_dti.rollup.rounds import Publication
from hue_dti.services.roll_up import ProvinceQuarter
from hue_dti.units.model import Level
from hue_dti.web.access import can
from hue_dti.web.site import site, today

A_WEEK = timedelta(days=7)
"""How long each phase is proposed to last."""


@dataclass(frozen=True, slots=True)
class QuarterRound:
    """The round of a quarter by its code, with its newest publication; `opening` is where it may be opened, empty for who may not."""

    code: str
    round: Round | None
    published: Publication | None
    opening: str


def register(app: Flask) -> None:
    """Let pages of the province's quarter ask for its round."""
    app.add_template_global(quarter_round)


def round_code(found: ProvinceQuarter) -> str:
    """The code by which a quarter's round is known: `dti-46-2025-q3`."""
    return f"dti-{found.province.code}-{found.period}".lower()


def quarter_round(found: ProvinceQuarter) -> QuarterRound:
    """The round of this quarter; the form comes filled in with the province itself, its framework and weeks from today."""
    code = round_code(found)
    standing = site().storage.rounds.find(code)
    published = site().storage.rounds.publications(code) if standing is not None else ()
    may_open = standing is None and can(Act.APPRAISE, found.province.code, today())
    opening = f"{url_for('round_form')}?{urlencode(_filled(found))}" if may_open else ""
    return QuarterRound(code, standing, published[-1] if published else None, opening)


def _filled(found: ProvinceQuarter) -> Mapping[str, str]:
    """What the form of a new round is opened with."""
    days: dict[str, str] = {}
    for at, phase in enumerate(Phase):
        first: date = today() + at * A_WEEK
        days |= {f"tu-{phase.value}": f"{first:%d/%m/%Y}", f"den-{phase.value}": f"{first + A_WEEK - timedelta(days=1):%d/%m/%Y}"}
    title = f"DTI cấp tỉnh, {found.period.label}"
    given = {"ma": round_code(found), "ten": title, "nam-do": str(found.period.year), "don-vi": found.province.code}
    return given | {"khung": found.framework.code, "ky": found.period.slug, "cap": Level.PROVINCE.value} | days
