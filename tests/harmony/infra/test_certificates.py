"""Certificates as OpenSSL judges them; what a vault asks for is told in its own tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from harmony.domain.capability.secret_vault import Certificate, CertificateAuthority
from harmony.infra.certificates import Made, new_authority, new_certificate, new_key
from inventory.errors import ProvisionerBug

pytestmark = pytest.mark.unit

NOW = 1_700_000_000.0
CA = CertificateAuthority("home cluster CA")


@pytest.mark.parametrize(
    ("wanted", "purpose"),
    [
        (Certificate("ca", "api", dns_names=("api.home.example",), server=True), "sslserver"),
        (Certificate("ca", "admin", client=True), "sslclient"),
    ],
    ids=["server", "client"],
)
def test_openssl_verifies_the_chain(wanted: Certificate, purpose: str, tmp_path: Path) -> None:
    ca = new_authority(CA, NOW)
    (tmp_path / "ca.pem").write_text(ca[1])
    (tmp_path / "leaf.pem").write_text(new_certificate(wanted, ca, NOW)[1])
    command = ["openssl", "verify", "-x509_strict", "-attime", str(int(NOW)), "-purpose", purpose]
    files = ["-CAfile", str(tmp_path / "ca.pem"), str(tmp_path / "leaf.pem")]
    judged = subprocess.run([*command, *files], capture_output=True, text=True)
    assert judged.stdout == f"{tmp_path / 'leaf.pem'}: OK\n", judged.stderr


def test_a_client_is_no_server(tmp_path: Path) -> None:
    ca = new_authority(CA, NOW)
    (tmp_path / "ca.pem").write_text(ca[1])
    (tmp_path / "leaf.pem").write_text(
        new_certificate(Certificate("ca", "admin", client=True), ca, NOW)[1]
    )
    command = ["openssl", "verify", "-attime", str(int(NOW)), "-purpose", "sslserver"]
    files = ["-CAfile", str(tmp_path / "ca.pem"), str(tmp_path / "leaf.pem")]
    judged = subprocess.run([*command, *files], capture_output=True, text=True)
    assert judged.returncode != 0


def test_only_our_own_kind_of_ca_signs() -> None:
    ca: Made = (new_key()[0], new_authority(CA, NOW)[1])
    with pytest.raises(ProvisionerBug):
        new_certificate(Certificate("ca", "a"), ca, NOW)
