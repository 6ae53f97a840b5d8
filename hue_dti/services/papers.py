"""The documents a unit told of in a year, by its register and by its evidence, and the figures they prove."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from hue_dti.catalogue.model import Catalogue
from hue_dti.catalogue.rules import Dated, YesNo
from hue_dti.collation import fold
from hue_dti.evidence.pieces import Draft
from hue_dti.observations.model import Observation, RawAnswer, RegisteredDocument
from hue_dti.observations.registers import DOCUMENTS, DONE, PAPERS, Content, document_of, earliest
from hue_dti.periods import Period
from hue_dti.services.behind import ACCOUNT
from hue_dti.services.counted import Count, Ground, counted, ground_of
from hue_dti.services.desk import Desk
from hue_dti.services.evidence_overview import criteria_of
from hue_dti.storage import Storage
from hue_dti.storage.entered_run import EnteredRun
from hue_dti.units.model import OrgUnit

NO_PROOF = "không còn văn bản nào được ghi là minh chứng của tiêu chí này"


def papers_run(
    desk: Desk, unit: OrgUnit, period: Period, drafts: Iterable[Draft], rows: Sequence[Content], request: str, instead: bool = False
) -> EnteredRun:
    """The unit's documents of the period's year and what they prove, ready to be kept; `rows` are of its register, `drafts` evidence."""
    year, at = period.year, desk.now()
    told = _told(unit, year, drafts, rows)
    listed = _once(told)
    body = json.dumps(
        {"sổ": "văn bản", "đơn vị": unit.code, "năm": year, "người ghi": desk.actor.name}
        | {
            ACCOUNT: desk.actor.login,
            "lúc ghi": at.isoformat(),
            "văn bản": [_words(each) for each in listed],
            "chỉ đạo": _directives(rows),
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
    record = RawAnswer(hashlib.sha256(body).hexdigest(), request, 200, "application/json", at, body)
    documents = tuple(replace(each, raw_sha256=record.sha256, place=f"$.văn bản[{at}]") for at, each in enumerate(listed))
    ground = ground_of(desk.storage, desk.catalogue, unit, period)
    figures = _figures(desk, ground, told, rows, record, instead) if ground is not None else ()
    return EnteredRun(unit.code, str(period), record, figures, documents, year)


def standing_papers(storage: Storage, unit: str) -> list[Draft]:
    """The unit's evidence that stands for a document."""
    return [piece.draft for piece in storage.evidence.with_papers(unit) if piece.withdrawn is None]


def told_documents(storage: Storage, unit: OrgUnit, period: Period, rows: Sequence[Content]) -> list[RegisteredDocument]:
    """What rows and evidence tell of the period's year; a document for two criteria stands twice."""
    return _told(unit, period.year, standing_papers(storage, unit.code), rows)


def _told(unit: OrgUnit, year: int, drafts: Iterable[Draft], rows: Sequence[Content]) -> list[RegisteredDocument]:
    return [*_of_rows(rows, unit.code, year), *_of_drafts(drafts, year)]


def paper_counts(catalogue: Catalogue, ground: Ground, told: Sequence[RegisteredDocument], rows: Sequence[Content]) -> Iterator[Count]:
    """What the documents prove by the cut-off, and the directives where the unit keeps a register of them."""
    for measure, criterion, is_dated in proving(catalogue, ground.unit, ground.period):
        first = earliest(told, criterion, ground.days(catalogue, measure))
        if first is None:
            yield Count(measure, None, "sổ văn bản", NO_PROOF)
        else:
            yield Count(measure, first.issued_on.toordinal() if is_dated else DONE, f"văn bản {first.number}")
    for measure, direction in (("directives_issued", "issued"), ("directives_received", "received")):
        if rows and measure in catalogue.measures:
            days = ground.days(catalogue, measure)
            marked = [each for each in rows if each["directive"] and each["direction"] == direction]
            yield Count(measure, sum(date.fromisoformat(each["issued_on"]) in days for each in marked), "$.chỉ đạo")


def proving(catalogue: Catalogue, unit: OrgUnit, period: Period) -> Iterator[tuple[str, str, bool]]:
    """Measures that a document proves, the criterion it must name, and whether its day is the figure."""
    for criterion in criteria_of(catalogue, unit, period).values():
        rule = criterion.rule
        if isinstance(rule, Dated | YesNo) and catalogue.measures[rule.measure].source == DOCUMENTS:
            yield rule.measure, criterion.code, isinstance(rule, Dated)


def _figures(
    desk: Desk, ground: Ground, told: Sequence[RegisteredDocument], rows: Sequence[Content], record: RawAnswer, instead: bool
) -> tuple[Observation, ...]:
    counts = list(paper_counts(desk.catalogue, ground, told, rows))
    return counted(desk.storage, desk.catalogue, ground, counts, record, instead)


def _of_rows(rows: Iterable[Content], unit: str, year: int) -> Iterator[RegisteredDocument]:
    for content in rows:
        document = document_of(content, unit)
        if document.issued_on.year == year:
            yield document


def _of_drafts(drafts: Iterable[Draft], year: int) -> Iterator[RegisteredDocument]:
    for draft in drafts:
        paper = draft.paper
        if paper is not None and Period.parse(draft.period).year == year:
            yield RegisteredDocument(
                draft.unit, paper.direction, paper.number, paper.issued_on, paper.kind, paper.summary, paper.issuer, draft.criterion
            )


def _once(told: Iterable[RegisteredDocument]) -> tuple[RegisteredDocument, ...]:
    """Each document once, as it was told last; one that evidence names a criterion for keeps it."""
    found: dict[tuple[object, ...], RegisteredDocument] = {}
    for each in told:
        key = each.direction, fold(each.number), each.issued_on, fold(each.issuer)
        before = found.get(key)
        found[key] = replace(each, criterion=each.criterion or before.criterion, note=each.note or before.note) if before else each
    return tuple(found.values())


def _words(each: RegisteredDocument) -> dict[str, str]:
    direction = dict(PAPERS.columns[0].choices)[each.direction]
    told = {"văn bản": direction, "số ký hiệu": each.number, "ngày ban hành": each.issued_on.isoformat(), "loại": each.kind}
    return told | {"trích yếu": each.title, "cơ quan ban hành": each.issuer, "tiêu chí": each.criterion, "ghi chú": each.note}


def _directives(rows: Iterable[Content]) -> list[str]:
    return [f"{each['direction']}: {each['number']}, {each['issued_on']}" for each in rows if each["directive"]]
