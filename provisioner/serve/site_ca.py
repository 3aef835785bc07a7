"""The site's own certificate authority: made once, kept for ever, known by its fingerprint (RFC 5280).

It lies in one file, key and certificate together, so that there is never one without the other. Whoever is
to trust it was told so by name: a machine, an Ignition config, a browser. It signs servers only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioner.serve.errors import CaUnusable
from provisioner.serve.whole_file import write_whole

FILE = "site-ca.pem"
_BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
"""Before this product: for machines whose clocks are behind, and a jump host whose own was that day."""
_YEARS = timedelta(days=20 * 365)
_BACKDATED = timedelta(days=30)
_GIVEN_FOR = timedelta(days=90)
_RENEWED_BEFORE = timedelta(days=30)
"""Some clients refuse certificates of more than 398 days, the days before they were made included."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What a certificate is for."""

    names: tuple[str, ...]
    addresses: tuple[IPv4Address, ...]

    @classmethod
    def of(cls, names: Iterable[str], addresses: Iterable[IPv4Address]) -> Covered:
        return cls(tuple(sorted(set(names))), tuple(sorted(set(addresses))))


@dataclass(frozen=True, slots=True)
class Issued:
    """`pem` is a key and its certificate, as servers load them; it is to be replaced at `renew_at`, or
    when the clock shows less than `valid_from` (epoch seconds)."""

    pem: bytes
    valid_from: float
    renew_at: float


class SiteCa:
    """The authority that is kept in `folder`; made, if there is none, at `now` (epoch seconds). Raises
    CaUnusable."""

    def __init__(self, folder: Path, now: float) -> None:
        path = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                write_whole(path, _made(now))
            self._key, self._certificate = _read(path.read_bytes())
        except OSError as error:
            raise CaUnusable(f"the site's CA in {path}: {error.strerror}") from error
        except (ValueError, TypeError) as error:
            raise CaUnusable(
                f"{path} is damaged: restore it, or remove it to have another CA, which every client"
                " has to be told to trust anew"
            ) from error

    @property
    def certificate(self) -> str:
        """What clients are given, in PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        """The sha256 of the certificate (DER), in hex."""
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        return hashlib.sha256(der).hexdigest()

    def issue(self, covered: Covered, now: float) -> Issued:
        """A server's key and certificate, both new; it ends with the CA at the latest."""
        key = ec.generate_private_key(ec.SECP256R1())
        moment = datetime.fromtimestamp(now, UTC)
        start = max(moment - _BACKDATED, _BEGINS)
        end = min(moment + _GIVEN_FOR, self._certificate.not_valid_after_utc)
        certificate = self._signed(key, covered, start, max(start, end))
        return Issued(
            _pem(key, certificate),
            start.timestamp(),
            (moment + _GIVEN_FOR - _RENEWED_BEFORE).timestamp(),
        )

    def _signed(
        self, key: ec.EllipticCurvePrivateKey, covered: Covered, start: datetime, end: datetime
    ) -> x509.Certificate:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        names: list[x509.GeneralName] = [x509.DNSName(name) for name in covered.names]
        names += [x509.IPAddress(address) for address in covered.addresses]
        return (
            _blank(
                _name("Harmony Provisioner"),
                self._certificate.subject,
                key.public_key(),
                start,
                end,
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(issuer, critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _made(now: float) -> bytes:
    """A new CA. Its name is its own: clients that know several tell them apart by it."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:8]
    name = _name(f"Harmony Provisioner site CA {own}")
    end = max(datetime.fromtimestamp(now, UTC), _BEGINS) + _YEARS
    certificate = (
        _blank(name, name, key.public_key(), _BEGINS, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pem(key, certificate)


def _read(content: bytes) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """ValueError or TypeError for anything else than a CA and its key."""
    key = serialization.load_pem_private_key(content, password=None)
    certificate = x509.load_pem_x509_certificate(content)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("another kind of key")
    if key.public_key() != certificate.public_key():
        raise ValueError("another one's certificate")
    return key, certificate


def _blank(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
