"""The audit trail for an auditor who is no technician: sentences, narrowed by day, person, unit and kind, and taken away as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice

from flask import Flask, Response, abort, render_template, request, send_file

from hue_dti.collation import fold
from hue_dti.periods import LOCAL
from hue_dti.services.trail_table import MOST_ROWS, Telling, csv_of, xlsx_of
from hue_dti.trail.chain import code
from hue_dti.trail.model import Event, Kept, Selection
from hue_dti.trail.sentences import KINDS, change, sentence
from hue_dti.web.filled_book import XLSX
from hue_dti.web.language import translate
from hue_dti.web.listing import LONGEST_WORDS
from hue_dti.web.site import now, site, units
from hue_dti.web.trail_words import in_words, unit_then

SHOWN = 50
_WRITERS = {
    "csv": (csv_of, "text/csv"),
    "xlsx": (xlsx_of, XLSX),
}
_LONGEST_NUMBER = 18
NO_UNIT = ("-",)
"""The code of no unit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says, as it was typed."""

    since: str
    until: str
    person: str
    unit: str
    kind: str

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Asked:
        """The choice in an address."""
        names = ("tu-ngay", "den-ngay", "nguoi", "don-vi", "viec")
        return cls(*(args.get(name, "").strip()[:LONGEST_WORDS] for name in names))

    @property
    def selection(self) -> Selection:
        """The same as the trail is asked; a day or kind nobody knows does not narrow, a unit or person nobody knows leaves nothing."""
        until = _day(self.until)
        return Selection(
            since=_day(self.since),
            until=until + timedelta(days=1) if until is not None else None,
            actor=_login(self.person),
            units=_codes(self.unit),
            acts=(self.kind,) if self.kind in KINDS else (),
        )

    @property
    def address(self) -> dict[str, str]:
        """What of it goes into an address."""
        told = {"tu-ngay": self.since, "den-ngay": self.until, "nguoi": self.person, "don-vi": self.unit, "viec": self.kind}
        return {name: text for name, text in told.items() if text}


def register(app: Flask) -> None:
    """Give the trail its addresses."""
    app.add_url_rule("/nhat-ky", "trail", trail)
    app.add_url_rule("/nhat-ky.<kind>", "trail_table", trail_table)


def trail() -> str:
    """The newest events of those asked for, `truoc` the number to go on before."""
    asked, book = Asked.of(request.args), site().storage.trail
    wanted, before = asked.selection, _number(request.args.get("truoc", ""))
    found = book.page(wanted, before, SHOWN + 1)
    head = book.head()
    return render_template(
        "trail.html",
        asked=asked,
        days=_by_day(found[:SHOWN]),
        older=found[SHOWN - 1].seq if len(found) > SHOWN else None,
        later=before is not None,
        count=book.count(wanted),
        code=code(head) if head is not None else "",
        people=book.actors(),
        kinds=KINDS,
        most=MOST_ROWS,
        tell=_telling(),
    )


def trail_table(kind: str) -> Response:
    """The events asked for as a table, oldest first."""
    if kind not in _WRITERS:
        abort(404)
    write, media = _WRITERS[kind]
    chosen = islice(site().storage.trail.every(Asked.of(request.args).selection), MOST_ROWS)
    content = BytesIO(write(chosen, _telling()))
    return send_file(content, mimetype=media, as_attachment=True, download_name=f"nhat-ky-{now().astimezone(LOCAL):%Y%m%d-%H%M}.{kind}")


def _by_day(found: tuple[Kept, ...]) -> dict[date, list[Kept]]:
    days: dict[date, list[Kept]] = {}
    for kept in found:
        days.setdefault(kept.event.at.astimezone(LOCAL).date(), []).append(kept)
    return days


def _telling() -> Telling:
    """How each event is told, on the page and in the table alike."""
    persons = {each.login: each.name for each in site().storage.accounts.all()}
    measures = {code: measure.name for code, measure in site().catalogue.measures.items()}

    def tell(event: Event) -> tuple[str, str]:
        worded = in_words(event, persons)
        return sentence(worded, unit_then(event), translate, measures), change(worded, translate)

    return tell


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), LOCAL)
    except ValueError:
        return None


def _codes(text: str) -> tuple[str, ...]:
    """The units of that code or with such a name."""
    if not text:
        return ()
    wanted = fold(text)
    return tuple({unit.code for unit in units() if unit.code == text or wanted in fold(unit.name)}) or NO_UNIT


def _login(text: str) -> str:
    """The login typed, or that of the only person of such a name."""
    known: list[tuple[str, str]] = [each for each in site().storage.trail.actors() if each[0]] if text else []
    alike = [login for login, name in known if fold(text) in fold(name)]
    return text if text in dict(known) or len(alike) != 1 else alike[0]


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        abort(404)
    return int(text)
