from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509

from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Outcome, Status
from harmony.modules.kubernetes.patience import LOOKS
from harmony.modules.kubernetes.signing_request import CLIENT_SIGNER, SERVING_SIGNER
from harmony.modules.okd.node_certificates import NODE_BOOTSTRAPPER, OkdNodeCertificates
from inventory.codes import Code
from inventory.host import Host
from inventory.machine_state import MachineState
from inventory.network import Network
from inventory.site import Site
from tests.harmony.modules.kubernetes.cluster_objects import CSR, node, node_csr, signing_request
from tests.harmony.modules.kubernetes.still_site import StillSite

pytestmark = pytest.mark.unit

W0, W1 = Host("w0", address="10.7.0.20"), Host("w1", address="10.7.0.21")
SCORE = OkdNodeCertificates("home", "home.example", [W0, W1])
CLIENT = ["digital signature", "client auth"]
SERVER = ["digital signature", "server auth"]


def first_request(name: str, host: str, requester: str = NODE_BOOTSTRAPPER) -> dict[str, Any]:
    return signing_request(name, CLIENT_SIGNER, requester, CLIENT, node_csr(host))


def serving_request(name: str, host: str, *names: str, address: str) -> dict[str, Any]:
    asked = (*map(x509.DNSName, names), x509.IPAddress(ip_address(address)))
    document = node_csr(host, names=asked)
    return signing_request(name, SERVING_SIGNER, f"system:node:{host}", SERVER, document)


def site_with(w0: MachineState | None, w1: MachineState | None) -> StillSite:
    site = StillSite(api_up=True)
    site.states.update({name: one for name, one in (("w0", w0), ("w1", w1)) if one is not None})
    return site


def look(site: StillSite) -> Outcome:
    return asyncio.run(SCORE.interpret().execute(site))


def pending(site: StillSite) -> list[str]:
    return [name for name in site.names(CSR) if "status" not in site.objects[CSR, None, name]]


def test_installed_hosts_join_and_then_nothing_is_left_to_do() -> None:
    site = site_with(MachineState.INSTALLED, MachineState.READY)
    assert look(site).message == "waiting for w0, w1 to join"
    site.put(first_request("csr-w0", "w0"))
    site.put(first_request("csr-w1", "w1"))
    assert look(site).message == "waiting for w0, w1 to join"
    assert pending(site) == []
    assert look(site) == Outcome(Status.NOOP, "every host of home is a node")


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (first_request("odd", "laptop"), "no host 'laptop' is declared"),
        (first_request("odd", "w1"), "w1 is assigned, not installed"),
        (first_request("odd", "w0", "system:anonymous"), "may not ask for w0's first certificate"),
        (
            serving_request("odd", "w0", "w0", address="10.7.0.99"),
            "10.7.0.99 is not w0's",
        ),
        (
            serving_request("odd", "w0", "api.home.example", address="10.7.0.20"),
            "api.home.example is not w0's",
        ),
    ],
)
def test_any_other_request_stays_pending_and_is_told(request_: dict[str, Any], why: str) -> None:
    site = site_with(MachineState.INSTALLED, MachineState.ASSIGNED)
    site.put(request_)
    told = look(site)
    assert pending(site) == ["odd"]
    assert len(told.details) == 1
    assert why in told.details[0]


def test_a_host_that_has_joined_gets_no_second_first_certificate() -> None:
    """The service account is in every machine's Ignition: whoever read one could ask for any name."""
    site = site_with(MachineState.READY, MachineState.READY)
    site.put(node("w0", ready=False))
    site.put(node("w1"))
    site.put(first_request("stolen", "w0"))
    for _ in range(3 * LOOKS):
        assert "w0 already has a certificate" in look(site).details[0]
    assert pending(site) == ["stolen"]


@pytest.mark.parametrize("names", [("w0",), ("w0.home.example",), ("w0", "w0.home.example")])
def test_a_node_serves_under_its_short_and_its_full_name(names: tuple[str, ...]) -> None:
    site = site_with(MachineState.READY, MachineState.READY)
    site.put(node("w0"))
    site.put(serving_request("serving", "w0", *names, address="10.7.0.20"))
    look(site)
    assert pending(site) == []


def test_a_host_that_is_installed_anew_joins_again() -> None:
    site = site_with(MachineState.INSTALLING, MachineState.READY)
    site.put(node("w0"))
    site.put(node("w1"))
    assert look(site).message == "waiting for w0 to join"
    site.states["w0"] = MachineState.INSTALLED
    site.put(first_request("csr-w0", "w0"))
    look(site)
    assert site.names("Node") == ["w0", "w1"]


def test_an_api_that_does_not_answer_is_waited_for() -> None:
    site = StillSite(api_up=False)
    assert look(site).status is Status.RUNNING


def test_a_host_without_an_address_is_a_finding() -> None:
    site = Site("home", [Network("lan", "10.7.0.0/24", "eth0", "10.7.0.1")], [Host("w0")])
    found = OkdNodeCertificates("home", "home.example", [Host("w0")]).check(site)
    assert [one.code for one in found] == [Code.NODE_WITHOUT_ADDRESS]
    assert SCORE.check(site) == ()


def test_json_there_and_back() -> None:
    assert from_document(to_document(SCORE), (OkdNodeCertificates,)) == SCORE
    assert SCORE.key() == "okd-node-certificates/home"
