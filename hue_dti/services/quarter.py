"""A unit's quarter: as it stands today, as it was frozen, and how the two part."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt

from hue_dti import __version__
from hue_dti.appraisal.model import Mark
from hue_dti.catalogue.load import is_shared, load_texts
from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import SnapshotTampered, StorageError
from hue_dti.observations.base import ApprovedFigure
from hue_dti.observations.intake import subsets
from hue_dti.observations.model import RegisteredDocument, State
from hue_dti.periods import LOCAL, Period, Window
from hue_dti.scoring.model import with_value
from hue_dti.services.approved import standing_for, with_approved
from hue_dti.services.errand import set_in_force
from hue_dti.services.evidence_overview import frozen_hashes
from hue_dti.services.reviewed import reviewed
from hue_dti.snapshots.bundle import decode
from hue_dti.snapshots.figures import Answer, FigureTable, TableBuilder, table_of
from hue_dti.snapshots.model import Snapshot, SnapshotHead
from hue_dti.snapshots.scored import score_quarter
from hue_dti.storage import Figures, Storage, Way
from hue_dti.units.model import Level, OrgUnit, Tree
from hue_dti.units.tree import build_tree

KEPT = 64
"""Frozen quarters kept read; they never change, so their hash is all one needs to know."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that is another today than in a frozen quarter; None for one that was or is not there."""

    unit: str
    measure: str
    then: int | None
    now: int | None


def draft(
    storage: Storage,
    catalogue: Catalogue,
    unit: OrgUnit,
    period: Period,
    now: datetime,
    supposing: Sequence[ApprovedFigure] = (),
    marking: Sequence[Mark] = (),
) -> Snapshot:
    """The quarter from today's figures, scored but not frozen (`head.sha256` is empty).

    `supposing` are base figures taken as approved, `marking` words of reviewers taken as said, to see what that would do.
    Figures that a level should have given and did not are MISSING, or SOURCE_FAILED with the reason when their source's last pull failed.
    Raises NoSetInForce when no set is in force for the unit, ScoringError when counts contradict each other.
    """
    own = set_in_force(catalogue, unit, period)
    cutoff = own.calendar.cutoff(period)
    units = storage.units()
    tree = build_tree(units, cutoff, unit.code)
    day = min(cutoff, now.astimezone(LOCAL).date())
    figures = current_figures(storage, catalogue, tree, period, _managers(units, unit, period), day, supposing, marking)
    lower = _set_below(catalogue, tree, period)
    scored = score_quarter(catalogue, own, lower, tree, figures, period)
    return Snapshot(
        head=_head(unit, own, period, now),
        tree=tree,
        texts=_texts(catalogue, [own, *([lower] if lower is not None else [])]),
        sheet=scored.sheet,
        lower_set=lower.code if lower is not None else None,
        lower=scored.lower,
        ranking=scored.ranking,
        documents=_documents(storage, own, unit, period),
        figures=figures,
        evidence=frozen_hashes(storage, [each.code for each in tree.units], period),
    )


def newest_of(storage: Storage, unit: str, period: Period) -> SnapshotHead | None:
    """The head of the unit's newest frozen quarter for this period."""
    return next((head for head in reversed(storage.snapshot_heads(unit)) if head.period == str(period)), None)


_read: OrderedDict[str, Snapshot] = OrderedDict()
_reading = Lock()


def frozen(storage: Storage, sha256: str) -> Snapshot:
    """The frozen quarter of this hash; raise StorageError when it is not stored, SnapshotTampered when it is not as frozen."""
    with _reading:
        if sha256 in _read:
            _read.move_to_end(sha256)
            return _read[sha256]
    bundle = storage.bundle(sha256)
    if bundle is None:
        raise StorageError(f"Không có bản chốt {sha256} trong cơ sở dữ liệu; hãy kiểm tra mã băm hoặc khôi phục từ bản sao lưu.")
    snapshot = decode(bundle)
    check_name(snapshot.head.sha256, sha256)
    with _reading:
        _read[sha256] = snapshot
        while len(_read) > KEPT:
            _read.popitem(last=False)
    return snapshot


def seen_from(snapshot: Snapshot, unit: str) -> Snapshot | None:
    """The same quarter seen from its own unit, or from a lower one: that one's sheet under the lower units' set; None without a sheet."""
    if snapshot.head.unit == unit:
        return snapshot
    for sheet in snapshot.lower:
        if sheet.unit == unit:
            head = replace(snapshot.head, unit=unit, criteria_set=sheet.criteria_set)
            return replace(snapshot, head=head, sheet=sheet, lower=(), ranking=())
    return None


def check_name(found: str, asked: str) -> None:
    """Raise SnapshotTampered when the bundle stored under a hash has another one."""
    if found != asked:
        raise SnapshotTampered(
            f"Dưới mã {asked} trong cơ sở dữ liệu là một bản chốt khác (mã {found}); hãy chạy hue-dti verify và khôi phục từ bản sao lưu."
        )


def catalogue_of(snapshot: Snapshot) -> Catalogue:
    """The criteria and measures the snapshot was scored with, from its own texts."""
    return _catalogue(tuple(sorted(snapshot.texts.items())))


@lru_cache(maxsize=KEPT)
def _catalogue(texts: tuple[tuple[str, str], ...]) -> Catalogue:
    return load_texts(dict(texts))


def changed_since(storage: Storage, snapshot: Snapshot, supposing: Sequence[ApprovedFigure] = ()) -> int:
    """How many figures have another value, state or as-of date today than when the snapshot was frozen; absent stays absent."""
    return len(changes_since(storage, snapshot, supposing))


def changes_since(storage: Storage, snapshot: Snapshot, supposing: Sequence[ApprovedFigure] = ()) -> tuple[Changed, ...]:
    """Those figures one by one, measure by measure in the catalogue's order."""
    catalogue, period = catalogue_of(snapshot), Period.parse(snapshot.head.period)
    then = table_of(snapshot.figures, snapshot.tree)
    today = current_figures(storage, catalogue, snapshot.tree, period, (), snapshot.tree.as_of, supposing)
    return tuple(each for code in catalogue.measures for each in _changed(then, today, code))


def current_figures(
    storage: Storage,
    catalogue: Catalogue,
    tree: Tree,
    period: Period,
    pulled_for: Iterable[str],
    day: date,
    supposing: Sequence[ApprovedFigure] = (),
    marking: Sequence[Mark] = (),
) -> FigureTable:
    """Today's figures of the tree, approved base figures in place of what sources tell of them; these stand as of `day`.

    Typed figures stand as review leaves them.

    `pulled_for` are the units whose pulls tell why a figure is absent.
    """
    failed = _failures(storage, pulled_for, period)
    codes = [unit.code for unit in tree.units]
    levels = np.array([unit.level.value for unit in tree.units])
    builder, expected = TableBuilder(codes), {}
    for code, measure in catalogue.measures.items():
        observed = np.isin(levels, [level.value for level in measure.levels])
        if observed.any():
            expected[code] = observed
            state = State.SOURCE_FAILED if measure.source in failed else State.MISSING
            builder.expect(code, observed, state, failed.get(measure.source, ""))
    standing = standing_for(storage.base.approved(codes, period.year), supposing, tree, catalogue)
    tables = frozenset(code for code, source in catalogue.sources.items() if source.entry == "spreadsheet")
    told = reviewed(storage, storage.figures(codes, period), period, tables, marking, subsets(catalogue))
    _enter(builder, with_approved(told, standing, catalogue, day), expected)
    return builder.table()


def _enter(builder: TableBuilder, figures: Figures, expected: Mapping[str, npt.NDArray[np.bool_]]) -> None:
    """Put the stored figures over the expected ones; those of levels where a measure is not observed stay out."""
    answers = builder.answers(Answer(each.source, each.request, each.fetched_at, each.raw_sha256) for each in figures.origins)
    for code, came in figures.measures.items():
        if code not in expected:
            continue
        kept = np.flatnonzero(expected[code][came.unit])
        places, reasons = [came.place[row] for row in kept.tolist()], [came.reason[row] for row in kept.tolist()]
        at, origin = came.unit[kept], answers[came.origin[kept]]
        builder.put(code, at, came.value[kept], came.state[kept], came.as_of[kept], origin, places, reasons)


def _failures(storage: Storage, pulled_for: Iterable[str], period: Period) -> dict[str, str]:
    """Sources that failed when they were last asked, with the reason; a file that could not be read says nothing of them."""
    newest = sorted((run for unit in pulled_for for run in storage.last_pulls(unit, period, ways=(Way.ASKED,))), key=lambda run: run.id)
    last = {run.source: run for run in newest}
    return {source: run.reason for source, run in last.items() if run.outcome == "failed"}


def _managers(units: Iterable[OrgUnit], unit: OrgUnit, period: Period) -> list[str]:
    """The unit and those above it, any of which may have pulled its figures."""
    parents = {each.code: each.parent for each in units if each.exists_on(period.end)}
    codes, above = [unit.code], unit.parent
    while above is not None and above not in codes:
        codes.append(above)
        above = parents.get(above)
    return codes


def _set_below(catalogue: Catalogue, tree: Tree, period: Period) -> CriteriaSet | None:
    """The set of the nearest level below the root that has one and is in the tree, in force on the same day as the root's."""
    order = list(Level)
    present = {unit.level for unit in tree.units}
    below = (level for level in order[order.index(tree.units[0].level) + 1 :] if level in present)
    return next((found for level in below if (found := catalogue.set_for(level, period.end)) is not None), None)


def _texts(catalogue: Catalogue, sets: Iterable[CriteriaSet]) -> dict[str, str]:
    """The files the sets stand in, and those of the measures and checks."""
    files = {criteria_set.place[0] for criteria_set in sets}
    return {name: text for name, text in catalogue.texts.items() if name in files or is_shared(name)}


def _documents(storage: Storage, own: CriteriaSet, unit: OrgUnit, period: Period) -> tuple[RegisteredDocument, ...]:
    """The register of the period, and earlier documents of the year that prove a criterion."""
    window, year = own.calendar.window(period), own.calendar.year_to_date(period)
    found = storage.documents(unit.code, Window(min(window.start, year.start), window.end))
    return tuple(document for document in found if document.criterion or document.issued_on in window)


def _head(unit: OrgUnit, own: CriteriaSet, period: Period, now: datetime) -> SnapshotHead:
    return SnapshotHead("", unit.code, str(period), own.code, 0, None, None, "", now, "", __version__, own.calendar.cutoff(period))


def _changed(then: FigureTable, today: FigureTable, code: str) -> Iterator[Changed]:
    if code not in then.measures or code not in today.measures:
        return
    old, new = then.measures[code].records, today.measures[code].records
    before, after = with_value(old["state"]), with_value(new["state"])
    differs = (old["value"] != new["value"]) | (old["as_of"] != new["as_of"]) | (old["state"] != new["state"])
    for row in np.flatnonzero((before | after) & differs).tolist():
        values = (int(each["value"][row]) if there[row] else None for each, there in ((old, before), (new, after)))
        yield Changed(then.units[row], code, *values)


def closed_in(storage: Storage, period: Period) -> Iterator[Snapshot]:
    """The newest frozen quarter of every unit that closed the period; SnapshotTampered where one is not what was frozen:

    whoever is left out of a ranking moves everybody else.
    """
    return (frozen(storage, head.sha256) for head in storage.newest_heads() if head.period == str(period))
