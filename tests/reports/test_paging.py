"""Page breaks over heights alone."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from hue_dti.reports.paging import Line, NotePart, Page, Room, paginate

ROOM = Room(height=100, note_line=10, note_gap=0, separator=10)


def text(count: int, **changes: object) -> list[Line]:
    return [Line(10, **changes) for _ in range(count)]  # type: ignore[arg-type]


def test_a_page_takes_as_many_lines_as_fit() -> None:
    assert [(page.first, page.stop) for page in paginate(text(25), {}, ROOM)] == [(0, 10), (10, 20), (20, 25)]


def test_nothing_gives_no_page() -> None:
    assert paginate([], {}, ROOM) == ()


def test_the_space_above_a_line_is_dropped_where_it_starts_a_page() -> None:
    lines = text(10, space=2.5)
    assert [page.stop for page in paginate(lines, {}, ROOM)] == [8, 10]


def test_a_repeated_header_takes_room_on_each_further_page() -> None:
    lines = [Line(10), *text(20, lead=10)]
    assert [(page.first, page.stop) for page in paginate(lines, {}, ROOM)] == [(0, 10), (10, 19), (19, 21)]


def test_tied_lines_go_to_the_next_page_together() -> None:
    lines = [*text(9), Line(10), Line(10, tied=True)]
    assert [page.stop for page in paginate(lines, {}, ROOM)] == [9, 11]


def test_a_tied_chain_longer_than_a_page_is_broken_all_the_same() -> None:
    lines = [Line(10), *text(24, tied=True)]
    assert [page.stop for page in paginate(lines, {}, ROOM)] == [10, 20, 25]


def test_a_note_stands_on_the_page_of_its_reference() -> None:
    pages = paginate([*text(6), Line(10, notes=(1,)), *text(6)], {1: 2}, ROOM)
    assert pages[0] == Page(0, 7, (NotePart(1, 0, 2),))


def test_a_short_note_takes_its_line_along_to_the_next_page() -> None:
    pages = paginate([*text(9), Line(10, notes=(1,))], {1: 3}, ROOM)
    assert pages == (Page(0, 9, ()), Page(9, 10, (NotePart(1, 0, 3),)))


def test_a_long_note_is_split_and_goes_on_before_any_new_note() -> None:
    pages = paginate([*text(5), Line(10, notes=(1,)), Line(10, notes=(2,))], {1: 6, 2: 1}, ROOM)
    assert pages == (Page(0, 6, (NotePart(1, 0, 3),)), Page(6, 7, (NotePart(1, 3, 6), NotePart(2, 0, 1))))


def test_no_single_line_of_a_note_is_left_alone() -> None:
    pages = paginate([*text(5), Line(10, notes=(1,))], {1: 4}, ROOM)
    assert [part.lines for page in pages for part in page.notes] == [2, 2]


def test_a_note_longer_than_pages_runs_on_under_the_text() -> None:
    pages = paginate([Line(10, notes=(1,)), *text(3)], {1: 30}, ROOM)
    assert [part.lines for page in pages for part in page.notes] == [8, 7, 8, 7]
    assert pages[1].stop > pages[1].first


def test_a_line_that_cites_more_than_a_page_holds_lets_the_later_note_wait() -> None:
    pages = paginate([Line(10, notes=(1, 2))], {1: 20, 2: 5}, ROOM)
    assert pages[0].notes == (NotePart(1, 0, 8),)
    assert pages[-1].notes[-1] == NotePart(2, 0, 5)


@pytest.mark.parametrize("seed", range(150))
def test_no_line_and_no_note_is_lost_doubled_or_laid_over_another(seed: int) -> None:
    lines, notes = _random_lines(random.Random(seed))
    room = Room(700, 11.5, 1.5, 10)
    pages = paginate(lines, notes, room)
    stops = [page.stop for page in pages]
    assert [page.first for page in pages] == [0, *stops[:-1]]
    assert stops[-1] == len(lines)
    _check_notes(pages, notes)
    for number, page in enumerate(pages):
        here = lines[page.first : page.stop]
        used = sum(line.height + (line.space if place else line.lead) for place, line in enumerate(here))
        assert used + room.taken(page.notes) <= room.height + 0.001
        for line in here:
            for cited in line.notes[:1]:
                assert _first_page(pages, cited) == number


def _random_lines(dice: random.Random) -> tuple[list[Line], dict[int, int]]:
    lines: list[Line] = []
    notes: dict[int, int] = {}
    for _ in range(dice.randint(1, 150)):
        fresh = range(len(notes) + 1, len(notes) + 1 + dice.choice([0, 0, 0, 0, 1, 1, 2, 4]))
        notes |= {number: dice.choice([1, 2, 3, 4, 5, 10, 40, 100, 300]) for number in fresh}
        height = dice.choice([10, 17.5, 17.5, 30, 200])
        lines.append(Line(height, dice.choice([0, 6]), tuple(fresh), dice.random() < 0.3, dice.choice([0, 0, 30])))
    return lines, notes


def _check_notes(pages: tuple[Page, ...], notes: dict[int, int]) -> None:
    printed: defaultdict[int, int] = defaultdict(int)
    for page in pages:
        for part in page.notes:
            assert part.first == printed[part.number]
            assert part.lines > 0
            printed[part.number] = part.stop
    assert printed == notes


def _first_page(pages: tuple[Page, ...], number: int) -> int:
    return next(place for place, page in enumerate(pages) if any(part.number == number for part in page.notes))
