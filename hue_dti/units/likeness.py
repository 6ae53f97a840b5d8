"""How alike two written names are: shared words, misspelt words, and abbreviations by first letters (`TTKT`, `TH&THCS`, `GDNN`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

_LEAST_LIKENESS = 50
_MOST_SUGGESTIONS = 5
_WRITTEN_PERCENT, _NAME_PERCENT = 70, 30
_UNKNOWN_WORD_WEIGHT = 4
_ABBREVIATION_LETTERS = range(2, 9)
_LEAST_PARTIAL_ABBREVIATION = 3
_LEAST_MISSPELT_LETTERS = 4
_LINKING_WORDS = frozenset({"va"})


class Likeness:
    """Compares a folded name with all names of an index; a word that few names have weighs more than one that most have."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = [(code, _words(key)) for code, key in names]
        self._frequency = Counter(word for _, words in self._names for word in set(words))

    def of(self, key: str) -> dict[str, int]:
        """The codes of the likeliest names, at most five, each with its likeness in percent (50 to 100)."""
        written = _words(key)
        best: dict[str, int] = defaultdict(int)
        for code, words in self._names:
            best[code] = max(best[code], self._percent(written, words))
        alike = sorted((-percent, code) for code, percent in best.items() if percent >= _LEAST_LIKENESS)
        return {code: -negative for negative, code in alike[:_MOST_SUGGESTIONS]}

    def _percent(self, written: tuple[str, ...], words: tuple[str, ...]) -> int:
        """How much of what was written the name explains (70%), and how much of the name was written (30%)."""
        shared, explained = self._shared(written, words)
        unexplained = sum(map(self._weight, written)) - explained
        if not shared:
            return 0
        return _WRITTEN_PERCENT * shared // (shared + unexplained) + _NAME_PERCENT * shared // sum(map(self._weight, words))

    def _shared(self, written: tuple[str, ...], words: tuple[str, ...]) -> tuple[int, int]:
        """The weight matched in `words`, and in `written`, by the best alignment in order."""
        rows = [[(0, 0)] * (len(words) + 1) for _ in range(len(written) + 1)]
        for i, word in enumerate(written, start=1):
            for j in range(1, len(words) + 1):
                best = max(rows[i - 1][j], rows[i][j - 1])
                for length in self._run_lengths(word, words[:j]):
                    shared, explained = rows[i - 1][j - length]
                    best = max(best, (shared + sum(map(self._weight, words[j - length : j])), explained + self._weight(word)))
                rows[i][j] = best
        return rows[-1][-1]

    def _run_lengths(self, word: str, words: tuple[str, ...]) -> Iterator[int]:
        """How many words at the end of `words` this one may stand for: itself, a misspelling of it, or their first letters."""
        if word == words[-1] or (word not in self._frequency and _misspelt(word, words[-1])):
            yield 1
        if len(word) in _ABBREVIATION_LETTERS:
            initials = "".join(each[0] for each in words[-len(word) :])
            if initials == word:
                yield len(word)
            elif len(word) > _LEAST_PARTIAL_ABBREVIATION:
                yield from _partial_lengths(word, initials)

    def _weight(self, word: str) -> int:
        """Whole bits of rarity, at least 1."""
        frequency = self._frequency[word]
        return 1 + (len(self._names) // frequency).bit_length() if frequency else _UNKNOWN_WORD_WEIGHT


def _words(key: str) -> tuple[str, ...]:
    return tuple(word for word in key.split() if word not in _LINKING_WORDS)


def _partial_lengths(word: str, initials: str) -> Iterator[int]:
    """An abbreviation may hold words that the name leaves out: PTDTNT for `dân tộc nội trú`."""
    for length in range(len(word) - 1, _LEAST_PARTIAL_ABBREVIATION - 1, -1):
        if initials.endswith(word[-length:]):
            yield length
            return


def _misspelt(word: str, meant: str) -> bool:
    """Whether one letter was added, dropped or changed, or two neighbours changed places."""
    if min(len(word), len(meant)) < _LEAST_MISSPELT_LETTERS or abs(len(word) - len(meant)) > 1:
        return False
    start = next(
        (place for place, (one, other) in enumerate(zip(word, meant, strict=False)) if one != other), len(min(word, meant, key=len))
    )
    rest, meant_rest = word[start:], meant[start:]
    swapped = rest[:2] == meant_rest[1::-1] and rest[2:] == meant_rest[2:]
    return swapped or meant_rest[1:] in (rest, rest[1:]) or rest[1:] == meant_rest
