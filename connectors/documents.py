"""The register of issued and received documents: an XLSX with a sheet for each direction.

Settings beside those of `connectors.http`: `path`; `sheet_issued` (`Văn bản đi`), `sheet_received` (`Văn bản đến`);
`proof.annual_plan` (`II.1`) and `proof.steering_committee` (`I.1`): the criterion a row must name to prove that measure.

Columns: `Số ký hiệu`, `Ngày ban hành`, `Loại`, `Trích yếu`, `Cơ quan ban hành`, `Chỉ đạo chuyển đổi số` (x where it is a directive),
`Tiêu chí` (code of the criterion it proves), `Ghi chú`. Every readable row becomes a RegisteredDocument when it is marked as a directive
or proves a criterion; the rest of an office's post stays in the register. A row that cannot be read withholds the count of directives it
could have raised, and the day of the plan where it could be an earlier plan; a committee that one decision proves stays proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from connectors.cells import Cell, is_empty
from connectors.fields import LONGEST_TEXT, NoResult, Unreadable, day, legible, optional_text, shown, text, window_of
from connectors.files import OfBooks, open_table
from connectors.http import Answer
from connectors.workbook import Line, Sheet, as_of, find_sheet, lines_of
from hue_dti.collation import fold
from hue_dti.observations.model import Pulled, PullRequest, Reading, RegisteredDocument, SourceFault, State
from hue_dti.observations.registers import DONE, earliest
from hue_dti.periods import Window

NUMBER, DAY, KIND, TITLE = "Số ký hiệu", "Ngày ban hành", "Loại", "Trích yếu"
ISSUER, DIRECTIVE, CRITERION, NOTE = "Cơ quan ban hành", "Chỉ đạo chuyển đổi số", "Tiêu chí", "Ghi chú"
HEADINGS = (NUMBER, DAY, KIND, TITLE, ISSUER, DIRECTIVE, CRITERION, NOTE)
PROOFS = {"steering_committee": "I.1", "annual_plan": "II.1"}


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What can still be told of a row that is no sure document; None for what cannot."""

    issued_on: date | None
    marked: bool | None
    criterion: str | None

    def may_lie_in(self, window: Window) -> bool:
        return self.issued_on is None or self.issued_on in window


@dataclass(frozen=True, slots=True)
class _Register:
    """One direction: the rows worth keeping, the directives among them, and the rows in doubt."""

    sheet: Sheet
    answer: Answer
    stated: date
    kept: list[RegisteredDocument] = field(default_factory=list)
    directives: list[RegisteredDocument] = field(default_factory=list)
    doubts: list[_Doubt] = field(default_factory=list)


class Documents(OfBooks):
    """Reads the register and counts directives."""

    measures = ("steering_committee", "annual_plan", "directives_issued", "directives_received")

    settings = ("sheet_issued", "sheet_received", "proof.*")

    def __init__(self, source: str = "documents") -> None:
        super().__init__(source)

    def read(self, answer: Answer, request: PullRequest, now: datetime) -> Pulled:
        """The documents, the two counts of directives, and what the register proves; raise SourceError for another file."""
        sheets = open_table(answer)
        faults: list[SourceFault] = []
        readings: list[Reading] = []
        documents: list[RegisteredDocument] = []
        for direction, name in (("issued", "Văn bản đi"), ("received", "Văn bản đến")):
            sheet = find_sheet(answer, sheets, request.settings.get(f"sheet_{direction}", name), HEADINGS)
            register = _Register(sheet, answer, as_of(answer, sheet, HEADINGS, request, now))
            _read(register, direction, request, faults)
            readings += _count(f"directives_{direction}", register, request, faults)
            if direction == "issued":
                readings += _proofs(register, request, faults)
            documents += register.kept
        return Pulled(tuple(readings), tuple(documents), tuple(faults))


def _read(register: _Register, direction: str, request: PullRequest, faults: list[SourceFault]) -> None:
    """Fill the register; a document written twice counts once, as its first row says."""
    seen: dict[tuple[str, date, str], _Doubt] = {}
    for line in lines_of(register.sheet, HEADINGS):
        try:
            document = replace(_document(line, direction), unit=request.unit.code, raw_sha256=register.answer.sha256)
            marked = _is_marked(line.cells[DIRECTIVE])
        except Unreadable as error:
            faults.append(SourceFault(line.place, f"{error}; bỏ qua dòng này"))
            register.doubts.append(_doubt(line))
            continue
        told = _Doubt(document.issued_on, marked, document.criterion)
        first = seen.setdefault(_identity(document), told)
        if first is not told:
            faults.append(SourceFault(line.place, f"văn bản {document.number} có hai dòng; bỏ qua dòng này"))
            if told != first:  # what only the second row says is no longer sure
                register.doubts.append(replace(told, marked=marked and not first.marked))
            continue
        if marked:
            register.directives.append(document)
        if marked or document.criterion:
            register.kept.append(document)


def _doubt(line: Line) -> _Doubt:
    cells = line.cells
    return _Doubt(legible(day, cells[DAY]), legible(_is_marked, cells[DIRECTIVE]), legible(optional_text, cells[CRITERION]))


def _document(line: Line, direction: str) -> RegisteredDocument:
    return RegisteredDocument(
        unit="",
        direction=direction,
        number=text(line.cells[NUMBER]),
        issued_on=day(line.cells[DAY]),
        kind=optional_text(line.cells[KIND]),
        title=text(line.cells[TITLE], LONGEST_TEXT),
        issuer=text(line.cells[ISSUER]),
        criterion=optional_text(line.cells[CRITERION]),
        note=optional_text(line.cells[NOTE]),
        place=line.place,
    )


def _identity(document: RegisteredDocument) -> tuple[str, date, str]:
    return fold(document.number), document.issued_on, fold(document.issuer)


def _is_marked(mark: Cell) -> bool:
    if is_empty(mark):
        return False
    if isinstance(mark, NoResult):
        raise Unreadable(mark.what)
    if not isinstance(mark, str) or fold(mark) not in ("x", "co"):
        raise Unreadable(f"cột '{DIRECTIVE}' ghi {shown(mark)}, không rõ nghĩa; hãy ghi x hoặc để trống")
    return True


def _count(measure: str, register: _Register, request: PullRequest, faults: list[SourceFault]) -> list[Reading]:
    """The directives in the days of the measure; nothing where a row in doubt could be one more."""
    window, name = window_of(request, measure), register.sheet.name
    if any(doubt.marked is not False and doubt.may_lie_in(window) for doubt in register.doubts):
        faults.append(SourceFault(name, "có dòng không đọc được nên không đếm văn bản chỉ đạo; sửa dòng đó rồi gửi lại"))
        return []
    counted = [document.place.rpartition(" ")[2] for document in register.directives if document.issued_on in window]
    place = f"{name}, dòng {', '.join(counted)}" if counted else f"{name}, không có dòng nào"
    return [Reading(request.unit.code, measure, len(counted), register.stated, register.answer.sha256, place)]


def _proofs(register: _Register, request: PullRequest, faults: list[SourceFault]) -> list[Reading]:
    """What issued documents prove by the cut-off: the decision on the committee, and the earliest plan of the year."""
    readings = []
    for measure, criterion in PROOFS.items():
        wanted = request.settings.get(f"proof.{measure}", criterion)
        window = window_of(request, measure)
        first = earliest(register.kept, wanted, window)
        if first is None:
            if not _may_prove(register.doubts, wanted, window):
                readings.append(_unproven(measure, wanted, register, request))
            continue
        if measure == "annual_plan" and _may_prove(register.doubts, wanted, Window(window.start, first.issued_on - timedelta(days=1))):
            what = "có dòng không đọc được nên không rõ kế hoạch nào ban hành trước; sửa dòng đó rồi gửi lại"
            faults.append(SourceFault(register.sheet.name, what))
            continue
        value = first.issued_on.toordinal() if measure == "annual_plan" else DONE
        readings.append(Reading(request.unit.code, measure, value, register.stated, first.raw_sha256, first.place))
    return readings


def _unproven(measure: str, wanted: str, register: _Register, request: PullRequest) -> Reading:
    """An absence told by the register itself, so that a proof taken out of it does not go on counting."""
    reason = f"sổ văn bản không có dòng nào ghi tiêu chí {wanted} trong kỳ"
    unit, place = request.unit.code, register.sheet.name
    return Reading(unit, measure, None, register.stated, register.answer.sha256, place, State.MISSING, reason)


def _may_prove(doubts: Sequence[_Doubt], criterion: str, days: Window) -> bool:
    return any(doubt.criterion in (None, criterion) and doubt.may_lie_in(days) for doubt in doubts)
