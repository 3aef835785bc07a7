from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from kvm.lab.stand_in_openshift_install import authority

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = authority.made("okd.home.example", NOW)
CERTIFICATES = {
    name.removesuffix(".crt"): x509.load_pem_x509_certificate(text.encode())
    for name, text in FILES.items()
    if name.endswith(".crt")
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_each_ends_after_24_hours_and_not_before(name: str) -> None:
    found = CERTIFICATES[name]
    assert (found.not_valid_before_utc, found.not_valid_after_utc) == (
        NOW,
        NOW + timedelta(hours=24),
    )


@pytest.mark.parametrize("name", CERTIFICATES)
def test_each_has_its_key(name: str) -> None:
    assert FILES[f"{name}.key"].startswith("-----BEGIN PRIVATE" + " KEY-----\n")


@pytest.mark.parametrize(
    ("leaf", "signer", "names"),
    [
        ("machine-config-server", "root-ca", ["api-int.okd.home.example"]),
        (
            "kube-apiserver-lb-server",
            "kube-apiserver-lb-signer",
            ["api.okd.home.example", "api-int.okd.home.example"],
        ),
        ("admin-kubeconfig-client", "admin-kubeconfig-signer", []),
    ],
)
def test_who_signed_what_for_whom(leaf: str, signer: str, names: list[str]) -> None:
    found = CERTIFICATES[leaf]
    found.verify_directly_issued_by(CERTIFICATES[signer])
    alternatives = [
        name
        for extension in found.extensions
        if isinstance(extension.value, x509.SubjectAlternativeName)
        for name in extension.value.get_values_for_type(x509.DNSName)
    ]
    assert alternatives == names


def test_the_administrator_is_one_to_the_api() -> None:
    subject = CERTIFICATES["admin-kubeconfig-client"].subject
    assert [
        subject.get_attributes_for_oid(oid)[0].value
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    ] == ["system:admin", "system:masters"]


def test_each_cluster_has_its_own() -> None:
    assert FILES["root-ca.crt"] != authority.made("okd.home.example", NOW)["root-ca.crt"]


def test_a_password_has_kubeadmins_form() -> None:
    assert re.fullmatch(r"([A-Za-z0-9]{5}-){3}[A-Za-z0-9]{5}", authority.password())
