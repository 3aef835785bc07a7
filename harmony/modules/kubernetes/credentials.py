"""The keys and certificates a cluster runs on, as PEM text, ready to be placed on its hosts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class KeyPair:
    """A certificate and its private key, both PEM. Not shown by repr: it is a secret."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True, repr=False)
class RsaKey:
    """A private key and its public half, both PEM."""

    private: str
    public: str


@dataclass(frozen=True, slots=True, repr=False)
class ControlPlaneCredentials:
    """What the control plane's programs hold. `ca` signs for the API and the kubelets; etcd has
    a CA of its own."""

    ca: KeyPair
    api_server: KeyPair
    api_server_kubelet_client: KeyPair
    controller_manager: KeyPair
    scheduler: KeyPair
    service_account: RsaKey
    etcd_ca_certificate: str
    etcd_server: KeyPair
    api_server_etcd_client: KeyPair


@dataclass(frozen=True, slots=True, repr=False)
class BootstrapCredentials:
    """What a new node joins with: the cluster's CA and this host's own token (`id.secret`)."""

    ca_certificate: str
    token: str
