"""A site passes each question on to the adapter it belongs to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from harmony.domain.capability import VirtualMachineHost
from harmony.domain.outcome import Change, Outcome
from harmony.domain.topology import capabilities
from harmony.topologies.bare_metal import BareMetalSite
from harmony.topologies.machine_site import MachineSite
from harmony.topologies.served_site import SiteAdapters
from inventory.site import Site

pytestmark = pytest.mark.unit

ADAPTERS = {
    "ArtifactStore": "artifacts",
    "AssetStore": "assets",
    "BootService": "daemon",
    "ClusterInstaller": "installer",
    "DhcpServer": "daemon",
    "DnsServer": "daemon",
    "InstalledMachines": "daemon",
    "KubeconfigStore": "kubeconfigs",
    "KubernetesApi": "kubernetes",
    "PowerControl": "power",
    "SecretVault": "vault",
}


@dataclass
class Everything:
    """Has every method; notes whose it is that was asked for, and with what."""

    name: str
    heard: list[tuple[str, str, object]] = field(default_factory=list[tuple[str, str, object]])

    async def ensure_site(self) -> Change:
        return Change(True, "site served")

    def __getattr__(self, method: str) -> Any:
        async def hear(spec: object) -> str:
            self.heard.append((self.name, method, spec))
            return f"{self.name}.{method}"

        return hear


def adapters() -> tuple[SiteAdapters, dict[str, Everything]]:
    made = {name: Everything(name) for name in set(ADAPTERS.values())}
    return SiteAdapters(site=Site("home", [], []), **cast(Any, made)), made


def test_each_capability_has_its_adapter() -> None:
    of, made = adapters()
    site = BareMetalSite(of)
    known = {one.__name__: one for one in capabilities(MachineSite)}
    assert set(known) == set(ADAPTERS)
    for name, capability in known.items():
        for method in sorted(getattr(capability, "__abstractmethods__", ())):
            spec = object()
            answer = asyncio.run(getattr(site, method)(spec))
            adapter = made[ADAPTERS[name]]
            assert answer == f"{adapter.name}.{method}"
            assert adapter.heard[-1] == (adapter.name, method, spec)


def test_ready_when_the_daemon_serves_the_site() -> None:
    site = BareMetalSite(adapters()[0])
    assert site.describe() == "home"
    assert asyncio.run(site.ensure_ready()) == Outcome.done(
        "bare-metal site home is served", (Change(True, "site served"),)
    )


def test_a_real_site_makes_no_machines() -> None:
    assert not isinstance(BareMetalSite(adapters()[0]), VirtualMachineHost)
