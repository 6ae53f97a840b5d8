"""What an editor needs: the program's own words with their figures named, what is wrong in a text, and figures typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hue_dti.catalogue import placeholders
from hue_dti.catalogue.model import Catalogue
from hue_dti.periods import Period
from hue_dti.reports import narrative
from hue_dti.reports.assessment import AssessmentWriter
from hue_dti.reports.content import fixed_words, level_of, own_directing, usual_signer, vocabulary_of
from hue_dti.reports.figures import FigureBook
from hue_dti.reports.narrative import Kind, Narrative, Part, lines_of, parts, tidy
from hue_dti.reports.texts import texts
from hue_dti.reports.vocabulary import WORDS, Vocabulary
from hue_dti.snapshots.model import Snapshot

_NUMBER = re.compile(r"(?<![\w.,/-])\d[\d.]*(?:,\d+)?%?(?!\w)")
_NOT_A_FIGURE = re.compile(
    r"^\s*\d+[.)]"  # the number of a paragraph
    r"|\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b"  # a day
    r"|\b(?:[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|[Kk]hoản|[Đđ]iều|[Mm]ục|[Ss]ố)\s+\d+(?:[/-]\S+)?"
    r"|\b\d+/[A-ZĐ]\S*"  # a document's number
)
_COUNTED = re.compile(r"\s*(?:tiêu chí|điểm|văn bản|đơn vị)")
_CODE = re.compile(r"\b[IVX]+\.\d+\b")
_LEAST = 10
"""Smaller numbers are spoken of in any text; they are asked about only where they count something of the report's."""
_SHORT = 3
"""Letters of a whole number that another figure may easily print by chance."""
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a part cannot be kept as it is."""

    part: str
    words: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A number typed by hand in a part that is also a figure of the report, and the names that would print it."""

    part: str
    number: str
    names: tuple[str, ...]


class Desk:
    """One quarter's report as an editor has it on the desk."""

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue) -> None:
        self.vocabulary: Vocabulary = vocabulary_of(snapshot, catalogue)
        book = FigureBook(snapshot, catalogue)
        self.parts: tuple[Part, ...] = parts(book.criteria_set)
        self.own: Narrative = _program_words(snapshot, catalogue, book, self.vocabulary)

    def gathered(self, typed: Narrative) -> Narrative:
        """The parts in own words out of what was typed: those that are neither empty nor the program's."""
        tidied = {part.key: tidy(typed.get(part.key, ""), part.kind) for part in self.parts}
        return {key: words for key, words in tidied.items() if words and words != self.own.get(key, "")}

    def faults(self, own: Narrative) -> tuple[Fault, ...]:
        """Every reason why these words cannot be kept."""
        return tuple(Fault(part.key, why) for part in self.parts if part.key in own for why in self._wrong(own[part.key]))

    def typed(self, own: Narrative) -> tuple[Typed, ...]:
        """Figures of the report that were typed instead of named, each once a part."""
        found = [each for part in self.parts if part.kind is Kind.PARAGRAPHS for each in self._typed_in(part.key, own.get(part.key, ""))]
        return tuple(dict.fromkeys(found))

    def _wrong(self, words: str) -> Iterator[str]:
        if len(words) > narrative.LONGEST:
            yield f"dài {len(words)} ký tự; hãy rút còn {narrative.LONGEST}"
        for line in lines_of(words):
            if brace := placeholders.stray_brace(line):
                yield f"có ngoặc nhọn lẻ ở “{brace}”; hãy đóng thành {{tên số liệu}}"
            for name in self.vocabulary.unknown(line):
                near = self.vocabulary.nearest(name)
                meant = f"có phải {{{near}}}?" if near else "hãy chọn trong danh sách số liệu"
                yield f"không có số liệu nào tên là {{{name}}}; {meant}"

    def _typed_in(self, part: str, words: str) -> Iterator[Typed]:
        for line in lines_of(words):
            plain = "".join(f"{said}\0" for said, _ in placeholders.pieces(line))
            plain = _NOT_A_FIGURE.sub(lambda found: "\0" * len(found[0]), plain)
            codes = _CODE.findall(line)
            for match in _NUMBER.finditer(plain):
                number = match[0].rstrip(".")
                names = _likeliest(self.vocabulary.names_of(number), number, codes)
                if names and (_worth_asking(number) or _COUNTED.match(plain, match.end())):
                    yield Typed(part, number, names[:MOST_NAMES])


def _worth_asking(number: str) -> bool:
    return not number.isdigit() or int(number) >= _LEAST


def _likeliest(names: tuple[str, ...], number: str, codes: list[str]) -> tuple[str, ...]:
    """Those of the criteria that the line speaks of, then the whole report's; others only for a number that is rarely met by chance."""
    spoken = [name for name in names if name.partition(":")[0] in codes]
    of_all = [name for name in names if ":" not in name]
    rare = len(number) > _SHORT or "," in number
    return tuple(dict.fromkeys((*spoken, *of_all, *(names if rare else ()))))


def _program_words(snapshot: Snapshot, catalogue: Catalogue, book: FigureBook, vocabulary: Vocabulary) -> Narrative:
    """Every part as the program says it, as somebody would type it."""
    unit = snapshot.tree.unit(snapshot.head.unit)
    words = fixed_words(unit, Period.parse(snapshot.head.period), book)
    assessment = AssessmentWriter(snapshot, catalogue, book)
    said = {narrative.DIRECTING: own_directing(book, words)}
    said |= {key: tuple(assessment.own(key)) for key in (*narrative.ASSESSED, narrative.TASKS)}
    signer, fixed = usual_signer(unit, words), texts()
    written = {
        narrative.LEAD: _named(fixed["lead"], words),
        narrative.CLOSING: _named(fixed["closing"], words),
        narrative.RECIPIENTS: "\n".join(_named(line, words) for line in fixed["recipients"][level_of(unit)]),
        narrative.AUTHORITY: signer.authority,
        narrative.POST: signer.post,
        **{key: "\n".join(vocabulary.template(each.runs) for each in paragraphs) for key, paragraphs in said.items()},
    }
    return {key: tidy(told) for key, told in written.items()}


def _named(template: str, words: dict[str, str]) -> str:
    """A fixed text with the names an editor uses in place of the program's; words without such a name are written out."""
    names = {key: f"{{{name}}}" for name, key in WORDS.items()}
    return str(template.format_map({key: names.get(key, placeholders.literal(word)) for key, word in words.items()}))
