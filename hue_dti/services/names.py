"""Names that sources print and no unit answers to: list them, confirm whose they are, or put them aside."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.catalogue.model import Catalogue
from hue_dti.collation import nfc
from hue_dti.errors import SettingError, SourceError, UnknownUnit
from hue_dti.periods import Period
from hue_dti.services.errand import Errand, errand_for, resolver
from hue_dti.services.letting_in import SourceOutcome
from hue_dti.services.replay import replay_quarter
from hue_dti.services.sources import SourceSettings
from hue_dti.storage import ConfirmedName, PullRun, Storage, UnknownName
from hue_dti.trail.model import Hand, hand_of
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex, spelt_key


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name nobody has placed: where it was met (None when nobody noted it) and the units it may be, likeliest first."""

    name: UnknownName
    run: PullRun | None
    suggested: tuple[OrgUnit, ...]

    @property
    def command(self) -> str:
        """The command that confirms the likeliest unit."""
        code = self.suggested[0].code if self.suggested else "MÃ"
        return f"hue-dti names confirm {self.name.source} {shlex.quote(self.name.name)} --unit {code}"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A name that has its unit now; `outcome` is how its source reads with it, None with `later` saying why not yet."""

    name: str
    unit: OrgUnit
    outcome: SourceOutcome | None
    later: str


@dataclass(frozen=True, slots=True)
class _Place:
    """The tree in which a name was met."""

    errand: Errand
    names: NameIndex
    resolve: Callable[[str], OrgUnit | None]


def waiting_names(storage: Storage, catalogue: Catalogue, now: Callable[[], datetime]) -> tuple[Waiting, ...]:
    """The names to place, by source and name; those that unit files have come to know since are left out."""
    places: dict[tuple[str, str, str], _Place | None] = {}
    return tuple(_waiting(storage, catalogue, now, places))


def _waiting(
    storage: Storage, catalogue: Catalogue, now: Callable[[], datetime], places: dict[tuple[str, str, str], _Place | None]
) -> Iterator[Waiting]:
    by_code = {unit.code: unit for unit in storage.units()}
    for name in storage.unknown_names():
        run = _run(storage, name.run)
        if run is None:
            known = by_code.get(name.suggested or "")
            yield Waiting(name, None, (known,) if known is not None else ())
            continue
        key = (run.source, run.unit, run.period)
        if key not in places:
            places[key] = _place(storage, catalogue, run, now)
        place = places[key]
        if place is None:
            yield Waiting(name, run, ())
        elif place.resolve(name.name) is None:
            yield Waiting(name, run, tuple(place.errand.tree.unit(code) for code in place.names.suggest(name.name)))


def confirm_name(
    storage: Storage,
    catalogue: Catalogue,
    sources: Mapping[str, SourceSettings],
    source: str,
    printed: str,
    unit_text: str,
    by: str,
    now: Callable[[], datetime],
    hand: Hand | None = None,
) -> Confirmed:
    """Say whose a printed name is, and read what the source's newest pull kept again with it; the source is not asked.

    The name may be one that waits or one confirmed before (then the new word counts). Raises UnknownUnit for a name or a unit
    nobody knows, SettingError for an unknown source.
    """
    name, run = _met(storage, catalogue, source, printed)
    place = _place(storage, catalogue, run, now) if run is not None else None
    at = now()
    known = place.names if place is not None else NameIndex(each for each in storage.units() if each.exists_on(at.date()))
    unit = known.resolve(nfc(unit_text))
    done = hand_of(by, hand).did("name.confirmed", at, unit=unit.code, subject=f"{source}: {name}", new=unit.name)
    storage.confirm_name(ConfirmedName(source, name, unit.code, unit.valid_from, by, at, run.id if run is not None else None), [done])
    if run is None or place is None:
        return Confirmed(name, unit, None, "chưa có lần lấy nào để đọc lại; tên này dùng từ lần lấy tới")
    try:
        (outcome,) = replay_quarter(storage, catalogue, sources, place.errand.unit, place.errand.period, now, [source], or_last_good=True)
    except SourceError as fault:
        return Confirmed(name, unit, None, str(fault))
    later = f"chưa đọc lại được: {outcome.reason}" if outcome.outcome == "failed" else ""
    return Confirmed(name, unit, None if later else outcome, later)


def dismiss_name(
    storage: Storage, catalogue: Catalogue, source: str, printed: str, reason: str, by: str, at: datetime, hand: Hand | None = None
) -> str:
    """Put aside a waiting name that is no unit's, with the reason; raises UnknownUnit when it does not wait."""
    if not reason.strip():
        raise UnknownUnit('Muốn bỏ một tên khỏi danh sách hãy ghi lý do: --reason "…"')
    name = _of_list(storage, catalogue, source, printed).name
    done = hand_of(by, hand).did("name.dismissed", at, subject=f"{source}: {name}", reason=reason.strip())
    storage.dismiss_name(source, name, reason.strip(), by, at, [done])
    return name


def _met(storage: Storage, catalogue: Catalogue, source: str, printed: str) -> tuple[str, PullRun | None]:
    """The name as listed or as confirmed before, and the pull that met it last."""
    earlier = [each for each in storage.confirmed_names(source) if spelt_key(each.name) == spelt_key(printed)]
    try:
        listed = _of_list(storage, catalogue, source, printed)
    except UnknownUnit:
        if not earlier:
            raise
        return earlier[-1].name, _run(storage, earlier[-1].run)
    return listed.name, _run(storage, listed.run)


def _run(storage: Storage, number: int | None) -> PullRun | None:
    return storage.pull_run(number) if number is not None else None


def _of_list(storage: Storage, catalogue: Catalogue, source: str, printed: str) -> UnknownName:
    if source not in catalogue.sources:
        raise SettingError(f"Không có nguồn '{source}'; các nguồn: {', '.join(catalogue.sources)}.")
    listed = [name for name in storage.unknown_names() if name.source == source]
    for name in listed:
        if spelt_key(name.name) == spelt_key(printed):
            return name
    known = ", ".join(f"'{name.name}'" for name in listed) or "không có tên nào"
    raise UnknownUnit(f"Nguồn {source} không có tên '{printed}' trong danh sách chờ; đang chờ: {known}.")


def _place(storage: Storage, catalogue: Catalogue, run: PullRun, now: Callable[[], datetime]) -> _Place | None:
    """Where a pull looked for units; None when that unit or its set is gone."""
    period = Period.parse(run.period)
    units = [unit for unit in storage.units() if unit.code == run.unit and unit.exists_on(period.end)]
    if not units or catalogue.set_for(units[0].level, period.end) is None:
        return None
    errand = errand_for(storage, catalogue, units[0], period, now)
    names = NameIndex(errand.tree.units)
    return _Place(errand, names, resolver(names, errand.tree, storage.confirmed_names(run.source)))
