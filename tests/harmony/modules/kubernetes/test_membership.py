from __future__ import annotations

import asyncio

import pytest

from harmony.domain.capability.installed_machines import LastOrder, MachineQuery
from harmony.modules.kubernetes.membership import Members, bring_in
from harmony.modules.kubernetes.patience import LOOKS, Patience
from inventory.machine_state import MachineState
from tests.harmony.modules.kubernetes.cluster_objects import CSR, node, node_csr, signing_request
from tests.harmony.modules.kubernetes.examples import plan_of
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.modules.kubernetes.still_site import StillSite

pytestmark = pytest.mark.unit

TOKENS = {"cp1": "cccccc.0123456789abcdef", "w1": "aaaaaa.0123456789abcdef"}
SIGNER = "kubernetes.io/kube-apiserver-client-kubelet"
USAGES = ["digital signature", "client auth"]


def first_request(name: str, host: str, token: str) -> dict[str, object]:
    return signing_request(name, SIGNER, f"system:bootstrap:{token}", USAGES, node_csr(host))


def site_with(w1: MachineState) -> StillSite:
    site = StillSite(api_up=True)
    site.states.update(cp1=MachineState.READY, w1=w1)
    site.put(node("cp1"))
    return site


def look(site: RecordingSite, patience: Patience | None = None) -> Members:
    async def one_look() -> Members:
        conditions = await site.observe_machines(MachineQuery(tuple(TOKENS)))
        return await bring_in(site, plan_of(), TOKENS, conditions, patience or Patience())

    return asyncio.run(one_look())


def test_a_host_joins_by_its_token() -> None:
    site = site_with(MachineState.INSTALLED)
    site.put(first_request("csr-w1", "w1", "aaaaaa"))
    look(site)
    assert site.writes == [
        "object ClusterRoleBinding harmony:node-bootstrapper",
        "object Secret bootstrap-token-aaaaaa",
        "approved csr-w1",
        "object Node cp1",
    ]
    assert site.objects[("Node", None, "cp1")]["metadata"]["labels"] == {
        "node-role.kubernetes.io/control-plane": ""
    }


def test_of_two_first_requests_one_stays_pending() -> None:
    site = site_with(MachineState.INSTALLED)
    site.put(first_request("one", "w1", "aaaaaa"))
    site.put(first_request("two", "w1", "aaaaaa"))
    assert look(site).details == (
        "certificate request one of system:bootstrap:aaaaaa stays pending: "
        "w1 already has a certificate",
    )


def test_a_request_by_another_hosts_token_stays_pending() -> None:
    site = site_with(MachineState.INSTALLED)
    site.put(first_request("stolen", "w1", "cccccc"))
    assert look(site).details == (
        "certificate request stolen of system:bootstrap:cccccc stays pending: "
        "system:bootstrap:cccccc may not ask for w1's first certificate",
    )


def test_a_host_that_is_being_reinstalled_is_forgotten_and_may_join_again() -> None:
    site = site_with(MachineState.INSTALLING)
    site.put(node("w1"))
    old = first_request("old", "w1", "aaaaaa")
    old["status"] = {"conditions": [{"type": "Approved", "status": "True"}]}
    site.put(old)
    look(site)
    assert site.names("Node") == ["cp1"]
    assert site.names(CSR) == []
    assert site.names("Secret") == ["bootstrap-token-aaaaaa"]
    site.states["w1"] = MachineState.INSTALLED
    site.put(first_request("csr-w1", "w1", "aaaaaa"))
    assert look(site).left == ()
    assert site.names("Node") == ["cp1", "w1"]


def test_a_certificate_that_nobody_used_is_not_waited_for_for_ever() -> None:
    site = site_with(MachineState.INSTALLED)
    lost = first_request("lost", "w1", "aaaaaa")
    lost["status"] = {"conditions": [{"type": "Approved", "status": "True"}]}
    site.put(lost)
    site.put(first_request("csr-w1", "w1", "aaaaaa"))
    patience = Patience()
    for _ in range(LOOKS):
        members = look(site, patience)
        assert [one.reason for one in members.left] == ["w1 already has a certificate"]
    members = look(site, patience)
    assert members.left == ()
    assert site.names("Node") == ["cp1", "w1"]


def test_a_node_that_is_there_keeps_its_certificate_however_often_another_is_asked_for() -> None:
    site = site_with(MachineState.READY)
    site.put(node("w1"))
    given = first_request("given", "w1", "aaaaaa")
    given["status"] = {"conditions": [{"type": "Approved", "status": "True"}]}
    site.put(given)
    site.put(first_request("another", "w1", "aaaaaa"))
    patience = Patience()
    for _ in range(3 * LOOKS):
        members = look(site, patience)
        assert [one.reason for one in members.left] == ["w1 already has a certificate"]


def test_a_node_that_is_not_ready_keeps_its_certificate_the_only_one() -> None:
    site = site_with(MachineState.READY)
    site.put(node("w1", ready=False))
    site.put(first_request("csr-w1", "w1", "aaaaaa"))
    patience = Patience()
    for _ in range(2 * LOOKS):
        assert look(site, patience).left


def test_a_host_that_was_installed_anew_while_nobody_looked_joins_again() -> None:
    site = site_with(MachineState.READY)
    site.put(node("w1"))
    site.orders["w1"] = LastOrder(1_700_000_000.5, "image", "config")
    look(site)
    site.objects[("Node", None, "w1")]["status"] = node("w1", ready=False)["status"]
    look(site)
    assert site.names("Node") == ["cp1", "w1"]

    site.orders["w1"] = LastOrder(1_700_000_900.5, "image", "config")
    look(site)
    assert (site.names("Node"), site.names("Secret")) == (["cp1"], ["bootstrap-token-aaaaaa"])
    site.put(first_request("csr-w1", "w1", "aaaaaa"))
    look(site)
    assert site.names("Node") == ["cp1", "w1"]
    assert look(site).nodes["w1"].ready
    assert site.names("Secret") == []


def test_a_node_that_is_ready_is_never_forgotten_for_an_order() -> None:
    site = site_with(MachineState.READY)
    site.orders["cp1"] = LastOrder(1_700_000_000.0, "image", "config")
    look(site)
    site.orders["cp1"] = LastOrder(1_700_000_900.0, "image", "config")
    look(site)
    assert site.names("Node") == ["cp1"]
