"""Put a file, a link or an explanation beside a criterion, and take it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO

from hue_dti.catalogue.model import Criterion
from hue_dti.errors import EvidenceRefused
from hue_dti.evidence.asked import slugs
from hue_dti.evidence.names import clean_name, kind_named
from hue_dti.evidence.pieces import LONGEST_LINK, LONGEST_WORDS, Draft, Form, Piece, Reuse, Scan, is_web_address, reuses
from hue_dti.free_text import fault_of, one_line
from hue_dti.observations.registers import PAPERS
from hue_dti.periods import Period
from hue_dti.services.clamav import scanned
from hue_dti.services.counted import ground_of
from hue_dti.services.desk import Desk
from hue_dti.services.evidence_check import Checker
from hue_dti.services.evidence_files import receiving, settle
from hue_dti.services.evidence_overview import criteria_of
from hue_dti.services.papers import papers_run, standing_papers
from hue_dti.services.proof_kept import kept_because
from hue_dti.storage.entered_run import EnteredRun
from hue_dti.storage.evidence import LookedAt

MEGABYTE = 1_000_000
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a browser sends it."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class Added:
    """What was put there, and where the same file or document serves already."""

    piece: Piece
    reuses: tuple[Reuse, ...]


def add_file(desk: Desk, draft: Draft, upload: Upload) -> Added:
    """Take a file in as evidence: looked at, scanned, on the disk under its hash, and only then known; EvidenceRefused says why not."""
    _criterion(desk, draft)
    return keep_file(desk, draft, upload)


def keep_file(desk: Desk, draft: Draft, upload: Upload) -> Added:
    """The same for a draft whose criterion the caller knows to be one of the unit's."""
    name = clean_name(upload.name)
    kind = kind_named(name)
    if kind is None:
        raise EvidenceRefused(f"Tệp '{name}' không thuộc loại được nhận; hãy gửi tệp PDF, JPG, PNG, DOCX hoặc XLSX.")
    with receiving(desk.home, upload.stream, desk.settings.evidence_max_mb * MEGABYTE) as received:
        with Checker(desk.settings.trust_roots) as checker:
            checked = checker.look(received.path, kind, desk.now()).checked
        if checked.refusal:
            raise EvidenceRefused(checked.refusal)
        scan = scanned(desk.settings.clamav, received.path)
        if scan is Scan.INFECTED:
            raise EvidenceRefused("Tệp có vi-rút nên không nhận; hãy quét vi-rút máy của bạn, rồi gửi bản sạch.")
        settle(desk.home, received)
        draft = replace(draft, form=Form.FILE, sha256=received.sha256, name=name)
        return _added(desk, draft, LookedAt(received.sha256, received.size, checked, scan))


def add_link(desk: Desk, draft: Draft) -> Added:
    """Put a web address there as evidence."""
    _criterion(desk, draft)
    link = one_line(draft.link, "Đường dẫn", LONGEST_LINK, EvidenceRefused)
    if not is_web_address(link):
        raise EvidenceRefused("Đường dẫn không đúng; hãy chép nguyên địa chỉ trên trình duyệt, bắt đầu bằng http:// hoặc https://")
    return _added(desk, replace(draft, form=Form.LINK, link=link), None)


def explain(desk: Desk, draft: Draft) -> Added:
    """Say why a proof is not there."""
    _criterion(desk, draft)
    if not draft.words.strip():
        raise EvidenceRefused("Giải trình để trống; hãy viết vì sao chưa có minh chứng và khi nào có.")
    return _added(desk, replace(draft, form=Form.EXPLANATION), None)


def withdraw(desk: Desk, piece: Piece, reason: str) -> bool:
    """Take a piece back with a reason; False when somebody already did. EvidenceRefused where it was sent or closed with."""
    why = one_line(reason, "Lý do rút", LONGEST_REASON, EvidenceRefused)
    if not why:
        raise EvidenceRefused("Lý do rút để trống; hãy viết một câu.")
    draft, period = piece.draft, Period.parse(piece.draft.period)
    unit = desk.unit(draft.unit, period)
    kept = kept_because(desk.storage, desk.catalogue, unit, period, [piece]) if unit is not None else {}
    if kept:
        raise EvidenceRefused(kept[piece.number])
    told = desk.event("evidence.withdrawn", draft.unit, _subject(draft), old=_what(draft), reason=why)
    with _papers(desk, draft) as drafts:
        run = _run(desk, draft, [each for each in drafts if each.client != draft.client])
        return desk.storage.evidence.withdraw(piece.number, desk.actor.login, desk.actor.name, why, desk.now(), run, (told,))


def _criterion(desk: Desk, draft: Draft) -> Criterion:
    """The criterion the draft is for; EvidenceRefused where the unit has none such, or it does not ask for such a proof."""
    period = Period.parse(draft.period)
    unit = desk.unit(draft.unit, period)
    found = criteria_of(desk.catalogue, unit, period).get(draft.criterion) if unit is not None else None
    if found is None:
        raise EvidenceRefused(f"Đơn vị này không có tiêu chí {draft.criterion} trong kỳ; hãy mở lại trang tiêu chí.")
    if draft.proof and draft.proof not in slugs(found.proof):
        raise EvidenceRefused(f"Tiêu chí {draft.criterion} không đòi minh chứng này; hãy tải lại trang rồi chọn lại.")
    fault = fault_of(draft.words, LONGEST_WORDS, allowed="\n\t")
    if fault:
        raise EvidenceRefused(f"Phần lời {fault}")
    return found


def _added(desk: Desk, draft: Draft, file: LookedAt | None) -> Added:
    """Keep a draft that passed; the same form sent again gives what was kept the first time."""
    book, actor, at = desk.storage.evidence, desk.actor, desk.now()
    told = desk.event("evidence.added", draft.unit, _subject(draft), new=_what(draft), reason=draft.words[:LONGEST_REASON])
    most = desk.settings.evidence_quota_mb * MEGABYTE
    with _papers(desk, draft) as drafts:
        run = _run(desk, draft, [*(each for each in drafts if each.client != draft.client), draft])
        piece, _ = book.add(draft, file, actor.login, actor.name, at, most, run, (told,))
    return Added(piece, reuses(draft, book.like([draft])))


@contextmanager
def _papers(desk: Desk, draft: Draft) -> Iterator[list[Draft]]:
    """The unit's documents in evidence, which nobody else changes while the block lasts; of a draft without one, none."""
    if draft.paper is None:
        yield []
        return
    period = Period.parse(draft.period)
    unit = desk.unit(draft.unit, period)
    ground = ground_of(desk.storage, desk.catalogue, unit, period) if unit is not None else None
    with desk.storage.sitting([f"papers {draft.unit}", *(ground.matters if ground is not None else ())]):
        yield standing_papers(desk.storage, draft.unit)


def _run(desk: Desk, draft: Draft, drafts: Sequence[Draft]) -> EnteredRun | None:
    """The register of documents with these drafts, and what it proves; None where the draft is no document."""
    period = Period.parse(draft.period)
    unit = desk.unit(draft.unit, period)
    if draft.paper is None or unit is None:
        return None
    rows = [row.content for row in desk.storage.registers.rows(unit.code, PAPERS.slug)]
    return papers_run(desk, unit, period, drafts, rows, f"văn bản trong minh chứng, do {desk.by} ghi")


def _subject(draft: Draft) -> str:
    return f"{draft.criterion}, {draft.period}"


def _what(draft: Draft) -> str:
    """A piece in one line of the trail."""
    match draft.form:
        case Form.FILE:
            return f"tệp {draft.name} ({draft.sha256[:12]}…)"
        case Form.LINK:
            return f"đường dẫn {draft.link}"
        case _:
            return "giải trình"
