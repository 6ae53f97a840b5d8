"""A page's form filled in again with what was typed into it: only what a person types or picks, never what the page itself hides in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser

_TYPED = frozenset({"text", "search", "email", "tel", "url", "number", "date", ""})
_TICKED = frozenset({"checkbox", "radio"})

Typed = Mapping[str, Sequence[str]]
"""Field → its values, in the order of the form."""


def refilled(page: str, action: str, here: str, typed: Typed, note: str) -> str | None:
    """The page with its form for `action` filled in and the note at the form's head; None where the page has no such form.

    `here` is the page's own address, where a form without an action sends to.
    """
    filler = _Filler(action, here, typed, note)
    filler.feed(page)
    filler.close()
    return "".join(filler.out) if filler.found else None


class _Filler(HTMLParser):
    """Copies a page piece by piece, changing the fields of one form, and opens what is folded around it."""

    def __init__(self, action: str, here: str, typed: Typed, note: str) -> None:
        super().__init__(convert_charrefs=False)
        self.action, self.here, self.note = action, here, note
        self.left = {name: list(values) for name, values in typed.items()}
        self.typed = typed
        self.out: list[str] = []
        self.folded: list[int] = []
        self.last: dict[str, tuple[int, str, dict[str, str | None]]] = {}
        self.found = self.inside = False
        self.select = ""
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told, raw = dict(attrs), self.get_starttag_text() or ""
        if tag == "details":
            self.folded.append(len(self.out))
        if tag == "form" and self._is_it(told):
            self._begin(raw, told)
        elif self.inside and tag in {"input", "textarea", "select", "option"}:
            self.out.append(self._field(tag, told, raw))
        else:
            self.out.append(raw)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self.folded:
            self.folded.pop()
        if tag == "form":
            self._further()
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.silent = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def _is_it(self, told: Mapping[str, str | None]) -> bool:
        sends_to = (told.get("action") or self.here).partition("#")[0]
        return not self.found and (told.get("method") or "").lower() == "post" and sends_to == self.action

    def _begin(self, raw: str, told: Mapping[str, str | None]) -> None:
        self.found = self.inside = True
        for at in self.folded:
            if " open" not in self.out[at]:
                self.out[at] = f"{self.out[at][:-1]} open>"
        action = "" if told.get("action") else f' action="{escape(self.action)}"'
        self.out.append(f'{raw[:-1]}{action} data-refilled>\n<p class="note" role="status">{escape(self.note)}</p>')

    def _field(self, tag: str, told: Mapping[str, str | None], raw: str) -> str:
        name, kind = told.get("name") or "", (told.get("type") or "").lower()
        if tag == "option":
            wanted = self.select and (told.get("value") or "") in self.typed[self.select]
            return _with(raw, told, "selected", wanted) if self.select else raw
        if name not in self.typed or "disabled" in told or "readonly" in told:
            return raw
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.silent = True
            return f"{raw}\n{escape(self._next(name), quote=False)}"
        elif kind in _TICKED:
            return _with(raw, told, "checked", (told.get("value") or "on") in self.typed[name])
        elif kind in _TYPED:
            self.last[name] = (len(self.out), raw, dict(told))
            return _valued(raw, told, self._next(name))
        return raw

    def _further(self) -> None:
        """Put fields after the last of their name for what was typed into more of them than the page now has."""
        for at, raw, told in (self.last.pop(name) for name in list(self.last)):
            name = told["name"] or ""
            texts, self.left[name] = self.left[name], []
            bare = {key: value for key, value in told.items() if key != "id"}
            fields = [_valued(raw, bare | _counted(told, further), text) for further, text in enumerate(texts, start=1) if text.strip()]
            self.out[at] += "".join(fields)

    def _next(self, name: str) -> str:
        return self.left[name].pop(0) if self.left[name] else ""


def _counted(told: Mapping[str, str | None], further: int) -> dict[str, str | None]:
    """The label of a field so many further on, where it ends in a number."""
    label = told.get("aria-label") or ""
    return {"aria-label": re.sub(r"\d+$", lambda found: str(int(found[0]) + further), label)} if label else {}


def _valued(raw: str, told: Mapping[str, str | None], text: str) -> str:
    """The tag of a field that holds the text."""
    return f'{_without(raw, told, "value").rstrip(">").rstrip("/")} value="{escape(text)}">'


def _with(raw: str, told: Mapping[str, str | None], mark: str, wanted: object) -> str:
    """The tag with or without a mark such as `checked`."""
    bare = _without(raw, told, mark)
    return f"{bare.rstrip('>')} {mark}>" if wanted else bare


def _without(raw: str, told: Mapping[str, str | None], name: str) -> str:
    """The tag written anew without one attribute."""
    tag = raw[1:].split(None, 1)[0].rstrip(">/")
    kept = [f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in told.items() if key != name]
    return f"<{tag}{''.join(kept)}>"
