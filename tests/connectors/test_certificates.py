"""Systems whose certificates come from an authority of their own, and those that want one of ours."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from connectors.fields import JSON
from connectors.http import Asker
from hue_dti.certificates import belong_together, holds_authorities
from hue_dti.errors import SettingError, SourceUnreachable

NOW = datetime(2024, 6, 24, tzinfo=UTC)
QUICK = {"network": "sandbox", "attempts": "1", "connect_timeout_s": "60", "read_timeout_s": "60"}


def issued(name, authority=None, alternative=None):
    """A certificate and its key; without an authority, one that signs itself."""
    key, own = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, signing = (authority[0].subject, authority[1]) if authority else (own, key)
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
    )
    today = datetime.now(UTC)
    made = made.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=2))
    made = made.add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
    if alternative:
        made = made.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
    return made.sign(signing, hashes.SHA256()), key


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """PEM files: an authority, a server's pair for the name localhost, a pair of ours, and what is none of these."""
    folder = tmp_path_factory.mktemp("pem")
    authority = issued("Chứng thực của tỉnh")
    pairs = {"server": issued("localhost", authority, x509.DNSName("localhost")), "ours": issued("hue-dti", authority)}
    pairs["elsewhere"] = issued("10.0.0.1", authority, x509.IPAddress(ip_address("10.0.0.1")))
    (folder / "authority.pem").write_bytes(authority[0].public_bytes(Encoding.PEM))
    for name, (certificate, key) in pairs.items():
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (folder / f"{name}.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    locked = pairs["ours"][1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"mat"))
    (folder / "locked.key").write_bytes(locked)
    (folder / "none.pem").write_text("không phải chứng thư", encoding="utf-8")
    return folder


@pytest.fixture
def secured(files):
    """Serve with a pair of the files, asking for a certificate of ours where told to; returns the address."""
    servers = []

    def start(pair="server", asks_ours=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files / f"{pair}.pem", files / f"{pair}.key")
        if asks_ours:
            context.load_verify_locations(files / "authority.pem")
            context.verify_mode = ssl.CERT_REQUIRED
        server = make_server("127.0.0.1", 0, Response('{"ok": 1}', mimetype="application/json"), ssl_context=context, threaded=True)
        server.log = lambda *_, **__: None
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"https://localhost:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(base, store, **settings):
    return Asker("super_app", {"base": base, **QUICK, **{name: str(value) for name, value in settings.items()}}, store, lambda: NOW)


def test_a_system_of_the_government_s_own_authority_is_asked_once_that_is_trusted(secured, files, store):
    base = secured()
    with pytest.raises(SourceUnreachable):
        asked(base, store).get("", {}, JSON)
    assert store.answers == []
    assert asked(base, store, ca_file=files / "authority.pem").get("", {}, JSON).body == b'{"ok": 1}'


def test_a_certificate_of_another_name_is_refused_whatever_the_address(secured, files, store):
    with pytest.raises(SourceUnreachable):
        asked(secured("elsewhere"), store, ca_file=files / "authority.pem").get("", {}, JSON)
    assert store.answers == []


def test_a_system_that_wants_a_certificate_of_ours_gets_it(secured, files, store):
    base, trust = secured(asks_ours=True), {"ca_file": files / "authority.pem"}
    with pytest.raises(SourceUnreachable):
        asked(base, store, **trust).get("", {}, JSON)
    ours = {"certificate_file": files / "ours.pem", "key_file": files / "ours.key"}
    assert asked(base, store, **trust, **ours).get("", {}, JSON).body == b'{"ok": 1}'


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"ca_file": "none.pem"}, "ca_file"),
        ({"ca_file": "khong-co.pem"}, "ca_file"),
        ({"certificate_file": "ours.pem", "key_file": "server.key"}, "key_file"),
        ({"certificate_file": "ours.pem", "key_file": "locked.key"}, "key_file"),
        ({"certificate_file": "ours.pem"}, "key_file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_as_the_setting_it_is(settings, key, files, store):
    with pytest.raises(SettingError, match=f"cài đặt '{key}'"):
        asked("https://localhost:1", store, **{name: files / file for name, file in settings.items()})


def test_only_pem_files_that_fit_are_taken(files):
    assert holds_authorities(files / "authority.pem")
    assert belong_together(files / "ours.pem", files / "ours.key")
    assert not holds_authorities(files / "ours.key")
    assert not belong_together(files / "ours.key", files / "ours.pem")
