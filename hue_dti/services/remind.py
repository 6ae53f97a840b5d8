"""Remind a unit by e-mail of the figures it owes: once for each of the days before the cut-off that the schedule names."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import quote

from hue_dti.catalogue.model import Catalogue
from hue_dti.config import Smtp
from hue_dti.errors import SettingError
from hue_dti.periods import LOCAL, Period
from hue_dti.reports.owing import Owing
from hue_dti.reports.reminder import digest
from hue_dti.services.mail import ADDRESS, letter, send_noted
from hue_dti.services.owing import owing
from hue_dti.services.quarter import draft, newest_of
from hue_dti.storage import ReminderKey, Storage
from hue_dti.storage.once import FAILED, NO_ADDRESS, TOO_LATE
from hue_dti.units.model import OrgUnit

_NOWHERE = "Chưa đặt HUE_DTI_SMTP_HOST nên không gửi được thư nhắc; hãy đặt máy chủ thư cho tiến trình hue-dti worker (docs/settings.md)."
_LOG = logging.getLogger(__name__)


def address_of(storage: Storage, unit: OrgUnit) -> str:
    """Where the unit reads its mail, as its general information tells; empty where nobody told."""
    profile = storage.profiles.newest(unit)
    return profile.email if profile is not None else ""


def remind_unit(
    storage: Storage,
    catalogue: Catalogue,
    unit: OrgUnit,
    period: Period,
    days_before: int,
    now: Callable[[], datetime],
    smtp: Smtp | None,
    address_of: Callable[[Storage, OrgUnit], str] = address_of,
    public_url: str = "",
) -> None:
    """Send the digest, with the address of the unit's page on the site at `public_url`; what hinders it is noted.

    Nothing is sent when it was sent, the quarter is closed or nothing is owed.

    Raises MailUnsent when the mail server did not take it and SettingError when none is set.
    """
    key, book = ReminderKey(unit.code, str(period), days_before), storage.reminders
    if newest_of(storage, unit.code, period) is not None:
        return
    owed = owing(draft(storage, catalogue, unit, period, now()), catalogue)
    if not owed.missing:
        return
    if owed.days_left(now().astimezone(LOCAL).date()) < 0:
        book.note(key, TOO_LATE, "Đã qua ngày chốt số liệu khi đến lượt gửi.", now())
        return
    address = address_of(storage, unit).strip()
    if not ADDRESS.fullmatch(address):
        reason = "Địa chỉ thư không hợp lệ." if address else "Thông tin chung của đơn vị chưa có địa chỉ thư."
        book.note(key, NO_ADDRESS, reason, now())
        _LOG.warning("%s is not reminded of %s: no usable e-mail address", unit.code, period)
        return
    if smtp is None:
        book.note(key, FAILED, _NOWHERE, now())
        raise SettingError(_NOWHERE)
    if book.begin(key, address, now()):
        page = f"{public_url}/don-vi/{quote(unit.code, safe='')}/{period}" if public_url else ""
        mail = message(owed, key, smtp, address, now(), page)
        send_noted(smtp, mail, address, lambda state, why: book.note(key, state, why, now()))


def message(owed: Owing, key: ReminderKey, smtp: Smtp, recipient: str, now: datetime, page: str = "") -> EmailMessage:
    """The digest as an e-mail; the same reminder always has the same Message-ID, so that a repeat shows as one."""
    written = digest(owed, now.astimezone(LOCAL).date(), page)
    mail = letter(smtp, recipient, written.subject, now, f"{key.unit}\n{key.period}\n{key.days_before}")
    mail.set_content(written.plain, cte="quoted-printable")
    mail.add_alternative(written.html, subtype="html", cte="quoted-printable")
    return mail
