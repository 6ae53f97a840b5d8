"""The figures and words of a quarter by the names a secretary types: {tổng điểm}, {III.1: còn thiếu}, {nhóm I: đạt}."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from hue_dti.catalogue import placeholders
from hue_dti.collation import fold, nfc
from hue_dti.errors import ReportError
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.model import Figure, Note, Run, Text
from hue_dti.reports.wording import merged

WORDS = {
    "đơn vị": "unit_lower",
    "tên đơn vị": "unit",
    "ủy ban": "host",
    "ban chỉ đạo": "issuer_name",
    "kỳ": "period",
    "kỳ sau": "next_period",
    "năm": "year",
    "từ ngày": "from",
    "đến ngày": "until",
    "quyết định": "decision",
    "nơi ban hành quyết định": "decision_issuer",
}
"""Words that change with the unit and the period, by the name of the report's fixed words."""

TOTAL = {
    "tổng điểm": "points",
    "tổng điểm tối đa": "max_points",
    "tỷ lệ điểm": "share",
    "điểm quy đổi": "converted",
    "số tiêu chí": "criteria",
    "số tiêu chí đạt": "achieved",
    "số tiêu chí đang thực hiện": "in_progress",
    "số tiêu chí chưa thực hiện": "not_started",
    "số tiêu chí không đạt": "not_achieved",
    "số tiêu chí không áp dụng": "not_applicable",
}
GROUP = {
    "điểm": "points",
    "điểm tối đa": "max_points",
    "tỷ lệ điểm": "share",
    "số tiêu chí": "criteria",
    "đạt": "achieved",
    "đang thực hiện": "in_progress",
    "chưa thực hiện": "not_started",
}
CRITERION = {
    "điểm": ("points",),
    "điểm tối đa": ("max_points",),
    "điểm còn thiếu": ("lost",),
    "tỷ lệ": ("rate", "share"),
    "số đạt": ("part",),
    "tổng số": ("whole",),
    "còn thiếu": ("missing",),
    "tỷ lệ còn thiếu": ("missing_share",),
    "số đơn vị còn thiếu": ("shortfalls/units",),
}
DOCUMENTS = "số văn bản ban hành"


@dataclass(frozen=True, slots=True)
class Section:
    """Names that belong together, each with what it prints; `code` is the group's, empty for the whole report."""

    code: str
    entries: tuple[tuple[str, str], ...]


class Vocabulary:
    """Names to figures and back, of one snapshot."""

    def __init__(self, book: FigureBook, words: Mapping[str, str]) -> None:
        self._book = book
        self.words: dict[str, Text] = {name: Text(words[key]) for name, key in WORDS.items()}
        self.figures: dict[str, Figure] = {name: figure for name, figure in self._figures() if figure is not None}
        self._known: dict[str, Text | Figure] = {_key(name): run for name, run in self.words.items()}
        self._known |= {_key(name): run for name, run in self.figures.items()}
        self._names = {figure.path: name for name, figure in self.figures.items()}

    def runs(self, text: str) -> tuple[Run, ...]:
        """A line with its names filled; a name that has no figure now stays there in square brackets."""
        out: list[Run] = []
        for literal, name in placeholders.pieces(text):
            out += [Text(literal)] if literal else []
            if name is not None:
                out.append(self._known.get(_key(name)) or Text(f"[{name.strip()}]"))
        return merged(out)

    def unknown(self, text: str) -> tuple[str, ...]:
        """The names of a text that nothing bears, in order."""
        return tuple(dict.fromkeys(name for name in placeholders.used(text) if _key(name) not in self._known))

    def nearest(self, name: str) -> str:
        """The name somebody may have meant; empty when none is near."""
        folded = {fold(each): each for each in (*self.words, *self.figures)}
        found = get_close_matches(fold(name), folded, n=1, cutoff=0.6)
        return folded[found[0]] if found else ""

    def template(self, runs: Iterable[Run]) -> str:
        """The line somebody would type for these runs; footnotes are left out."""
        return "".join(
            placeholders.literal(run.text) if isinstance(run, Text) else f"{{{self._names[run.path]}}}"
            for run in runs
            if not isinstance(run, Note)
        )

    def names_of(self, printed: str) -> tuple[str, ...]:
        """The figures that print exactly this, those of the whole report first."""
        return tuple(name for name, figure in self.figures.items() if figure.text == printed)

    def sections(self) -> Iterator[Section]:
        """Everything that may be named, the whole report first, then group by group."""
        by_group: dict[str, list[tuple[str, str]]] = {"": [(name, run.text) for name, run in self.words.items()]}
        for name, figure in self.figures.items():
            head, *rest = figure.path.split("/")
            group = rest[0] if head == "groups" else self._book.group_of(rest[0]) if head == "criteria" else ""
            by_group.setdefault(group, []).append((name, figure.text))
        return (Section(code, tuple(entries)) for code, entries in by_group.items())

    def _figures(self) -> Iterator[tuple[str, Figure | None]]:
        yield from ((name, self._figure(f"total/{what}")) for name, what in TOTAL.items())
        yield DOCUMENTS, self._figure("documents/count")
        for group in self._book.criteria_set.groups:
            yield from ((f"nhóm {group.code}: {name}", self._figure(f"groups/{group.code}/{what}")) for name, what in GROUP.items())
            for criterion in group.criteria:
                for name, whats in CRITERION.items():
                    if name != "số đơn vị còn thiếu" or criterion.shortfall is not None:
                        yield f"{criterion.code}: {name}", self._figure(*(f"criteria/{criterion.code}/{what}" for what in whats))

    def _figure(self, *paths: str) -> Figure | None:
        for path in paths:
            try:
                return self._book.figure(path)
            except ReportError:
                continue
        return None


def _key(name: str) -> str:
    """Names are the same whatever their case and spaces; marks count."""
    return "".join(nfc(name).casefold().split())
