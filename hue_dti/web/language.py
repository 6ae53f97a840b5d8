"""Vietnamese is the language, English a switch; the words are in templates/web/en.po."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from babel.messages.pofile import read_po
from flask import Flask, Response, g, redirect, request

from hue_dti.resources import folder
from hue_dti.web.forms import cookie_name, over_plain_loopback
from hue_dti.web.language_of_parts import with_languages

COOKIE = "ngon_ngu"


def register(app: Flask) -> None:
    """Give templates `_`, `lang` and the way back from the switch; give the site its switch."""
    app.before_request(_choose)
    app.after_request(_of_parts)
    app.add_url_rule("/ngon-ngu/<any(vi, en):code>", "language", switch)
    app.context_processor(lambda: {"_": translate, "lang": g.get("lang", "vi"), "here": here})


@lru_cache(maxsize=1)
def english() -> Mapping[str, str]:
    """Vietnamese text → English text."""
    with (folder("templates") / "web" / "en.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}


def translate(text: str, **values: object) -> str:
    """The text in the reader's language, its %(placeholders)s filled."""
    chosen = english().get(text, text) if g.get("lang") == "en" else text
    return chosen % values if values else chosen


def switch(code: str) -> Response:
    """Remember the language and go back to the page on this site."""
    response = redirect(own_address(request.args.get("ve", "/")))
    response.set_cookie(cookie_name(COOKIE), code, max_age=31_536_000, httponly=True, samesite="Lax", secure=not over_plain_loopback())
    return response  # type: ignore[return-value]


def own_address(target: str) -> str:
    """The address if it is one of this site, else the first page: `//elsewhere`, `/\\elsewhere` and their disguises are not."""
    plain = target.isprintable() and "\\" not in target and target.startswith("/") and not target.startswith("//")
    return target if plain and not urlsplit(target).netloc else "/"


def here() -> str:
    """The address of this page on this site."""
    return request.full_path if request.query_string else request.path


def _choose() -> None:
    g.lang = "en" if request.cookies.get(cookie_name(COOKIE)) == "en" else "vi"


def _of_parts(answer: Response) -> Response:
    """Mark the Vietnamese words of an English page."""
    if g.get("lang") == "en" and answer.mimetype == "text/html" and not answer.is_streamed and not answer.direct_passthrough:
        answer.set_data(with_languages(answer.get_data(as_text=True)))
    return answer
