"""What the quarterly report says: one content model from one snapshot, drawn alike by pdf, docx, xlsx and html.

Structure as officials write it: head (Nghị định 30/2020), lead, I directing work, II results, III assessment, IV tasks,
V recommendations where there are any, signature, Phụ lục I documents issued, Phụ lục II every criterion, Phụ lục III assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hue_dti.catalogue.model import Catalogue, CriteriaSet, Decision
from hue_dti.numerals import format_date
from hue_dti.periods import Period
from hue_dti.reports import narrative
from hue_dti.reports.appendices import assumptions_appendix, changes_appendix, criteria_appendix, documents_appendix
from hue_dti.reports.assessment import AssessmentWriter
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.issue import Issue, Replaced, Signer, signer_of
from hue_dti.reports.lines import LineWriter
from hue_dti.reports.model import Block, Heading, Letterhead, Paragraph, Report, SignatureBlock, Text
from hue_dti.reports.narrative import NOTHING, Narrative, lines_of
from hue_dti.reports.results import ResultsSection
from hue_dti.reports.texts import listed, text
from hue_dti.reports.vocabulary import Vocabulary
from hue_dti.reports.wording import NoteCounter, Value, plain, runs
from hue_dti.snapshots.model import Snapshot
from hue_dti.units.model import Level, OrgUnit
from hue_dti.units.names import bare_name

_PROVINCE_DIGITS = 2
_WRITTEN_FOR = {Level.DISTRICT, Level.COMMUNE, Level.PROVINCE}


def build(
    snapshot: Snapshot, catalogue: Catalogue, own: Narrative = NOTHING, issue: Issue | None = None, replaced: Replaced | None = None
) -> Report:
    """Write the report of a snapshot; a draft (without hash) says that its figures are not frozen.

    `own` are the parts that somebody says in own words, `issue` the number, day and signer of an issued report, `replaced` the one
    whose place it takes.
    """
    book, notes = FigureBook(snapshot, catalogue), NoteCounter()
    writer = LineWriter(snapshot, catalogue, book, notes)
    unit = snapshot.tree.unit(snapshot.head.unit)
    words = fixed_words(unit, Period.parse(snapshot.head.period), book)
    said = spoken(own, Vocabulary(book, words))
    reference = _reference(words, issue)
    return Report(
        unit=unit.code,
        period=snapshot.head.period,
        snapshot_sha256=snapshot.head.sha256,
        letterhead=_letterhead(unit, words, issue),
        lead=(*_replacing(replaced, words), *(said.get(narrative.LEAD) or (Paragraph((Text(text("lead", **words)),)),))),
        body=(
            *_directing(said, book, words),
            *ResultsSection(snapshot, book, writer, notes).blocks(said),
            *_outlook(AssessmentWriter(snapshot, catalogue, book), said, words),
        ),
        closing=said.get(narrative.CLOSING) or (Paragraph((Text(text("closing", **words)),)),),
        signature=_signature(unit, words, said, own, issue),
        appendices=(
            documents_appendix(snapshot, book, reference),
            criteria_appendix(snapshot, book, writer, reference),
            *assumptions_appendix(book, reference),
            *changes_appendix(book, replaced, reference),
        ),
        closed_at=snapshot.head.closed_at if snapshot.head.sha256 else None,
    )


def spoken(own: Narrative, vocabulary: Vocabulary) -> dict[str, tuple[Paragraph, ...]]:
    """Own words as paragraphs, their figures filled."""
    return {part: tuple(Paragraph(vocabulary.runs(line)) for line in lines_of(words)) for part, words in own.items() if words}


def vocabulary_of(snapshot: Snapshot, catalogue: Catalogue) -> Vocabulary:
    """What a report of this snapshot may name."""
    book = FigureBook(snapshot, catalogue)
    return Vocabulary(book, fixed_words(snapshot.tree.unit(snapshot.head.unit), Period.parse(snapshot.head.period), book))


def fixed_words(unit: OrgUnit, period: Period, book: FigureBook) -> dict[str, str]:
    """The words every fixed text of the report may use."""
    return {**named_words(unit, period, book.criteria_set), "above": "cấp tỉnh" if _straight_under_a_province(unit) else "huyện"}


def _straight_under_a_province(unit: OrgUnit) -> bool:
    """Whether the unit's superior is a province: its official code has two digits, a district's three."""
    return unit.parent is not None and len(unit.parent) == _PROVINCE_DIGITS


def named_words(unit: OrgUnit, period: Period, criteria_set: CriteriaSet) -> dict[str, str]:
    """The unit's names, the period's, the decision's, as any paper of the unit may use them."""
    level = level_of(unit)
    window = criteria_set.calendar.window(period)
    following = period.next()
    return (
        unit_words(unit, level, period)
        | {
            "period_name": period.label.partition(" năm ")[0] if period.label.startswith("Quý") else period.label,
            "next_period": following.label,
            "NEXT": following.label.upper(),
            "from": format_date(window.start),
            "until": format_date(window.end),
        }
        | decision_words(criteria_set.decision)
    )


def unit_words(unit: OrgUnit, level: Level, period: Period) -> dict[str, str]:
    """The unit's names as papers use them, with the letterhead of the level, and the period's."""
    return {
        "unit": unit.name,
        "unit_lower": unit.name[:1].lower() + unit.name[1:],
        "UNIT": unit.name.upper(),
        "place": bare_name(unit),
        "host": f"UBND {unit.name[:1].lower() + unit.name[1:]}",
        "issuer_name": text("letterhead", level, "issuer_name"),
        "ISSUER": text("letterhead", level, "issuer"),
        "symbol": text("letterhead", level, "number").rpartition("/")[2],
        "year": str(period.year),
        "period": period.label,
    }


def decision_words(decision: Decision) -> dict[str, str]:
    """A decision as papers cite it."""
    return {
        "decision": f"Quyết định số {decision.number} ngày {format_date(decision.issued_on)}",
        "decision_issuer": decision.issuer,
    }


def level_of(unit: OrgUnit) -> Level:
    """The level whose letterhead the unit uses."""
    return unit.level if unit.level in _WRITTEN_FOR else Level.DISTRICT


def usual_signer(unit: OrgUnit, words: Mapping[str, str]) -> Signer:
    """The head of the body that issues, whose name is left to fill."""
    return Signer(text("authority", **words), "", text("letterhead", level_of(unit), "office"), "", "")


def _letterhead(unit: OrgUnit, words: dict[str, str], issue: Issue | None) -> Letterhead:
    level = level_of(unit)
    return Letterhead(
        superior=text("letterhead", level, "superior", **words),
        issuer=words["ISSUER"],
        number=text("letterhead", level, "number") if issue is None else text("issued", "number", number=issue.label),
        place_and_date=text("place_and_date", **words) if issue is None else f"{words['place']}, {issue.day_words}",
        title=text("title"),
        subject=listed("subject", **words),
    )


def _reference(words: dict[str, str], issue: Issue | None) -> str:
    if issue is None:
        return text("appendix", "reference", **words)
    return text("issued", "reference", number=issue.label, day=issue.day_words, **words)


def _replacing(replaced: Replaced | None, words: dict[str, str]) -> tuple[Block, ...]:
    """The sentence that opens a replacing report."""
    if replaced is None:
        return ()
    said = text("issued", "replaces", number=replaced.issue.label, day=replaced.issue.day_words, reason=replaced.reason, **words)
    return (Paragraph((Text(said),)),)


def own_directing(book: FigureBook, words: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """What the program says of directing work."""
    key = "issued" if book.documents_of_the_period() else "none"
    values: dict[str, Value] = {**words, "documents": book.figure("documents/count")}
    return (Paragraph(runs(text("directing", key), values)),)


def _directing(said: Mapping[str, Sequence[Paragraph]], book: FigureBook, words: dict[str, str]) -> tuple[Block, ...]:
    return (Heading(1, (Text(text("sections", "directing")),)), *(said.get(narrative.DIRECTING) or own_directing(book, words)))


def _outlook(assessment: AssessmentWriter, said: Mapping[str, Sequence[Paragraph]], words: dict[str, str]) -> tuple[Block, ...]:
    """Sections III and IV, and V where something is recommended."""
    asked = said.get(narrative.RECOMMENDATIONS)
    asking: tuple[Block, ...] = (Heading(1, (Text(text("sections", "recommendations")),)), *asked) if asked else ()
    return (*assessment.blocks(said), *assessment.tasks(text("sections", "tasks", **words), said), *asking)


def _signature(
    unit: OrgUnit, words: dict[str, str], said: Mapping[str, Sequence[Paragraph]], own: Narrative, issue: Issue | None
) -> SignatureBlock:
    signer = issue.signer if issue is not None else signer_of(own, usual_signer(unit, words))
    recipients = tuple(plain(each.runs) for each in said.get(narrative.RECIPIENTS, ()))
    return SignatureBlock(
        recipients=recipients or listed("recipients", level_of(unit), **words),
        authority=signer.authority,
        office=signer.office,
        name=signer.below,
    )
