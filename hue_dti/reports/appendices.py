"""Phụ lục I: documents issued in the period. Phụ lục II: every criterion with its result. Phụ lục III: what was assumed."""

from __future__ import annotations

from hue_dti.numerals import POINT, format_count, format_date, format_points
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.issue import Replaced
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.model import Appendix, Block, Column, Figure, Paragraph, Row, Table, Text
from hue_dti.reports.texts import listed, text
from hue_dti.snapshots.model import Snapshot

_DOCUMENT_WIDTHS = ((0.07, "center"), (0.2, "left"), (0.16, "center"), (0.42, "left"), (0.15, "left"))
_ASSUMPTION_WIDTHS = ((0.12, "center"), (0.88, "left"))
_CHANGES_WIDTHS = ((0.5, "left"), (0.25, "right"), (0.25, "right"))
_CRITERIA_WIDTHS = ((0.05, "center"), (0.14, "left"), (0.23, "left"), (0.2, "left"), (0.14, "left"), (0.07, "center"), (0.17, "left"))


def documents_appendix(snapshot: Snapshot, book: FigureBook, reference: str) -> Appendix:
    """The register's rows issued inside the period's window, in order of their dates."""
    chosen = sorted((snapshot.documents[at] for at in book.documents_of_the_period()), key=lambda each: each.issued_on)
    columns = _columns(listed("appendix", "documents_columns"), _DOCUMENT_WIDTHS)
    rows = tuple(
        Row(
            (
                (Text(format_count(position)),),
                (Text(document.number),),
                (Text(format_date(document.issued_on)),),
                (Text(document.title),),
                (Text(document.note),),
            )
        )
        for position, document in enumerate(chosen, 1)
    )
    blocks: tuple[Block, ...] = (Table(columns, rows),) if rows else (Paragraph((Text(text("appendix", "documents_none")),)),)
    return Appendix("Phụ lục I", text("appendix", "documents_title"), reference, landscape=False, blocks=blocks)


def criteria_appendix(snapshot: Snapshot, book: FigureBook, writer: LineWriter, reference: str) -> Appendix:
    """All criteria group by group; a star marks points that no text at hand states."""
    title = "criteria_title" if book.criteria_set.official else "criteria_title_unofficial"
    rows: list[Row] = []
    for group in book.criteria_set.groups:
        maximum = (Text(format_points(group.max_points * POINT), bold=True),)
        earned: tuple[Text | Figure, ...] = (book.figure(f"groups/{group.code}/points"), Text(" điểm"))
        rows.append(Row(((Text(group.code, bold=True),), (Text(group.name, bold=True),), (), (), (), maximum, earned), group=True))
        for criterion in group.criteria:
            line = snapshot.sheet.criterion(criterion.code)
            star = "(*)" if criterion.points_assumed else ""
            rows.append(
                Row(
                    (
                        (Text(criterion.number),),
                        (Text(criterion.name),),
                        (Text(criterion.to_do),),
                        (Text(criterion.condition),),
                        (Text(criterion.evidence),),
                        (book.figure(f"criteria/{criterion.code}/max_points"), Text(star)),
                        writer.result(criterion, line),
                    )
                )
            )
    rows.append(_total_row(book))
    table = Table(_columns(listed("appendix", "criteria_columns"), _CRITERIA_WIDTHS), tuple(rows))
    return Appendix("Phụ lục II", text("appendix", title), reference, landscape=True, blocks=(table, *_remarks(book)))


def _total_row(book: FigureBook) -> Row:
    points: tuple[Text | Figure, ...] = (book.figure("total/points"), Text(" điểm"))
    name = (Text(text("appendix", "total"), bold=True),)
    return Row(((), name, (), (), (), (book.figure("total/max_points"),), points), group=True)


def assumptions_appendix(book: FigureBook, reference: str) -> tuple[Appendix, ...]:
    """What was assumed where the decision's text is open; no appendix when nothing was."""
    rows = tuple(
        Row(((Text(criterion.code),), (Text(each),))) for criterion in book.criteria_set.criteria for each in criterion.assumptions
    )
    if not rows:
        return ()
    table = Table(_columns(listed("appendix", "assumptions_columns"), _ASSUMPTION_WIDTHS), rows)
    return (Appendix("Phụ lục III", text("appendix", "assumptions_title"), reference, landscape=False, blocks=(table,)),)


def changes_appendix(book: FigureBook, replaced: Replaced | None, reference: str) -> tuple[Appendix, ...]:
    """The last appendix of a replacing report: each figure as it was issued and as it is now."""
    if replaced is None:
        return ()
    label = "Phụ lục IV" if assumptions_appendix(book, reference) else "Phụ lục III"
    blocks: list[Block] = [Paragraph((Text(text("issued", "changes_lead", number=replaced.issue.cited, reason=replaced.reason)),))]
    if replaced.by:
        blocks.append(Paragraph((Text(replaced.by),)))
    if replaced.changes:
        columns = _columns(listed("issued", "changes_columns", number=replaced.issue.label), _CHANGES_WIDTHS)
        rows = (Row(((Text(each.name),), (Text(each.old or "–"),), (Text(each.new or "–"),))) for each in replaced.changes)
        blocks.append(Table(columns, tuple(rows)))
    else:
        blocks.append(Paragraph((Text(text("issued", "changes_none")),)))
    return (Appendix(label, text("issued", "changes_title"), reference, landscape=False, blocks=tuple(blocks)),)


def _remarks(book: FigureBook) -> tuple[Block, ...]:
    if not any(criterion.points_assumed for criterion in book.criteria_set.criteria):
        return ()
    return (Paragraph((Text(text("appendix", "assumed"), italic=True),)),)


def _columns(titles: tuple[str, ...], widths: tuple[tuple[float, str], ...]) -> tuple[Column, ...]:
    return tuple(Column(title, width, align) for title, (width, align) in zip(titles, widths, strict=True))
