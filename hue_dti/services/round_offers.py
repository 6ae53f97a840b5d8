"""The points that the platform's own figures give the units of a round: offered beside every mark, taken over when somebody says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from urllib.parse import quote

from hue_dti.appraisal.rounds import Phase, Round, UnitSheet, Window
from hue_dti.catalogue.model import Catalogue
from hue_dti.errors import FrameworkError, NoSetInForce, RoundRefused, ScoringError, SnapshotTampered
from hue_dti.evidence.asked import STANDING_WORDS, Answered, whole
from hue_dti.periods import Period, PeriodKind
from hue_dti.rollup.offered import Basis, Offer, Offers, fillings, from_roll_up, from_sheet
from hue_dti.services.doer import Doer
from hue_dti.services.evidence_overview import answers
from hue_dti.services.hosts import host_in, line_of
from hue_dti.services.open_quarter import read
from hue_dti.services.quarter import catalogue_of, seen_from
from hue_dti.services.roll_up import Ways, province_quarter
from hue_dti.services.rounds import LONGEST_RESULT, Entered, Given, RoundDesk, enter_units
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit

OUTSIDE = "đơn vị không có trong danh sách đơn vị của kỳ này"

Told = tuple[Given, int]
"""What is taken over on a line, and the number of the mark that stood there, 0 for none."""


def period_for(catalogue: Catalogue, year: int, windows: Mapping[Phase, Window]) -> Period:
    """The newest quarter of the year whose figures are due by the last day of the units' own marks; its first where none is."""
    quarters = [Period(year, PeriodKind.QUARTER, number) for number in range(1, 5)]
    due = [each for each in quarters if _cutoff(catalogue, each) <= windows[Phase.ENTRY].last]
    return due[-1] if due else quarters[0]


def period_of(catalogue: Catalogue, of: Round) -> Period:
    """Whose figures a round takes: as it was opened with, else as one opened with these days would."""
    return Period.parse(of.period) if of.period else period_for(catalogue, of.year, of.windows)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken over for a unit, with its sheet and its line of rights."""

    sheet: UnitSheet
    told: Sequence[Told]
    line: Sequence[str]

    @property
    def ground(self) -> str:
        """What the lines rest on, without the figure of any one of them."""
        return self.told[0][0].words.partition(": ")[0]


@dataclass(frozen=True)
class OfferBook:
    """The offers of a round, unit by unit, each worked out once."""

    storage: Storage
    catalogue: Catalogue
    ways: Ways
    round: Round
    now: datetime
    _known: dict[str, Offers] = field(default_factory=dict)

    @cached_property
    def period(self) -> Period:
        """The period of the figures."""
        return period_of(self.catalogue, self.round)

    @property
    def counts(self) -> bool:
        """Whether the platform has figures for what the round marks: a local criteria set, or a framework the province is rolled up to."""
        return self.round.outline in self.catalogue.sets or any(made.framework == self.round.outline for made in self.ways.maps.values())

    def of(self, unit: str) -> Offers:
        """What the platform offers the unit."""
        if unit not in self._known:
            self._known[unit] = self._made(unit)
        return self._known[unit]

    def _made(self, unit: str) -> Offers:
        period = self.period
        found = next((each for each in self.storage.units() if each.code == unit and each.exists_on(period.end)), None)
        if not self.counts or found is None:
            return Offers(why=OUTSIDE if self.counts else "hệ thống không có số liệu của khung này")
        try:
            return self._local(found, period) if self.round.outline in self.catalogue.sets else self._province(found, period)
        except (NoSetInForce, ScoringError, FrameworkError, SnapshotTampered) as fault:
            return Offers(why=str(fault))

    def _local(self, unit: OrgUnit, period: Period) -> Offers:
        host = host_in(self.catalogue, line_of(self.storage.units(), unit.code, period.end), period.end)
        if host is None:
            return Offers(why=f"không có bộ tiêu chí nào cho đơn vị trong {period.label}")
        whole_quarter = read(self.storage, self.catalogue, host, period, self.now)
        snapshot = seen_from(whole_quarter, unit.code)
        if snapshot is None or snapshot.sheet.criteria_set != self.round.outline:
            other = f"{period.label} chấm theo bộ tiêu chí khác" if snapshot is not None else f"đơn vị chưa được chấm trong {period.label}"
            return Offers(why=other)
        catalogue = catalogue_of(whole_quarter) if whole_quarter.head.sha256 else self.catalogue
        lines = from_sheet(self.round.lines, snapshot.sheet, catalogue.sets[self.round.outline])
        basis = Basis(period, whole_quarter.head.closed_at, whole_quarter.head.sequence if whole_quarter.head.sha256 else 0)
        return Offers(basis, {code: self._with_proof(unit, period, each) for code, each in lines.items()})

    def _with_proof(self, unit: OrgUnit, period: Period, offer: Offer) -> Offer:
        """The offer with the address of its calculation and the standing of the proof that its criterion asks for."""
        if not offer.page:
            return offer
        page = f"/don-vi/{quote(unit.code, safe='')}/{period}/tieu-chi/{quote(offer.page, safe='')}"
        asked = self._proofs.get((unit.code, offer.line))
        return replace(offer, page=page, proof=STANDING_WORDS[whole(asked)] if asked else "")

    @cached_property
    def _proofs(self) -> Mapping[tuple[str, str], tuple[Answered, ...]]:
        """How the proof that each criterion asks for is answered, for all units of the round at once."""
        codes, day = {unit.code for unit in self.round.units}, self.period.end
        there = [each for each in self.storage.units() if each.code in codes and each.exists_on(day)]
        return answers(self.storage, self.catalogue, there, self.period)

    def _province(self, unit: OrgUnit, period: Period) -> Offers:
        if unit.level is not Level.PROVINCE:
            return Offers(why="khung này chấm cấp tỉnh")
        found = province_quarter(self.storage, self.catalogue, self.ways, period, self.now, code=self.round.outline)
        lines = from_roll_up(self.round.lines, found.roll_up)
        closed = f", {len(found.closed)}/{len(found.closed) + len(found.open)} đơn vị đã chốt"
        pages = {code: f"/tinh/{period}/{quote(each.page, safe='')}" if each.page else "" for code, each in lines.items()}
        return Offers(
            Basis(period, self.now, what="bản nháp cấp tỉnh", more=closed),
            {code: replace(each, page=pages[code]) for code, each in lines.items()},
        )


def taken(sheet: UnitSheet, offers: Offers, overwrite: bool) -> list[Told]:
    """What taking the offers over writes: on lines without a mark, with `overwrite` also where another stands; gaps stay gaps."""
    found: list[Told] = []
    for each in fillings(sheet, offers):
        if offers.basis is not None and (each.is_new or (overwrite and each.overwrites)):
            link = each.own.link if each.own is not None and each.own.link else each.offer.page
            words = offers.basis.ground(each.offer)[:LONGEST_RESULT]
            found.append((Given(each.line.code, each.offer.points, words, link), each.own.number if each.own is not None else 0))
    return found


def take(storage: Storage, desk: RoundDesk, sheet: UnitSheet, told: Sequence[Told], doer: Doer, line: Sequence[str]) -> int:
    """Keep what was looked at as the unit's own marks, all or none; RoundRefused when one of the lines was marked since."""
    return take_units(storage, desk, [Taken(sheet, told, line)], doer)


def take_units(storage: Storage, desk: RoundDesk, units: Sequence[Taken], doer: Doer) -> int:
    """The same for several units at once, all or none of them."""
    for each in units:
        for given, seen in each.told:
            own = each.sheet.own.get(given.line)
            if (own.number if own is not None else 0) != seen:
                whose = f"Dòng {given.line}" if len(units) == 1 else f"{each.sheet.unit.name}: dòng {given.line}"
                raise RoundRefused(f"{whose} vừa được ghi, sau lần xem trước; chưa lưu dòng nào. Hãy xem lại rồi lấy điểm lại.")
    entered = [Entered(each.sheet, [given for given, _ in each.told], each.line, each.ground) for each in units if each.told]
    if not entered:
        raise RoundRefused("Không có dòng nào để lấy điểm.")
    return enter_units(storage, desk, entered, doer)


def _cutoff(catalogue: Catalogue, period: Period) -> date:
    """The first day on which a set that is in force then is cut off."""
    return min((each.calendar.cutoff(period) for each in catalogue.sets.values() if each.in_force_on(period.end)), default=period.end)
