"""Digital signatures of a PDF, judged offline against the province's trust roots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from hue_dti.evidence.model import Seal, Signature

LONGEST = 200
MOST_SIGNATURES = 50
_NOT_ASKED = "chưa kiểm tra việc thu hồi chứng thư vì hệ thống không nối ra mạng"
_LONG_AGO = "chứng thư nay đã hết hạn, lúc ký còn hạn theo giờ người ký tự khai"
_EXPIRED = "OUT_OF_BOUNDS_NO_POE"


def judge(reader: PdfFileReader, body: bytes, roots: Sequence[Certificate], now: datetime) -> tuple[Signature, ...]:
    """Every signature in the order they were made; none of the judging ever asks the network."""
    embedded = reader.embedded_regular_signatures[:MOST_SIGNATURES]
    if not embedded:
        return ()
    covered = max((_end_of(each) for each in embedded), default=0)
    whole = covered >= len(body.rstrip(b"\r\n \t\0"))
    return tuple(_judged(each, whole, roots, now) for each in embedded)


def _end_of(embedded: EmbeddedPdfSignature) -> int:
    """The last byte that the signature's range takes in."""
    reach = embedded.sig_object.get("/ByteRange") or ()
    return sum(int(number) for number in list(reach)[2:4]) if len(reach) == 4 else 0


def _judged(embedded: EmbeddedPdfSignature, whole: bool, roots: Sequence[Certificate], now: datetime) -> Signature:
    try:
        status = validate_pdf_signature(embedded, _context(roots, now))
    except Exception as fault:  # what a hostile signature makes the library raise is not promised by anybody
        return Signature(Seal.UNCHECKED, note=f"chữ ký hỏng hoặc dạng lạ ({type(fault).__name__})")
    return _sealed(_named(status, whole), embedded, status, whole, roots)


def _context(roots: Sequence[Certificate], moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail", moment=moment, best_signature_time=moment
    )


def _named(status: PdfSignatureStatus, whole: bool) -> Signature:
    """Who signed, as the certificate says; nothing is judged yet."""
    certificate: Any = status.signing_cert
    subject, issuer = dict(certificate.subject.native), dict(certificate.issuer.native)
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.valid and stamp.trusted
    return Signature(
        Seal.UNCHECKED,
        signer=_plain(subject.get("common_name")),
        organisation=_plain(subject.get("organization_name")),
        issuer=_plain(issuer.get("common_name")),
        signed_at=stamp.timestamp if stamped and stamp is not None else status.signer_reported_dt,
        stamped=stamped,
        whole_file=whole,
    )


def _plain(value: object) -> str:
    """One line of what stands in a certificate, which anybody can write."""
    text = value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST]


def _sealed(
    signature: Signature, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, whole: bool, roots: Sequence[Certificate]
) -> Signature:
    level = status.modification_level
    if not status.intact or not status.valid:
        return replace(signature, seal=Seal.ALTERED)
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return replace(signature, seal=Seal.PARTIAL)
    if level == ModificationLevel.OTHER or status.docmdp_ok is False or (not whole and level == ModificationLevel.FORM_FILLING):
        return replace(signature, seal=Seal.UPDATED)
    if not whole and level != ModificationLevel.LTA_UPDATES:
        return replace(signature, seal=Seal.PARTIAL)
    return _trusted(signature, embedded, status, roots)


def _trusted(signature: Signature, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus, roots: Sequence[Certificate]) -> Signature:
    if not roots:
        return replace(signature, seal=Seal.UNCHECKED, note="quản trị chưa đặt chứng thư gốc để đối chiếu")
    if status.trusted:
        return replace(signature, seal=Seal.VALID, note=_NOT_ASKED)
    expired = getattr(status.trust_problem_indic, "name", "") == _EXPIRED
    if not expired:
        return replace(signature, seal=Seal.UNTRUSTED)
    if signature.signed_at is not None and _trusted_then(embedded, roots, signature.signed_at):
        return replace(signature, seal=Seal.VALID, note=f"{_NOT_ASKED if signature.stamped else _LONG_AGO}")
    return replace(signature, seal=Seal.EXPIRED)


def _trusted_then(embedded: EmbeddedPdfSignature, roots: Sequence[Certificate], moment: datetime) -> bool:
    try:
        return bool(validate_pdf_signature(embedded, _context(roots, moment), skip_diff=True).trusted)
    except Exception:  # as above
        return False
