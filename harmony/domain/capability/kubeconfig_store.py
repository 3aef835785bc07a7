"""The ways into clusters: what a client, this product's or a person's, needs to reach an API."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The way into `cluster`: `server` is a URL by DNS name, and `addresses` are what that name
    stands for in our own records, for a client whose resolver doesn't know them. Certificates and
    `client_key` are PEM."""

    cluster: str
    server: str
    addresses: tuple[str, ...]
    ca_certificate: str
    client_certificate: str
    client_key: str = field(repr=False)


@runtime_checkable
class KubeconfigStore(Protocol):
    @abstractmethod
    async def ensure_kubeconfig(self, spec: Kubeconfig) -> Change:
        """Keep it, readable by its owner only, where clients of `spec.cluster` look for it."""
