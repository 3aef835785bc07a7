"""The real daemon beside the site's own DHCP server (dnsmasq): that gives the addresses, we say what to
boot, and know who asks by the kernel's neighbour table."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scapy.layers.dhcp import BOOTP

from inventory.contribution import Contribution
from inventory.host import Firmware, Host, Nic
from inventory.network import PROXY, Network
from inventory.site import Site
from tests.dhcp_clients import Dhclient
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.dhcp_client import DhcpClient

pytestmark = pytest.mark.protocol

MAC, OTHER = "52:54:00:07:00:11", "52:54:00:07:00:12"
LAN = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", dhcp=PROXY)
SITE = Site("test", [LAN], [Host("cp1", [Nic(MAC)], firmware=Firmware.BIOS)])
IPXE = {"user_class": b"iPXE", "vendor_class_id": b"PXEClient:Arch:00000:UNDI:002001"}


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def daemon(wire: Segment, tmp_path: Path) -> Iterator[DaemonChild]:
    station = wire.station("lan0", "10.7.0.1/24")
    child = DaemonChild(station, tmp_path / "state", "--probe-wait", "4", "--probe-every", "1")
    with dnsmasq(wire.station("eth0", "10.7.0.2/24"), "10.7.0.50", "10.7.0.60"):
        child.start()
        child.put(Contribution("site", site=SITE)).raise_for_status()
        yield child
        assert child.terminate() == 0
    child.admin.close()


def plugged(wire: Segment, mac: str, folder: Path) -> NetworkNamespace:
    """A machine with an address of dnsmasq's."""
    folder.mkdir()
    client = Dhclient(wire.station("eth0", mac=mac), folder)
    assert client.once()
    return client.station


def script_url(station: NetworkNamespace, mac: str) -> str:
    """Where iPXE is told to go by whom gives it no address."""

    def asked() -> str:
        while True:
            offer = DhcpClient("eth0", mac, IPXE, 0).discover()
            if offer[BOOTP].yiaddr == "0.0.0.0":
                return str(offer[BOOTP].file.rstrip(b"\0").decode())

    return station.call(asked)


def get(station: NetworkNamespace, url: str) -> tuple[int, str]:
    def asked() -> tuple[int, str]:
        path = url.removeprefix("http://10.7.0.1").replace("${platform}", "efi")
        with contextlib.closing(http.client.HTTPConnection("10.7.0.1", timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    return station.call(asked)


def test_each_machine_is_given_its_own_script_at_an_address_that_isnt_ours(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    cp1, other = plugged(wire, MAC, tmp_path / "1"), plugged(wire, OTHER, tmp_path / "2")
    url = script_url(cp1, MAC)
    assert url.startswith("http://10.7.0.1/boot.ipxe?mac=52-54-00-07-00-11")
    status, script = get(cp1, url)
    assert (status, script[:6]) == (200, "#!ipxe")
    assert get(other, url)[0] == 403
    assert get(other, script_url(other, OTHER))[0] == 200
    assert daemon.admin.get("/v1/leases").json() == []


def test_the_sites_server_is_known_and_nothing_is_withheld_because_of_it(
    daemon: DaemonChild,
) -> None:
    deadline = time.monotonic() + 30
    while not (status := daemon.admin.get("/v1/status").json())["foreign_dhcp_servers"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert [network["withheld"] for network in status["networks"]] == [""]
