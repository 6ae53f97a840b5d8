"""Give a value at the province, with its document and a file that proves it, and take it back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hue_dti.catalogue.frameworks import Framework
from hue_dti.evidence.pieces import Draft, Form
from hue_dti.free_text import plain
from hue_dti.numerals import format_percent
from hue_dti.rollup.given import Given, check
from hue_dti.services.desk import Desk
from hue_dti.services.evidence import Upload, keep_file


def give(desk: Desk, framework: Framework, given: Given, upload: Upload | None = None) -> int:
    """Keep a value and return its number; EntryRefused or EvidenceRefused says why not, and then nothing of it is kept.

    Values of one province and period are given one after the other: a maximum is weighed against all that stand. The file is taken in as
    any evidence, of the province and of this component, when nothing else stands in the way.
    """
    given = replace(given, result=_line(given.result), document=_line(given.document), reason=_line(given.reason))
    with desk.storage.alone(f"values of {given.unit} in {given.period}"):
        return _give(desk, framework, given, upload)


def _give(desk: Desk, framework: Framework, given: Given, upload: Upload | None) -> int:
    book = desk.storage.provincial
    book.follows(given)
    standing = book.newest(given.unit, given.period, given.framework)
    check(given, framework, {code: value.max_points for code, value in standing.items()})
    before = standing.get(given.code)
    if upload is not None:
        draft = Draft(given.client, given.unit, given.period, given.code, "", Form.FILE, words=given.document)
        given = replace(given, evidence=keep_file(desk, draft, upload).piece.number)
    elif given.share is not None and before is not None and given.document == before.document:
        given = replace(given, evidence=before.evidence)
    act = "province.given" if given.share is not None else "province.withdrawn"
    old = "" if before is None else _told(before.share)
    subject = f"{given.code}, {given.period}"
    event = desk.event(act, given.unit, subject, old=old, new=_told(given.share), reason=given.reason or given.document)
    number, _ = book.give(given, desk.actor.login, desk.actor.name, desk.now(), (event,))
    return number


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _told(share: Fraction | None) -> str:
    return "" if share is None else format_percent(share)
