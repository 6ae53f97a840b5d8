"""Which unit a printed name means: exact folded names and aliases resolve, likeness only suggests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from hue_dti.collation import fold, nfc, sort_key, spelling
from hue_dti.errors import AmbiguousUnit, UnknownUnit
from hue_dti.units.likeness import Likeness
from hue_dti.units.model import Level, OrgUnit

_LEVEL_WORDS = {
    Level.PROVINCE: ("Tỉnh", "Thành phố"),
    Level.DISTRICT: ("Huyện", "Quận", "Thị xã", "Thành phố"),
    Level.COMMUNE: ("Xã", "Phường", "Thị trấn", "Đặc khu"),
}
AT_LEVEL = {
    Level.PROVINCE: "cấp tỉnh",
    Level.DISTRICT: "cấp huyện",
    Level.COMMUNE: "cấp xã",
    Level.AGENCY: "cơ quan",
    Level.VILLAGE: "thôn, tổ dân phố",
}
"""Each level in a sentence."""
_SUGGESTIONS_SHOWN = 3
_KEPT = 1 << 14


def bare_name(unit: OrgUnit) -> str:
    """The name without its level word: `Xã Hương Sơn` → `Hương Sơn`; an agency keeps its whole name."""
    for word in _LEVEL_WORDS.get(unit.level, ()):
        if unit.name.lower().startswith(f"{word.lower()} "):
            return unit.name[len(word) + 1 :]
    return unit.name


@lru_cache(maxsize=_KEPT)
def name_key(text: str) -> str:
    """A name as searched: letters and digits without marks, so case, marks, hyphens and spacing do not matter."""
    return _only_words(fold(text))


@lru_cache(maxsize=_KEPT)
def spelt_key(text: str) -> str:
    """A name as spelt: its marks matter (Phường Hương Vân is not Phường Hương Văn), case, hyphens and spacing do not."""
    return spelling(_only_words(nfc(text)))


def names_of(unit: OrgUnit) -> tuple[str, ...]:
    """Every name the unit answers to: its name, the name without level word, its aliases."""
    return (unit.name, bare_name(unit), *unit.aliases)


def _only_words(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


class NameIndex:
    """Finds units of one day by code or by any of their names; give it a tree's units to search below one unit only."""

    def __init__(self, units: Iterable[OrgUnit]) -> None:
        self._units: dict[str, OrgUnit] = {}
        self._spelt: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, set[str]] = defaultdict(set)
        for unit in sorted(units, key=lambda each: each.valid_from):
            self._units[unit.code] = unit
            for name in names_of(unit):
                self._spelt[spelt_key(name)].add(unit.code)
                self._folded[name_key(name)].add(unit.code)
        self._likeness: Likeness | None = None

    def find(self, text: str) -> str | None:
        """The code of the unit with exactly this code or name, None when there is none; raises AmbiguousUnit for several.

        A name with the very marks comes before names that only look alike without them.
        """
        if text.strip() in self._units:
            return text.strip()
        codes = sorted(self._spelt.get(spelt_key(text)) or self._folded.get(name_key(text)) or ())
        if len(codes) > 1:
            raise AmbiguousUnit(f"Tên '{text}' là của nhiều đơn vị: {self._shown(codes, under=True)}; hãy ghi mã đơn vị.")
        return codes[0] if codes else None

    def suggest(self, text: str) -> tuple[str, ...]:
        """Codes of the units whose names are most like this text, best first, for a person to confirm; may be empty."""
        if self._likeness is None:
            self._likeness = Likeness((code, key) for key, codes in self._folded.items() for code in codes)
        alike = self._likeness.of(name_key(text))
        return tuple(sorted(alike, key=lambda code: (-alike[code], sort_key(self._units[code].name), code)))

    def resolve(self, text: str) -> OrgUnit:
        """The unit with this code or name; raises UnknownUnit with the likeliest ones, or AmbiguousUnit."""
        code = self.find(text)
        if code is not None:
            return self._units[code]
        alike = self.suggest(text)[:_SUGGESTIONS_SHOWN]
        question = f" Ý bạn là {self._shown(alike)}?" if alike else ""
        raise UnknownUnit(f"Không có đơn vị nào mang tên hoặc mã '{text}'.{question} Hãy ghi đúng tên hoặc mã đơn vị.")

    def _shown(self, codes: Iterable[str], *, under: bool = False) -> str:
        return ", ".join(self._label(self._units[code], under=under) for code in codes)

    def _label(self, unit: OrgUnit, *, under: bool) -> str:
        above = self._units.get(unit.parent or "") if under else None
        return f"{unit.name} ({unit.code}, {above.name})" if above else f"{unit.name} ({unit.code})"
