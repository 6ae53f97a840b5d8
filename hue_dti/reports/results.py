"""Section II: how many criteria are achieved, then a sentence for each, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hue_dti.catalogue.model import Group
from hue_dti.numerals import format_date
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.model import Block, Figure, Heading, Paragraph, Run, Text
from hue_dti.reports.narrative import remark
from hue_dti.reports.texts import text
from hue_dti.reports.wording import NoteCounter, Value, joined, merged, runs, without_notes
from hue_dti.scoring.model import Status
from hue_dti.snapshots.model import Snapshot

_STATUSES = (Status.ACHIEVED, Status.IN_PROGRESS, Status.NOT_STARTED, Status.NOT_ACHIEVED, Status.NOT_APPLICABLE)

_UNSAID: Mapping[str, Sequence[Paragraph]] = {}


class ResultsSection:
    """Writes section II from one snapshot."""

    def __init__(self, snapshot: Snapshot, book: FigureBook, writer: LineWriter, notes: NoteCounter) -> None:
        self.snapshot, self.book, self.writer, self.notes = snapshot, book, writer, notes

    def blocks(self, said: Mapping[str, Sequence[Paragraph]] = _UNSAID) -> tuple[Block, ...]:
        """Heading, the two opening paragraphs, then the groups, each followed by the remark `said` on it."""
        out: list[Block] = [Heading(1, (Text(text("sections", "results")),)), self._statuses(), self._points()]
        if self.snapshot.sheet.total.excluded:
            out.append(Paragraph(runs(text("results", "converted"), self._totals("excluded", "converted", "max_points"))))
        if unfigured := self.snapshot.sheet.without_figures:
            out.append(Paragraph(runs(text("results", "without_figures"), {"codes": ", ".join(unfigured)})))
        if not self.book.criteria_set.official:
            out.append(Paragraph((Text(text("results", "unofficial")),)))
        if not self.snapshot.head.sha256:
            out.append(Paragraph((Text(text("results", "draft"), italic=True),)))
        for position, group in enumerate(self.book.criteria_set.groups, 1):
            out += [*self._group(position, group), *said.get(remark(group.code), ())]
        return tuple(out)

    def _totals(self, *names: str) -> dict[str, Figure]:
        return {name: self.book.figure(f"total/{name}") for name in names}

    def _statuses(self) -> Paragraph:
        note = self._achieved_note()
        parts = status_parts(self.book, "total", skip_zero=True)
        values: dict[str, Value] = {
            "until": format_date(self.snapshot.head.cutoff),
            "unit_lower": _lower_first(self.snapshot.tree.unit(self.snapshot.head.unit).name),
            "achieved": (self.book.figure("total/achieved"), Text("/"), self.book.figure("total/criteria"), Text(" tiêu chí")),
            "note": note,
            "rest": joined(((Text(", "), *part) for part in parts[1:]), ""),
        }
        return Paragraph(runs(text("results", "statuses"), values))

    def _achieved_note(self) -> Run | tuple[Run, ...]:
        achieved = {line.code for line in self.snapshot.sheet.criteria if line.status is Status.ACHIEVED}
        if not achieved:
            return ()
        listed = [
            f"{group.code}. {group.name}: " + "; ".join(f"{each.number}. {each.name}" for each in group.criteria if each.code in achieved)
            for group in self.book.criteria_set.groups
            if any(each.code in achieved for each in group.criteria)
        ]
        return self.notes.hang(without_notes(runs(text("results", "achieved_note"), {"listed": "; ".join(listed)})))

    def _points(self) -> Paragraph:
        total = self.snapshot.sheet.total
        note: Run | tuple[Run, ...] = ()
        if total.max_points != total.max_points_stated:
            stated: dict[str, Value] = {
                "max_points": self.book.figure("total/max_points"),
                "max_stated": self.book.figure("total/max_points_stated"),
                "assumed": self.book.figure("total/assumed"),
                "stated": self.book.figure("total/points_stated"),
            }
            note = self.notes.hang(run for run in runs(text("results", "points_note"), stated) if isinstance(run, Text | Figure))
        values: dict[str, Value] = {**self._totals("points", "max_points", "share"), "note": note}
        return Paragraph(runs(text("results", "points"), values))

    def _group(self, position: int, group: Group) -> list[Block]:
        parts = joined(status_parts(self.book, f"groups/{group.code}", skip_zero=True), ", ")
        heading: list[Run] = [Text(f"{position}. {group.name} ("), *_upper_first(parts), Text(")")]
        sentences = [
            Paragraph(self.writer.sentence(criterion, self.snapshot.sheet.criterion(criterion.code))) for criterion in group.criteria
        ]
        return [Heading(2, merged(heading)), *sentences]


def status_parts(book: FigureBook, path: str, *, skip_zero: bool) -> list[tuple[Run, ...]]:
    """`Đạt 5/10 tiêu chí`, `đang thực hiện 5/10 tiêu chí` … for a group or the total; the first is always there when not zero."""
    parts: list[tuple[Run, ...]] = []
    for status in _STATUSES:
        count = book.figure(f"{path}/{status.slug}")
        if count.text == "0" and skip_zero and (status is not Status.ACHIEVED or path != "total"):
            continue
        fraction = (count, Text("/"), book.figure(f"{path}/criteria"))
        parts.append(runs(text("statuses", status.slug), {"n": fraction}))
    return parts


def _upper_first(parts: tuple[Run, ...]) -> tuple[Run, ...]:
    first = parts[0] if parts else None
    if not isinstance(first, Text):
        return parts
    return (Text(first.text[:1].upper() + first.text[1:], first.bold, first.italic), *parts[1:])


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
