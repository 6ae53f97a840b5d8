"""Reports of random length and shape, to try the layout of footnotes."""

from __future__ import annotations

import random

from benchmarks.sample_reports import LETTERHEAD, REFERENCE, SIGNATURE
from hue_dti.reports.model import Appendix, Block, Column, Heading, Note, Paragraph, Report, Row, Run, Table, Text


def random_report(seed: int, *, harsh: bool = False) -> Report:
    """A report of random length and shape; `harsh` ones cite several notes in a paragraph, some longer than a page.

    Every word is different (`w12`, in notes `n3x12`), so a reader of the file can tell what is lost or stands twice.
    """
    return _Random(seed, harsh).report()


class _Random:
    """Draws a report word by word."""

    def __init__(self, seed: int, harsh: bool) -> None:
        self.dice = random.Random(seed)
        self.harsh = harsh
        self.words = 0
        self.notes = 0

    def report(self) -> Report:
        lead, body, closing = self._blocks(1), self._blocks(self.dice.randint(3, 25)), (Paragraph(self._runs(8, 60)),)
        appendices = tuple(self._appendix(at) for at in range(self.dice.randint(0, 2)))
        return Report("483", "2024-Q2", "ab" * 32, LETTERHEAD, lead, body, closing, SIGNATURE, appendices)

    def _appendix(self, at: int) -> Appendix:
        blocks = (*self._blocks(self.dice.randint(0, 4)), self._table(), *self._blocks(self.dice.randint(0, 2)))
        return Appendix(f"Phụ lục {'I' * (at + 1)}", "Biểu", REFERENCE, self.dice.random() < 0.5, blocks)

    def _blocks(self, count: int) -> tuple[Block, ...]:
        return tuple(self._block() for _ in range(count))

    def _block(self) -> Block:
        chance = self.dice.random()
        if chance < 0.2:
            return Heading(self.dice.randint(1, 3), self._runs(3, 30, notes=0.1))
        if chance < 0.25:
            return self._table()
        return Paragraph(self._runs(5, 160))

    def _table(self) -> Table:
        columns = tuple(
            Column(self._text(1, 6), self.dice.uniform(0.5, 3), self.dice.choice(("left", "center", "right"))) for _ in range(4)
        )
        return Table(columns, tuple(self._row() for _ in range(self.dice.randint(0, 30))))

    def _row(self) -> Row:
        if self.dice.random() < 0.15:
            return Row(((Text(self._text(1, 1)),), (Text(self._text(1, 12)),), (), ()), group=True)
        longest = 400 if self.harsh and self.dice.random() < 0.05 else 25
        return Row(tuple(self._runs(1, longest, notes=0.03) for _ in range(self.dice.randint(1, 4))))

    def _runs(self, least: int, most: int, notes: float = 0.5) -> tuple[Run, ...]:
        runs: list[Run] = [Text(self._text(least, most), bold=self.dice.random() < 0.1)]
        for _ in range(self.dice.randint(1, 4) if self.harsh else 1):
            if self.dice.random() < notes:
                runs += [self._note(), Text(" " + self._text(1, 40))]
        return tuple(runs)

    def _note(self) -> Note:
        self.notes += 1
        longest = 1500 if self.harsh and self.dice.random() < 0.2 else 250
        length = self.dice.randint(3, longest)
        return Note(self.notes, (Text(" ".join(f"n{self.notes}x{at}" for at in range(length))),))

    def _text(self, least: int, most: int) -> str:
        count = self.dice.randint(least, most)
        self.words += count
        return " ".join(f"w{at}" for at in range(self.words - count, self.words))
