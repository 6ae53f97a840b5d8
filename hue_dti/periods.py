"""Reporting periods: month, quarter, half-year, nine months, year; cut-offs belong to a set's calendar."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hue_dti.errors import PeriodError

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.NINE_MONTHS: 9, PeriodKind.YEAR: 12}
_ROMAN = ("", "I", "II", "III", "IV")
_SPELLING = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<nine>9M)|(?P<month>\d{2})))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day that comes every year, such as 15 November; written `11-15`."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> MonthDay:
        """Read `MM-DD`; raise PeriodError for a day that no year has."""
        match = re.fullmatch(r"(\d{2})-(\d{2})", text)
        if match is None:
            raise PeriodError(f"'{text}' is not a day of the year; write MM-DD, such as 11-15.")
        month, day = int(match[1]), int(match[2])
        try:
            date(2024, month, day)
        except ValueError:
            raise PeriodError(f"'{text}' is not a day of the year; write MM-DD, such as 11-15.") from None
        return cls(month, day)

    def in_year(self, year: int) -> date:
        """Return the day in that year (29 February falls back to the 28th)."""
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"


FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The years that periods may be of; those before and after them can still be reckoned with."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One reporting period; `number` counts within the year from 1."""

    year: int
    kind: PeriodKind
    number: int = 1

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2024-Q2`, `2024`, `2024-06`, `2024-H1` or `2024-9M`; raise PeriodError otherwise."""
        match = _SPELLING.fullmatch(text.strip().upper())
        if match is None:
            raise PeriodError(f"Kỳ báo cáo '{text}' không đúng cách viết; hãy viết như 2024-Q2, 2024, 2024-06, 2024-H1 hoặc 2024-9M.")
        year = int(match["year"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise PeriodError(f"Kỳ báo cáo '{text}': năm phải từ {FIRST_YEAR} đến {LAST_YEAR}; hãy viết như 2024-Q2.")
        if match["quarter"]:
            return cls(year, PeriodKind.QUARTER, int(match["quarter"]))
        if match["half"]:
            return cls(year, PeriodKind.HALF, int(match["half"]))
        if match["nine"]:
            return cls(year, PeriodKind.NINE_MONTHS)
        if match["month"]:
            month = int(match["month"])
            if not 1 <= month <= 12:
                raise PeriodError(f"Kỳ báo cáo '{text}': tháng phải từ 01 đến 12.")
            return cls(year, PeriodKind.MONTH, month)
        return cls(year, PeriodKind.YEAR)

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        """The quarter in which the day lies."""
        return cls(day.year, PeriodKind.QUARTER, (day.month + 2) // 3)

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, _MONTHS[self.kind] * (self.number - 1) + 1, 1)

    @property
    def end(self) -> date:
        """Last day."""
        month = self.start.month + _MONTHS[self.kind] - 1
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def slug(self) -> str:
        """The name of the period inside a year: `Q2`, `H1`, `9M`, `06`, or `year`."""
        return {
            PeriodKind.QUARTER: f"Q{self.number}",
            PeriodKind.HALF: f"H{self.number}",
            PeriodKind.NINE_MONTHS: "9M",
            PeriodKind.MONTH: f"{self.number:02d}",
            PeriodKind.YEAR: "year",
        }[self.kind]

    @property
    def label(self) -> str:
        """The name an official writes: `Quý II năm 2024`."""
        return {
            PeriodKind.QUARTER: f"Quý {_ROMAN[self.number]} năm {self.year}" if self.kind is PeriodKind.QUARTER else "",
            PeriodKind.HALF: f"6 tháng {'đầu' if self.number == 1 else 'cuối'} năm {self.year}",
            PeriodKind.NINE_MONTHS: f"9 tháng năm {self.year}",
            PeriodKind.MONTH: f"Tháng {self.number} năm {self.year}",
            PeriodKind.YEAR: f"Năm {self.year}",
        }[self.kind]

    @property
    def short_label(self) -> str:
        """The label for tight places: `Quý II/2024`."""
        return self.label.replace(" năm ", "/")

    def previous(self) -> Period:
        """The period of the same kind just before."""
        return self._shifted(-1)

    def next(self) -> Period:
        """The period of the same kind just after."""
        return self._shifted(1)

    def _shifted(self, by: int) -> Period:
        if self.kind is PeriodKind.NINE_MONTHS:
            return Period(self.year + by, self.kind)
        per_year = 12 // _MONTHS[self.kind]
        index = self.year * per_year + self.number - 1 + by
        return Period(index // per_year, self.kind, index % per_year + 1)

    def __str__(self) -> str:
        return str(self.year).zfill(4) if self.kind is PeriodKind.YEAR else f"{self.year:04d}-{self.slug}"


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose events a figure counts, both ends included."""

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Calendar:
    """When each period of a year is cut off; a period not named is cut off at its end."""

    cutoffs: tuple[tuple[str, MonthDay], ...] = ()

    def cutoff(self, period: Period) -> date:
        """Last day whose events belong to the period (Asia/Ho_Chi_Minh)."""
        for slug, day in self.cutoffs:
            if slug == period.slug:
                return day.in_year(period.year)
        return period.end

    def window(self, period: Period) -> Window:
        """The days of the period: from the day after the previous cut-off to its own, so none is lost or counted twice.

        Nine months go on where the year before them ended.
        """
        before = Period(period.year - 1, PeriodKind.YEAR) if period.kind is PeriodKind.NINE_MONTHS else period.previous()
        return Window(self.cutoff(before) + timedelta(days=1), self.cutoff(period))

    def year_to_date(self, period: Period) -> Window:
        """From 1 January to the cut-off."""
        return Window(date(period.year, 1, 1), self.cutoff(period))
