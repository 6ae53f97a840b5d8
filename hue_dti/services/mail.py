"""Hand one e-mail to the mail server, and tell apart what surely did not go out from what nobody knows."""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr

from hue_dti.config import Smtp
from hue_dti.errors import MailUnsent
from hue_dti.reports.escape import on_one_line
from hue_dti.storage.once import FAILED, NO_ADDRESS, SENDING, SENT, TOO_LATE, UNCLEAR, WAITING

ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""What can be an address of ours: of those that mail servers take, the plain ones."""

LETTER_WORDS = {
    WAITING: "chờ gửi",
    SENDING: "đang gửi dở",
    SENT: "đã gửi",
    FAILED: "chưa gửi được",
    UNCLEAR: "không rõ đã tới chưa",
    NO_ADDRESS: "không có địa chỉ",
    TOO_LATE: "quá hạn, không gửi",
}
"""What became of a letter that goes out once."""

TIMEOUT_S = 20.0
"""How long one waits for each answer of the server."""

_LONGEST_REASON = 200


def letter(smtp: Smtp, recipient: str, subject: str, now: datetime, own: str) -> EmailMessage:
    """An e-mail without its text yet; the same `own` always has the same Message-ID, so that a repeat shows as one."""
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = smtp.sender
    mail["To"] = recipient
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{hashlib.sha256(own.encode()).hexdigest()[:32]}@{parseaddr(smtp.sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def send(smtp: Smtp, message: EmailMessage, recipient: str) -> None:
    """Send it to one recipient; MailUnsent with the reason otherwise, `unclear` when the server fell silent after it had the text.

    What the server answers is told, but never on the login: an answer might repeat the secret.
    """
    content = message.as_bytes(policy=WIRE)
    with _logged_in(smtp) as server:
        with _told("không nhận địa chỉ"):
            _expect(server.mail(parseaddr(smtp.sender)[1]))
            _expect(server.rcpt(recipient))
        with _told("không nhận thư", unclear=True):
            _expect(server.data(content))
        with suppress(OSError, smtplib.SMTPException):  # it has the mail; how it says good-bye changes nothing
            server.quit()


def send_noted(smtp: Smtp, message: EmailMessage, recipient: str, note: Callable[[str, str], None]) -> None:
    """Send one message and note its state and what hindered it; MailUnsent as when it is sent without a note."""
    try:
        send(smtp, message, recipient)
    except MailUnsent as fault:
        note(SENDING if fault.unclear else FAILED, str(fault))
        raise
    note(SENT, "")


@contextmanager
def _logged_in(smtp: Smtp) -> Iterator[smtplib.SMTP]:
    secure = ssl.create_default_context()
    with _told(f"{smtp.host}:{smtp.port} không trả lời"):
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_S, context=secure)
            if smtp.tls == "tls"
            else smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_S)
        )
    try:
        with _told("không mở được đường truyền"):
            server.ehlo_or_helo_if_needed()
            if smtp.tls == "starttls":
                server.starttls(context=secure)
                server.ehlo()
        if smtp.user:
            _log_in(server, smtp)
        yield server
    finally:
        server.close()


def _log_in(server: smtplib.SMTP, smtp: Smtp) -> None:
    try:
        server.login(smtp.user, smtp.password)
    except smtplib.SMTPResponseException as fault:
        raise MailUnsent(
            f"Máy chủ thư không cho đăng nhập (mã {fault.smtp_code}); hãy sửa HUE_DTI_SMTP_USER, HUE_DTI_SMTP_PASSWORD."
        ) from None
    except (OSError, smtplib.SMTPException, UnicodeError) as fault:
        raise MailUnsent(f"Máy chủ thư không cho đăng nhập ({type(fault).__name__}); hãy kiểm tra máy chủ thư.") from None


def _expect(answer: tuple[int, bytes]) -> None:
    if answer[0] not in {250, 251}:
        raise smtplib.SMTPResponseException(*answer)


@contextmanager
def _told(what: str, unclear: bool = False) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException as fault:
        said = fault.smtp_error.decode("utf-8", "replace") if isinstance(fault.smtp_error, bytes) else str(fault.smtp_error)
        raise MailUnsent(f"Máy chủ thư {what}: {fault.smtp_code} {on_one_line(said)[:_LONGEST_REASON]}") from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise MailUnsent(f"Máy chủ thư {what}: {on_one_line(str(fault))[:_LONGEST_REASON] or type(fault).__name__}", unclear) from fault
