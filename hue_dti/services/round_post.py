"""Tell everybody who acts in a round by mail that its days moved: one letter each, once for each moving and each extension."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hue_dti.accounts.account import Account
from hue_dti.accounts.model import Act, Actor
from hue_dti.accounts.rights import may
from hue_dti.appraisal.rounds import PHASE_WORDS, Phase, Round, Window, last_day
from hue_dti.appraisal.windows import history
from hue_dti.config import Settings
from hue_dti.numerals import format_date, format_moment
from hue_dti.periods import LOCAL
from hue_dti.services.mail import ADDRESS, letter, send_noted
from hue_dti.storage import Storage
from hue_dti.storage.once import FAILED, NO_ADDRESS
from hue_dti.storage.round_notices import MOVED, Addressee, NoticeKey
from hue_dti.units.lines import Lines

NOWHERE = "Chưa đặt máy chủ thư nên không gửi thư báo."
_UNREACHABLE = "Tài khoản đã khóa hoặc không còn địa chỉ thư dùng được."
FEW = 3
"""So many units are named to somebody who acts for them."""

Change = tuple[Phase, Window, Window]


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a round's days, by whom, why; the phases with their days before and after, and the units it is about."""

    subject: str
    said: str
    by: str
    at: datetime
    reason: str
    changes: tuple[Change, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """Who acts in a round, as rights stand on a day: for which of these units, and as what."""

    of: Round
    units: Sequence[str]
    lines: Lines

    def own(self, actor: Actor) -> list[str]:
        """The names of the units whose marks and explanations the person writes."""
        found = [each for each in self.of.units if each.code in self.units and may(actor, Act.ENTER, self._line(each.code))]
        return [each.name for each in found]

    def phases(self, actor: Actor) -> list[Phase]:
        """What the person does for the round as a whole."""
        host = self.lines.of(self.of.host)
        found = [Phase.APPRAISAL, Phase.SETTLING] if may(actor, Act.APPRAISE, host) else []
        return [*found, *([Phase.PUBLISHING] if may(actor, Act.APPROVE, host) else [])]

    def concerns(self, actor: Actor, moved: Collection[Phase]) -> bool:
        """Whether the person is told: who enters and who appraises always, who only publishes when that moved."""
        done = self.phases(actor)
        return bool(self.own(actor)) or Phase.APPRAISAL in done or (Phase.PUBLISHING in done and Phase.PUBLISHING in moved)

    def _line(self, unit: str) -> tuple[str, ...]:
        own, host = self.lines.of(unit), self.lines.of(self.of.host)
        return own if self.of.host in own else (*own, *host)


def readers(storage: Storage, of: Round, moved: Collection[Phase], units: Sequence[str], today: date) -> tuple[Addressee, ...]:
    """Everybody with a usable address who acts in the round for these units, or appraises or publishes it."""
    parts = Parts(of, units, Lines(storage.units(), today))
    people = [each for each in storage.accounts.all() if each.active and ADDRESS.fullmatch(each.email)]
    return tuple(Addressee(each.login, each.email) for each in people if parts.concerns(each.actor(today), moved))


def tell(storage: Storage, settings: Settings, key: NoticeKey, now: Callable[[], datetime]) -> None:
    """Send one letter unless it was sent; what hinders it is noted. MailUnsent when the mail server did not take it."""
    of, account = storage.rounds.find(key.round), storage.accounts.find(key.login)
    book = storage.round_notices
    if of is None or account is None or not account.active or not ADDRESS.fullmatch(account.email):
        book.note(key, NO_ADDRESS, _UNREACHABLE, now())
        return
    if settings.smtp is None:
        book.note(key, FAILED, NOWHERE, now())
        return
    news = news_of(storage, of, key.cause)
    mail = letter(settings.smtp, account.email, news.subject, now(), f"{key.round}\n{key.cause}\n{key.login}")
    parts = Parts(of, news.units, Lines(storage.units(), now().astimezone(LOCAL).date()))
    mail.set_content(text_of(of, news, parts, account, settings.public_url), cte="quoted-printable")
    if book.begin(key, account.email, now()):
        send_noted(settings.smtp, mail, account.email, lambda state, why: book.note(key, state, why, now()))


def news_of(storage: Storage, of: Round, cause: str) -> News:
    """What a cause stands for: `moved-2`, `extended-17`."""
    kind, _, number = cause.partition("-")
    fixed = storage.rounds.fixed(of.code)
    if kind == MOVED:
        moved = next(each for each in history(fixed) if each.fixed.number == int(number))
        made, every = moved.fixed, tuple(unit.code for unit in of.units)
        return News(f"Dời ngày đợt đánh giá: {of.title}", "dời ngày của đợt", made.by.name, made.at, made.reason, moved.phases, every)
    given = storage.rounds.extensions(of.code)
    ours = next(each for each in given if each.number == int(number))
    before = [each for each in given if each.number < ours.number]
    then = replace(of, windows=next(each.windows for each in reversed(fixed) if each.at <= ours.at or each.number == 0))
    window = then.windows[ours.phase]
    old = Window(window.first, last_day(then, ours.phase, ours.unit, before))
    found = of.unit(ours.unit)
    whom, phase = found.name if found is not None else "cả đợt", PHASE_WORDS[ours.phase]
    subject, said = f"Gia hạn {phase} cho {whom}: {of.title}", f"gia hạn riêng bước {phase} cho {whom}"
    return News(subject, said, ours.by.name, ours.at, ours.reason, ((ours.phase, old, Window(window.first, ours.until)),), (ours.unit,))


def text_of(of: Round, news: News, parts: Parts, account: Account, public_url: str) -> str:
    """The letter's text for one person."""
    actor = account.actor(parts.lines.today)
    days = [f"- {PHASE_WORDS[phase].capitalize()}: {_days(old)} → {_days(new)}" for phase, old, new in news.changes]
    own, done = parts.own(actor), [PHASE_WORDS[phase] for phase in parts.phases(actor)]
    whom = ", ".join(own) if len(own) <= FEW else f"{len(own)} đơn vị"
    work = [f"tự đánh giá, giải trình cho {whom}" if own else "", ", ".join(done)]
    page = f"Xem đợt đánh giá tại: {public_url}/dot-danh-gia/{of.code}\n\n" if public_url else ""
    return (
        f"Chào {account.name},\n\nĐợt đánh giá “{of.title}”: {news.by} {news.said}, lúc {format_moment(news.at)}.\nLý do: {news.reason}\n\n"
        "Ngày cũ → ngày mới:\n" + "\n".join(days) + "\nCác bước không nêu trên giữ nguyên ngày.\n\n"
        f"Phần việc của bạn: {'; '.join(filter(None, work))}.\n{page}"
        "Thư này do máy gửi, một lần cho mỗi lần đổi ngày.\n"
    )


def _days(window: Window) -> str:
    return f"{format_date(window.first)}–{format_date(window.last)}"
