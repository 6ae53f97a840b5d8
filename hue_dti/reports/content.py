"""What the quarterly report says: one content model from one snapshot, drawn alike by pdf, docx, xlsx and html.

Structure as officials write it: head (Nghị định 30/2020), lead, I directing work, II results, III assessment, IV tasks,
signature, Phụ lục I documents issued, Phụ lục II every criterion, Phụ lục III assumptions.
"""

from __future__ import annotations

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.numerals import format_date
from hue_dti.periods import Period
from hue_dti.reports.appendices import assumptions_appendix, criteria_appendix, documents_appendix
from hue_dti.reports.assessment import Assessment
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.model import Block, Heading, Letterhead, Paragraph, Report, SignatureBlock, Text
from hue_dti.reports.results import ResultsSection
from hue_dti.reports.texts import listed, text
from hue_dti.reports.wording import NoteCounter, Value, runs
from hue_dti.snapshots.model import Snapshot
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.names import bare_name

_WRITTEN_FOR = {Level.DISTRICT, Level.COMMUNE, Level.PROVINCE}


def build(snapshot: Snapshot, catalogue: Catalogue) -> Report:
    """Write the report of a snapshot; a draft (without hash) says that its figures are not frozen."""
    book, notes = FigureBook(snapshot, catalogue), NoteCounter()
    writer = LineWriter(snapshot, catalogue, book, notes)
    unit = snapshot.tree.unit(snapshot.head.unit)
    words = fixed_words(unit, Period.parse(snapshot.head.period), book)
    assessment = Assessment(snapshot, catalogue, book)
    reference = text("appendix", "reference", **words)
    body = (
        *_directing(book, words),
        *ResultsSection(snapshot, book, writer, notes).blocks(),
        *assessment.blocks(),
        *assessment.tasks(text("sections", "tasks", **words)),
    )
    return Report(
        unit=unit.code,
        period=snapshot.head.period,
        snapshot_sha256=snapshot.head.sha256,
        letterhead=_letterhead(unit, words),
        lead=(Paragraph((Text(text("lead", **words)),)),),
        body=body,
        closing=(Paragraph((Text(text("closing", **words)),)),),
        signature=_signature(unit, words),
        appendices=(
            documents_appendix(snapshot, book, reference),
            criteria_appendix(snapshot, book, writer, reference),
            *assumptions_appendix(book, reference),
        ),
        closed_at=snapshot.head.closed_at if snapshot.head.sha256 else None,
    )


def fixed_words(unit: OrgUnit, period: Period, book: FigureBook) -> dict[str, str]:
    """The words every fixed text of the report may use."""
    return named_words(unit, period, book.criteria_set)


def named_words(unit: OrgUnit, period: Period, criteria_set: CriteriaSet) -> dict[str, str]:
    """The unit's names, the period's, the decision's, as any paper of the unit may use them."""
    level = level_of(unit)
    window = criteria_set.calendar.window(period)
    following = period.next()
    number = text("letterhead", level, "number")
    return {
        "unit": unit.name,
        "unit_lower": unit.name[:1].lower() + unit.name[1:],
        "UNIT": unit.name.upper(),
        "place": bare_name(unit),
        "host": f"UBND {unit.name[:1].lower() + unit.name[1:]}",
        "issuer_name": text("letterhead", level, "issuer_name"),
        "ISSUER": text("letterhead", level, "issuer"),
        "symbol": number.rpartition("/")[2],
        "year": str(period.year),
        "period": period.label,
        "period_name": period.label.partition(" năm ")[0] if period.label.startswith("Quý") else period.label,
        "next_period": following.label,
        "NEXT": following.label.upper(),
        "from": format_date(window.start),
        "until": format_date(window.end),
        "decision": f"Quyết định số {criteria_set.decision.number} ngày {format_date(criteria_set.decision.issued_on)}",
        "decision_issuer": criteria_set.decision.issuer,
    }


def level_of(unit: OrgUnit) -> Level:
    """The level whose letterhead the unit uses."""
    return unit.level if unit.level in _WRITTEN_FOR else Level.DISTRICT


def _letterhead(unit: OrgUnit, words: dict[str, str]) -> Letterhead:
    level = level_of(unit)
    return Letterhead(
        superior=text("letterhead", level, "superior", **words),
        issuer=words["ISSUER"],
        number=text("letterhead", level, "number"),
        place_and_date=text("place_and_date", **words),
        title=text("title"),
        subject=listed("subject", **words),
    )


def _directing(book: FigureBook, words: dict[str, str]) -> tuple[Block, ...]:
    key = "issued" if book.documents_of_the_period() else "none"
    values: dict[str, Value] = {**words, "documents": book.figure("documents/count")}
    return (Heading(1, (Text(text("sections", "directing")),)), Paragraph(runs(text("directing", key), values)))


def _signature(unit: OrgUnit, words: dict[str, str]) -> SignatureBlock:
    level = level_of(unit)
    return SignatureBlock(
        recipients=listed("recipients", level, **words),
        authority=text("authority", **words),
        office=text("letterhead", level, "office"),
        name="",
    )
