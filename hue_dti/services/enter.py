"""Save a typed figure: the same gate as for a pulled one, and one transaction for the entry, its record and its figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hue_dti.appraisal.model import Case
from hue_dti.catalogue.model import Catalogue, Measure, ValueKind
from hue_dti.errors import EntryRefused
from hue_dti.free_text import fault_of
from hue_dti.observations.entered import ENTERED, PLACE, Choice, Entry, Typed, Writer, record
from hue_dti.observations.intake import Gatekeeper, printed, subsets
from hue_dti.observations.model import Observation, Pulled, RawAnswer, Reading, State
from hue_dti.periods import LOCAL, Period
from hue_dti.services.approved import standing_for
from hue_dti.services.errand import set_in_force
from hue_dti.services.hosts import admission_of, host_in, line_of
from hue_dti.services.jumps import asks_for_a_line
from hue_dti.services.quarter import frozen, newest_of
from hue_dti.services.review_lock import Locks, sender_of
from hue_dti.storage import Storage
from hue_dti.storage.entries import Weigh, Weighed
from hue_dti.trail.model import Event
from hue_dti.units.model import OrgUnit
from hue_dti.units.tree import build_tree

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a figure is typed: a unit and those above it, the unit whose quarter it belongs to, a measure, a period and its cut-off."""

    line: tuple[OrgUnit, ...]
    host: OrgUnit
    measure: Measure
    period: Period
    cutoff: date

    @property
    def unit(self) -> OrgUnit:
        return self.line[0]


def save_cell(
    storage: Storage, catalogue: Catalogue, typed: Typed, by: Writer, at: datetime, address: str = "", request: str = ""
) -> tuple[Entry, bool]:
    """Keep what was typed, and tell whether it is new; the same sent again gives what was kept the first time.

    `address` and `request` are where it came from, for the trail.
    Raises EntryRefused in the words of the one who types, EntryConflict where another entry stands in the way.
    """
    try:
        cell, weigh = _ready(storage, catalogue, typed, by, at, address, request)
    except EntryRefused:
        known = storage.entries.kept(typed)  # what was kept while the cell was open stays kept
        if known is None:
            raise
        return known, False
    sender = sender_of(cell.line, cell.host).code
    matters = [f"review {sender} {cell.period}", *(admission_of(unit.code, cell.period) for unit in cell.line)]
    return storage.entries.save(typed, by, at, sender, matters, weigh)


def try_cell(storage: Storage, catalogue: Catalogue, typed: Typed, by: Writer, at: datetime, current: Sequence[Observation]) -> Weighed:
    """What would be kept beside these figures of the unit; EntryRefused says why nothing would. Nothing is stored."""
    cell, weigh = _ready(storage, catalogue, typed, by, at)
    return weigh(current, storage.reviews.case(sender_of(cell.line, cell.host).code, typed.period))


def _ready(
    storage: Storage, catalogue: Catalogue, typed: Typed, by: Writer, at: datetime, address: str = "", request: str = ""
) -> tuple[Cell, Weigh]:
    """The cell, and what weighs the entry beside the figures that stand when its turn comes."""
    cell = cell_of(storage, catalogue, typed, at)
    _must_be_sayable(typed, cell.measure)
    before = value_before(storage, cell)
    approved = _approved(storage, catalogue, cell) if _meets_base(catalogue, cell.measure) else {}

    def weigh(current: Sequence[Observation], case: Case) -> Weighed:
        standing = {each.measure: each for each in current}.get(cell.measure.code)
        why = locked(catalogue, cell.measure, standing, (cell.unit.code, cell.measure.code) in approved)
        locks = Locks(storage, catalogue, cell.line, cell.host, cell.period, case)
        why = why or locks.why(cell.measure.code, standing, at.astimezone(LOCAL).date())
        if why:
            raise EntryRefused(why)
        kept = record(typed, by, at)
        figure = _through_the_gate(catalogue, cell, typed, kept, current, approved)
        old = standing.value if standing else None
        event = _event(cell, typed, by, at, "" if old is None else printed(cell.measure, old), address, request)
        return Weighed(figure, kept, old, _asked_about(catalogue, cell, before, figure.value), event)

    return cell, weigh


def cell_of(storage: Storage, catalogue: Catalogue, typed: Typed, at: datetime) -> Cell:
    """The cell somebody types into; EntryRefused where there is none, or where its period has not begun."""
    period, measure = Period.parse(typed.period), catalogue.measures.get(typed.measure)
    line = line_of(storage.units(), typed.unit, period.end)
    host = host_in(catalogue, line, period.end)
    spelt_otherwise = str(period) != typed.period  # reviews and entries are kept under one spelling
    if spelt_otherwise or measure is None or host is None or line[0].level not in measure.levels or measure.kind is ValueKind.SHARE:
        raise EntryRefused("Đơn vị này không có ô nhập số liệu đó; hãy tải lại trang.")
    if period.start > at.astimezone(LOCAL).date():
        raise EntryRefused(f"{period.label} chưa bắt đầu nên chưa nhập được; hãy chọn kỳ khác.")
    return Cell(line, host, measure, period, set_in_force(catalogue, host, period).calendar.cutoff(period))


def locked(catalogue: Catalogue, measure: Measure, standing: Observation | None, is_approved: bool) -> str:
    """Why the cell takes no typing: its base figure is approved, or a machine told it; empty when it is open."""
    if is_approved:
        return "Số liệu nền này đã được duyệt cho cả năm; muốn đổi hãy đề nghị số mới kèm văn bản ở trang Số liệu nền."
    if is_pulled(catalogue, measure, standing):
        source = catalogue.sources[measure.source].name
        return f"Số này do máy lấy từ {source} nên không gõ đè được; nếu chưa đúng, hãy báo ở mục 'Số này chưa đúng' của ô."
    return ""


def is_pulled(catalogue: Catalogue, measure: Measure, standing: Observation | None) -> bool:
    """Whether the figure that stands there is one that a machine told."""
    return (
        standing is not None
        and standing.state in {State.MEASURED, State.CARRIED_OVER}
        and standing.origin.source != ENTERED
        and catalogue.sources[measure.source].entry == "connector"
    )


def value_before(storage: Storage, cell: Cell) -> int | None:
    """The value of the quarter before: as it was closed, else as it stands; None without one, or where the code was another unit's."""
    earlier = cell.period.previous()
    if not cell.unit.exists_on(earlier.end) and not storage.lineage().was_there(cell.unit, earlier.end):
        return None
    head = newest_of(storage, cell.host.code, earlier)
    if head is not None:
        figure = frozen(storage, head.sha256).figure(cell.unit.code, cell.measure.code)
        return figure.value if figure is not None else None
    told = storage.observations([cell.unit.code], earlier)
    return next((each.value for each in told if each.measure == cell.measure.code), None)


def _asked_about(catalogue: Catalogue, cell: Cell, before: int | None, value: int | None) -> int | None:
    """The value of the quarter before where the change from it asks for a line."""
    if before is None or value is None or not asks_for_a_line(catalogue, cell.measure, before, value, cell.period):
        return None
    return before


def _must_be_sayable(typed: Typed, measure: Measure) -> None:
    """What a person says has to fit together before it is weighed."""
    has_value = typed.choice in {Choice.VALUE, Choice.NONE_OCCURRED}
    if has_value is not (typed.value is not None) or (typed.choice is Choice.NONE_OCCURRED and typed.value != 0):
        raise EntryRefused("Lựa chọn và con số không khớp nhau; hãy tải lại trang rồi nhập lại ô này.")
    if typed.choice is Choice.NONE_OCCURRED and not measure.kind.is_quantity:
        raise EntryRefused(f"'{measure.name}' không phải số đếm nên không có 'không phát sinh'; hãy chọn mức độ hoặc ngày.")
    fault = fault_of(typed.reason, LONGEST_REASON)
    if fault:
        raise EntryRefused(f"Lý do {fault}")


def _through_the_gate(
    catalogue: Catalogue, cell: Cell, typed: Typed, kept: RawAnswer, current: Sequence[Observation], approved: Mapping[tuple[str, str], int]
) -> Observation:
    """The figure as the gate lets it in; EntryRefused says in the officer's words why it does not."""
    counting = {**catalogue.measures, cell.measure.code: replace(cell.measure, source=ENTERED)}
    state = State.REPORTED if typed.value is not None else State.MISSING
    reading = Reading(cell.unit.code, cell.measure.code, typed.value, cell.cutoff, kept.sha256, PLACE, state, typed.choice.words)
    answers = {kept.sha256: kept}
    gate = Gatekeeper(
        replace(catalogue, measures=counting), ENTERED, cell.period, cell.cutoff, lambda _: cell.unit, current, answers, (), None, approved
    )
    admitted = gate.admit(Pulled((reading,)))
    if admitted.faults:
        what = admitted.faults[0].what.partition("; hãy")[0]
        raise EntryRefused(f"{what[0].upper()}{what[1:]}; hãy kiểm tra lại con số vừa nhập.")
    return next(each for each in admitted.observations if each.measure == cell.measure.code)


def _event(cell: Cell, typed: Typed, by: Writer, at: datetime, old: str, address: str, request: str) -> Event:
    subject = f"{cell.measure.name} ({cell.measure.code}), {cell.period}"
    new = typed.choice.words or printed(cell.measure, typed.value or 0)
    return Event("entry.saved", by.login, by.name, cell.unit.code, subject, old, new, typed.reason, at, address, request)


def _meets_base(catalogue: Catalogue, measure: Measure) -> bool:
    """Whether an approved base figure may stand in the measure's place, or be held against it."""
    beside = {code for pair in subsets(catalogue) if measure.code in pair for code in pair} | {measure.code}
    return any(catalogue.measures[code].base for code in beside)


def _approved(storage: Storage, catalogue: Catalogue, cell: Cell) -> Mapping[tuple[str, str], int]:
    tree = build_tree(cell.line[:1], cell.cutoff)
    approved = storage.base.approved([cell.unit.code], cell.period.year)
    return {key: each.value for key, each in standing_for(approved, (), tree, catalogue).items()}
