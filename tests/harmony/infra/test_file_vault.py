from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.capability.secret_vault import (
    Certificate,
    CertificateAuthority,
    GivenSecret,
    Key,
    Secret,
    SecretKind,
    SecretQuery,
    SecretSpec,
    Token,
)
from harmony.domain.outcome import Change
from harmony.infra.errors import (
    AuthorityExpiredError,
    SecretMismatchError,
    VaultUnusableError,
)
from harmony.infra.file_vault import FileVault

pytestmark = pytest.mark.unit

NOW = 1_700_000_000.0
CA = CertificateAuthority("home cluster CA", days=10)


def vault(folder: Path, days_later: float = 0.0) -> FileVault:
    return FileVault(folder / "vault", lambda: NOW + days_later * 86_400)


def ask(of: FileVault, name: str, kind: SecretKind) -> Secret:
    return asyncio.run(of.ensure_secret(SecretSpec(name, kind)))


@pytest.mark.parametrize("kind", [Token(22), Key(), CA], ids=["token", "key", "ca"])
def test_generated_once_and_never_again(kind: SecretKind, tmp_path: Path) -> None:
    first = ask(vault(tmp_path), "a", kind)
    assert first.created
    same = vault(tmp_path)
    again = ask(same, "a", kind)
    assert again == Secret("a", first.private, first.public, created=False)
    assert ask(same, "a", kind) == again


@given(length=st.integers(1, 64))
def test_a_token_has_its_length_and_alphabet(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    token = ask(vault(tmp_path_factory.mktemp("vault")), "t", Token(length)).private
    assert len(token) == length
    assert token.isascii()
    assert token == token.lower()
    assert token.isalnum()


def test_two_tokens_differ(tmp_path: Path) -> None:
    one = vault(tmp_path)
    assert ask(one, "a", Token()).private != ask(one, "b", Token()).private


def test_a_key_pair_belongs_together(tmp_path: Path) -> None:
    made = ask(vault(tmp_path), "sa", Key())
    key = load_pem_private_key(made.private.encode(), None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert made.public == public.decode()


def test_a_certificate_is_by_its_ca_for_its_names(tmp_path: Path) -> None:
    one = vault(tmp_path)
    ca = x509.load_pem_x509_certificate(ask(one, "ca", CA).public.encode())
    wanted = Certificate(
        "ca",
        "kube-apiserver",
        organizations=("system:masters",),
        dns_names=("api.home.example",),
        addresses=("10.7.0.11",),
        server=True,
        client=True,
        days=5,
    )
    made = x509.load_pem_x509_certificate(ask(one, "api", wanted).public.encode())
    made.verify_directly_issued_by(ca)
    assert made.subject.rfc4514_string() == "CN=kube-apiserver,O=system:masters"
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["api.home.example"]
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("10.7.0.11")]
    started = datetime.fromtimestamp(NOW, UTC) - timedelta(hours=1)
    assert (ca.not_valid_before_utc, made.not_valid_before_utc) == (started, started)
    assert made.not_valid_after_utc == started + timedelta(days=5)


API = Certificate("ca", "api", dns_names=("api.home.example",), server=True, days=6)


def test_a_certificate_follows_what_is_asked_of_it(tmp_path: Path) -> None:
    one, other = vault(tmp_path), vault(tmp_path)
    ca = ask(one, "ca", CA)
    first = ask(one, "api", API)
    assert ask(one, "api", API) == ask(other, "api", API) == replace(first, created=False)

    moved = replace(API, addresses=("10.7.0.99",))
    second = ask(one, "api", moved)
    assert second.created
    made = x509.load_pem_x509_certificate(second.public.encode())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("10.7.0.99")]
    assert ask(other, "api", moved) == ask(one, "api", moved) == replace(second, created=False)
    assert ask(other, "ca", replace(CA, days=20)).public == ca.public


def test_a_certificate_is_renewed_in_the_last_third_of_its_life(tmp_path: Path) -> None:
    ask(vault(tmp_path), "ca", CA)
    first = ask(vault(tmp_path), "api", API)
    assert not ask(vault(tmp_path, 3.9), "api", API).created
    renewed = ask(vault(tmp_path, 4.1), "api", API)
    assert renewed.created
    assert renewed.private != first.private
    assert not ask(vault(tmp_path, 4.1), "api", API).created


def test_a_certificate_ends_with_its_ca_and_is_not_renewed_for_nothing(tmp_path: Path) -> None:
    ca = x509.load_pem_x509_certificate(ask(vault(tmp_path), "ca", CA).public.encode())
    late = ask(vault(tmp_path, 5), "api", API)
    made = x509.load_pem_x509_certificate(late.public.encode())
    assert made.not_valid_after_utc == ca.not_valid_after_utc
    assert not ask(vault(tmp_path, 9.9), "api", API).created


def test_a_ca_whose_time_is_over_signs_nothing(tmp_path: Path) -> None:
    ask(vault(tmp_path), "ca", CA)
    with pytest.raises(
        AuthorityExpiredError, match="the CA CN=home cluster CA ended on 2023-11-24"
    ):
        ask(vault(tmp_path, 10.1), "api", API)


def test_another_kind_by_the_same_name_is_a_bug(tmp_path: Path) -> None:
    one = vault(tmp_path)
    ask(one, "a", Token())
    with pytest.raises(SecretMismatchError, match="a is a Token in the vault, not a Key"):
        ask(one, "a", Key())


@pytest.mark.parametrize("name", ["nothing", "token"])
def test_a_certificate_needs_its_ca(name: str, tmp_path: Path) -> None:
    one = vault(tmp_path)
    ask(one, "token", Token())
    with pytest.raises(SecretMismatchError, match=f"no CA named {name}"):
        ask(one, "c", Certificate(name, "cn"))


def test_two_processes_get_the_same_secret(tmp_path: Path) -> None:
    one, other = vault(tmp_path), vault(tmp_path)
    ask(one, "first", Token())
    from_other = ask(other, "second", Token())
    assert ask(one, "second", Token()).private == from_other.private
    assert ask(other, "first", Token()).private == ask(one, "first", Token()).private


def test_nothing_in_the_file_can_be_read_and_only_by_its_owner(tmp_path: Path) -> None:
    token = ask(vault(tmp_path), "a", Token()).private
    for path in tmp_path.iterdir():
        assert token.encode() not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def give(of: FileVault, name: str, private: str) -> Change:
    return asyncio.run(of.ensure_given_secret(GivenSecret(name, private)))


def observe(of: FileVault, name: str) -> Secret | None:
    return asyncio.run(of.observe_secret(SecretQuery(name)))


def test_a_given_secret_is_kept_until_another_is_given(tmp_path: Path) -> None:
    one = vault(tmp_path)
    assert observe(one, "okd/pull-secret") is None
    for private, changed in (("a", True), ("a", False), ("b", True)):
        assert give(vault(tmp_path), "okd/pull-secret", private).changed is changed
        assert observe(one, "okd/pull-secret") == Secret("okd/pull-secret", private)
    assert "hunter2" not in repr(GivenSecret("a", "hunter2"))


def test_a_generated_secret_is_observed_and_never_replaced(tmp_path: Path) -> None:
    made = ask(vault(tmp_path), "a", Key())
    with pytest.raises(SecretMismatchError, match="a is a Key that was generated"):
        give(vault(tmp_path), "a", "other")
    assert observe(vault(tmp_path), "a") == replace(made, created=False)


def test_a_given_secret_is_not_generated(tmp_path: Path) -> None:
    give(vault(tmp_path), "a", "given")
    with pytest.raises(SecretMismatchError):
        ask(vault(tmp_path), "a", Token())


def test_a_secret_is_not_shown_by_repr(tmp_path: Path) -> None:
    made = ask(vault(tmp_path), "a", Token())
    assert made.private not in repr(made)


def test_a_disk_that_refuses_is_the_operators_concern(tmp_path: Path) -> None:
    (tmp_path / "vault.new").mkdir()
    with pytest.raises(VaultUnusableError, match=f"the vault in {tmp_path}: Is a directory"):
        asyncio.run(vault(tmp_path).ensure_secret(SecretSpec("a", Token())))
    (tmp_path / "vault.new").rmdir()
    assert asyncio.run(vault(tmp_path).ensure_secret(SecretSpec("a", Token()))).created
