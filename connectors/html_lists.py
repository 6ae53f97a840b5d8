"""Reads the articles listed in a web page, or in one element of it: their links, their titles and the words after each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

IN_PATH = "path:"
SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?:(?P<mark>[#.])(?P<name>[\w-]+))?")
"""`ul`, `#tin`, `.ds-tin`, `div.ds-tin`."""
_IDENTITY = re.compile(r"[A-Za-z0-9-]{1,64}")
_EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
MOST_OPEN = 2_000
"""A page nested deeper is none that people read."""


@dataclass(slots=True)
class Listed:
    """An article's link, the words of the link, and the text from it to the next article's."""

    identity: str
    link: str
    title: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class ListReader(HTMLParser):
    """Gathers the links of articles on the page's own host; with `within`, only those inside the elements it names."""

    def __init__(self, address: str, identity: str, within: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.listed: list[Listed] = []
        self.met = not within
        """Whether the page has an element to look in."""
        self._address, self._identity = address, identity
        self._within = SELECTOR.fullmatch(within) if within else None
        self._open: list[tuple[str, bool]] = []
        self._times = Counter[str]()
        self._inside = self._hidden = 0
        self._in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element; a link to an article begins a new one."""
        values = {name: value or "" for name, value in reversed(attrs)}
        self._hidden += tag in ("script", "style")
        if tag not in _EMPTY and len(self._open) < MOST_OPEN:
            named = self._is_named(tag, values)
            self._open.append((tag, named))
            self._times[tag] += 1
            self._inside += named
            self.met = self.met or named
        if tag == "a" and self._looks:
            known = self._identity_of(values.get("href", ""))
            self._in_link = known is not None
            if known is not None:
                self.listed.append(Listed(known, urljoin(self._address, values.get("href", "").strip())))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element and what was never closed in it."""
        if tag in ("script", "style") and self._hidden:
            self._hidden -= 1
        if tag == "a":
            self._in_link = False
        name = "" if self._times[tag] else tag
        while name != tag:
            name, named = self._open.pop()
            self._times[name] -= 1
            self._inside -= named

    def handle_data(self, data: str) -> None:
        """The words of the newest link, and those after it."""
        if self.listed and self._looks and not self._hidden:
            self.listed[-1].words.append(data)
            if self._in_link:
                self.listed[-1].title.append(data)

    @property
    def _looks(self) -> bool:
        return self._within is None or self._inside > 0

    def _is_named(self, tag: str, values: dict[str, str]) -> bool:
        if self._within is None:
            return False
        wanted, mark, name = self._within["tag"], self._within["mark"], self._within["name"]
        if wanted and wanted != tag:
            return False
        return not mark or (values.get("id") == name if mark == "#" else name in values.get("class", "").split())

    def _identity_of(self, href: str) -> str | None:
        """`host/id` of an article's link; None for any other link, and for those to another host."""
        try:
            parts = urlsplit(urljoin(self._address, href.strip()))
            own = urlsplit(self._address)
        except ValueError:
            return None
        if (parts.hostname or "").lower() != (own.hostname or "").lower():
            return None
        if self._identity.startswith(IN_PATH):
            _, _, after = parts.path.partition(f"/{self._identity.removeprefix(IN_PATH)}/")
            known = after.partition("/")[0]
        else:
            known = parse_qs(parts.query).get(self._identity, [""])[0]
        return f"{parts.hostname}/{known}" if _IDENTITY.fullmatch(known) else None
