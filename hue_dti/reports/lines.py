"""What a criterion's sentence may say: its placeholders with values, its footnote, its result cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hue_dti.catalogue.model import Catalogue, Criterion
from hue_dti.catalogue.rules import Dated, Gate, Ratio, Uses
from hue_dti.errors import ReportError
from hue_dti.numerals import format_count, format_date
from hue_dti.observations.model import RegisteredDocument
from hue_dti.periods import Period
from hue_dti.reports import reviewed
from hue_dti.reports.figures import FigureBook, inner
from hue_dti.reports.model import Figure, Note, Run, Text
from hue_dti.reports.texts import text
from hue_dti.reports.wording import NoteCounter, Value, joined, merged, runs, without_notes
from hue_dti.scoring.model import CriterionScore, Shortfall, Status
from hue_dti.snapshots.model import Snapshot

STATUS_WORDS = {
    Status.ACHIEVED: "Đạt",
    Status.IN_PROGRESS: "Đang thực hiện",
    Status.NOT_STARTED: "Chưa thực hiện",
    Status.NOT_ACHIEVED: "Không đạt",
    Status.NOT_APPLICABLE: "Không áp dụng",
}

MOST_ABSENT = 12
"""Units named in a footnote of those whose figures are not there; the others are counted."""

_COUNTED = ("part", "whole", "missing", "gate_count", "at_least", "rate", "share", "missing_share", "points", "max_points")


class LineWriter:
    """Writes the sentence, footnotes and result cell of each criterion of one snapshot."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, book: FigureBook, notes: NoteCounter) -> None:
        self.snapshot, self.catalogue, self.book, self.notes = snapshot, catalogue, book, notes
        self._documents: dict[str, list[RegisteredDocument]] = {}
        for document in snapshot.documents:
            if document.direction == "issued" and document.unit == snapshot.head.unit and document.criterion:
                self._documents.setdefault(document.criterion, []).append(document)

    def sentence(self, criterion: Criterion, line: CriterionScore) -> tuple[Run, ...]:
        """The criterion's sentence with its footnote hung where {note} stands, or at its end.

        One that rests on fewer than half of the units says so first: nobody reads of the whole what only a few told.
        """
        return (*self._of_few(criterion, line), *self._sentence(criterion, line))

    def _of_few(self, criterion: Criterion, line: CriterionScore) -> tuple[Run, ...]:
        have, expected = line.coverage.have, line.coverage.expected
        if not line.has_figures or not criterion.status.opened or not line.coverage.partial or 2 * have >= expected:
            return ()
        return (Text(text("lines", "of_few", have=format_count(have), expected=format_count(expected)) + " "),)

    def _sentence(self, criterion: Criterion, line: CriterionScore) -> tuple[Run, ...]:
        template = chosen(criterion.sentences.report, line)
        values = self.values(criterion, line)
        note = self._note(criterion, line, values)
        if "{note}" not in template and note is not None:
            return _hung_at_end(runs(template, values), note)
        return runs(template, {**values, "note": note or ""})

    def result(self, criterion: Criterion, line: CriterionScore) -> tuple[Text | Figure, ...]:
        """The result cell of Phụ lục II, without footnotes."""
        filled = runs(chosen(criterion.sentences.result, line), {**self.values(criterion, line), "note": ""})
        earned = runs(
            text("appendix", "earned"),
            {"status": STATUS_WORDS[line.status], "points": self.book.figure(f"criteria/{line.code}/points")},
        )
        return without_notes(merged([*filled, Text("\n"), *earned]))

    def values(self, criterion: Criterion, line: CriterionScore) -> dict[str, Value]:
        """Every placeholder that has a value for this line; the rest is an error when a text asks for it."""
        documents = self._documents.get(line.code, [])
        values: dict[str, Value] = {
            "unit": self.snapshot.tree.unit(self.snapshot.head.unit).name,
            "period": Period.parse(self.snapshot.head.period).label,
            "status": STATUS_WORDS[line.status],
            "reason": criterion.status.reason,
            "deadline": _day_and_month(criterion, self.snapshot.head.cutoff.year),
            "as_of": format_date(line.as_of or self.snapshot.head.cutoff),
            "document": document_words(documents[0]) if documents else text("lines", "no_document"),
            "documents": "; ".join(document_words(each) for each in documents),
        }
        for name in _COUNTED:
            try:
                values[name] = self.book.figure(f"criteria/{line.code}/{name}")
            except ReportError:
                continue
        if isinstance(criterion.rule, Gate):
            values["gate_at_least"] = values.get("at_least", "")
        if isinstance(criterion.rule, Dated):
            values["date"] = _date_words(line)
            values["by"] = format_date(criterion.rule.by.in_year(self.snapshot.head.cutoff.year))
        if isinstance(criterion.rule, Uses):
            values["in_use"], values["not_in_use"] = self._functions(line)
        if criterion.shortfall is not None:
            values["list_total"] = self.book.figure(f"criteria/{line.code}/shortfalls/sum")
            values["list_units"] = self.book.figure(f"criteria/{line.code}/shortfalls/units")
        return values

    def _functions(self, line: CriterionScore) -> tuple[str, str]:
        used = [self.catalogue.measures[code].name for code, value in line.figures if value]
        unused = [self.catalogue.measures[code].name for code, value in line.figures if not value]
        return "; ".join(used), "; ".join(unused)

    def _note(self, criterion: Criterion, line: CriterionScore, values: Mapping[str, Value]) -> Note | None:
        parts: list[tuple[Run, ...]] = []
        if criterion.shortfall is not None and line.shortfalls:
            opening = runs(criterion.sentences.shortfall, values)
            parts.append((*opening, Text(": "), *joined((self._listed(line, each) for each in line.shortfalls), "; "), Text(".")))
        parts.extend((Text(remark),) for remark in self._remarks(criterion, line))
        if not parts:
            return None
        return self.notes.hang(without_notes(joined(parts, " ")))

    def _listed(self, line: CriterionScore, each: Shortfall) -> tuple[Run, ...]:
        missing = self.book.figure(f"criteria/{line.code}/shortfalls/{each.unit}")
        template = text("lines", "listed_above" if each.missing < 0 else "listed")
        return runs(template, {"unit": self.snapshot.tree.unit(each.unit).name, "missing": missing})

    def _remarks(self, criterion: Criterion, line: CriterionScore) -> list[str]:
        remarks: list[str] = []
        rule = inner(criterion.rule)
        if isinstance(rule, Ratio) and rule.proxy and line.has_figures:
            remarks.append(text("notes", "proxy", proxy=rule.proxy.rstrip(".")))
        if line.coverage.partial and line.has_figures and criterion.status.opened:
            absent = self._absent(line.coverage.absent)
            have, expected = format_count(line.coverage.have), format_count(line.coverage.expected)
            remarks.append(text("notes", "partial", have=have, expected=expected, absent=absent))
        remarks.extend(reviewed.remarks(self.snapshot, line))
        if line.capped:
            remarks.append(text("notes", "capped"))
        if line.as_of is not None and line.as_of != self.snapshot.head.cutoff:
            remarks.append(text("notes", "as_of", as_of=format_date(line.as_of)))
        return remarks

    def _absent(self, codes: Sequence[str]) -> str:
        """The units by name, the first of them and the number of the others where they are many."""
        names = [self.snapshot.tree.unit(code).name for code in codes]
        if len(names) <= MOST_ABSENT:
            return ", ".join(names)
        return text("notes", "and_others", named=", ".join(names[:MOST_ABSENT]), others=format_count(len(names) - MOST_ABSENT))


def chosen(sentences: Mapping[str, str], line: CriterionScore) -> str:
    """The text for the line's status; `no_figures` when nothing came and the programme is open."""
    if line.status.slug in sentences and (line.has_figures or line.status in {Status.NOT_STARTED, Status.NOT_APPLICABLE}):
        return sentences[line.status.slug]
    if not line.has_figures and "no_figures" in sentences:
        return sentences["no_figures"]
    return sentences["any"]


def document_words(document: RegisteredDocument) -> str:
    """`Quyết định số 196/QĐ-UBND ngày 01/01/2024 về kiện toàn …`."""
    title = document.title.strip().rstrip(".")
    subject = title[:1].lower() + title[1:] if title.lower().startswith("về ") else f"về {title}" if title else ""
    return f"{document.kind} số {document.number} ngày {format_date(document.issued_on)} {subject}".strip()


def _day_and_month(criterion: Criterion, year: int) -> str:
    return format_date(criterion.deadline.in_year(year)) if criterion.deadline else ""


def _date_words(line: CriterionScore) -> str:
    ordinal = next((value for _, value in line.figures if value is not None), None)
    return format_date(date.fromordinal(ordinal)) if ordinal else text("lines", "not_issued")


def _hung_at_end(sentence: tuple[Run, ...], note: Note) -> tuple[Run, ...]:
    last = sentence[-1]
    if isinstance(last, Text) and last.text.endswith("."):
        return (*sentence[:-1], Text(last.text[:-1], last.bold, last.italic), note, Text("."))
    return (*sentence, note)
