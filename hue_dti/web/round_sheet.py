"""A unit's sheet in a round: its own marks, the appraiser's, explanations and last words, each in its days on one form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from flask import Flask, abort, make_response, render_template, request, send_file
from werkzeug.wrappers import Response

from hue_dti.appraisal.model import Answer, Stage
from hue_dti.appraisal.moves import NOT_YOURS, Attempt
from hue_dti.appraisal.rounds import STAGE_PHASES, Participant, Phase, Round, RoundLine, UnitSheet, last_day, may_enter, may_mark, open_for
from hue_dti.collation import fold
from hue_dti.errors import Fault, ImportRefused, PlanRefused, RoundRefused
from hue_dti.numerals import format_points
from hue_dti.services.round_file import form_of, read_form, read_mark
from hue_dti.services.rounds import LONGEST_REASON, LONGEST_RESULT, Given, RoundDesk, desk_of, enter, mark
from hue_dti.web.access import opens
from hue_dti.web.dossiers import doer, go
from hue_dti.web.filled_book import XLSX
from hue_dti.web.frameworks import known_frameworks
from hue_dti.web.plans import all_outlines
from hue_dti.web.round_figures import offers_of
from hue_dti.web.rounds import ADDRESS, REFUSED, Place, open_place, unit_line
from hue_dti.web.site import site, today

SELF = "self"
"""The form of a unit's own marks; the others bear their stage's name."""
STAGES = {SELF: "Tự đánh giá", "appraised": "Thẩm định", "explained": "Giải trình", "final": "Kết luận"}
LARGEST = 900_000
FEW = 3
"""So many units of a round have their own line among somebody's tasks."""


@dataclass(frozen=True)
class Bench:
    """A sheet as the person before it has it."""

    place: Place
    sheet: UnitSheet
    line: tuple[str, ...]

    @property
    def values(self) -> dict[str, str]:
        """The address of its pages."""
        return {"round_code": self.place.round.code, "unit": self.sheet.unit.code}

    @property
    def attempt(self) -> Attempt:
        """What is true as the person tries, whatever the reason."""
        return Attempt(doer().actor, self.line, 0, today(), "–", self.sheet.entered_by)

    def may(self, stage: str, line: RoundLine) -> Answer:
        """Whether the person may write on the line in this form now."""
        if stage == SELF:
            return may_enter(self.sheet, self.attempt, self.place.desk.extensions)
        points = None if stage == Stage.EXPLAINED.value else 0
        return may_mark(self.sheet, line, Stage(stage), self.attempt, points, self.place.desk.extensions)

    @property
    def stage(self) -> str:
        """The form that is open to the person now; empty when none is."""
        return next((stage for stage in STAGES if any(self.may(stage, line) for line in self.place.round.lines)), "")

    @property
    def until(self) -> date:
        """The last day of the form that is open, with the unit's extension."""
        phase = Phase.ENTRY if self.stage in ("", SELF) else STAGE_PHASES[Stage(self.stage)]
        return last_day(self.place.round, phase, self.sheet.unit.code, self.place.desk.extensions)

    @property
    def beside(self) -> tuple[Participant | None, Participant | None]:
        """The units before and after this one in the round, among those whoever asks may see."""
        seen = [unit for unit in self.place.round.units if self.place.whole or unit.code in self.place.mine]
        at = seen.index(self.sheet.unit)
        return seen[at - 1] if at else None, seen[at + 1] if at + 1 < len(seen) else None

    @property
    def why(self) -> str:
        """Why no form is open, for somebody who has a part in the round."""
        told = [self.may(stage, self.place.round.lines[0]).why for stage in STAGES]
        return next((each for each in told if each and each != NOT_YOURS), "")


def register(app: Flask) -> None:
    """Give the pages their addresses."""
    address = f"{ADDRESS}/don-vi/<unit>"
    app.add_url_rule(address, "round_sheet", sheet)
    app.add_url_rule(address, "mark_round_sheet", write, methods=["POST"])
    app.add_url_rule(f"{address}/mau.xlsx", "round_sheet_form", form)
    app.add_url_rule(f"{address}/tep", "fill_round_sheet", fill, methods=["POST"])
    phases = {stage.value: phase for stage, phase in STAGE_PHASES.items()}
    app.context_processor(lambda: {"ROUND_STAGES": STAGES, "STAGE_PHASES": phases, "round_work": round_work})


@dataclass(frozen=True)
class Asked:
    """What a round asks in one phase: of one unit with its sheet, or of so many units at once; lines that wait, until when."""

    round: Round
    phase: Phase
    units: tuple[UnitSheet, ...]
    count: int
    until: date

    @property
    def sheet(self) -> UnitSheet | None:
        """The sheet where it is one unit's."""
        return self.units[0] if len(self.units) == 1 else None


def round_work(codes: Collection[str]) -> list[Asked]:
    """What rounds ask of these units today: unit by unit, but of more than a few together, each lines without a mark or an explanation."""
    found: list[Asked] = []
    for each in site().storage.rounds.all():
        begins, ends = each.windows[Phase.ENTRY].first, each.windows[Phase.PUBLISHING].last
        mine = [code for unit in each.units if (code := unit.code) in codes and opens("round_sheet", round_code=each.code, unit=code)]
        if mine and begins <= today() <= ends:
            desk = desk_of(site().storage, each, known_frameworks())
            for phase in (Phase.ENTRY, Phase.EXPLANATION):
                asked = [told for code in mine if (told := _asked(desk, phase, code)) is not None]
                found += asked if len(asked) <= FEW else [_together(asked)]
    return found


def _asked(desk: RoundDesk, phase: Phase, code: str) -> Asked | None:
    sheet = desk.sheet(code)
    if sheet is None or not open_for(desk.round, phase, code, today(), desk.extensions):
        return None
    count = len(sheet.missing if phase is Phase.ENTRY else sheet.unexplained)
    return Asked(desk.round, phase, (sheet,), count, last_day(desk.round, phase, code, desk.extensions)) if count else None


def _together(asked: Sequence[Asked]) -> Asked:
    first = asked[0]
    units = tuple(sheet for each in asked for sheet in each.units)
    return Asked(first.round, first.phase, units, sum(each.count for each in asked), min(each.until for each in asked))


def sheet(round_code: str, unit: str) -> str:
    """The sheet with the form that is due."""
    return _page(bench(unit))


def write(round_code: str, unit: str) -> str | Response:
    """Keep what the form says, all or none."""
    mine, form = bench(unit), request.form
    stage = form.get("buoc", "")
    if stage not in STAGES:
        abort(400)
    storage, desk = site().storage, mine.place.desk
    try:
        given = _given(mine, stage, form)
        if stage == SELF:
            count = enter(storage, desk, mine.sheet, given, doer(), mine.line)
        else:
            count = mark(storage, desk, mine.sheet, Stage(stage), given, doer(), mine.line)
    except (RoundRefused, PlanRefused) as fault:
        return make_response(_page(mine, str(fault), form.to_dict()), REFUSED)
    return go("round_sheet", **mine.values, da_ghi=count)


def form(round_code: str, unit: str) -> Response:
    """The unit's own marks as a workbook to fill in."""
    mine = bench(unit)
    name = f"tu-danh-gia-{fold(round_code)}-{fold(unit)}.xlsx"
    return send_file(BytesIO(form_of(mine.sheet, offers_of(mine.place.round)(unit))), mimetype=XLSX, as_attachment=True, download_name=name)


def fill(round_code: str, unit: str) -> Response:
    """The form with what a workbook says in its fields; nothing is kept before it is saved."""
    mine, given = bench(unit), request.files.get("tep")
    if given is None or not given.filename:
        return make_response(_page(mine, "Chưa chọn tệp; hãy chọn tệp mẫu đã điền."), REFUSED)
    with given.stream as stream:
        body = stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        return make_response(_page(mine, f"Tệp lớn hơn {LARGEST // 1000} kB; hãy dùng tệp mẫu tải từ trang này."), REFUSED)
    try:
        marks = read_form(body, given.filename, mine.place.round)
    except ImportRefused as fault:
        return make_response(_page(mine, faults=fault.faults), REFUSED)
    typed = {}
    for each in marks:
        typed[f"d-{each.line}"] = format_points(each.points or 0)
        typed[f"l-{each.line}"], typed[f"k-{each.line}"] = each.words, each.link
    return make_response(_page(mine, typed=typed, filled=len(marks)))


def _given(mine: Bench, stage: str, form: Mapping[str, str]) -> list[Given]:
    """The lines of the form that say something: for own marks those with points, for others those with points or words."""
    found: list[Given] = []
    for line in mine.place.round.lines:
        text, words, link = (form.get(f"{part}-{line.code}", "").strip() for part in "dlk")
        if not text and not (words and stage != SELF):
            continue
        points = read_mark(text) if text else None
        if points is None and stage != Stage.EXPLAINED.value:
            raise RoundRefused(f"{line.code}: hãy ghi điểm là một số từ 0 đến {format_points(line.max_points)}, ví dụ 4,5.")
        found.append(Given(line.code, points, words, link))
    return found


def bench(unit: str) -> Bench:
    """The sheet of a unit in the round of the address, as whoever asks has it."""
    place = open_place()
    found = place.desk.sheet(unit) or abort(404)
    if not place.whole and unit not in place.mine:
        abort(404)
    return Bench(place, found, unit_line(place.round, unit))


def _page(mine: Bench, said: str = "", typed: Mapping[str, str] | None = None, faults: Sequence[Fault] = (), filled: int = 0) -> str:
    outline = all_outlines().get(mine.place.round.outline)
    return render_template(
        "round_sheet.html",
        bench=mine,
        round=mine.place.round,
        sheet=mine.sheet,
        words=mine.sheet.words,
        groups=outline.groups if outline is not None else (),
        stage=mine.stage,
        said=said,
        typed=typed,
        faults=faults,
        filled=filled,
        kept=request.args.get("da_ghi", ""),
        result=next((row for row in mine.place.desk.results if row.unit == mine.sheet.unit.code), None),
        longest=(LONGEST_RESULT, LONGEST_REASON),
        offers=offers_of(mine.place.round)(mine.sheet.unit.code),
    )
