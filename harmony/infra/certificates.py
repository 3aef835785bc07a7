"""Making keys, certificate authorities and certificates (X.509 v3, ECDSA P-256; RFC 5280)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import (
    CertificatePublicKeyTypes,
    PrivateKeyTypes,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from harmony.domain.capability.secret_vault import Certificate, CertificateAuthority
from harmony.infra.errors import AuthorityExpiredError
from inventory.errors import ProvisionerBug

_RSA_BITS = 2048

Made = tuple[str, str]
"""The private key and the public half (certificate or public key), both PEM."""


def new_key() -> Made:
    """An RSA key: service account tokens are signed RS256, which every client can verify."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return _key_pem(key), public.decode()


def new_authority(wanted: CertificateAuthority, now: float) -> Made:
    """A self-signed CA that signs leaves only; `now` in epoch seconds."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(wanted.common_name, ())
    start, end = _life(wanted, now)
    builder = (
        _blank(start, end, key.public_key())
        .subject_name(name)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
    )
    return _key_pem(key), _pem(builder.sign(key, hashes.SHA256()))


def new_certificate(wanted: Certificate, authority: Made, now: float) -> Made:
    """A certificate by `authority`, which it doesn't outlive; `now` in epoch seconds. Raises
    AuthorityExpiredError."""
    key = ec.generate_private_key(ec.SECP256R1())
    ca_key = serialization.load_pem_private_key(authority[0].encode(), password=None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise ProvisionerBug("the vault's CAs have ECDSA keys")
    ca = x509.load_pem_x509_certificate(authority[1].encode())
    start, end = _life(wanted, now)
    if start >= ca.not_valid_after_utc:
        raise AuthorityExpiredError(
            f"the CA {ca.subject.rfc4514_string()} ended on {ca.not_valid_after_utc:%Y-%m-%d}"
        )
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    builder = (
        _blank(start, min(end, ca.not_valid_after_utc), key.public_key())
        .subject_name(_name(wanted.common_name, wanted.organizations))
        .issuer_name(ca.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(_purposes(wanted)), critical=False)
        .add_extension(issuer_id, critical=False)
    )
    names = _alternative_names(wanted)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _key_pem(key), _pem(builder.sign(ca_key, hashes.SHA256()))


def nears_its_end(certificate: str, authority: str, now: float) -> bool:
    """Whether a third of its life or less is left to `certificate` and `authority` (both PEM) can
    give it more; `now` in epoch seconds."""
    start, end = _life_of(certificate)
    _, most = _life_of(authority)
    return end < most and datetime.fromtimestamp(now, UTC) >= end - (end - start) / 3


def _life(wanted: Certificate | CertificateAuthority, now: float) -> tuple[datetime, datetime]:
    start = datetime.fromtimestamp(now, UTC) - timedelta(seconds=wanted.backdated_seconds)
    return start, start + timedelta(days=wanted.days)


def _life_of(pem: str) -> tuple[datetime, datetime]:
    made = x509.load_pem_x509_certificate(pem.encode())
    return made.not_valid_before_utc, made.not_valid_after_utc


def _blank(
    start: datetime, end: datetime, public: CertificatePublicKeyTypes
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .public_key(public)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common_name: str, organizations: tuple[str, ...]) -> x509.Name:
    groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in organizations]
    return x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _alternative_names(wanted: Certificate) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in wanted.dns_names]
    names.extend(x509.IPAddress(ip_address(address)) for address in wanted.addresses)
    return names


def _purposes(wanted: Certificate) -> list[x509.ObjectIdentifier]:
    asked = (
        (wanted.server, ExtendedKeyUsageOID.SERVER_AUTH),
        (wanted.client, ExtendedKeyUsageOID.CLIENT_AUTH),
    )
    return [purpose for is_asked, purpose in asked if is_asked]


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


def _key_pem(key: PrivateKeyTypes) -> str:
    """PKCS #8, unencrypted: the vault encrypts it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
