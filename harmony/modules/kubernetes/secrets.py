"""The secrets of a cluster, by their names in the vault. Asked for on every pass: made
once, except certificates, which follow the plan (its names, its addresses)."""

from __future__ import annotations

from dataclasses import dataclass

from harmony.domain.capability.secret_vault import (
    Certificate,
    CertificateAuthority,
    Key,
    Secret,
    SecretKind,
    SecretSpec,
    SecretVault,
    Token,
)
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.credentials import (
    BootstrapCredentials,
    ControlPlaneCredentials,
    KeyPair,
    RsaKey,
)
from harmony.modules.kubernetes.plan import ClusterPlan

# Certificates that sit on the hosts from their first boot on; kubelets' own are renewed by the API.
_DAYS = 3650
_ADMINS = "system:masters"
# A bootstrap token is `id.secret`, 6 and 16 of [a-z0-9].
# https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/
_TOKEN_ID = 6
_TOKEN_LENGTH = 22


@dataclass(frozen=True, slots=True, repr=False)
class ClusterSecrets:
    """All of a cluster's; `tokens` by host."""

    control_plane: ControlPlaneCredentials
    admin: KeyPair
    tokens: dict[str, str]
    changes: tuple[Change, ...]

    def bootstrap(self, host: str) -> BootstrapCredentials:
        return BootstrapCredentials(self.control_plane.ca.certificate, self.tokens[host])


def token_id(token: str) -> str:
    """The half of a bootstrap token that isn't secret."""
    return token.partition(".")[0]


async def cluster_secrets(vault: SecretVault, plan: ClusterPlan) -> ClusterSecrets:
    """Every secret that `plan` needs, from `vault`."""
    asking = _Asking(vault, f"kubernetes-cluster/{plan.name}")
    control_plane = await _control_plane(asking, plan)
    admin = await asking.pair("admin", asking.client("ca", "harmony-admin", _ADMINS))
    tokens = {node.name: await asking.token(f"bootstrap-token/{node.name}") for node in plan.nodes}
    return ClusterSecrets(control_plane, admin, tokens, tuple(asking.changes))


async def _control_plane(asking: _Asking, plan: ClusterPlan) -> ControlPlaneCredentials:
    ca = await asking.pair("ca", CertificateAuthority(f"{plan.name} cluster CA", _DAYS))
    etcd_ca = await asking.pair("etcd-ca", CertificateAuthority(f"{plan.name} etcd CA", _DAYS))
    return ControlPlaneCredentials(
        ca=ca,
        api_server=await asking.pair("api-server", asking.api_server(plan)),
        api_server_kubelet_client=await asking.pair(
            "api-server-kubelet-client", asking.client("ca", "kube-apiserver", _ADMINS)
        ),
        controller_manager=await asking.pair(
            "controller-manager", asking.client("ca", "system:kube-controller-manager")
        ),
        scheduler=await asking.pair("scheduler", asking.client("ca", "system:kube-scheduler")),
        service_account=await asking.key("service-account"),
        etcd_ca_certificate=etcd_ca.certificate,
        etcd_server=await asking.pair("etcd", asking.etcd()),
        api_server_etcd_client=await asking.pair(
            "api-server-etcd-client", asking.client("etcd-ca", "kube-apiserver")
        ),
    )


class _Asking:
    """Asks one vault for secrets of one cluster, and notes which were made just now."""

    def __init__(self, vault: SecretVault, prefix: str) -> None:
        self._vault = vault
        self._prefix = prefix
        self.changes: list[Change] = []

    async def pair(self, name: str, kind: SecretKind) -> KeyPair:
        secret = await self._ask(name, kind)
        return KeyPair(secret.public, secret.private)

    async def key(self, name: str) -> RsaKey:
        secret = await self._ask(name, Key())
        return RsaKey(secret.private, secret.public)

    async def token(self, name: str) -> str:
        drawn = (await self._ask(name, Token(_TOKEN_LENGTH))).private
        return f"{drawn[:_TOKEN_ID]}.{drawn[_TOKEN_ID:]}"

    def client(self, ca: str, common_name: str, *organizations: str) -> Certificate:
        name = f"{self._prefix}/{ca}"
        return Certificate(name, common_name, organizations, client=True, days=_DAYS)

    def api_server(self, plan: ClusterPlan) -> Certificate:
        return Certificate(
            f"{self._prefix}/ca",
            "kube-apiserver",
            dns_names=plan.api_server_names,
            addresses=plan.api_server_addresses,
            server=True,
            days=_DAYS,
        )

    def etcd(self) -> Certificate:
        """It serves on loopback; its health check and its gateway are clients of itself."""
        return Certificate(
            f"{self._prefix}/etcd-ca",
            "etcd",
            dns_names=("localhost",),
            addresses=("127.0.0.1",),
            server=True,
            client=True,
            days=_DAYS,
        )

    async def _ask(self, name: str, kind: SecretKind) -> Secret:
        secret = await self._vault.ensure_secret(SecretSpec(f"{self._prefix}/{name}", kind))
        self.changes.append(Change(secret.created, f"secret {secret.name}"))
        return secret
