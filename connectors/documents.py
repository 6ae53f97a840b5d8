"""The register of issued and received documents: an XLSX with a sheet for each direction.

Settings beside those of `connectors.http`: `path`; `sheet_issued` (`Văn bản đi`), `sheet_received` (`Văn bản đến`);
`proof.annual_plan` (`II.1`) and `proof.steering_committee` (`I.1`): the criterion a row must name to prove that measure.

Columns: `Số ký hiệu`, `Ngày ban hành`, `Loại`, `Trích yếu`, `Cơ quan ban hành`, `Chỉ đạo chuyển đổi số` (x where it is a directive),
`Tiêu chí` (code of the criterion it proves), `Ghi chú`. Every readable row becomes a RegisteredDocument when it is marked as a directive
or proves a criterion; the rest of an office's post stays in the register.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from connectors.cells import is_empty
from connectors.fields import LONGEST_TEXT, Unreadable, day, optional_text, shown, text, window_of
from connectors.http import Answer, Asker
from connectors.workbook import XLSX, Line, Sheet, as_of, find_sheet, lines_of, open_sheets
from hue_dti.collation import fold
from hue_dti.observations.model import Pulled, PullRequest, RawStore, Reading, RegisteredDocument, SourceFault

NUMBER, DAY, KIND, TITLE = "Số ký hiệu", "Ngày ban hành", "Loại", "Trích yếu"
ISSUER, DIRECTIVE, CRITERION, NOTE = "Cơ quan ban hành", "Chỉ đạo chuyển đổi số", "Tiêu chí", "Ghi chú"
HEADINGS = (NUMBER, DAY, KIND, TITLE, ISSUER, DIRECTIVE, CRITERION, NOTE)
PROOFS = {"steering_committee": "I.1", "annual_plan": "II.1"}
DONE = 2


class Documents:
    """Reads the register and counts directives."""

    measures = ("steering_committee", "annual_plan", "directives_issued", "directives_received")

    settings = ("sheet_issued", "sheet_received", "proof.*")

    def __init__(self, source: str = "documents") -> None:
        self.source = source

    def pull(self, request: PullRequest, store: RawStore, now: Callable[[], datetime]) -> Pulled:
        """The documents, the two counts of directives, and what the register proves; raise SourceError for another file."""
        answer = Asker(self.source, request.settings, store, now).get(request.settings.get("path", ""), {}, XLSX)
        sheets = open_sheets(answer)
        faults: list[SourceFault] = []
        readings: list[Reading] = []
        documents: list[RegisteredDocument] = []
        for direction, name in (("issued", "Văn bản đi"), ("received", "Văn bản đến")):
            sheet = find_sheet(answer, sheets, request.settings.get(f"sheet_{direction}", name), HEADINGS)
            stated = as_of(answer, sheet, HEADINGS, request, now())
            rows, directives = _register(answer, sheet, direction, request, faults)
            readings.append(_count(f"directives_{direction}", sheet, directives, request, stated, answer))
            if direction == "issued":
                readings += _proofs(rows, request, stated)
            documents += rows
        return Pulled(tuple(readings), tuple(documents), tuple(faults))


def _register(
    answer: Answer, sheet: Sheet, direction: str, request: PullRequest, faults: list[SourceFault]
) -> tuple[list[RegisteredDocument], list[RegisteredDocument]]:
    """The rows worth keeping, and the directives among them; a document written twice counts once."""
    kept: list[RegisteredDocument] = []
    directives: list[RegisteredDocument] = []
    seen: set[tuple[str, date, str]] = set()
    for line in lines_of(sheet, HEADINGS):
        try:
            document = replace(_document(line, direction, seen), unit=request.unit.code, raw_sha256=answer.sha256)
            is_directive = _is_marked(line)
        except Unreadable as error:
            faults.append(SourceFault(line.place, f"{error}; bỏ qua dòng này"))
            continue
        seen.add(_identity(document))
        if is_directive:
            directives.append(document)
        if is_directive or document.criterion:
            kept.append(document)
    return kept, directives


def _document(line: Line, direction: str, seen: set[tuple[str, date, str]]) -> RegisteredDocument:
    document = RegisteredDocument(
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
    if _identity(document) in seen:
        raise Unreadable(f"văn bản {document.number} có hai dòng")
    return document


def _identity(document: RegisteredDocument) -> tuple[str, date, str]:
    return fold(document.number), document.issued_on, fold(document.issuer)


def _is_marked(line: Line) -> bool:
    mark = line.cells[DIRECTIVE]
    if is_empty(mark):
        return False
    if not isinstance(mark, str) or fold(mark) not in ("x", "co"):
        raise Unreadable(f"cột '{DIRECTIVE}' ghi {shown(mark)}, không rõ nghĩa; hãy ghi x hoặc để trống")
    return True


def _count(
    measure: str, sheet: Sheet, directives: Sequence[RegisteredDocument], request: PullRequest, stated: date, answer: Answer
) -> Reading:
    window = window_of(request, measure)
    counted = [document.place.rpartition(" ")[2] for document in directives if document.issued_on in window]
    place = f"{sheet.name}, dòng {', '.join(counted)}" if counted else f"{sheet.name}, không có dòng nào"
    return Reading(request.unit.code, measure, len(counted), stated, answer.sha256, place)


def _proofs(rows: Sequence[RegisteredDocument], request: PullRequest, stated: date) -> list[Reading]:
    """What issued documents prove by the cut-off: the decision on the committee, and the earliest plan of the year."""
    readings = []
    for measure, criterion in PROOFS.items():
        wanted = request.settings.get(f"proof.{measure}", criterion)
        window = window_of(request, measure)
        proving = [row for row in rows if row.criterion == wanted and row.issued_on in window]
        if proving:
            first = min(proving, key=lambda row: row.issued_on)
            value = first.issued_on.toordinal() if measure == "annual_plan" else DONE
            readings.append(Reading(request.unit.code, measure, value, stated, first.raw_sha256, first.place))
    return readings
