"""What the platform's own figures give for each line of a round, and why a line is left alone; never a zero for a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from hue_dti.appraisal.rounds import RoundLine, SelfMark, UnitSheet
from hue_dti.catalogue.model import CriteriaSet
from hue_dti.catalogue.rollup_words import STATE_WORDS
from hue_dti.numerals import POINT, format_count, format_date, format_moment, format_percent, format_points
from hue_dti.periods import LOCAL, Period
from hue_dti.rollup.province import ComponentState, Line, MainLine, RollUp
from hue_dti.scoring.model import CriterionScore, ScoreSheet, Status

_NOT_OFFERED = {ComponentState.MEASURED: "chưa biết cách tính điểm", ComponentState.REPORTED: "có số do người báo, không phải máy đo"}
UNOPENED, NOT_APPLICABLE, NO_FIGURE = "tỉnh chưa mở", "không áp dụng ở đơn vị này", "chưa có số liệu"


@dataclass(frozen=True, slots=True)
class Offer:
    """One line: `points` (ten-thousandths) with the figure behind them, or None and `why`.

    `page` is where the calculation is shown, `proof` how the asked proof stands; both may be empty.
    """

    line: str
    points: int | None
    figure: str = ""
    why: str = ""
    page: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What offers rest on: a frozen quarter by its number, or (with `sequence` 0) figures that may still change, as of `at`.

    `what` names the latter, `more` is said beside it.
    """

    period: Period
    at: datetime
    sequence: int = 0
    what: str = "số liệu chưa chốt"
    more: str = ""

    @property
    def words(self) -> str:
        """`bản chốt lần 1 Quý II/2024, chốt ngày 12/07/2024` or `số liệu chưa chốt Quý II/2024, lúc 10:30 12/06/2024`."""
        if self.sequence:
            day = format_date(self.at.astimezone(LOCAL).date())
            return f"bản chốt lần {self.sequence} {self.period.short_label}, chốt ngày {day}{self.more}"
        return f"{self.what} {self.period.short_label}, lúc {format_moment(self.at)}{self.more}"

    def ground(self, offer: Offer) -> str:
        """What a mark that was taken from an offer says of itself."""
        return f"Theo {self.words}" + (f": {offer.figure}" if offer.figure else "")


@dataclass(frozen=True, slots=True)
class Offers:
    """What the platform offers a unit, by line; without a basis `why` says why there is nothing."""

    basis: Basis | None = None
    lines: Mapping[str, Offer] = field(default_factory=dict)
    why: str = ""

    def of(self, line: str) -> Offer:
        """The offer for a line; one that gives nothing where there is none."""
        return self.lines.get(line) or Offer(line, None, why=self.why)

    def differs(self, sheet: UnitSheet, line: str) -> bool:
        """Whether the unit gave itself other points than the figures give."""
        own, offer = sheet.own.get(line), self.of(line)
        return own is not None and offer.points is not None and own.points != offer.points


@dataclass(frozen=True, slots=True)
class Filling:
    """A line as filling would leave it: the mark that stands, and what the figures give."""

    line: RoundLine
    own: SelfMark | None
    offer: Offer

    @property
    def is_new(self) -> bool:
        """Whether it would get its first mark."""
        return self.own is None and self.offer.points is not None

    @property
    def overwrites(self) -> bool:
        """Whether another mark stands there."""
        return self.own is not None and self.offer.points is not None and self.own.points != self.offer.points


def fillings(sheet: UnitSheet, offers: Offers) -> tuple[Filling, ...]:
    """Every line in printed order."""
    return tuple(Filling(line, sheet.own.get(line.code), offers.of(line.code)) for line in sheet.round.lines)


def from_sheet(lines: Iterable[RoundLine], sheet: ScoreSheet, criteria: CriteriaSet) -> dict[str, Offer]:
    """Offers out of a unit's score sheet: criterion by criterion, or group by group where whole groups are marked."""
    known = {score.code: _criterion(score, criteria) for score in sheet.criteria}
    scores = {score.code: score for score in sheet.criteria}
    found: dict[str, Offer] = {}
    for line in lines:
        if line.code in known:
            found[line.code] = _of_maximum(line, known[line.code], scores[line.code].max_points)
        elif any(score.group == line.code for score in sheet.criteria):
            parts = [score for score in sheet.criteria if score.group == line.code]
            found[line.code] = _of_maximum(line, _group(line.code, parts, known), sum(part.max_points for part in parts))
        else:
            found[line.code] = Offer(line.code, None, why="bộ tiêu chí của kỳ số liệu không có dòng này")
    return found


def from_roll_up(lines: Iterable[RoundLine], rolled: RollUp) -> dict[str, Offer]:
    """Offers out of the province's roll-up: only what machines measured in every unit that counts."""
    mains = {main.main.code: main for main in rolled.mains}
    found: dict[str, Offer] = {}
    for line in lines:
        component = rolled.line(line.code)
        if component is not None:
            found[line.code] = _of_maximum(line, _component(component), _scaled(component.component.max_points))
        elif line.code in mains:
            found[line.code] = _of_maximum(line, _main(mains[line.code]), _scaled(mains[line.code].main.max_points))
    return found


def _criterion(score: CriterionScore, criteria: CriteriaSet) -> Offer:
    if not criteria.criterion(score.code).status.opened:
        return Offer(score.code, None, why=UNOPENED, page=score.code)
    if score.status is Status.NOT_APPLICABLE:
        return Offer(score.code, None, why=NOT_APPLICABLE, page=score.code)
    if not score.has_figures:
        return Offer(score.code, None, why=NO_FIGURE, page=score.code)
    return Offer(score.code, score.points, _figure(score), page=score.code)


def _figure(score: CriterionScore) -> str:
    share = format_percent(score.share) if score.share is not None else ""
    if score.part is not None and score.whole is not None:
        counted = f"{format_count(score.part)}/{format_count(score.whole)}"
        share = f"{counted} ({share})" if share else counted
    have, expected = score.coverage.have, score.coverage.expected
    return f"{share}; mới có {have}/{expected} đơn vị" if score.coverage.partial else share


def _group(code: str, parts: list[CriterionScore], known: Mapping[str, Offer]) -> Offer:
    """A whole group: only where every criterion of it gives points."""
    lacking = [part.code for part in parts if known[part.code].points is None]
    if lacking:
        return Offer(code, None, why=f"chưa tính được {_some(lacking)}")
    return Offer(code, sum(part.points for part in parts), f"cộng {len(parts)} tiêu chí")


def _component(line: Line) -> Offer:
    code = line.component.code
    if line.state is not ComponentState.MEASURED or line.points is None:
        why = _NOT_OFFERED.get(line.state) or STATE_WORDS[line.state.value]
        return Offer(code, None, why=why, page=code)
    lacking = [leaf for leaf in (line.parts or (line,)) if leaf.provisional]
    if lacking and lacking[0].local is not None:
        have = lacking[0].local.coverage
        return Offer(code, None, why=f"mới có {have.have}/{have.expected} đơn vị", page=code)
    counted = f"{format_count(line.local.part)}/{format_count(line.local.whole)} " if line.local is not None else ""
    share = format_percent(line.share) if line.share is not None else ""
    return Offer(code, _scaled(line.points), f"{counted}({share})" if counted and share else share, page=code)


def _main(main: MainLine) -> Offer:
    """A whole main index: only where every component of it is measured."""
    lacking = [line.component.code for line in main.lines if _component(line).points is None]
    if lacking or main.open_of:
        return Offer(main.main.code, None, why=f"chưa đo đủ {_some(lacking)}" if lacking else "chưa biết hết điểm", page=main.main.code)
    return Offer(main.main.code, _scaled(main.points), f"cộng {len(main.lines)} chỉ số thành phần", page=main.main.code)


def _of_maximum(line: RoundLine, offer: Offer, most: int) -> Offer:
    """The offer, or none where the round fixed another maximum than the figures were scored with."""
    if offer.points is None or most == line.max_points:
        return Offer(line.code, offer.points, offer.figure, offer.why, offer.page)
    told = f"điểm tối đa khi tính là {format_points(most)}, của đợt là {format_points(line.max_points)}"
    return Offer(line.code, None, why=told, page=offer.page)


def _some(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) <= 4 else f"{', '.join(codes[:3])} và {len(codes) - 3} dòng khác"


def _scaled(points: Fraction | None) -> int:
    """Ten-thousandths, cut: nobody is given what is not earned."""
    scaled = (points or Fraction(0)) * POINT
    return scaled.numerator // scaled.denominator
