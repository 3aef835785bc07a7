from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from harmony.domain.capability.secret_vault import (
    Certificate,
    Secret,
    SecretKind,
    SecretSpec,
)
from harmony.modules.kubernetes.secrets import ClusterSecrets, cluster_secrets, token_id
from tests.harmony.generating_vault import GeneratingVault
from tests.harmony.modules.kubernetes.examples import plan_of

pytestmark = pytest.mark.unit

PREFIX = "kubernetes-cluster/home"


@dataclass
class Vault(GeneratingVault):
    """Gives names as secrets, and notes what kind was asked for."""

    asked: dict[str, SecretKind] = field(default_factory=dict[str, SecretKind])

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        created = spec.name not in self.asked
        self.asked[spec.name] = spec.kind
        return Secret(spec.name, "0123456789abcdefghijkl", f"public {spec.name}", created)


def secrets(vault: Vault) -> ClusterSecrets:
    return asyncio.run(cluster_secrets(vault, plan_of()))


def test_certificates_and_whom_they_are_for() -> None:
    vault = Vault()
    secrets(vault)
    found = {
        name.removeprefix(f"{PREFIX}/"): (
            kind.ca.removeprefix(f"{PREFIX}/"),
            kind.common_name,
            kind.organizations,
            kind.server,
            kind.client,
        )
        for name, kind in vault.asked.items()
        if isinstance(kind, Certificate)
    }
    assert found == {
        "api-server": ("ca", "kube-apiserver", (), True, False),
        "api-server-kubelet-client": ("ca", "kube-apiserver", ("system:masters",), False, True),
        "controller-manager": ("ca", "system:kube-controller-manager", (), False, True),
        "scheduler": ("ca", "system:kube-scheduler", (), False, True),
        "etcd": ("etcd-ca", "etcd", (), True, True),
        "api-server-etcd-client": ("etcd-ca", "kube-apiserver", (), False, True),
        "admin": ("ca", "harmony-admin", ("system:masters",), False, True),
    }


def test_the_api_servers_certificate_has_all_its_names() -> None:
    vault = Vault()
    secrets(vault)
    kind = vault.asked[f"{PREFIX}/api-server"]
    assert isinstance(kind, Certificate)
    assert (kind.dns_names, kind.addresses) == (
        plan_of().api_server_names,
        plan_of().api_server_addresses,
    )


def test_tokens_have_the_form_of_bootstrap_tokens() -> None:
    token = secrets(Vault()).tokens["w1"]
    assert re.fullmatch(r"[a-z0-9]{6}\.[a-z0-9]{16}", token)
    assert token_id(token) == "012345"


def test_only_what_was_made_just_now_is_a_change() -> None:
    vault = Vault()
    assert all(change.changed for change in secrets(vault).changes)
    assert not any(change.changed for change in secrets(vault).changes)


def test_a_host_gets_its_own_token_and_the_ca() -> None:
    held = secrets(Vault()).bootstrap("w1")
    assert held.ca_certificate == f"public {PREFIX}/ca"
    assert held.token.startswith("012345.")
