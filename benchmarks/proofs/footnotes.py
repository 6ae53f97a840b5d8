"""Draw random reports with footnotes and read them back with another library: nothing lost, twice, late or on top of another.

    python -m benchmarks.proofs.footnotes [--documents 200] [--first 0]

Exits 1 when a document is wrong and names its seed.
"""

from __future__ import annotations

import argparse
import io
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

import pypdfium2

from benchmarks.random_reports import random_report
from hue_dti.reports import decree
from hue_dti.reports.model import Note, Report, Table, Text, runs_of
from hue_dti.reports.pdf import write_pdf

_SECONDS = 30
_WORD = re.compile(r"\bw\d+\b")
_NOTE_WORD = re.compile(r"\bn(\d+)x(\d+)\b")


@dataclass(frozen=True, slots=True)
class Scrap:
    """A piece of printed text: page from 0, box in points from the lower left corner, letter size."""

    page: int
    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one document: faults in words, and how many notes start after the page of their reference."""

    pages: int
    notes: int
    split: int
    late: int
    faults: tuple[str, ...]


def read(pdf: bytes) -> tuple[list[Scrap], list[tuple[float, float]]]:
    """All pieces of text of a PDF in drawing order, and the size of each page."""
    document = pypdfium2.PdfDocument(pdf)
    sizes = [page.get_size() for page in document]
    return [scrap for number, page in enumerate(document) for scrap in _scraps(number, page)], sizes


def _scraps(number: int, page: pypdfium2.PdfPage) -> Iterator[Scrap]:
    words = page.get_textpage()
    for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], textpage=words):
        text = thing.extract().strip()
        if text:
            left, bottom, right, top = thing.get_bounds()
            yield Scrap(number, text, left, bottom, right, top, thing.get_font_size())


def check(report: Report, *, harsh: bool) -> Verdict:
    """Draw a report, read it back and compare."""
    content = io.BytesIO()
    write_pdf(report, content)
    scraps, sizes = read(content.getvalue())
    split, late, note_faults = _notes(report, scraps, harsh=harsh)
    faults = (*_words(report, scraps), *note_faults, *_overlaps(scraps), *_margins(scraps, sizes))
    return Verdict(len(sizes), len(report.notes), split, late, faults)


def _words(report: Report, scraps: list[Scrap]) -> Iterator[str]:
    """Every word once; a table's header at least once, since it stands on each of its pages."""
    blocks = (*report.main, *(block for appendix in report.appendices for block in appendix.blocks))
    headers = {word for block in blocks if isinstance(block, Table) for column in block.columns for word in _WORD.findall(column.title)}
    texts = [run.text for block in blocks for run in runs_of(block) if isinstance(run, Text)]
    wanted = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    found = Counter(word for scrap in scraps for word in _WORD.findall(scrap.text.lower()))
    for word in sorted(wanted):
        if found[word] != 1:
            yield f"word {word} stands {found[word]} times"
    yield from (f"header word {word} is lost" for word in sorted(headers) if not found[word])
    yield from (f"word {word} was never written" for word in sorted(found) if word not in wanted and word not in headers)


def _notes(report: Report, scraps: list[Scrap], *, harsh: bool) -> tuple[int, int, list[str]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for scrap in scraps:
        for number, place in _NOTE_WORD.findall(scrap.text):
            found.setdefault(int(number), []).append((int(place), scrap.page))
    references = _reference_pages(report, scraps)
    split = late = 0
    faults: list[str] = []
    for note in report.notes:
        printed = found.get(note.number, [])
        if [place for place, _ in printed] != list(range(_length(note))):
            faults.append(f"note {note.number} is not whole or not in order")
            continue
        pages = [page for _, page in printed]
        split += len(set(pages)) > 1
        if sorted(set(pages)) != list(range(pages[0], pages[-1] + 1)):
            faults.append(f"note {note.number} leaves out a page")
        if pages[0] != references[note.number]:
            late += 1
            if not harsh or pages[0] < references[note.number]:
                faults.append(f"note {note.number} starts on page {pages[0] + 1}, cited on page {references[note.number] + 1}")
    return split, late, faults


def _length(note: Note) -> int:
    return sum(len(_NOTE_WORD.findall(run.text)) for run in note.runs)


def _reference_pages(report: Report, scraps: list[Scrap]) -> dict[int, int]:
    """The page of the word that each reference hangs on."""
    pages = {word: scrap.page for scrap in scraps for word in _WORD.findall(scrap.text.lower())}
    where: dict[int, int] = {}
    blocks = (*report.main, *(block for appendix in report.appendices for block in appendix.blocks))
    for block in blocks:
        last = ""
        for run in runs_of(block):
            if isinstance(run, Note):
                where[run.number] = pages.get(last, -1)
            else:
                last = (_WORD.findall(run.text.lower()) or [last])[-1]
    return where


def _overlaps(scraps: list[Scrap]) -> Iterator[str]:
    """No text reaches into the notes of its page."""
    notes: dict[int, float] = {}
    for scrap in scraps:
        if _NOTE_WORD.search(scrap.text):
            notes[scrap.page] = max(notes.get(scrap.page, 0.0), scrap.top)
    for scrap in scraps:
        if _WORD.search(scrap.text) and scrap.bottom < notes.get(scrap.page, 0.0):
            yield f"text '{scrap.text[:30]}' on page {scrap.page + 1} runs into the notes"


def _margins(scraps: list[Scrap], sizes: list[tuple[float, float]]) -> Iterator[str]:
    for scrap in scraps:
        width, height = sizes[scrap.page]
        if scrap.text.isdigit() and scrap.bottom > height - decree.MARGIN_TOP * decree.MM:
            continue  # the page's number
        inside = (
            scrap.left >= decree.MARGIN_LEFT * decree.MM - 1
            and scrap.right <= width - decree.MARGIN_RIGHT * decree.MM + 1
            and scrap.bottom >= decree.MARGIN_BOTTOM * decree.MM - 1
            and scrap.top <= height - decree.MARGIN_TOP * decree.MM + 1
        )
        if not inside:
            yield f"text '{scrap.text[:30]}' on page {scrap.page + 1} leaves the margins"


class _TooSlowError(Exception):
    """A document took too long."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlowError


def tried(seed: int) -> Verdict:
    """The verdict on one random report; odd seeds are harsh ones. A document that takes too long is a fault."""
    harsh = seed % 2 == 1
    before = signal.signal(signal.SIGALRM, _stop)
    signal.alarm(_SECONDS)
    try:
        return check(random_report(seed, harsh=harsh), harsh=harsh)
    except _TooSlowError:
        return Verdict(0, 0, 0, 0, (f"not finished after {_SECONDS} seconds",))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main() -> int:
    """Run the proof and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=200)
    options.add_argument("--first", type=int, default=0)
    chosen = options.parse_args()
    started = time.perf_counter()
    totals: Counter[str] = Counter()
    for seed in range(chosen.first, chosen.first + chosen.documents):
        verdict = tried(seed)
        totals.update(pages=verdict.pages, notes=verdict.notes, split=verdict.split, late=verdict.late, wrong=bool(verdict.faults))
        for fault in verdict.faults[:5]:
            print(f"seed {seed}: {fault}")
    print(
        f"{chosen.documents} documents, {totals['pages']} pages, {totals['notes']} notes: {totals['split']} split over pages, "
        f"{totals['late']} begun on a later page because one line cites more than a page holds, "
        f"{totals['wrong']} documents wrong; {time.perf_counter() - started:.0f} s"
    )
    return 1 if totals["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
