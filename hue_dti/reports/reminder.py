"""The digest that reminds a unit of what it owes: a subject, the words as plain text and the same words as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hue_dti.numerals import format_count, format_date, format_percent, format_points
from hue_dti.reports.escape import esc, on_one_line
from hue_dti.reports.owing import OwedCriterion, OwedMeasure, Owing
from hue_dti.reports.texts import text

MOST_NAMES = 12
"""How many units are named at one figure; the others are counted."""

MACHINE = "connector"


@dataclass(frozen=True, slots=True)
class Digest:
    """One reminder, ready to send; the HTML part names no other file, and no other place than the unit's page."""

    subject: str
    plain: str
    html: str


def digest(owing: Owing, today: date, page: str = "") -> Digest:
    """Write the reminder as of a day up to the cut-off; `page` is the address of the unit's page, empty where nobody said it."""
    days = owing.days_left(today)
    key = "_today" if days <= 0 else ""
    words = {
        "unit": on_one_line(owing.unit.name),
        "days": format_count(max(days, 0)),
        "period": owing.period.label,
        "cutoff": format_date(owing.cutoff),
    }
    left = text("reminder", f"left{key}", **words)
    subject = text("reminder", "subject", **{**words, "period": owing.period.short_label, "left": left})
    opening = (text("reminder", "greeting", **words), text("reminder", f"lead{key}", **words), *_stands(owing))
    items = [(_criterion(each), [_measure(owing, measure) for measure in each.measures]) for each in owing.criteria]
    ending = (text("reminder", "silence"), text("reminder", "ending"))
    return Digest(subject, _plain(opening, items, page, ending), _html(opening, items, page, ending))


def _stands(owing: Owing) -> Iterator[str]:
    yield text(
        "reminder",
        "stands",
        present=format_count(owing.present),
        expected=format_count(owing.expected),
        share="–" if owing.share is None else format_percent(owing.share),
        missing=format_count(owing.missing),
        count=format_count(len(owing.criteria)),
    )
    points, most, gain = map(format_points, (owing.points, owing.max_points, owing.gain))
    yield text("reminder", "points", points=points, max_points=most, gain=gain)
    yield text("reminder", "listed")


def _criterion(each: OwedCriterion) -> str:
    points, most, gain = map(format_points, (each.points, each.max_points, each.gain))
    return on_one_line(text("reminder", "criterion", code=each.code, name=each.name, points=points, max_points=most, gain=gain))


def _measure(owing: Owing, each: OwedMeasure) -> str:
    return on_one_line(text("reminder", "measure", name=each.name, units=_units(owing, each), how=how(each)))


def how(each: OwedMeasure) -> str:
    """Where the figure comes from and who answers for it, with the last fault where one is known."""
    key = "machine" if each.entry == MACHINE else "by_hand"
    fault = text("reminder", "fault", reason=each.reason) if each.reason else ""
    return text("reminder", key, source=each.source, owner=each.owner) + fault


def _units(owing: Owing, each: OwedMeasure) -> str:
    """The units the figure is absent for; nothing when it is the reminded unit's own."""
    if each.units == (owing.unit.name,):
        return ""
    names, others = ", ".join(each.units[:MOST_NAMES]), len(each.units) - MOST_NAMES
    if others > 0:
        names = text("reminder", "more", names=names, count=format_count(others))
    return text("reminder", "units", count=format_count(len(each.units)), names=names)


def _plain(opening: tuple[str, ...], items: list[tuple[str, list[str]]], page: str, ending: tuple[str, ...]) -> str:
    listed = (line for title, details in items for line in (f"* {title}", *(f"    - {detail}" for detail in details)))
    link = (f"{text('reminder', 'page')} {page}",) if page else ()
    return "\n\n".join((*opening, "\n".join(listed), *link, *ending)) + "\n"


def _html(opening: tuple[str, ...], items: list[tuple[str, list[str]]], page: str, ending: tuple[str, ...]) -> str:
    listed = "".join(
        f"<li><strong>{esc(title)}</strong><ul>{''.join(f'<li>{esc(detail)}</li>' for detail in details)}</ul></li>\n"
        for title, details in items
    )
    before, after = ("".join(f"<p>{esc(line)}</p>\n" for line in lines) for lines in (opening, ending))
    link = f'<p>{esc(text("reminder", "page"))} <a href="{esc(page)}">{esc(page)}</a></p>\n' if page else ""
    head = '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"></head>'
    return f"{head}<body>\n{before}<ul>\n{listed}</ul>\n{link}{after}</body></html>\n"
