"""The appraiser's marks of a round as a workbook: every unit's lines out, the marks and their grounds in, looked at before any is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hue_dti.appraisal.model import Stage
from hue_dti.appraisal.moves import Attempt
from hue_dti.appraisal.points import Words
from hue_dti.appraisal.rounds import RoundLine, UnitSheet, may_mark
from hue_dti.errors import RoundRefused, SettingError
from hue_dti.numerals import format_points
from hue_dti.reports.form_xlsx import FormColumn, FormLine, form_workbook
from hue_dti.rollup.offered import Offer, Offers
from hue_dti.services.filled_form import Change, FilledRow, Preview, filled_rows
from hue_dti.services.round_file import figure_of, read_mark
from hue_dti.services.rounds import LONGEST_REASON, Given, RoundDesk

MARKED = (Stage.APPRAISED, Stage.FINAL)
STAGE_WORDS = {Stage.APPRAISED: "điểm thẩm định", Stage.FINAL: "điểm kết luận"}
COLUMNS = (
    *(FormColumn("Đợt"), FormColumn("Bước"), FormColumn("Mã đơn vị"), FormColumn("Lời sau cùng"), FormColumn("Đơn vị", 26)),
    *(FormColumn("Mã", 8), FormColumn("Chỉ tiêu", 46), FormColumn("Tối đa", 9, right=True), FormColumn("Tự đánh giá", 11, right=True)),
    *(FormColumn("Hệ thống tính", 11, right=True), FormColumn("Số liệu của hệ thống", 34)),
    *(FormColumn("Kết quả, tài liệu", 34), FormColumn("Thẩm định, giải trình", 34), FormColumn("Chưa ghi được vì", 24)),
    *(FormColumn("Điểm", 11, open=True), FormColumn("Căn cứ", 44, open=True)),
)
ROUND, STAGE, UNIT, SEEN, _, LINE = range(6)
POINTS, REASON = OPEN = tuple(at for at, column in enumerate(COLUMNS) if column.open)
MOST_ROWS = 12_000
_HOW = {
    Stage.APPRAISED: "Chỉ gõ điểm thẩm định và căn cứ vào hai cột tô vàng, ở dòng cần điều chỉnh; dòng để trống giữ điểm tự đánh giá.",
    Stage.FINAL: "Chỉ gõ điểm kết luận và căn cứ vào hai cột tô vàng, ở dòng cần kết luận; dòng để trống giữ điểm thẩm định.",
}

Told = tuple[str, Given, int]
"""A unit's code, what is written on one of its lines, and the number of the word that stood there."""

Offered = Callable[[str], Offers]
"""What the platform's figures give a unit, by its code."""


def stages(desk: RoundDesk, attempt: Callable[[UnitSheet], Attempt]) -> tuple[Stage, ...]:
    """What the person may write now on at least one line of the round."""
    return tuple(stage for stage in MARKED if any(not _why_shut(desk, sheet, stage, attempt(sheet)) for sheet in desk.sheets))


def form_of(desk: RoundDesk, stage: Stage, attempt: Callable[[UnitSheet], Attempt], offered: Offered) -> bytes:
    """The workbook of all units' lines, those locked that the person may not write on, with the reason."""
    title = f"{desk.round.title}: {STAGE_WORDS[stage]}"
    return form_workbook(STAGE_WORDS[stage].capitalize(), title, _HOW[stage], COLUMNS, _lines(desk, stage, attempt, offered))


def read_form(desk: RoundDesk, stage: Stage, body: bytes, attempt: Callable[[UnitSheet], Attempt]) -> Preview[Told]:
    """What the workbook would change; SettingError for a file that is not the form of this round and stage."""
    changes: list[Change[Told]] = []
    seen: set[tuple[str, str]] = set()
    same = 0
    for row in filled_rows(body, COLUMNS, f"ghi {STAGE_WORDS[stage]} của đợt", OPEN, MOST_ROWS):
        if (row.texts[ROUND], row.texts[STAGE]) != (desk.round.code, stage.value):
            raise SettingError(f"Tệp là mẫu của đợt hoặc bước khác; hãy tải mẫu {STAGE_WORDS[stage]} từ trang này.")
        sheet, line = desk.sheet(row.texts[UNIT]), desk.round.line(row.texts[LINE])
        if sheet is None or line is None or (sheet.unit.code, line.code) in seen:
            why = "dòng này đã có ở trên; hãy bỏ một dòng" if sheet and line else "đợt không có dòng này; hãy dùng mẫu tải từ trang này"
            changes.append(Change(row.place(LINE), row.texts[UNIT], row.texts[LINE], fault=why))
            continue
        seen.add((sheet.unit.code, line.code))
        change = _change(desk, sheet, line, stage, row, attempt(sheet))
        same += change is None
        changes += [change] if change is not None else []
    return Preview(tuple(changes), same)


def by_unit(desk: RoundDesk, told: Sequence[Told]) -> list[tuple[UnitSheet, list[Given]]]:
    """What is written, unit by unit; RoundRefused when another word came to one of the lines since it was looked at."""
    found: dict[str, list[Given]] = {}
    for unit, given, seen in told:
        sheet, line = desk.sheet(unit), desk.round.line(given.line)
        if sheet is None or line is None or _newest(sheet, line) != seen:
            raise RoundRefused(f"Dòng {given.line} vừa được ghi, sau lần xem trước; chưa lưu dòng nào. Hãy tải mẫu mới, xem lại rồi nộp.")
        found.setdefault(unit, []).append(given)
    return [(sheet, found[sheet.unit.code]) for sheet in desk.sheets if sheet.unit.code in found]


def _lines(desk: RoundDesk, stage: Stage, attempt: Callable[[UnitSheet], Attempt], offered: Offered) -> Iterator[FormLine]:
    for sheet in desk.sheets:
        why, offers = _why_shut(desk, sheet, stage, attempt(sheet)), offered(sheet.unit.code)
        for line in desk.round.lines:
            yield _line(sheet, line, sheet.words[line.code], stage, why, offers.of(line.code))


def _why_shut(desk: RoundDesk, sheet: UnitSheet, stage: Stage, attempt: Attempt) -> str:
    """Why nothing of the unit may be written on, empty where it may."""
    answer = may_mark(sheet, desk.round.lines[0], stage, attempt, 0, desk.extensions)
    return "" if answer else answer.why


def _line(sheet: UnitSheet, line: RoundLine, words: Words, stage: Stage, why: str, offer: Offer) -> FormLine:
    own, standing = sheet.own.get(line.code), _standing(words, stage)
    proofs = "; ".join(each for each in (own.result, own.link) if each) if own is not None else ""
    said = [f"{format_points(words.appraised.points or 0)}: {words.appraised.reason}" if words.appraised and stage is Stage.FINAL else ""]
    said += [f"Đơn vị: {words.explained.reason}" if words.explained else ""]
    fixed = (sheet.round.code, stage.value, sheet.unit.code, str(_newest(sheet, line)), sheet.unit.name, line.code, line.name)
    points = (format_points(line.max_points), format_points(own.points) if own is not None else "chưa có")
    beside = (format_points(offer.points) if offer.points is not None else "", figure_of(offer))
    filled = (format_points(standing[0]), standing[1]) if standing is not None else ("", "")
    return FormLine((*fixed, *points, *beside, proofs, "; ".join(filter(None, said)), why, *filled), OPEN if why else ())


def _change(desk: RoundDesk, sheet: UnitSheet, line: RoundLine, stage: Stage, row: FilledRow, attempt: Attempt) -> Change[Told] | None:
    """What the row changes, or what is wrong with it; None for what stands there already."""
    text, reason = row.texts[POINTS], row.texts[REASON]
    points, standing = read_mark(text), _standing(sheet.words[line.code], stage)
    if standing is not None and standing == (points, reason):
        return None
    answer = may_mark(sheet, line, stage, replace(attempt, reason=reason), points, desk.extensions)
    checks = (
        (
            row.texts[SEEN] != str(_newest(sheet, line)),
            POINTS,
            "đã có người ghi dòng này sau khi tải mẫu; hãy tải mẫu mới rồi ghi lại nếu cần",
        ),
        (not text, POINTS, "có căn cứ mà chưa có điểm; hãy ghi điểm, hoặc xóa căn cứ"),
        (
            points is None or points > line.max_points,
            POINTS,
            f"'{text[:40]}' không phải điểm từ 0 đến {format_points(line.max_points)}; hãy ghi một số, ví dụ 4,5",
        ),
        (not reason, REASON, "chưa ghi căn cứ; hãy ghi vì sao cho điểm này"),
        (len(reason) > LONGEST_REASON, REASON, f"căn cứ dài {len(reason)} chữ; hãy viết không quá {LONGEST_REASON} chữ"),
        (not answer.ok, POINTS, answer.why),
    )
    wrong = next(((column, why) for bad, column, why in checks if bad), None)
    if wrong is not None:
        return Change(row.place(wrong[0]), sheet.unit.name, f"{line.code}. {line.name}", fault=wrong[1])
    words = f"{format_points(sheet.words[line.code].points)} → {format_points(points or 0)}; {reason}"
    told = sheet.unit.code, Given(line.code, points, reason), _newest(sheet, line)
    return Change(row.place(POINTS), sheet.unit.name, f"{line.code}. {line.name}", told, words)


def _standing(words: Words, stage: Stage) -> tuple[int, str] | None:
    """The word of this stage that stands."""
    mark = words.appraised if stage is Stage.APPRAISED else words.final
    return (mark.points or 0, mark.reason) if mark is not None else None


def _newest(sheet: UnitSheet, line: RoundLine) -> int:
    """The number of the last word on the line, 0 for none."""
    return max((mark.number for mark in sheet.marks if mark.criterion == line.code), default=0)
