"""What is known of an evidence file once it was looked at, and the words an official reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The files that are taken."""

    PDF = "pdf"
    JPG = "jpg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        """The media type it is served with."""
        return _TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.DOCX: f"{_OFFICE}wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
}
FILE_WORDS = {
    Kind.PDF: "tệp PDF",
    Kind.JPG: "ảnh JPG",
    Kind.PNG: "ảnh PNG",
    Kind.DOCX: "tệp Word (.docx)",
    Kind.XLSX: "tệp Excel (.xlsx)",
}


class Seal(StrEnum):
    """How a digital signature stands, the worst first; a file stands as its worst signature."""

    ALTERED = "altered"
    UPDATED = "updated"
    PARTIAL = "partial"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    UNCHECKED = "unchecked"
    VALID = "valid"
    UNSIGNED = "unsigned"

    @property
    def is_broken(self) -> bool:
        """Whether the file is not, or not all, what was signed."""
        return self in {Seal.ALTERED, Seal.UPDATED, Seal.PARTIAL}


SEAL_WORDS = {
    Seal.VALID: "Chữ ký hợp lệ",
    Seal.UNCHECKED: "Không kiểm tra được chữ ký",
    Seal.EXPIRED: "Không kiểm tra được: chứng thư đã hết hạn trước khi ký",
    Seal.UNTRUSTED: "Không kiểm tra được: nơi cấp chứng thư chưa được tin cậy",
    Seal.ALTERED: "Đã bị sửa sau khi ký",
    Seal.UPDATED: "Đã bị sửa sau khi ký: có nội dung thêm vào",
    Seal.PARTIAL: "Đã bị sửa sau khi ký: chữ ký không phủ hết tệp",
    Seal.UNSIGNED: "Chưa ký số",
}

TOLD = {
    "javascript": "có mã JavaScript (không được chạy)",
    "action": "có lệnh tự chạy khi mở tệp (không được chạy)",
    "embedded": "có tệp khác gắn bên trong",
    "external": "có liên kết lấy nội dung từ nơi khác (không được mở)",
    "form": "có biểu mẫu gửi dữ liệu đi (không được gửi)",
    "locked": "có khóa hạn chế in, sao chép",
    "trailing": "có phần thừa sau khi kết thúc tệp",
}
"""Things inside a file that a reader is told of before opening it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One digital signature; `signed_at` is the signer's own word unless `stamped` by a time authority that is trusted."""

    seal: Seal
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    signed_at: datetime | None = None
    stamped: bool = False
    whole_file: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What looking at a file told; with a `refusal` (Vietnamese, what and what to do) it is not kept.

    `pages` counts the pages of a PDF or DOCX, the sheets of an XLSX, None where nobody can tell; `told` are keys of TOLD.
    """

    kind: Kind | None
    pages: int | None = None
    told: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    refusal: str = ""

    @property
    def seal(self) -> Seal:
        """How the file stands as to signatures."""
        order = list(Seal)
        return min((each.seal for each in self.signatures), key=order.index, default=Seal.UNSIGNED)

    @property
    def lead(self) -> Signature | None:
        """The signature to name first: the last one that was made."""
        return self.signatures[-1] if self.signatures else None


def to_json(checked: Checked) -> dict[str, Any]:
    """The result as JSON can carry it."""
    return {
        "kind": checked.kind,
        "pages": checked.pages,
        "told": list(checked.told),
        "refusal": checked.refusal,
        "signatures": [_signature_json(each) for each in checked.signatures],
    }


def from_json(told: Mapping[str, Any]) -> Checked:
    """The result again; raise KeyError, TypeError or ValueError for what is none."""
    return Checked(
        kind=None if told["kind"] is None else Kind(told["kind"]),
        pages=None if told["pages"] is None else int(told["pages"]),
        told=tuple(map(str, told["told"])),
        signatures=tuple(map(_signature_from, told["signatures"])),
        refusal=str(told["refusal"]),
    )


def _signature_json(each: Signature) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(each, name) for name in Signature.__slots__}
    return told | {"signed_at": None if each.signed_at is None else each.signed_at.isoformat()}


def _signature_from(told: Mapping[str, Any]) -> Signature:
    moment = told["signed_at"]
    values = {name: told[name] for name in Signature.__slots__}
    return Signature(**values | {"seal": Seal(told["seal"]), "signed_at": None if moment is None else datetime.fromisoformat(moment)})
