"""Somebody who follows every link from the first page on: each page once, or one of a kind, with what it weighs on the line."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from benchmarks.proofs.at_work import CLOSED, OPEN

GZIP = {"Accept-Encoding": "gzip"}
WORKED_ON = {str(CLOSED), str(OPEN)}
"""Quarters that have something to show; one stands for all others."""

_HREF, _LOADED = re.compile(r'href="([^"]*)"'), re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/(?:static|bootstrap)/[^"]+)"')
_SHOWN = re.compile(r'<(?:img|iframe)\b[^>]*?src="(/[^"]+)"')
_ELSEWHERE = re.compile(r"[a-z]+:|//|/ngon-ngu/|/static/|/bootstrap/")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: where, by which route, its text and headers, and the bytes of a first visit with styles, scripts and pictures.

    Files that somebody handed in and a page shows are opened like links and not weighed: they are as large as they were given.
    """

    address: str
    endpoint: str
    text: str
    weight: int
    headers: Mapping[str, str]


@dataclass
class Walk:
    """One person's way through the site; `dead` are links that led nowhere, `files` what was no page but a file or led on to one."""

    app: Flask
    client: FlaskClient
    most: int = 1
    """How many pages of a kind are opened; 0 for all of them."""
    dead: list[str] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    links: int = 0
    anchors: set[tuple[str, str]] = field(default_factory=set)

    def pages(self, *begin: str) -> Iterator[Page]:
        """Every page that links lead to from these; those that the person may not open are left out among these only."""
        waiting, known, kinds = list(begin), dict.fromkeys(begin, ""), Counter[tuple[str, ...]]()
        while waiting:
            address = waiting.pop()
            kind = kind_of(self.app, address)
            kinds[kind] += 1
            if self.most and kinds[kind] > self.most and address not in begin:
                continue
            for found in self._open(address, known[address], may_be_closed=address in begin):
                if isinstance(found, Page):
                    yield found
                    followed = [*_HREF.findall(found.text), *_SHOWN.findall(found.text)]
                else:
                    followed = [found]
                waiting += self._new(followed, address, known)

    def _open(self, address: str, led_here: str, may_be_closed: bool) -> Iterator[Page | str]:
        answer = self.client.get(address, headers=GZIP)
        self.links += 1
        endpoint = kind_of(self.app, address)[0]
        if answer.status_code in {302, 303}:
            self.files[endpoint] += 1
            yield answer.headers["Location"]
        elif answer.status_code != 200:
            if not may_be_closed:
                self.dead.append(f"{address} ở {led_here}: {answer.status_code}")
        elif answer.mimetype != "text/html":
            self.files[endpoint] += 1
        else:
            body = answer.data
            text = gzip.decompress(body).decode() if answer.headers.get("Content-Encoding") == "gzip" else body.decode()
            yield Page(address, endpoint, text, len(body) + sum(map(self._weight, set(_LOADED.findall(text)))), _headers(answer))

    def _new(self, found: Collection[str], here: str, known: dict[str, str]) -> list[str]:
        """The addresses among these that were not seen yet."""
        new = []
        for link in map(unescape, found):
            target, _, anchor = link.partition("#")
            if anchor:
                self.anchors.add((target or here, anchor))
            if not target or _ELSEWHERE.match(target):
                continue
            address = target if target.startswith("/") else f"{urlsplit(here).path}{target}"
            if address not in known:
                known[address] = here
                new.append(address)
        return new

    def _weight(self, address: str) -> int:
        return weight_of(self.app, unescape(address))


def _headers(answer: TestResponse) -> dict[str, str]:
    """What a browser is told besides the text, which is at hand unpacked."""
    return {
        name: value for name, value in answer.headers.items() if name.lower() not in {"content-encoding", "content-length", "set-cookie"}
    }


@cache
def weight_of(app: Flask, address: str) -> int:
    """The bytes of a style sheet, a script or a picture on the line, with what it loads in turn."""
    answer = app.test_client().get(address, headers=GZIP, buffered=True)
    assert answer.status_code == 200, address
    return len(answer.data)


def kind_of(app: Flask, address: str) -> tuple[str, ...]:
    """What makes two pages alike: the route, the kind of unit, the period, the round, what is asked after the question mark."""
    parts = urlsplit(address)
    try:
        endpoint, values = app.url_map.bind("127.0.0.1").match(parts.path)
    except (HTTPException, RequestRedirect):
        return ("", parts.path)
    code = str(values.get("code", ""))
    level = "agency" if "." in code else f"{len(code)}"
    rest = [str(value) for name, value in sorted(values.items()) if name in {"kind", "round_code"}]
    period = str(values.get("period", ""))
    return (
        endpoint,
        level,
        period if period in WORKED_ON else bool(period) * "another",
        *rest,
        *sorted(parse_qs(parts.query, keep_blank_values=True)),
    )
