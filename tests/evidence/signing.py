"""Persons with certificates, made for one test run, and their signatures."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.evidence.papers import pdf

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: Any
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def holder(name: str, by: Holder | None = None, days: tuple[int, int] = (-10, 365), organisation: str = "UBND huyện Nam Đông") -> Holder:
    """Somebody's certificate, good from so many days to so many days from now; issued `by` an authority, or an authority itself."""
    key, now, authority = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC), by is None
    subject = _name(name, organisation)
    issuer, issuing = (subject, key) if by is None else (by.certificate.subject, by.key)
    usage = (not authority, not authority, False, False, False, authority, authority, False, False)
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), now + days[0] * DAY, now + days[1] * DAY)
    made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    made = made.add_extension(x509.KeyUsage(*usage), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), critical=False)
    return Holder(key, made.sign(issuing, hashes.SHA256()))


def _name(name: str, organisation: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(*part) for part in parts])


@cache
def authority() -> Holder:
    """The root that the province trusts."""
    return holder("Gốc thử nghiệm", days=(-3000, 3000), organisation="Ban Cơ yếu thử nghiệm")


@cache
def chairman() -> Holder:
    """Somebody whose certificate is good."""
    return holder("Nguyễn Văn Đạt", authority(), days=(-2000, 365))


def signed(body: bytes = b"", who: Holder | None = None, field: str = "Sig1") -> bytes:
    """The paper with a signature, as offices make them."""
    chosen = who or chairman()
    certificate = asn1.Certificate.load(pem.unarmor(chosen.pem)[2])
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key = PrivateKeyInfo.load(chosen.key.private_bytes(serialization.Encoding.DER, form, plain))
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore())
    about = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    made = io.BytesIO()
    signers.PdfSigner(about, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(body or pdf())), output=made)
    return made.getvalue()


def added_to(body: bytes) -> bytes:
    """The paper with something changed in an update behind it."""
    writer, made = IncrementalPdfFileWriter(io.BytesIO(body)), io.BytesIO()
    writer.root["/Lang"] = generic.TextStringObject("en")
    writer.update_root()
    writer.write(made)
    return made.getvalue()
