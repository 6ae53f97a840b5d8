"""Whether certificate files can be used, asked before anybody connects with them."""

from __future__ import annotations

import ssl
from pathlib import Path


def holds_authorities(path: Path) -> bool:
    """Whether the file has at least one certificate of an authority that can be trusted (PEM)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError):
        return False
    return bool(context.get_ca_certs())


def belong_together(certificate: Path, key: Path) -> bool:
    """Whether the files are a certificate and its own key (PEM); a key that asks for a password is none we can use."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_cert_chain(certificate, key, password=lambda: b"")
    except (OSError, ValueError):
        return False
    return True
