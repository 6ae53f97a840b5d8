"""Tell a person by mail that their account was changed: whoever did not do it themselves learns of it."""

from __future__ import annotations

from datetime import datetime

from hue_dti.accounts.account import Account
from hue_dti.config import Settings
from hue_dti.numerals import format_moment
from hue_dti.services.mail import ADDRESS, letter, send
from hue_dti.storage import Deferred, Storage

JOB = "tell_person"
TOLD = {
    "account.password_changed": "Mật khẩu của bạn vừa được đổi",
    "account.accepted": "Mật khẩu của bạn vừa được đặt lại bằng mã mời",
    "account.second_factor_set": "Mã hai lớp của bạn vừa được cài trên một điện thoại",
    "account.second_factor_removed": "Mã hai lớp của bạn vừa được tắt",
    "account.second_factor_reset": "Mã hai lớp của bạn vừa bị bỏ để cài lại",
}
"""What happened, by the act that the trail tells."""


def notice(account: Account, act: str, by: str, at: datetime) -> tuple[Deferred, ...]:
    """The job that tells the person, to be queued with the change; none for somebody whose address is not known."""
    if not ADDRESS.fullmatch(account.email):
        return ()
    return (Deferred(JOB, {"login": account.login, "act": act, "by": by, "at": at.isoformat()}),)


def tell(storage: Storage, settings: Settings, login: str, act: str, by: str, at: datetime, now: datetime) -> bool:
    """Send it; False where no mail server is set or no address is known any more. MailUnsent when it did not go out."""
    account = storage.accounts.find(login)
    if settings.smtp is None or account is None or not ADDRESS.fullmatch(account.email):
        return False
    mail = letter(settings.smtp, account.email, f"{TOLD[act]} ({login})", now, f"{login}\n{act}\n{at.isoformat()}")
    where = f" tại {settings.public_url}" if settings.public_url else ""
    mail.set_content(
        f"Chào {account.name},\n\n{TOLD[act]}{where}, lúc {format_moment(at)}, người làm: {by}.\n\n"
        "Đúng là bạn, hoặc bạn đã nhờ: không cần làm gì.\n"
        "Không phải bạn: báo ngay người quản trị của tỉnh để khóa tài khoản và xem nhật ký.\n\n"
        "Thư này do máy gửi; không ai hỏi mật khẩu hay mã của bạn qua thư.\n",
        cte="quoted-printable",
    )
    send(settings.smtp, mail, account.email)
    return True
