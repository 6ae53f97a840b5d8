"""What is put on a report when it is issued: number, symbol, day and signer; and what a replacing report tells of the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hue_dti.numerals import format_date
from hue_dti.reports import narrative
from hue_dti.reports.vocabulary import Vocabulary

_SYMBOL = re.compile(r"BC-[A-ZĐ0-9][A-ZĐ0-9.&-]{0,28}")
_HIGHEST = 99_999
_POSTS = re.compile(r"[^\W_][^\n{}]{0,119}")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: for whom ("TM. BAN CHỈ ĐẠO"), in whose place ("KT. TRƯỞNG BAN", empty for the head), the post in the committee,
    the post in the host body (may be empty), and the name.
    """

    authority: str
    acting_for: str
    post: str
    host_post: str
    name: str

    @property
    def office(self) -> str:
        """The lines above the signature."""
        return "\n".join(line for line in (self.acting_for, self.post) if line)

    @property
    def below(self) -> str:
        """The lines under the signature."""
        return "\n".join(line for line in (self.host_post.upper(), self.name) if line)


@dataclass(frozen=True, slots=True)
class Issue:
    """Number, symbol and day of an issued report, and who signed it."""

    number: int
    symbol: str
    day: date
    signer: Signer

    @property
    def label(self) -> str:
        """`05/BC-BCĐ`: a number below ten has a leading zero."""
        return f"{self.number:02d}/{self.symbol}"

    @property
    def day_words(self) -> str:
        """`ngày 05 tháng 02 năm 2024`: days below ten and the first two months have a leading zero, the others none."""
        month = f"{self.day.month:02d}" if self.day.month < 3 else str(self.day.month)
        return f"ngày {self.day.day:02d} tháng {month} năm {self.day.year}"

    @property
    def cited(self) -> str:
        """How other papers name it: `số 05/BC-BCĐ ngày 05/02/2024`."""
        return f"số {self.label} ngày {format_date(self.day)}"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that prints something else than it did, by its name; empty where it was or is not there."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """The report that is replaced, why and by whose word, and the figures that changed."""

    issue: Issue
    reason: str
    by: str
    changes: tuple[Change, ...]


def changes(old: Vocabulary, new: Vocabulary) -> tuple[Change, ...]:
    """Every figure that does not print what it printed, in the order of the paper."""
    names = dict.fromkeys((*new.figures, *old.figures))
    printed = ((name, *(book.figures[name].text if name in book.figures else "" for book in (old, new))) for name in names)
    return tuple(Change(name, was, now) for name, was, now in printed if was != now)


def signer_of(own: Mapping[str, str], usual: Signer) -> Signer:
    """The signer as typed; where the signer's lines were left alone, the head of the body, whose name is left to fill."""
    if not any(own.get(key) for key in narrative.SIGNING):
        return usual
    typed = {key: own.get(key, "") for key in narrative.SIGNING}
    return Signer(
        typed["authority"] or usual.authority,
        typed["acting_for"],
        typed["post"] or (usual.post if not typed["acting_for"] else ""),
        typed["host_post"],
        typed["signer"],
    )


def faults(issue: Issue, earliest: date, today: date) -> Iterator[tuple[str, str]]:
    """What cannot be printed like this, as (field, why), in the order of the form."""
    if not 0 < issue.number <= _HIGHEST:
        yield "number", "số là một số nguyên từ 1; hãy lấy số trong sổ văn bản đi"
    if not _SYMBOL.fullmatch(issue.symbol):
        yield "symbol", "ký hiệu của báo cáo viết BC- rồi tên viết tắt cơ quan bằng chữ hoa, ví dụ BC-BCĐ"
    if not earliest <= issue.day <= today:
        yield "day", f"ngày ban hành phải từ {format_date(earliest)} (ngày chốt của kỳ) đến hôm nay, {format_date(today)}"
    if not issue.signer.post:
        yield "post", "ghi chức vụ của người ký trong Ban Chỉ đạo, ví dụ PHÓ TRƯỞNG BAN"
    if issue.signer.acting_for and not issue.signer.acting_for.upper().startswith(("KT.", "TL.", "TUQ.", "Q.")):
        yield "acting_for", "dòng ký thay mở đầu bằng KT., TL. hoặc TUQ., ví dụ KT. TRƯỞNG BAN"
    if not _POSTS.fullmatch(issue.signer.name) or any(char.isdigit() for char in issue.signer.name):
        yield "signer", "ghi họ và tên người ký, không ghi học hàm, học vị"
