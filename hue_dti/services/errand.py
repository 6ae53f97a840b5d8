"""What every source is asked and checked with: one unit's subtree and one period; nothing is stored here."""

from __future__ import annotations

import logging
import traceback
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import HueDtiError, NoSetInForce, StorageError
from hue_dti.numerals import format_count, format_date
from hue_dti.observations.intake import Admission, Gatekeeper, Resolve
from hue_dti.observations.model import Observation, Pulled, PullRequest, RawAnswer, RawStore, ReadsFiles, RecordedAnswers, SourceFault
from hue_dti.observations.opinions import apart, beside
from hue_dti.periods import LOCAL, Period
from hue_dti.secrecy import hiding
from hue_dti.services.source_model import SourceSettings, find_connector
from hue_dti.storage import ConfirmedName, Storage
from hue_dti.units.model import OrgUnit, Tree
from hue_dti.units.names import NameIndex, spelt_key
from hue_dti.units.tree import build_tree

NOT_DECLARED = "chưa khai báo nguồn này trong tệp nguồn số liệu; hãy thêm rồi lấy lại"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """The unit's tree on the cut-off, the set that scores it, and the clock."""

    catalogue: Catalogue
    criteria_set: CriteriaSet
    tree: Tree
    period: Period
    now: Callable[[], datetime]
    assigned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By source: what persons say its articles count for, by the article's key."""

    @property
    def unit(self) -> OrgUnit:
        """The unit whose subtree is asked for."""
        return self.tree.units[0]

    @property
    def cutoff(self) -> date:
        """The last day that counts."""
        return self.criteria_set.calendar.cutoff(self.period)

    def bring(self, code: str, source: SourceSettings | None, store: RawStore) -> tuple[Pulled | None, str]:
        """What the source's connector brings, or why it brings nothing; whatever goes wrong is this source's alone."""
        if source is None:
            return None, NOT_DECLARED
        if source.lacks and not isinstance(store, RecordedAnswers):  # who reads what was kept needs no secret
            return None, source.lacks
        return self._guarded(
            code, source, lambda: find_connector(source.connector, code).pull(self._request(code, source), store, self.now)
        )

    def read_file(self, code: str, source: SourceSettings, kept: RawAnswer, name: str) -> tuple[Pulled | None, str]:
        """What the source's connector reads in a file that a person handed in, or why it reads nothing."""
        connector = find_connector(source.connector, code)
        if not isinstance(connector, ReadsFiles):
            return None, f"nguồn {code} ('{source.connector}') không nhận tệp; hãy chọn nguồn có bảng hoặc tệp xuất"
        return self._guarded(code, source, lambda: connector.read_file(self._request(code, source), kept, name, self.now))

    def _guarded(self, code: str, source: SourceSettings, read: Callable[[], Pulled]) -> tuple[Pulled | None, str]:
        """What a connector reads, or its failure in words without a secret."""
        try:
            return read(), ""
        except StorageError:
            raise
        except HueDtiError as fault:
            return None, hiding(source.settings).text(str(fault))
        except Exception as fault:  # a province's own connector must not cost it the other sources
            # The message of an unknown fault may repeat a secret, so only its kind and its lines are told.
            lines = "".join(traceback.format_tb(fault.__traceback__))
            _LOG.error("connector %s of source %s failed with %s\n%s", source.connector, code, type(fault).__name__, lines)
            return None, f"connector '{source.connector}' dừng vì lỗi ngoài dự kiến ({type(fault).__name__}); hãy báo người viết connector"

    def weigh(
        self,
        code: str,
        source: SourceSettings,
        pulled: Pulled,
        current: Collection[Observation],
        answers: Mapping[str, RawAnswer],
        resolve: Resolve,
        to_come: Collection[str] = (),
        opinions: Collection[Observation] = (),
        approved: Mapping[tuple[str, str], int] | None = None,
    ) -> Admission:
        """What of it passes the gate, and every fault; `current` are the figures as they stand, `answers` those it was read in by hash.

        `to_come` are the sources of the same run that are let in after this one, `opinions` what this source told before where it
        is only compared, `approved` the approved base figures.
        """
        counting, others = apart(pulled, self.catalogue, code)
        gate = Gatekeeper(self.catalogue, code, self.period, self.cutoff, resolve, current, answers, to_come, source.expected, approved)
        admission = gate.admit(counting)
        comparing = beside(self.catalogue, code)
        second = Gatekeeper(comparing, code, self.period, self.cutoff, resolve, opinions, answers, (), source.expected).admit(others)
        unknown = tuple(dict.fromkeys((*admission.unknown_names, *second.unknown_names)))
        admission = Admission(admission.observations, (*admission.faults, *second.faults), unknown, second.observations)
        stale = _stale(admission, source, min(self.cutoff, self.now().astimezone(LOCAL).date()))
        return replace(admission, faults=(*admission.faults, *stale))

    def _request(self, code: str, source: SourceSettings) -> PullRequest:
        calendar = self.criteria_set.calendar
        measures = [measure for measure in self.catalogue.measures.values() if code in (measure.source, *measure.also_from)]
        return PullRequest(
            unit=self.unit,
            units=self.tree.units,
            period=self.period,
            calendar=calendar,
            cutoff=self.cutoff,
            windows={measure.code: measure.days(calendar, self.period) for measure in measures},
            settings=source.settings,
            assigned=self.assigned.get(code, {}),
        )


def errand_for(storage: Storage, catalogue: Catalogue, unit: OrgUnit, period: Period, now: Callable[[], datetime]) -> Errand:
    """The errand of a unit and a period; NoSetInForce where no set scores the unit."""
    (errand,) = errands_for(storage, catalogue, [unit], period, now)
    return errand


def errands_for(
    storage: Storage, catalogue: Catalogue, units: Sequence[OrgUnit], period: Period, now: Callable[[], datetime]
) -> list[Errand]:
    """The errands of several units, in their order."""
    known, assigned = storage.units(), defaultdict[str, dict[str, str]](dict)
    for said in storage.articles.said():
        assigned[said.source][said.key] = said.measure
    sets = {unit.level: set_in_force(catalogue, unit, period) for unit in units}
    trees = (build_tree(known, sets[unit.level].calendar.cutoff(period), unit.code) for unit in units)
    return [Errand(catalogue, sets[unit.level], tree, period, now, assigned) for unit, tree in zip(units, trees, strict=True)]


def set_in_force(catalogue: Catalogue, unit: OrgUnit, period: Period) -> CriteriaSet:
    """The criteria set that scores the unit in the period; raise NoSetInForce when there is none."""
    found = catalogue.set_for(unit.level, period.end)
    if found is None:
        raise NoSetInForce(f"Chưa có bộ tiêu chí nào áp dụng cho {unit.name} trong {period.label}; hãy thêm tệp vào criteria/.")
    return found


def _stale(admission: Admission, source: SourceSettings, day: date) -> tuple[SourceFault, ...]:
    """One fault for all figures older than the source's freshness limit; they are kept, with their date."""
    if source.fresh_days is None:
        return ()
    old = [each.as_of for each in admission.fresh if each.as_of < day - timedelta(days=source.fresh_days)]
    if not old:
        return ()
    what = f"{format_count(len(old))} số liệu chỉ đến ngày {format_date(min(old))}, cũ hơn {format_count(source.fresh_days)} ngày cho phép"
    return (SourceFault("ngày số liệu", f"{what}; hãy báo {source.owner or 'đơn vị quản lý nguồn'}"),)


def resolver(names: NameIndex, tree: Tree, confirmed: Sequence[ConfirmedName], source: SourceSettings | None = None) -> Resolve:
    """Which unit a source means: what a person confirmed for it, then what its entry in the sources file says, then the name itself."""
    known = {
        spelt_key(each.name): tree.unit(each.code)
        for each in confirmed
        if each.code in tree.index and tree.unit(each.code).valid_from == each.valid_from
    }
    own = {spelt_key(printed): code for printed, code in source.units.items()} if source is not None else {}

    def resolve(printed: str) -> OrgUnit | None:
        key = spelt_key(printed)
        if key in known:
            return known[key]
        try:
            return names.resolve(own.get(key, printed))
        except HueDtiError:
            return None

    return resolve
