"""A peer's mistake: a machine whose network boot was off was given its program by TFTP all the same, and
then no script. Here such a host gets its address and its name, and by no way anything to boot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware, Host, Nic
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import NetworkNamespace, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.dhcp_client import DhcpClient, Leased

pytestmark = pytest.mark.protocol

MAC = "52:54:00:07:00:11"
HERE = "http://10.7.0.1"


def site(*, netboot: bool) -> Contribution:
    lan = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
    host = Host("db1", [Nic(MAC)], "10.7.0.11", Firmware.BIOS, netboot=netboot)
    return Contribution("site", site=Site("test", [lan], [host], domain="test.example"))


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[tuple[DaemonChild, NetworkNamespace]]:
    with segment() as made:
        station = made.station("lan0", "10.7.0.1/24")
        child = DaemonChild(station, tmp_path / "state", "--probe-wait", "0.3")
        child.start()
        yield child, made.station("eth0", mac=MAC)
        child.admin.close()


def lease() -> Leased:
    client = DhcpClient(
        "eth0", MAC, {"vendor_class_id": b"PXEClient:Arch:00000:UNDI:002001"}, arch=0
    )
    return client.request(client.discover())


def fetched(machine: NetworkNamespace, url: str) -> str:
    """What curl got: the status by HTTP, or its exit code by TFTP."""
    said = machine.attempt(
        *("curl", "--silent", "--max-time", "20", "--output", "/dev/null"),
        *("--write-out", "%{http_code}", url),
    )
    return said.stdout if url.startswith("http") else str(said.returncode)


def test_nothing_is_served_to_a_machine_whose_netboot_is_off(
    wire: tuple[DaemonChild, NetworkNamespace],
) -> None:
    daemon, machine = wire
    files = {
        f"{HERE}/boot.ipxe": "403",
        f"{HERE}/ipxe/undionly.kpxe": "404",
        "tftp://10.7.0.1/boot.ipxe": "68",
        "tftp://10.7.0.1/undionly.kpxe": "68",  # curl's "file not found on server"
    }
    assert daemon.put(site(netboot=False)).status_code == 200
    leased = machine.call(lease)
    assert (leased.address, leased.boot_file) == ("10.7.0.11", "")
    machine.run("ip", "address", "add", "10.7.0.11/24", "dev", "eth0")
    assert {url: fetched(machine, url) for url in files} == files
    offers = daemon.events("OfferSent")
    assert [one["detail"]["reason"] for one in offers] == [
        "it is declared to boot nothing over the network"
    ]
    assert daemon.put(site(netboot=True)).status_code == 200
    assert {url: fetched(machine, url) for url in files} == dict(
        zip(files, ("200", "200", "0", "0"), strict=True)
    )
