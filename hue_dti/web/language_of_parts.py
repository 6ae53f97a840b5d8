"""Vietnamese words on English pages say that they are: a reading voice then speaks names and texts of decisions as they are written."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LETTERS = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_VIETNAMESE = re.compile(f"[{_LETTERS}{_LETTERS.upper()}]")
_SPACES = re.compile(r"(\s+)")
_BETWEEN = 2
"""Words without any of these letters that may stand between two that have one: `Huyện Nam Đông`."""

_ENGLISH = frozenset(
    {"a", "an", "and", "are", "as", "at", "by", "for", "from", "has", "in", "is", "no", "not", "of", "on", "or", "the", "to", "was", "with"}
)
"""Words that part two stretches."""
_NO_TEXT = frozenset({"script", "style", "title", "svg", "code"})
_WHOLE = frozenset({"option", "textarea"})
"""Elements whose text can hold no other element: they are marked themselves."""

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"})


def with_languages(page: str) -> str:
    """The English page with `lang="vi"` at every Vietnamese word that stands in no element which says so already."""
    marker = _Marker()
    marker.feed(page)
    marker.close()
    return "".join(marker.out)


class _Marker(HTMLParser):
    """Copies a page piece by piece."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._open: list[tuple[str, str, int]] = []
        """Name, language and place in `out` of each element that is open."""
        self._text: tuple[int, str] | None = None
        """A text that is Vietnamese from end to end: its place in `out`, and the text."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("lang") or self._language, len(self.out)))
        self.out.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        place = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at][0] == tag), None)
        if place is not None:
            begun = self._open[place][2]
            if self._text is not None and self._text[0] == begun + 1 == len(self.out) - 1:
                self.out[-1] = self._text[1]
                self._say(begun)
            del self._open[place:]
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        inside = self._open[-1][0] if self._open else ""
        if self._language == "vi" or not _VIETNAMESE.search(data) or any(each[0] in _NO_TEXT for each in self._open):
            self.out.append(data)
        elif inside in _WHOLE:
            self._say(self._open[-1][2])
            self.out.append(data)
        else:
            marked, whole = _marked(data)
            self._text = (len(self.out), data) if whole else None
            self.out.append(marked)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""

    def _say(self, place: int) -> None:
        """Let the element that begins there say that it is Vietnamese, unless it says what it is."""
        begun = self.out[place]
        if " lang=" not in begun:
            end = -2 if begun.endswith("/>") else -1
            self.out[place] = f'{begun[:end]} lang="vi"{begun[end:]}'


def _marked(text: str) -> tuple[str, bool]:
    """The text with its Vietnamese words marked, and whether it is nothing but such words."""
    words = _SPACES.split(text)
    runs = _runs(words)
    out, at = [], 0
    for first, last in runs:
        out += [*words[at:first], '<bdi lang="vi">', *words[first : last + 1], "</bdi>"]
        at = last + 1
    rest = "".join((*(word for first, _ in runs[:1] for word in words[:first]), *words[at:]))
    return "".join((*out, *words[at:])), len(runs) == 1 and not rest.strip()


def _runs(words: list[str]) -> list[tuple[int, int]]:
    """Places of the first and last word of each Vietnamese stretch; words stand at even places, spaces between them."""
    runs: list[tuple[int, int]] = []
    for at in range(0, len(words), 2):
        if _VIETNAMESE.search(words[at]):
            if runs and _belongs(words[runs[-1][1] + 2 : at : 2]):
                runs[-1] = (runs[-1][0], at)
            else:
                runs.append((at, at))
    return runs


def _belongs(between: list[str]) -> bool:
    """Whether words between two Vietnamese ones are of the same stretch."""
    return len(between) <= _BETWEEN and not any(word.lower().strip(",.:;") in _ENGLISH for word in between)
