"""Bring in and hand out the general information of units as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hue_dti.errors import Fault, ImportRefused
from hue_dti.services.table_file import Line, read_table, table_text
from hue_dti.services.units_named import NAME, UNIT, last_spans, unit_of
from hue_dti.storage import Storage
from hue_dti.trail.model import Hand, hand_of
from hue_dti.units.model import OrgUnit
from hue_dti.units.names import NameIndex
from hue_dti.units.profile import HEADINGS, NotSo, UnitProfile, read_field

COLUMNS = {UNIT: "Mã đơn vị", NAME: "Tên đơn vị", **HEADINGS}


@dataclass(frozen=True, slots=True)
class Told:
    """What an import did: units whose information is new, and those that told nothing new."""

    new: tuple[OrgUnit, ...]
    unchanged: tuple[OrgUnit, ...]


def import_profiles(storage: Storage, path: Path, by: str, at: datetime, dry_run: bool = False, hand: Hand | None = None) -> Told:
    """Store every row of the file, or none of them: ImportRefused with all faults. A dry run only checks."""
    units = last_spans(storage.units())
    index = NameIndex(units.values())
    faults: list[Fault] = []
    found: dict[str, tuple[int, UnitProfile]] = {}
    for line in read_table(path, COLUMNS, (UNIT,)).lines:
        profile = _profile(line, index, faults)
        if profile is not None and profile.unit in found:
            faults.append(line.fault(f"{units[profile.unit].name} đã có ở dòng {found[profile.unit][0]}", "hãy giữ một dòng"))
        elif profile is not None:
            found[profile.unit] = line.line, profile
    if faults:
        raise ImportRefused(faults)
    new: list[OrgUnit] = []
    unchanged: list[OrgUnit] = []
    for code, (_, profile) in found.items():
        # A row left empty tells nothing as long as nothing was told before.
        known = storage.profiles.newest(units[code]) or UnitProfile(code)
        fresh = known != profile
        if fresh and not dry_run:
            was, told = _differing(known, profile), _differing(profile, known)
            storage.profiles.save(profile, by, at, [hand_of(by, hand).did("profile.saved", at, unit=code, old=was, new=told)])
        (new if fresh else unchanged).append(units[code])
    return Told(tuple(new), tuple(unchanged))


def profile_table(storage: Storage, units: Iterable[OrgUnit], filled: bool = True) -> bytes:
    """The units as a CSV to fill in and bring back, with what is known already unless an empty one is wanted."""
    rows = []
    for unit in units:
        known = storage.profiles.newest(unit) if filled else None
        rows.append({**(asdict(known) if known is not None else {}), UNIT: unit.code, NAME: unit.name})
    return table_text(COLUMNS, rows)


def _differing(told: UnitProfile, other: UnitProfile) -> str:
    """What the first tells that the second does not."""
    fields = ((heading, getattr(told, field), getattr(other, field)) for field, heading in HEADINGS.items())
    return "; ".join(f"{heading}: {'để trống' if value in ('', None) else value}" for heading, value, beside in fields if value != beside)


def _profile(line: Line, index: NameIndex, faults: list[Fault]) -> UnitProfile | None:
    before = len(faults)
    told: dict[str, str | int | None] = {}
    for field in HEADINGS:
        try:
            told[field] = read_field(field, line.cells[field])
        except NotSo as wrong:
            faults.append(line.fault(wrong.what, wrong.remedy))
    unit = unit_of(line, index)
    if isinstance(unit, Fault):
        faults.append(unit)
        return None
    return UnitProfile(unit.code, **told) if len(faults) == before else None  # type: ignore[arg-type]
