"""How alike two written names are: shared words, small misspellings, and abbreviations by first letters (`TTKT`, `TH&THCS`, `GDNN`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

_LEAST_LIKENESS = 60
_MOST_SUGGESTIONS = 5
_LONGEST_ABBREVIATION = 8
_LINKING_WORDS = frozenset({"va"})
_LEAST_LETTERS_ALIKE = 0.75


class Likeness:
    """Compares a name key with all names of an index; a word that few names have weighs more than one that most have."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = [(code, _words(key)) for code, key in names]
        self._frequency = Counter(word for _, words in self._names for word in set(words))

    def of(self, key: str) -> dict[str, int]:
        """The codes whose names are at least 60% alike, at most five, each with its percentage."""
        wanted = _words(key)
        best: dict[str, int] = defaultdict(int)
        if not wanted:
            return best
        for code, words in self._names:
            best[code] = max(best[code], self._percent(wanted, words))
        alike = sorted(
            ((percent, code) for code, percent in best.items() if percent >= _LEAST_LIKENESS), key=lambda each: (-each[0], each[1])
        )
        return {code: percent for percent, code in alike[:_MOST_SUGGESTIONS]}

    def _weight(self, word: str) -> int:
        """Whole bits of rarity, at least 1."""
        return 1 + (len(self._names) // (self._frequency[word] or 1)).bit_length()

    def _percent(self, wanted: tuple[str, ...], words: tuple[str, ...]) -> int:
        """Twice the weight that both share, of the weight of both; words in order, each used once."""
        shared = self._shared(wanted, words)
        unmatched = sum(self._weight(word) for word in words) - shared[0]
        unwanted = sum(self._weight(word) for word in wanted) - shared[1]
        both = 2 * shared[0] + unmatched + unwanted
        return 200 * shared[0] // both if both else 0

    def _shared(self, wanted: tuple[str, ...], words: tuple[str, ...]) -> tuple[int, int]:
        """The weight matched in `words` and in `wanted` by the best alignment in order."""
        rows = [[(0, 0)] * (len(words) + 1) for _ in range(len(wanted) + 1)]
        for i, word in enumerate(wanted, start=1):
            for j in range(1, len(words) + 1):
                best = max(rows[i - 1][j], rows[i][j - 1])
                for length in _run_lengths(word, words[:j]):
                    before = rows[i - 1][j - length]
                    gained = sum(self._weight(each) for each in words[j - length : j])
                    best = max(best, (before[0] + gained, before[1] + self._weight(word)))
                rows[i][j] = best
        return rows[-1][-1]


def _words(key: str) -> tuple[str, ...]:
    return tuple(word for word in key.split() if word not in _LINKING_WORDS)


def _run_lengths(word: str, words: tuple[str, ...]) -> tuple[int, ...]:
    """How many words at the end of `words` this word may stand for: itself, a misspelling of it, or their first letters."""
    lengths = [1] if _same_word(word, words[-1]) else []
    length = len(word)
    if 1 <= length <= min(len(words), _LONGEST_ABBREVIATION) and word == "".join(each[0] for each in words[-length:]):
        lengths.append(length)
    return tuple(lengths)


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    return min(len(one), len(other)) > 2 and SequenceMatcher(None, one, other).ratio() >= _LEAST_LETTERS_ALIKE
