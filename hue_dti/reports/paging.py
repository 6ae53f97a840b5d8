"""Page breaks with footnotes at the page bottom: pure sums over heights, so it can be tried on thousands of documents.

A note starts on the page of its reference. When it does not fit whole, the last note of a page is split and goes on at
the bottom of the next one, before any new note. Only where one line cites more than a page can hold does a later note
start on a following page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

_TOLERANCE = 1e-6
_LEAST = 2
"""Lines of a split note that stay together, before and after the break."""
_CARRIED_SHARE = 0.85
"""What the rest of earlier notes may take of a page while there is text to set."""


@dataclass(frozen=True, slots=True)
class Line:
    """The smallest thing that is never cut: a line of text, a table row, the letterhead.

    `height` in points; `space` wanted above it, dropped where it starts a page; `notes` are the numbers of the footnotes
    it cites; `tied` forbids a page break before it; `lead` is added where it starts a page (a table's repeated header).
    """

    height: float
    space: float = 0.0
    notes: tuple[int, ...] = ()
    tied: bool = False
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class NotePart:
    """Lines `first` up to (not including) `stop` of a note."""

    number: int
    first: int
    stop: int

    @property
    def lines(self) -> int:
        return self.stop - self.first


@dataclass(frozen=True, slots=True)
class Page:
    """Lines `first` up to (not including) `stop`, and the note parts at its bottom."""

    first: int
    stop: int
    notes: tuple[NotePart, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A page's height for text and notes, and what notes take of it, in points.

    A note part takes its lines times `note_line` plus `note_gap`; the first on a page also takes `separator`.
    """

    height: float
    note_line: float
    note_gap: float
    separator: float

    def taken(self, parts: Sequence[NotePart]) -> float:
        """The height of a page's notes."""
        if not parts:
            return 0.0
        return self.separator + sum(part.lines * self.note_line + self.note_gap for part in parts)

    def lines_left(self, height: float, parts: Sequence[NotePart]) -> int:
        """How many lines of one more note fit into `height` after these parts."""
        free = height - (self.taken(parts) or self.separator) - self.note_gap
        return max(int((free + _TOLERANCE) / self.note_line), 0)


def paginate(lines: Sequence[Line], note_lines: Mapping[int, int], room: Room) -> tuple[Page, ...]:
    """Break the lines into pages; `note_lines` has the number of lines of every note cited.

    Every line stands on exactly one page and every note is whole over the pages, in order. A line taller than a page
    gets a page of its own; cut it before if it must not overflow.
    """
    pages: list[Page] = []
    carried: tuple[NotePart, ...] = ()
    at = 0
    while at < len(lines) or carried:
        filling = _Filling(lines, note_lines, room, at, carried)
        page, carried = filling.page()
        pages.append(page)
        at = page.stop
    return tuple(pages)


class _Filling:
    """One page being filled."""

    def __init__(self, lines: Sequence[Line], note_lines: Mapping[int, int], room: Room, first: int, carried: tuple[NotePart, ...]) -> None:
        self.lines, self.note_lines, self.room, self.first = lines, note_lines, room, first
        cap = room.height * _CARRIED_SHARE if first < len(lines) else room.height
        self.asked = list(carried)
        self.placed, self.waiting = _place(carried, room, cap)
        self.stop = first
        self.text = 0.0
        self.full = False

    def page(self) -> tuple[Page, tuple[NotePart, ...]]:
        """Fill the page; return it with the note parts that must go on."""
        self._take(tied=True)
        if self.stop == self.first and self._too_big_for_any_page():
            self._take(tied=False)
        if self.stop == self.first and not self.asked:
            self._force()
        placed, waiting = _place(self.asked, self.room, self.room.height - self.text)
        return Page(self.first, self.stop, tuple(placed)), tuple(waiting)

    def _take(self, *, tied: bool) -> None:
        while self.stop < len(self.lines) and not self.full:
            end = _end_of_chunk(self.lines, self.stop) if tied else self.stop + 1
            if not self._accept(end):
                return

    def _accept(self, end: int) -> bool:
        chunk = self.lines[self.stop : end]
        text = self.text + self._height(chunk)
        fresh = [self._whole(number) for line in chunk for number in line.notes]
        if not fresh:
            fits = text + self.room.taken(self.placed) <= self.room.height + _TOLERANCE
        else:
            fits = not self.waiting and self._add_notes(fresh, self.room.height - text)
        if fits:
            self.stop, self.text = end, text
        return fits

    def _add_notes(self, fresh: list[NotePart], height: float) -> bool:
        placed, waiting = _place((*self.placed, *fresh), self.room, height)
        started = {part.number for part in placed}
        if any(part.number not in started for part in fresh) or self.room.taken(placed) > height + _TOLERANCE:
            return False
        self.placed, self.waiting, self.full = placed, waiting, bool(waiting)
        self.asked += fresh
        return True

    def _force(self) -> None:
        line = self.lines[self.first]
        self.stop, self.text = self.first + 1, self._height([line])
        self.asked = [self._whole(number) for number in line.notes]

    def _too_big_for_any_page(self) -> bool:
        if self.first == len(self.lines):
            return False
        chunk = self.lines[self.first : _end_of_chunk(self.lines, self.first)]
        fresh = [self._whole(number) for line in chunk for number in line.notes]
        placed, _ = _place(fresh, self.room, self.room.height - self._height(chunk))
        started = {part.number for part in placed}
        return self._height(chunk) > self.room.height or any(part.number not in started for part in fresh)

    def _height(self, chunk: Sequence[Line]) -> float:
        above = 0.0
        for place, line in enumerate(chunk):
            starts_page = self.stop == self.first and place == 0
            above += line.height + (line.lead if starts_page else line.space)
        return above

    def _whole(self, number: int) -> NotePart:
        return NotePart(number, 0, self.note_lines[number])


def _end_of_chunk(lines: Sequence[Line], start: int) -> int:
    end = start + 1
    while end < len(lines) and lines[end].tied:
        end += 1
    return end


def _place(parts: Iterable[NotePart], room: Room, height: float) -> tuple[list[NotePart], list[NotePart]]:
    """Set the parts one below the other into `height`; return what stands there and what must wait, both in order."""
    placed: list[NotePart] = []
    waiting: list[NotePart] = []
    for part in parts:
        if waiting:
            waiting.append(part)
            continue
        fitting = room.lines_left(height, placed)
        if part.lines <= fitting:
            placed.append(part)
            continue
        cut = part.first + min(fitting, part.lines - _LEAST)
        if cut - part.first < _LEAST:
            waiting.append(part)
        else:
            placed.append(replace(part, stop=cut))
            waiting.append(replace(part, first=cut))
    return placed, waiting
