"""A private certificate authority of this machine, which may sign for the hosts of `hosts.PERMITTED` and for nothing else.

Made once in a folder of the user's own and never shipped: whoever had its key could pretend to be those hosts to programs that
trust it, and to no others. Nothing installs it anywhere; a client is told of it by an environment variable, for one run.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fondaco.sandbox.proxy.hosts import PERMITTED, SERVED

AUTHORITY_LASTS, LEAF_LASTS, RENEW_BEFORE = timedelta(days=365), timedelta(days=14), timedelta(days=30)
CERTIFICATE, KEY = "authority.pem", "authority.key"


class OpenKey(Exception):
    """Others than its owner can read the authority's key."""


@dataclass(frozen=True, slots=True)
class Authority:
    """`path` is what a client is told to trust."""

    path: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def ensure(folder: Path, *, at: datetime | None = None) -> Authority:
    """The authority in this folder, made when there is none or when it ends soon. Raises OpenKey."""
    now = at or datetime.now(UTC)  # house: allow  certificates live by the machine's time
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / KEY).exists() and (folder / CERTIFICATE).exists():
        if (folder / KEY).stat().st_mode & 0o077:
            raise OpenKey(f"{folder / KEY} can be read by others: delete it and {CERTIFICATE}, and start again.")
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key((folder / KEY).read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.not_valid_after_utc - now > RENEW_BEFORE:
            return Authority(folder / CERTIFICATE, certificate, key)
    return _make(folder, now)


def context(authority: Authority, *, at: datetime | None = None) -> ssl.SSLContext:
    """A server's TLS context with a fresh certificate for the served hosts."""
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = leaf_for(authority, SERVED, key, at=at)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        _write(chain, _pem(key) + leaf.public_bytes(serialization.Encoding.PEM))
        made.load_cert_chain(chain)
    return made


def leaf_for(
    authority: Authority, names: tuple[str, ...], key: ec.EllipticCurvePrivateKey, *, at: datetime | None = None
) -> x509.Certificate:
    """A server certificate. Outside the authority's constraints it is made, too, and no client takes it."""
    now = at or datetime.now(UTC)  # house: allow  certificates live by the machine's time
    made = _builder(f"{names[0]} on this machine", now, LEAF_LASTS).issuer_name(authority.certificate.subject)
    own = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    extensions: list[tuple[Any, bool]] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False),
    ]
    return _signed(made.public_key(key.public_key()), extensions, authority.key)


def _make(folder: Path, now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder("Fondaco proxy of this machine", now, AUTHORITY_LASTS)
    nowhere = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    extensions: list[tuple[Any, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_usage(key_cert_sign=True), True),
        (
            x509.NameConstraints(
                permitted_subtrees=[x509.DNSName(name) for name in PERMITTED],
                excluded_subtrees=[x509.IPAddress(network) for network in nowhere],
            ),
            True,
        ),
        (own, False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False),
    ]
    subject = made._subject_name
    assert subject is not None
    certificate = _signed(made.issuer_name(subject).public_key(key.public_key()), extensions, key)
    _write(folder / KEY, _pem(key))
    (folder / CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder / CERTIFICATE, certificate, key)


def _builder(name: str, now: datetime, lasts: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + lasts)
    )


def _signed(
    made: x509.CertificateBuilder, extensions: list[tuple[Any, bool]], key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    for extension, is_critical in extensions:
        made = made.add_extension(extension, critical=is_critical)
    return made.sign(key, hashes.SHA256())


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes) -> None:
    """Readable by its owner only, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
