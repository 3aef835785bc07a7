"""Making certificate authorities and certificates (X.509 v3, ECDSA P-256) and the keys beside them.

Certificates start an hour before they are made: a machine whose clock is slow must not refuse them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inventory.errors import ProvisionerBug

BACKDATED = timedelta(hours=1)
_CA_LIFE = timedelta(days=3650)
_LEAF_LIFE = timedelta(days=3650)


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """A certificate and its private key, PEM."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is for: CN, O, and the DNS names and addresses it serves under."""

    common_name: str
    organization: str = ""
    dns_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def new_authority(common_name: str, now: float) -> Pair:
    """A self-signed CA that signs leaves only; `now` in epoch seconds."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(Subject(common_name))
    builder = (
        _started(now, _CA_LIFE)
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Pair(_pem(builder.sign(key, hashes.SHA256())), key_pem(key))


def new_certificate(
    authority: Pair, subject: Subject, now: float, *, server: bool, client: bool
) -> Pair:
    """A certificate for `subject` by `authority`, to serve with, to prove oneself with, or both."""
    key = ec.generate_private_key(ec.SECP256R1())
    ca_key = serialization.load_pem_private_key(authority.key.encode(), password=None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise ProvisionerBug("the vault's CAs have ECDSA keys")
    ca = x509.load_pem_x509_certificate(authority.certificate.encode())
    builder = (
        _started(now, _LEAF_LIFE)
        .subject_name(_name(subject))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_purposes(server, client)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
    )
    names = _alternative_names(subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Pair(_pem(builder.sign(ca_key, hashes.SHA256())), key_pem(key))


def new_rsa_key() -> tuple[str, str]:
    """A private RSA key of 2048 bits and its public half, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return key_pem(key), public.decode()


def key_pem(key: PrivateKeyTypes) -> str:
    """PKCS #8, unencrypted."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _started(now: float, life: timedelta) -> x509.CertificateBuilder:
    start = datetime.fromtimestamp(now, UTC) - BACKDATED
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
    )


def _name(subject: Subject) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, subject.common_name)]
    if subject.organization:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject.organization))
    return x509.Name(parts)


def _alternative_names(subject: Subject) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in subject.dns_names]
    names.extend(x509.IPAddress(ip_address(address)) for address in subject.addresses)
    return names


def _purposes(server: bool, client: bool) -> list[x509.ObjectIdentifier]:
    wanted = ((server, ExtendedKeyUsageOID.SERVER_AUTH), (client, ExtendedKeyUsageOID.CLIENT_AUTH))
    return [purpose for asked, purpose in wanted if asked]


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


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
