"""What a person writes down as a base figure → a draft that may be proposed, or all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.collation import fold
from hue_dti.errors import Fault, NumeralError
from hue_dti.numerals import format_date, parse_amount, parse_count, parse_date
from hue_dti.observations.base import Draft
from hue_dti.periods import LOCAL
from hue_dti.services.table_file import Line
from hue_dti.services.units_named import NAME, UNIT, unit_of
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex

COLUMNS = {
    UNIT: "Mã đơn vị",
    NAME: "Tên đơn vị",
    "measure": "Số liệu",
    "year": "Năm",
    "value": "Giá trị",
    "as_of": "Số liệu đến ngày",
    "document": "Văn bản",
    "reason": "Lý do",
}
NEEDED = ("measure", "year", "value", "as_of", "document")
LONGEST = 300
_YEAR = re.compile(r"[12][0-9]{3}")
_READERS: Mapping[ValueKind, Callable[[str], int]] = {ValueKind.COUNT: parse_count, ValueKind.AMOUNT: parse_amount}


def base_measures(catalogue: Catalogue) -> tuple[Measure, ...]:
    """The base measures in the catalogue's order."""
    return tuple(measure for measure in catalogue.measures.values() if measure.base)


@dataclass(frozen=True)
class Reader:
    """Reads rows against the criteria and the units; `faults` gathers what is wrong with them."""

    catalogue: Catalogue
    units: tuple[OrgUnit, ...]
    now: datetime
    faults: list[Fault] = field(default_factory=list)
    _indexes: dict[date, NameIndex] = field(default_factory=dict)

    def draft(self, line: Line) -> Draft | None:
        """The row as a draft; None when anything in it is wrong."""
        before = len(self.faults)
        self.faults.extend(self._unseen(line))
        year = self._year(line)
        unit = None if year is None else self._unit(line, year)
        measure = self._measure(line, unit)
        value = None if measure is None else self._value(line, measure)
        as_of = self._as_of(line, year)
        document = " ".join(line.cells["document"].split())
        if not any(char.isdigit() for char in document):
            self._wrong(line, f"văn bản '{document}' không có số hoặc ngày", "hãy ghi như 'Báo cáo 12/BC-CCTK ngày 05/01/2024'")
        if len(self.faults) > before or year is None or unit is None or measure is None or value is None or as_of is None:
            return None
        reason = " ".join(line.cells["reason"].split())
        return Draft(unit.code, unit.valid_from, measure.code, year, value, as_of, document, reason)

    def _wrong(self, line: Line, what: str, remedy: str) -> None:
        self.faults.append(line.fault(what, remedy))

    def _unseen(self, line: Line) -> Iterator[Fault]:
        for name, text in line.cells.items():
            fault = line.unsayable(name, text.strip(), LONGEST)
            if fault is not None:
                yield fault

    def _year(self, line: Line) -> int | None:
        text = line.cells["year"].strip()
        if _YEAR.fullmatch(text) and int(text) <= self.now.astimezone(LOCAL).year + 1:
            return int(text)
        self._wrong(line, f"năm là '{text}'", "hãy viết bốn chữ số, như 2024, không quá năm sau")
        return None

    def _unit(self, line: Line, year: int) -> OrgUnit | None:
        """The unit as the year ends, else as it begins: a code is given to another unit in the middle of a year."""
        ended = unit_of(line, self._index(date(year, 12, 31)))
        if isinstance(ended, OrgUnit):
            return ended
        begun = unit_of(line, self._index(date(year, 1, 1)))
        if isinstance(begun, OrgUnit):
            return begun
        self.faults.append(ended)
        return None

    def _index(self, day: date) -> NameIndex:
        if day not in self._indexes:
            self._indexes[day] = NameIndex(unit for unit in self.units if unit.exists_on(day))
        return self._indexes[day]

    @cached_property
    def _measures(self) -> Mapping[str, Measure]:
        measures = base_measures(self.catalogue)
        return {**{fold(each.name): each for each in measures}, **{each.code: each for each in measures}}

    def _measure(self, line: Line, unit: OrgUnit | None) -> Measure | None:
        text = line.cells["measure"].strip()
        measure = self._measures.get(text) or self._measures.get(fold(text))
        if measure is None:
            known = "; ".join(f"{each.name} ({each.code})" for each in base_measures(self.catalogue))
            self._wrong(line, f"không có số liệu nền nào tên '{text}'", f"hãy ghi một trong: {known}")
            return None
        if unit is not None and unit.level not in measure.levels:
            self._wrong(line, f"'{measure.name}' không ghi ở {unit.name}", "hãy ghi cho từng đơn vị ở cấp mà số liệu được đếm")
            return None
        return measure

    def _value(self, line: Line, measure: Measure) -> int | None:
        try:
            return _READERS.get(measure.kind, parse_count)(line.cells["value"])
        except NumeralError as fault:
            what, remedy = fault.parts
            self._wrong(line, f"giá trị: {what}", remedy)
            return None

    def _as_of(self, line: Line, year: int | None) -> date | None:
        try:
            day = parse_date(line.cells["as_of"])
        except NumeralError as fault:
            what, remedy = fault.parts
            self._wrong(line, f"số liệu đến ngày: {what}", remedy)
            return None
        last = self.now.astimezone(LOCAL).date() if year is None else min(self.now.astimezone(LOCAL).date(), date(year, 12, 31))
        if day <= last:
            return day
        self._wrong(line, f"số liệu đến ngày {format_date(day)}, sau ngày {format_date(last)}", "hãy ghi ngày mà văn bản tính đến")
        return None


def twice(drafts: Iterable[tuple[Line, Draft]]) -> Iterator[Fault]:
    """The rows that tell one figure a second time."""
    seen: dict[tuple[str, date, str, int], Line] = {}
    for line, draft in drafts:
        if draft.key in seen:
            yield line.fault(f"số liệu này đã có ở dòng {seen[draft.key].line}", "hãy giữ một dòng")
        seen.setdefault(draft.key, line)
