"""Propose, approve and reject base figures; what one person proposes counts only when another has approved it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import nfc
from hue_dti.errors import ApprovalRefused, ImportRefused
from hue_dti.numerals import format_count, format_moment
from hue_dti.observations.base import APPROVED, Decision, Draft, Proposal, record, same_person
from hue_dti.observations.model import Observation
from hue_dti.periods import LOCAL, Period
from hue_dti.services.base_effect import contradictions, effects_of
from hue_dti.services.base_pulled import newest_pulled
from hue_dti.services.base_rows import COLUMNS, NEEDED, Reader, base_measures, twice
from hue_dti.services.table_file import Line, read_table
from hue_dti.storage import Storage
from hue_dti.trail.model import Event, Hand, hand_of
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree

TOLD = {APPROVED: "duyệt", "rejected": "từ chối"}
SHOWN = 5
"""Contradictions printed in one refusal."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a proposal did: the numbers of the new ones, and how many values were approved or waiting already."""

    numbers: tuple[int, ...]
    known: int


def propose_file(
    storage: Storage,
    catalogue: Catalogue,
    path: Path,
    by: str,
    now: datetime,
    dry_run: bool = False,
    hand: Hand | None = None,
    within: Callable[[str], bool] = lambda unit: True,
) -> Proposed:
    """Propose every row of a CSV or XLSX, or none: ImportRefused with all faults, rows of units that are not `within` among them.

    A dry run gives no numbers.
    """
    table = read_table(path, COLUMNS, NEEDED)
    reader = Reader(catalogue, storage.units(), now)
    found = [(line, draft) for line in table.lines if (draft := reader.draft(line)) is not None]
    strange = [line.fault("đơn vị này không thuộc phần việc của bạn", "hãy bỏ dòng này") for line, draft in found if not within(draft.unit)]
    faults = [*reader.faults, *twice(found), *strange]
    if faults:
        raise ImportRefused(faults)
    return _propose(storage, [draft for _, draft in found], by, now, hand, dry_run)


def propose_one(
    storage: Storage, catalogue: Catalogue, cells: dict[str, str], by: str, now: datetime, hand: Hand | None = None
) -> Proposed:
    """Propose one figure as written by hand: the same fields as a row of a file."""
    reader = Reader(catalogue, storage.units(), now)
    draft = reader.draft(Line("", 0, {name: cells.get(name, "") for name in COLUMNS}))
    if draft is None:
        raise ApprovalRefused("\n".join(f"{fault.what}; {fault.remedy}" for fault in reader.faults))
    return _propose(storage, [draft], by, now, hand)


def propose_pulled(
    storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, by: str, now: datetime, hand: Hand | None = None
) -> Proposed:
    """Propose what the sources tell of the unit and all below it in the period; the raw answer is the document."""
    tree = build_tree(storage.units(), period.end, unit.code)
    base = {measure.code for measure in base_measures(catalogue)}
    told = [each for each in storage.observations([each.code for each in tree.units], period) if each.measure in base]
    drafts = [_from_source(each, tree.unit(each.unit), catalogue, period) for each in told if each.value is not None]
    drafts.sort(key=lambda each: each.document)  # so that the numbers of one document follow each other
    if not drafts:
        raise ApprovalRefused(
            f"Chưa nguồn nào trả số liệu nền của {unit.name} cho {period.label}; "
            f"hãy lấy số trước: hue-dti pull --unit {unit.code} --period {period}"
        )
    return _propose(storage, drafts, by, now, hand)


def approve(
    storage: Storage,
    catalogue: Catalogue,
    numbers: Collection[int],
    by: str,
    now: Callable[[], datetime],
    reason: str = "",
    hand: Hand | None = None,
) -> Decision:
    """Approve waiting proposals in one act, all or none, and return it with its effect on the points.

    Raises ApprovalRefused for a proposal that does not wait, for who proposed it, for two of one figure, and where a figure of one of the
    year's quarters says that it cannot be.
    """
    by, at = _named(by), now()
    proposals = waiting(storage, numbers)
    own = [each for each in proposals if same_person(each.by, by)]
    if own:
        numbers_told = ", ".join(str(each.number) for each in own)
        raise ApprovalRefused(f"Đề nghị số {numbers_told} do chính {by} nhập nên người khác phải duyệt; hãy nhờ người có thẩm quyền duyệt.")
    if len({each.draft.key for each in proposals}) < len(proposals):
        raise ApprovalRefused("Trong các đề nghị này có hai đề nghị cho cùng một số liệu; hãy duyệt một và từ chối đề nghị kia.")
    wrong = contradictions(storage, catalogue, proposals, at)
    if wrong:
        more = f"\n… và {len(wrong) - SHOWN} chỗ khác" if len(wrong) > SHOWN else ""
        told = "\n".join(wrong[:SHOWN])
        raise ApprovalRefused(
            f"Không duyệt được vì trái với số liệu đang có:\n{told}{more}\nHãy kiểm tra số đề nghị, hoặc lấy lại số từ nguồn."
        )
    settled = with_old_values(storage, catalogue, proposals)
    effects = effects_of(storage, catalogue, proposals, at)
    why = nfc(reason.strip())
    kept = record(settled, [each.old_value for each in settled], by, at, why)
    trail = _told_of(settled, lambda **told: hand_of(by, hand).did("base.approved", at, **told), why)
    return _settled(storage, settled, lambda: storage.base.approve(settled, by, at, why, kept, effects, trail))


def reject(
    storage: Storage, numbers: Collection[int], by: str, now: Callable[[], datetime], reason: str, hand: Hand | None = None
) -> Decision:
    """Reject waiting proposals in one act, all or none; who proposed may take back so. Raises ApprovalRefused without a reason."""
    by = _named(by)
    if not reason.strip():
        raise ApprovalRefused("Từ chối thì phải nói vì sao; hãy ghi lý do.")
    proposals, at, why = waiting(storage, numbers), now(), nfc(reason.strip())
    trail = _told_of(proposals, lambda **told: hand_of(by, hand).did("base.rejected", at, **told), why)
    return _settled(storage, proposals, lambda: storage.base.reject(proposals, by, at, why, trail))


def waiting(storage: Storage, numbers: Collection[int]) -> tuple[Proposal, ...]:
    """The proposals of these numbers; ApprovalRefused when one is not there or does not wait any more."""
    found = {each.number: each for each in storage.base.proposals(numbers=numbers)} if numbers else {}
    lost = [str(number) for number in numbers if number not in found]
    if lost or not numbers:
        raise ApprovalRefused(f"Không có đề nghị số {', '.join(lost) or '…'}; hãy xem số đề nghị bằng 'hue-dti base list'.")
    for each in found.values():
        if not each.waiting:
            raise ApprovalRefused(told_settled(each))
    return tuple(found.values())


def told_settled(proposal: Proposal) -> str:
    """Who settled a proposal, and when."""
    when = f" lúc {format_moment(proposal.decided_at)}" if proposal.decided_at is not None else ""
    return f"Đề nghị số {proposal.number} đã được {proposal.decided_by} {TOLD[proposal.verdict]}{when}; hãy xem 'hue-dti base log'."


def with_old_values(storage: Storage, catalogue: Catalogue, proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """The proposals with what they take the place of: the approved value, else the newest that a source told in the year."""
    found = []
    for year in sorted({each.draft.year for each in proposals}):
        mine = [each for each in proposals if each.draft.year == year]
        codes = sorted({each.draft.unit for each in mine})
        standing = {(each.unit, each.valid_from, each.measure): each for each in storage.base.approved(codes, year)}
        pulled = newest_pulled(storage, catalogue, codes, year)
        for each in mine:
            old = standing.get(each.draft.key[:3])
            told = pulled.get((each.draft.unit, each.draft.measure))
            before = old.value if old is not None else told.value if told is not None else None
            found.append(replace(each, replaces=old.proposal if old is not None else None, old_value=before))
    return tuple(found)


def _propose(storage: Storage, drafts: Sequence[Draft], by: str, now: datetime, hand: Hand | None, dry_run: bool = False) -> Proposed:
    """Keep what is neither approved nor waiting in the same words already."""
    by = _named(by)
    known: set[object] = set()
    for year in sorted({each.year for each in drafts}):
        codes = sorted({each.unit for each in drafts if each.year == year})
        known |= {(each.unit, each.valid_from, each.measure, each.year, each.value) for each in storage.base.approved(codes, year)}
        known |= {(*each.draft.key, each.draft.value, each.draft.document) for each in storage.base.proposals(codes, year) if each.waiting}
    new = [each for each in drafts if (*each.key, each.value) not in known and (*each.key, each.value, nfc(each.document)) not in known]
    did = hand_of(by, hand).did
    trail = [
        did("base.proposed", now, unit=each.unit, subject=_named_figure(each), new=format_count(each.value), reason=each.document)
        for each in new
    ]
    return Proposed(() if dry_run else storage.base.propose(new, by, now, trail), len(drafts) - len(new))


def _told_of(proposals: Sequence[Proposal], did: Callable[..., Event], why: str) -> tuple[Event, ...]:
    """An event for each proposal that an act settles."""
    return tuple(
        did(
            unit=each.draft.unit,
            subject=_named_figure(each.draft),
            old=format_count(each.old_value) if each.old_value is not None else "",
            new=format_count(each.draft.value),
            reason=why,
        )
        for each in proposals
    )


def _named_figure(draft: Draft) -> str:
    return f"{draft.measure}, năm {draft.year}"


def _from_source(told: Observation, unit: OrgUnit, catalogue: Catalogue, period: Period) -> Draft:
    source = catalogue.sources.get(told.origin.source)
    fetched = format_moment(told.origin.fetched_at.astimezone(LOCAL))
    document = f"{source.name if source else told.origin.source}, lấy lúc {fetched}, câu trả lời gốc {told.origin.raw_sha256[:12]}"
    value = told.value if told.value is not None else 0
    reason = f"số nguồn trả cho {period.label}"
    return Draft(unit.code, unit.valid_from, told.measure, period.year, value, min(told.as_of, period.end), document, reason)


def _settled(storage: Storage, settled: Sequence[Proposal], act: Callable[[], int]) -> Decision:
    """Do the act and return it as stored; tell who came first when somebody did."""
    try:
        number = act()
    except ApprovalRefused:
        waiting(storage, [each.number for each in settled])  # raises, naming who settled one of them meanwhile
        raise
    codes, year = {each.draft.unit for each in settled}, settled[0].draft.year
    return next(each for each in storage.base.decisions(codes, year) if each.number == number)


def _named(by: str) -> str:
    """Who acts; nobody does not."""
    name = " ".join(nfc(by).split())
    if not name:
        raise ApprovalRefused('Chưa biết ai thực hiện; hãy ghi tên: --by "…"')
    return name
