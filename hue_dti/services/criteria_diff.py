"""Two criteria sets on the same closed figures: what changed in words, who gains, who loses; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from hue_dti.catalogue.difference import Difference, difference
from hue_dti.catalogue.load import is_shared, load_texts
from hue_dti.catalogue.model import Catalogue, CriteriaSet
from hue_dti.errors import CatalogueError, Fault, ScoringError
from hue_dti.periods import Period
from hue_dti.scoring.engine import score
from hue_dti.scoring.model import Ranked, ScoreSheet
from hue_dti.scoring.ranking import rank
from hue_dti.services.quarter import closed_in
from hue_dti.snapshots.figures import table_of
from hue_dti.snapshots.model import Snapshot
from hue_dti.storage import Storage
from hue_dti.units.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Chosen:
    """A set with the catalogue it is read in."""

    catalogue: Catalogue
    criteria_set: CriteriaSet


@dataclass(frozen=True, slots=True)
class Effect:
    """A unit under both sets; the ranks are among the units of its region, None where it is not ranked."""

    unit: OrgUnit
    region: OrgUnit
    old: ScoreSheet
    new: ScoreSheet
    old_rank: int | None
    new_rank: int | None

    @property
    def change(self) -> Fraction:
        """By how much its share of the maximum changes; the maxima of the sets may differ."""
        return share_of(self.new) - share_of(self.old)


@dataclass(frozen=True, slots=True)
class Compared:
    """The words, and on which figures of which period who gains and who loses; `refused` are quarters whose counts contradict a set."""

    words: Difference
    period: Period | None = None
    effects: tuple[Effect, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def gaining(self) -> int:
        return sum(each.change > 0 for each in self.effects)

    @property
    def losing(self) -> int:
        return sum(each.change < 0 for each in self.effects)


def share_of(sheet: ScoreSheet) -> Fraction:
    """The converted score as a share of the maximum; 0 where nothing applies."""
    return (sheet.total.converted or Fraction(0)) / sheet.total.max_points


def chosen(catalogue: Catalogue, code: str) -> Chosen | None:
    """The installed set of this code."""
    found = catalogue.sets.get(code)
    return Chosen(catalogue, found) if found is not None else None


def drafted(catalogue: Catalogue, name: str, text: str, measures: Mapping[str, str] | None = None) -> Chosen:
    """A set that is only drafted, read with the installed measures and checks, or with those given; CatalogueError with every fault."""
    shared = {each: said for each, said in catalogue.texts.items() if is_shared(each)}
    read = load_texts({**(measures or shared), name: text})
    sets = tuple(read.sets.values())
    if not sets:
        raise CatalogueError([Fault(name, 1, "tệp không phải một bộ chỉ số", "hãy gửi tệp của một bộ, như district-2024.yaml")])
    return Chosen(read, sets[0])


def drafted_file(catalogue: Catalogue, path: Path) -> Chosen:
    """A drafted set on disk, with the measures beside it where there are any."""
    beside = {str(each): each.read_text(encoding="utf-8") for each in sorted(path.parent.glob("*.yaml")) if is_shared(each.name)}
    try:
        return drafted(catalogue, str(path), path.read_text(encoding="utf-8"), beside or None)
    except UnicodeDecodeError:
        raise CatalogueError([Fault(str(path), 1, "tệp không phải UTF-8", "hãy lưu lại tệp với bảng mã UTF-8")]) from None


def compare_sets(storage: Storage | None, old: Chosen, new: Chosen, period: Period | None) -> Compared:
    """Words alone without a period; with one, both sets score what was closed in it."""
    words = difference(old.catalogue, old.criteria_set, new.catalogue, new.criteria_set)
    if storage is None or period is None or old.criteria_set.level is not new.criteria_set.level:
        return Compared(words, period)
    found: list[tuple[OrgUnit, OrgUnit, ScoreSheet, ScoreSheet]] = []
    refused: list[str] = []
    for snapshot in closed_in(storage, period):
        try:
            found += _both(snapshot, old, new, period)
        except ScoringError as told:
            refused.append(str(told))
    return Compared(words, period, _effects(found, old.criteria_set, new.criteria_set), tuple(refused))


def _both(snapshot: Snapshot, old: Chosen, new: Chosen, period: Period) -> list[tuple[OrgUnit, OrgUnit, ScoreSheet, ScoreSheet]]:
    before, after = (_sheets(snapshot, each, period) for each in (old, new))
    root = snapshot.tree.units[0]
    return [(snapshot.tree.unit(one.unit), root, one, other) for one, other in zip(before, after, strict=True)]


def _sheets(snapshot: Snapshot, each: Chosen, period: Period) -> tuple[ScoreSheet, ...]:
    frame = table_of(snapshot.figures, snapshot.tree).frame(snapshot.tree, each.catalogue.measures)
    return score(each.criteria_set, each.catalogue.measures, frame, period, snapshot.tree.as_of)


def _effects(found: Sequence[tuple[OrgUnit, OrgUnit, ScoreSheet, ScoreSheet]], old: CriteriaSet, new: CriteriaSet) -> tuple[Effect, ...]:
    """Ranked within the unit whose quarter it is, or all together where the units are those themselves."""
    together = all(unit.code == root.code for unit, root, _, _ in found)
    places: dict[tuple[str, str], tuple[int | None, int | None]] = {}
    for region in dict.fromkeys("" if together else root.code for _, root, _, _ in found):
        here = [each for each in found if together or each[1].code == region]
        before, after = _ranks(rank([each[2] for each in here], old)), _ranks(rank([each[3] for each in here], new))
        places |= {(region, code): (before[code], after[code]) for code in before}
    effects = [Effect(unit, root, one, other, *places["" if together else root.code, unit.code]) for unit, root, one, other in found]
    return tuple(sorted(effects, key=lambda each: each.change))


def _ranks(ranking: Iterable[Ranked]) -> dict[str, int | None]:
    return {each.unit: each.rank for each in ranking}
