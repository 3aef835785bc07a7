"""The keys and certificates of one cluster to be, as the installer makes them: they end after 24 hours.

Named as in openshift/installer, pkg/asset/tls; ECDSA where that takes RSA, which is ten times slower.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR = timedelta(hours=24)
_SIGNERS = (
    "root-ca",
    "etcd-signer",
    "kube-apiserver-lb-signer",
    "admin-kubeconfig-signer",
    "kubelet-signer",
    "kubelet-bootstrap-kubeconfig-signer",
    "aggregator-signer",
)


@dataclass(frozen=True, slots=True)
class _Signer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class _Leaf:
    """`name` is its file's; a server if it has `dns_names`, else a client."""

    name: str
    signer: str
    common_name: str
    organization: str = ""
    dns_names: tuple[str, ...] = ()


def made(domain: str, now: datetime) -> Mapping[str, str]:
    """PEM texts by file name, such as `root-ca.crt`, for the cluster of `domain`."""
    signers = {name: _signer(name, now) for name in _SIGNERS}
    files: dict[str, str] = {}
    for name, signer in signers.items():
        files |= _pair(name, signer.key, signer.certificate)
    for leaf in _leaves(domain):
        key = ec.generate_private_key(ec.SECP256R1())
        files |= _pair(leaf.name, key, _certificate(leaf, key, signers[leaf.signer], now))
    return files | _service_account()


def password() -> str:
    """As that of kubeadmin: four times five letters and digits."""
    letters = string.ascii_letters + string.digits
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _leaves(domain: str) -> tuple[_Leaf, ...]:
    inside, outside = f"api-int.{domain}", f"api.{domain}"
    return (
        _Leaf("machine-config-server", "root-ca", "system:machine-config-server", "", (inside,)),
        _Leaf(
            "kube-apiserver-lb-server",
            "kube-apiserver-lb-signer",
            "system:kube-apiserver",
            "kube-master",
            (outside, inside),
        ),
        _Leaf(
            "admin-kubeconfig-client", "admin-kubeconfig-signer", "system:admin", "system:masters"
        ),
    )


def _signer(name: str, now: datetime) -> _Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(name, "openshift")
    builder = (
        _blank(subject, subject, key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
    )
    return _Signer(key, builder.sign(key, hashes.SHA256()))


def _certificate(
    leaf: _Leaf, key: ec.EllipticCurvePrivateKey, signer: _Signer, now: datetime
) -> x509.Certificate:
    purpose = ExtendedKeyUsageOID
    use = purpose.SERVER_AUTH if leaf.dns_names else purpose.CLIENT_AUTH
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    subject = _subject(leaf.common_name, leaf.organization)
    builder = (
        _blank(subject, signer.certificate.subject, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(authority, critical=False)
    )
    if leaf.dns_names:
        names = x509.SubjectAlternativeName([x509.DNSName(name) for name in leaf.dns_names])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer.key, hashes.SHA256())


def _blank(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _subject(common_name: str, organization: str) -> x509.Name:
    oids = ((NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in oids if text])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pair(
    name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> dict[str, str]:
    return {
        f"{name}.key": _key_pem(key),
        f"{name}.crt": certificate.public_bytes(Encoding.PEM).decode(),
    }


def _service_account() -> dict[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {"service-account.key": _key_pem(key), "service-account.pub": public.decode()}


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
