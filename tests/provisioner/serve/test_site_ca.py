"""The CA as openssl sees it; what a client makes of it: `test_site_tls.py`."""

from __future__ import annotations

import stat
import subprocess
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509

from provisioner.serve.errors import CaUnusable
from provisioner.serve.site_ca import Covered, SiteCa

pytestmark = pytest.mark.protocol

NOW = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
DAY = 86_400.0
COVERED = Covered.of(["ns.home.example", "*.apps.home.example"], [IPv4Address("10.7.0.1")])


def openssl(*arguments: str | Path) -> str:
    """What it says; a success."""
    done = subprocess.run(
        ("openssl", *arguments), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def written(folder: Path, ca: SiteCa, now: float) -> tuple[Path, Path]:
    """The CA's certificate, and a server's key and certificate, as files."""
    root, server = folder / "root.crt", folder / "server.pem"
    root.write_text(ca.certificate)
    server.write_bytes(ca.issue(COVERED, now).pem)
    return root, server


def test_made_once_and_kept(tmp_path: Path) -> None:
    first = SiteCa(tmp_path / "tls", NOW)
    again = SiteCa(tmp_path / "tls", NOW + 400 * DAY)
    assert again.certificate == first.certificate
    assert again.fingerprint == first.fingerprint
    kept = tmp_path / "tls" / "site-ca.pem"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == ["site-ca.pem"]
    assert SiteCa(tmp_path / "other", NOW).fingerprint != first.fingerprint


def test_its_fingerprint_is_what_openssl_says(tmp_path: Path) -> None:
    ca = SiteCa(tmp_path, NOW)
    (tmp_path / "root.crt").write_text(ca.certificate)
    said = openssl("x509", "-in", tmp_path / "root.crt", "-noout", "-fingerprint", "-sha256")
    assert said.strip().partition("=")[2].replace(":", "").lower() == ca.fingerprint


@pytest.mark.parametrize("days", [-29, 0, 1, 59, 89], ids=lambda days: f"day {days}")
def test_the_chain_is_right_by_the_strictest_rules(tmp_path: Path, days: int) -> None:
    """Also for a machine whose clock is a month behind."""
    root, server = written(tmp_path, SiteCa(tmp_path, NOW), NOW)
    at = str(int(NOW + days * DAY))
    said = openssl(
        *("verify", "-x509_strict", "-purpose", "sslserver", "-attime", at),
        *("-verify_hostname", "x.apps.home.example", "-CAfile", root, server),
    )
    assert said == f"{server}: OK\n"
    openssl("verify", "-attime", at, "-verify_ip", "10.7.0.1", "-CAfile", root, server)


def test_its_life_is_short_enough_for_every_client(tmp_path: Path) -> None:
    issued = SiteCa(tmp_path, NOW).issue(COVERED, NOW)
    leaf = x509.load_pem_x509_certificate(issued.pem)
    whole = leaf.not_valid_after_utc - leaf.not_valid_before_utc
    assert whole.days <= 398
    assert leaf.not_valid_before_utc.timestamp() == issued.valid_from
    assert issued.renew_at == leaf.not_valid_after_utc.timestamp() - 30 * DAY


def test_it_signs_no_other_authority(tmp_path: Path) -> None:
    certificate = x509.load_pem_x509_certificate(SiteCa(tmp_path, NOW).certificate.encode())
    found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (found.critical, found.value.ca, found.value.path_length) == (True, True, 0)


@pytest.mark.parametrize("moment", [0.0, 10**9, NOW + 19 * 365 * DAY], ids=["1970", "2001", "late"])
def test_a_clock_that_is_wrong_makes_a_ca_all_the_same(tmp_path: Path, moment: float) -> None:
    """A board without a battery, before it has heard of NTP; it is right an hour later."""
    root, server = written(tmp_path, SiteCa(tmp_path, moment), max(moment, NOW))
    at = str(int(max(moment, NOW)))
    openssl("verify", "-attime", at, "-CAfile", root, server)


def test_at_its_own_end_it_still_answers(tmp_path: Path) -> None:
    assert SiteCa(tmp_path, NOW).issue(COVERED, NOW + 21 * 365 * DAY).pem


HARM = {
    "empty": b"",
    "half a file": None,
    "no key": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
}


@pytest.mark.parametrize("content", HARM.values(), ids=HARM)
def test_a_damaged_one_is_not_replaced_without_a_word(
    tmp_path: Path, content: bytes | None
) -> None:
    SiteCa(tmp_path, NOW)
    kept = tmp_path / "site-ca.pem"
    kept.write_bytes(kept.read_bytes()[:300] if content is None else content)
    with pytest.raises(CaUnusable, match="is damaged: restore it, or remove it"):
        SiteCa(tmp_path, NOW)


def test_the_key_of_another_is_refused(tmp_path: Path) -> None:
    one, other = SiteCa(tmp_path / "a", NOW), SiteCa(tmp_path / "b", NOW)
    kept = tmp_path / "a" / "site-ca.pem"
    kept.write_text(kept.read_text().replace(one.certificate, other.certificate))
    with pytest.raises(CaUnusable, match="is damaged"):
        SiteCa(tmp_path / "a", NOW)


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("")
    with pytest.raises(CaUnusable, match="the site's CA in"):
        SiteCa(tmp_path / "tls", NOW)
