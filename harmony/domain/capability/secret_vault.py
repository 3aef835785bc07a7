"""Secrets that are generated once and never again; only certificates follow what is asked of them. Others are
given by whoever has them. Scores hold names of secrets only."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change


@dataclass(frozen=True, slots=True)
class Token:
    """Random lower-case letters and digits, `length` of them."""

    length: int = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair: `private` and `public` are PEM."""


@dataclass(frozen=True, slots=True)
class CertificateAuthority:
    """A self-signed CA: `private` is its key, `public` its certificate, both PEM. It is valid from
    `backdated_seconds` before it is made, for machines whose clocks are behind."""

    common_name: str
    days: int = 3650
    backdated_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate signed by the CA that is the secret named `ca`: `private` is its key. It ends
    with its CA at the latest. One that was made for something else than is asked for, or nears its
    end, is replaced."""

    ca: str
    common_name: str
    organizations: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    server: bool = False
    client: bool = False
    days: int = 365
    backdated_seconds: int = 3600


SecretKind = Token | Key | CertificateAuthority | Certificate


@dataclass(frozen=True, slots=True)
class SecretSpec:
    """`name` such as `kubernetes-cluster/home/ca`. What exists by that name is given as it is,
    except an outdated certificate."""

    name: str
    kind: SecretKind


@dataclass(frozen=True, slots=True)
class Secret:
    """`private` is the secret text (token, or key in PEM), `public` what others may see of it
    (certificate or public key in PEM; empty for a token). `created` says it was made just now."""

    name: str
    private: str = field(repr=False)
    public: str = ""
    created: bool = False


@dataclass(frozen=True, slots=True)
class GivenSecret:
    """A secret text from elsewhere, such as a pull secret; it replaces one that was given before."""

    name: str
    private: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecretQuery:
    name: str


@runtime_checkable
class SecretVault(Protocol):
    @abstractmethod
    async def ensure_secret(self, spec: SecretSpec) -> Secret: ...

    @abstractmethod
    async def ensure_given_secret(self, spec: GivenSecret) -> Change: ...

    @abstractmethod
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        """What is kept by that name, generated or given; None if nothing is."""
