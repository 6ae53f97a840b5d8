"""A unit's general information (thông tin chung): where it is, which post answers for digital transformation, how large it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hue_dti.collation import fold
from hue_dti.errors import NumeralError
from hue_dti.free_text import one_line, parts
from hue_dti.numerals import parse_count

LONGEST = 200
_MOST = 10_000_000
_ADDRESS_LENGTH, _LOCAL_LENGTH = 254, 64
_EMAIL = re.compile(r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_PHONE = re.compile(r"(?:\+84|0)[0-9]{8,10}")
_WEBSITE = re.compile(r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/%-]*)?")
_PERSON = re.compile(r"(?:^|[:,;(–-])\s*(?:ong|ba|anh|chi|dong chi|d/c)\s")
_FORMULA = ("=", "@", "+", "-")


@dataclass(frozen=True, slots=True)
class UnitProfile:
    """General information of one unit as last told; texts are empty and numbers None where nobody told them.

    `post` answers for digital transformation and reads `email` and `phone`, `leader_post` leads the unit: posts, never people.
    `communes` and `villages` are the units below it; `area_ha` is in hectares. `source` says where the numbers stand.
    """

    unit: str
    address: str = ""
    post: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    leader_post: str = ""
    communes: int | None = None
    villages: int | None = None
    area_ha: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """What was told, by whom and when."""

    profile: UnitProfile
    by: str
    at: datetime


HEADINGS: Mapping[str, str] = {
    "address": "Địa chỉ",
    "post": "Chức danh phụ trách chuyển đổi số",
    "email": "Thư điện tử",
    "phone": "Điện thoại",
    "website": "Trang thông tin",
    "leader_post": "Chức danh người đứng đầu",
    "communes": "Số xã",
    "villages": "Số thôn",
    "area_ha": "Diện tích (ha)",
    "source": "Nguồn",
}
"""The field of a profile and the heading of its column, in printed order."""

NUMBERS = ("communes", "villages", "area_ha")


class NotSo(ValueError):
    """A cell that cannot be what its column says: what is wrong, and what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


def read_field(field: str, text: str) -> str | int | None:
    """One cell as its field; an empty one is an empty text or no number. Raises NotSo."""
    said = one_line(text, f"ô '{HEADINGS[field]}'", LONGEST, lambda wrong: NotSo(*parts(wrong)))
    if field in NUMBERS:
        return _number(field, said) if said else None
    return _READERS.get(field, _plain)(field, said) if said else ""


def _plain(field: str, text: str) -> str:
    if text.startswith(_FORMULA):
        raise NotSo(f"ô '{HEADINGS[field]}' bắt đầu bằng '{text[0]}'", "hãy bỏ dấu đó đi; bảng tính có thể hiểu nhầm thành công thức")
    return text


def _post(field: str, text: str) -> str:
    if _PERSON.search(fold(text) + " "):
        raise NotSo(f"ô '{HEADINGS[field]}' ghi tên người: '{text}'", "hãy chỉ ghi chức danh, như 'Chánh Văn phòng HĐND và UBND'")
    return _plain(field, text)


def _email(field: str, text: str) -> str:
    if not _EMAIL.fullmatch(text) or len(text) > _ADDRESS_LENGTH or len(text.partition("@")[0]) > _LOCAL_LENGTH:
        raise NotSo(f"'{text}' không phải một địa chỉ thư điện tử", "hãy viết một địa chỉ, như vanhoa.namdong@thuathienhue.gov.vn")
    return text.lower()


def _phone(field: str, text: str) -> str:
    if _PHONE.fullmatch(re.sub(r"[ .()-]", "", text)) is None:
        raise NotSo(f"'{text}' không phải số điện thoại", "hãy viết đủ mã vùng, như 0234 3875 123 hoặc +84 234 3875 123")
    return text


def _website(field: str, text: str) -> str:
    if not _WEBSITE.fullmatch(text):
        raise NotSo(f"'{text}' không phải địa chỉ trang thông tin", "hãy viết đủ, như https://namdong.thuathienhue.gov.vn")
    return text


def _number(field: str, text: str) -> int:
    try:
        number = parse_count(text)
    except NumeralError as fault:
        what, remedy = fault.parts
        raise NotSo(f"ô '{HEADINGS[field]}': {what}", remedy) from fault
    if number > _MOST:
        raise NotSo(f"ô '{HEADINGS[field]}' là {text}, lớn hơn mọi đơn vị", "hãy kiểm tra lại con số")
    return number


_READERS: Mapping[str, Callable[[str, str], str]] = {
    "post": _post,
    "leader_post": _post,
    "email": _email,
    "phone": _phone,
    "website": _website,
}
