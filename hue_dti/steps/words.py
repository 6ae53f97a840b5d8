"""A step as an official says it: `Thêm 12 hộ có địa chỉ số đã xác nhận, chậm nhất 10/06/2024: +0,80 điểm, từ hạng 5 lên hạng 4`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from hue_dti.catalogue.model import Measure, ValueKind
from hue_dti.catalogue.rules import Uses
from hue_dti.numerals import decimal_text, format_amount, format_count, format_date, format_points
from hue_dti.steps.model import Mark, Move, Step

_MILLION = 1_000_000
_DIGITS = 4


def sentence(step: Step, measures: Mapping[str, Measure], rank: int | None) -> str:
    """The whole of it; `rank` is the place before the step."""
    won = rank_words(step, rank)
    return f"{doing(step, measures)}, chậm nhất {format_date(step.until)}: {worth(step)}{', ' + won if won else ''}"


def doing(step: Step, measures: Mapping[str, Measure]) -> str:
    """What is to be done, without the day."""
    if step.mark is Mark.FIGURES:
        return "Cần có số liệu: " + "; ".join(_lower(measures[move.measure].name) for move in step.moves)
    if step.mark is Mark.COMING:
        return _new_ones(step, measures)
    if isinstance(step.criterion.rule, Uses):
        return "Đưa vào sử dụng: " + "; ".join(_lower(measures[move.measure].name) for move in step.moves)
    said = [_move(move, measures[move.measure]) for move in step.moves]
    return " và ".join([said[0], *(_lower(each) for each in said[1:])])


def worth(step: Step) -> str:
    """`+0,8 điểm`; at most so many where figures are only supposed."""
    points = f"+{format_points(step.gain, _DIGITS)} điểm"
    return f"nhiều nhất {points}" if step.mark is Mark.FIGURES else points


def rank_words(step: Step, rank: int | None) -> str:
    """`từ hạng 5 lên hạng 4`; empty where the place stays or there is none."""
    if step.rank is None or step.rank == rank:
        return ""
    if rank is None:
        return f"được xếp hạng {step.rank}"
    return f"từ hạng {rank} lên hạng {step.rank}" if step.rank < rank else ""


def amount(step: Step, measures: Mapping[str, Measure]) -> str:
    """How much there is to do, with its unit: `12 hộ`, `150 triệu đồng`, `18%`."""
    if step.mark is Mark.FIGURES:
        return ""
    if step.mark is Mark.COMING:
        return f"{_by(step.moves[0], measures[step.moves[0].measure])} mới"
    return " và ".join(_by(move, measures[move.measure]) for move in step.moves)


def _new_ones(step: Step, measures: Mapping[str, Measure]) -> str:
    """`Nếu 40 hồ sơ tiếp nhận mới (ước theo nhịp đến nay) đều là hồ sơ đăng ký trực tuyến`."""
    whole = step.moves[0]
    new = f"Nếu {format_count(whole.then - (whole.now or 0))} {_lower(measures[whole.measure].name)} mới (ước theo nhịp đến nay)"
    if len(step.moves) > 1:
        return f"{new} đều là {_lower(measures[step.moves[1].measure].name)}"
    bad = next(code for code in step.criterion.rule.measures() if measures[code].final)
    return f"{new} không có {_lower(measures[bad].name)}"


def _move(move: Move, measure: Measure) -> str:
    name, now = _lower(measure.name), move.now or 0
    match measure.kind:
        case ValueKind.PROGRESS:
            return f"Hoàn thành: {name}"
        case ValueKind.DATE:
            act = name.removeprefix("ngày ")
            return act[:1].upper() + act[1:]
        case ValueKind.PERCENT:
            return f"Nâng {name} từ {_percent(now)} lên {_percent(move.then)}"
        case ValueKind.AMOUNT:
            return f"{'Thêm' if move.then > now else 'Giảm'} {_money(abs(move.then - now))} {name}"
        case _:
            return f"{'Thêm' if move.then > now else 'Giảm'} {format_count(abs(move.then - now))} {name}"


def _by(move: Move, measure: Measure) -> str:
    change = abs(move.then - (move.now or 0))
    match measure.kind:
        case ValueKind.PROGRESS | ValueKind.DATE:
            return "1 việc"
        case ValueKind.PERCENT:
            return _percent(change)
        case ValueKind.AMOUNT:
            return _money(change)
        case _:
            return f"{format_count(change)} {measure.noun}"


def value_words(value: int, measure: Measure) -> str:
    """A figure as it stands in a table."""
    match measure.kind:
        case ValueKind.PROGRESS:
            return ("chưa làm", "đang làm", "đã xong")[value]
        case ValueKind.DATE:
            return format_date(date.fromordinal(value)) if value else "chưa ban hành"
        case ValueKind.PERCENT | ValueKind.SHARE:
            return _percent(value)
        case ValueKind.AMOUNT:
            return format_amount(value)
        case _:
            return format_count(value)


def _percent(hundredths: int) -> str:
    return decimal_text(Fraction(hundredths, 100), 2, trim=True).replace(".", ",") + "%"


def _money(dong: int) -> str:
    if dong % _MILLION:
        return format_amount(dong)
    return f"{format_count(dong // _MILLION)} triệu đồng"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
