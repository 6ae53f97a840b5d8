"""An assessment round opened: for any framework or criteria set, any units, days that follow each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.rounds import Participant, Phase, Round, Window, may_run, window_faults
from hue_dti.catalogue.outline import Outline
from hue_dti.errors import RoundRefused
from hue_dti.numerals import format_date
from hue_dti.periods import Period
from hue_dti.rollup.rounds import round_lines
from hue_dti.services.doer import Doer
from hue_dti.services.plans import FIRST_YEAR, LAST_YEAR
from hue_dti.services.rounds import said
from hue_dti.storage import Storage
from hue_dti.units.model import Level, OrgUnit

LONGEST_TITLE = 200
MOST_UNITS = 500
"""Units of one round; the province has had at most 141 communes."""
TAKEN = frozenset({"mo"})
"""Codes that are the address of something else."""
LONGEST_ROUND = timedelta(days=3 * 366)
"""From the first day of its first phase to the last of its last."""
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def open_round(
    storage: Storage,
    outline: Outline,
    code: str,
    title: str,
    host: str,
    year: int,
    units: Sequence[Participant],
    windows: Mapping[Phase, Window],
    doer: Doer,
    line: Sequence[str],
    by_group: bool = False,
    period: str = "",
) -> Round:
    """Open a round, marked by component or, with `by_group`, by whole main index; RoundRefused says what is wrong with it.

    `period` is the one whose figures are offered for its marks.
    """
    lines = round_lines(outline, by_group)
    name = said(title, "tên đợt", LONGEST_TITLE)
    given = Round(code, name, outline.code, host, year, tuple(units), lines, dict(windows), doer.signed, doer.at, period=period)
    answer = may_run(given, Attempt(doer.actor, line, 0, doer.today))
    fault = answer.why or _fault(given)
    if fault:
        raise RoundRefused(fault)
    told = f"{len(units)} đơn vị, {len(lines)} dòng điểm, {outline.code}"
    storage.rounds.open(given, [doer.event("round.opened", host, f"{title} ({code})", new=told)])
    return given


def _fault(given: Round) -> str:
    """What is wrong with the round; empty when nothing is."""
    code, year, units = given.code, given.year, given.units
    codes = [unit.code for unit in units]
    of_another_year = bool(given.period) and Period.parse(given.period).year != year
    checks = (
        (not _CODE.fullmatch(code) or len(code) > 60, "Mã đợt gồm chữ thường không dấu, số và gạch nối, ví dụ dti-2026-huyen."),
        (code in TAKEN, f"Mã '{code}' là địa chỉ của trang khác; hãy đặt mã khác, ví dụ {code}-{year}."),
        (True, _year_fault(year, given.windows)),
        (of_another_year, f"Kỳ số liệu {given.period} không thuộc năm đánh giá {year}; hãy chọn lại."),
        (not given.lines, f"Khung {given.outline} chưa biết điểm của chỉ số nào nên chưa mở đợt đánh giá được."),
        (
            not units,
            "Đợt chưa có đơn vị nào: nơi tổ chức hôm nay không có đơn vị cấp đã chọn; hãy chọn cấp khác hoặc nộp danh sách.",
        ),
        (len(units) > MOST_UNITS, f"Đợt có {len(units)} đơn vị, nhiều hơn {MOST_UNITS}; hãy chia thành nhiều đợt."),
        (len(set(codes)) < len(codes), "Có đơn vị ghi hai lần trong danh sách."),
        (True, window_faults(given.windows)),
    )
    return next((why for wrong, why in checks if wrong and why), "")


def participants(
    units: Sequence[OrgUnit], host: str, level: Level, day: date, under: Mapping[str, Sequence[str]]
) -> tuple[Participant, ...]:
    """The units of a level under the host on a day; `under` tells each unit's line up to the province."""
    there = [unit for unit in units if unit.level is level and unit.exists_on(day) and host in under[unit.code]]
    return tuple(Participant(unit.code, unit.name) for unit in there)


def _year_fault(year: int, windows: Mapping[Phase, Window]) -> str:
    """What is wrong with the year, with days far from it, with a round that never ends; empty when nothing is."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return f"Năm đánh giá {year} không hợp lệ; hãy ghi một năm từ {FIRST_YEAR} đến {LAST_YEAR}."
    days = sorted(day for window in windows.values() for day in (window.first, window.last))
    strange = next((day for day in days if not year - 1 <= day.year <= LAST_YEAR + 1), None)
    if strange is not None:
        return f"Ngày {format_date(strange)} xa năm đánh giá {year}; hãy xem lại năm trong các ngày của đợt."
    if days and days[-1] - days[0] > LONGEST_ROUND:
        return f"Đợt kéo dài từ {format_date(days[0])} đến {format_date(days[-1])}, quá ba năm; hãy xem lại năm trong các ngày của đợt."
    return ""
