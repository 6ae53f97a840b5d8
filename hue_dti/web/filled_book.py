"""What pages share that take a filled workbook: it is looked at first, held sealed for the same person, and kept when confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from itsdangerous import BadData, URLSafeTimedSerializer

from hue_dti.errors import SettingError
from hue_dti.services.filled_form import Change, Preview
from hue_dti.services.import_file import TYPES
from hue_dti.web.language import translate
from hue_dti.web.sessions import actor

XLSX = TYPES[".xlsx"]
REFUSED = 422
LOOKED_AT_S = 3600
"""How long a preview may be confirmed."""
MOST_SEALED = 400_000
"""Letters a form's field may carry."""
TOO_OLD = "Lần xem trước đã quá một giờ hoặc không phải của bạn; hãy chọn lại tệp."
_TOO_MANY = "Tệp đổi quá nhiều dòng một lần, chưa ghi gì; hãy chia ra, mỗi lần nộp một phần số dòng."


@dataclass(frozen=True, slots=True)
class Link:
    """A place and its words; `given` where the words are somebody's own, not the program's."""

    address: str
    words: str
    given: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page of a workbook is about: title and subject, the way there, its forms, its addresses, and what names a row."""

    title: str
    subject: str
    crumbs: tuple[Link, ...]
    how: str
    forms: tuple[Link, ...]
    upload: str
    look: str
    store: str
    back: Link
    of: str
    why_shut: str = ""


def seal(what: str) -> URLSafeTimedSerializer:
    """Holds what was looked at until it is confirmed, by the same person only."""
    return URLSafeTimedSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt=f"{what} {actor().login}")


def sealed(what: str, told: Any) -> str:
    """What was looked at, as the form carries it; SettingError for more than a form can carry."""
    text = seal(what).dumps(told)
    if len(text) > MOST_SEALED:
        raise SettingError(translate(_TOO_MANY))
    return str(text)


def opened(what: str, text: str) -> Any:
    """What was looked at; SettingError when it was too long ago or somebody else's."""
    try:
        return seal(what).loads(text, max_age=LOOKED_AT_S)
    except BadData:
        raise SettingError(translate(TOO_OLD)) from None


def page(
    frame: Frame,
    preview: Preview[Any] | None = None,
    held: str = "",
    refused: str = "",
    stored: int | None = None,
    faulty: Sequence[Change[Any]] = (),
) -> str:
    """The page that takes the file, shows what it would change, or tells what was kept."""
    told = {"preview": preview, "held": held, "refused": refused, "stored": stored, "faulty": faulty}
    return render_template("filled_book.html", frame=frame, **told)
