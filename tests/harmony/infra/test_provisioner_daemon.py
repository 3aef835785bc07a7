"""The daemon as capabilities: each asked of a real one, twice."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar

import pytest

from harmony.domain.capability.boot_service import (
    ArtifactsSpec,
    ArtifactUrlQuery,
    RamdiskSpec,
    SiteCaQuery,
)
from harmony.domain.capability.dhcp_server import LeaseQuery, Reservation, Reservations
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    LastOrder,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.outcome import Change
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.errors import ReservationRefusedError
from harmony.infra.provisioner_daemon import ProvisionerDaemon, boot_network
from inventory.contribution import Artifact, Contribution, DnsRecord, Installation, Ramdisk
from inventory.host import Host, Nic
from inventory.machine_state import MachineState
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine
from tests.peers.served_site import CP1, LAN, SITE, served_on, served_site

T = TypeVar("T")
OWNERS = ("cluster/home", "hosts", "images")
DMZ = Network("dmz", "10.8.0.0/24", "dmz0", "10.8.0.1")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonChild]:
    with served_site(tmp_path_factory.mktemp("capabilities")) as child:
        yield child


def asked(served: DaemonChild, question: Callable[[ProvisionerDaemon], Awaitable[T]]) -> T:
    async def ask() -> T:
        client = DaemonClient(served.state / "admin.sock")
        try:
            return await question(ProvisionerDaemon(client, SITE, OWNERS))
        finally:
            await client.close()

    return asyncio.run(ask())


def changes(
    served: DaemonChild, ensure: Callable[[ProvisionerDaemon], Awaitable[Change]]
) -> tuple[bool, bool]:
    """What the same wish comes to, twice."""
    return asked(served, ensure).changed, asked(served, ensure).changed


def artifact(folder: Path, name: str) -> Artifact:
    path = folder / name.replace("/", "-")
    path.write_bytes(name.encode())
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Artifact(name, digest, len(name), str(path))


@pytest.mark.protocol
def test_the_site_and_nobodys_wishes_but_its_owners(served: DaemonChild) -> None:
    for owner in ("cluster/home/dns", "cluster/former/dns"):
        served.put(Contribution(owner)).raise_for_status()
    assert changes(served, lambda daemon: daemon.ensure_site()) == (True, False)
    left = [one["owner"] for one in served.admin.get("/v1/contributions").json()]
    assert left == ["site", "cluster/home/dns"]


@pytest.mark.protocol
def test_names(served: DaemonChild) -> None:
    api = DnsRecord("api.small.example", "10.7.0.11")
    spec = DnsRecords("cluster/home", (api,))
    assert changes(served, lambda daemon: daemon.ensure_dns_records(spec)) == (True, False)

    async def observed(daemon: ProvisionerDaemon) -> list[tuple[DnsRecord, ...]]:
        queries = (DnsQuery(), DnsQuery((api.name,)), DnsQuery(("b.small.example",)))
        return [await daemon.observe_dns_records(query) for query in queries]

    assert asked(served, observed) == [(api,), (api,), ()]


@pytest.mark.protocol
def test_files_and_installations(served: DaemonChild, tmp_path: Path) -> None:
    kernel, initrd = artifact(tmp_path, "vmlinuz"), artifact(tmp_path, "initrd.img")
    image, kubelet = artifact(tmp_path, "node-image"), artifact(tmp_path, "kubernetes/kubelet")
    ramdisk = RamdiskSpec("images", Ramdisk(kernel, initrd))
    files = ArtifactsSpec("cluster/home", (kubelet,))
    installed = InstallationsSpec("hosts", (Installation("cp1", image, "{}"),))
    assert changes(served, lambda daemon: daemon.ensure_ramdisk(ramdisk)) == (True, False)
    assert changes(served, lambda daemon: daemon.ensure_artifacts(files)) == (True, False)
    assert changes(served, lambda daemon: daemon.ensure_installations(installed)) == (True, False)
    url = asked(served, lambda daemon: daemon.observe_artifact_url(ArtifactUrlQuery(kubelet, CP1)))
    assert url == f"http://10.7.0.1/artifacts/{kubelet.sha256}/kubelet"


@pytest.mark.protocol
def test_machines(served: DaemonChild) -> None:
    unseen = tuple(
        MachineCondition(name, None, address=address, waiting_for="its first network boot")
        for name, address in (("cp1", "10.7.0.11"), ("w1", "10.7.0.12"))
    )
    assert asked(served, lambda daemon: daemon.observe_machines(MachineQuery())) == unseen
    asking = MachineQuery(("w1", "w9"))
    assert asked(served, lambda daemon: daemon.observe_machines(asking)) == (
        unseen[1],
        MachineCondition("w9", None),
    )


@pytest.mark.protocol
def test_a_machine_is_installed_and_by_the_same_wish_again(tmp_path: Path) -> None:
    image, config = artifact(tmp_path, "node-image"), '{"ignition":{"version":"3.3.0"}}'
    ramdisk = Ramdisk(artifact(tmp_path, "vmlinuz"), artifact(tmp_path, "initrd.img"))
    wish = InstallationsSpec("hosts", (Installation("cp1", image, config),))
    digest = hashlib.sha256(config.encode()).hexdigest()

    def installed() -> LastOrder:
        asked(served, lambda daemon: daemon.ensure_installations(wish))
        machine.station.call(lambda: machine.run_ramdisk(machine.boot_from_network()))
        machine.station.call(machine.first_boot)
        (seen,) = asked(served, lambda daemon: daemon.observe_machines(MachineQuery(("cp1",))))
        assert seen.order is not None
        assert (seen.state, seen.on_its_own_disk) == (MachineState.READY, True)
        return seen.order

    with segment() as wire, served_on(wire, tmp_path) as served:
        machine = ScriptedMachine(wire.station("eth0", mac=CP1.nics[0].mac), CP1.nics[0].mac)
        asked(served, lambda daemon: daemon.ensure_ramdisk(RamdiskSpec("images", ramdisk)))
        first = installed()
        assert first == LastOrder(first.at, image.sha256, digest)
        served.admin.post("/v1/hosts/cp1/reinstall").raise_for_status()
        again = installed()
        assert again == LastOrder(again.at, image.sha256, digest)
        assert again.at > first.at
        assert len(machine.writings) == 2


@pytest.mark.protocol
def test_addresses(served: DaemonChild) -> None:
    declared = Reservations("r", (Reservation("52:54:00:07:00:11", "10.7.0.11", "cp1"),))
    other = Reservations("r", (Reservation("52:54:00:07:00:11", "10.7.0.99", "cp1"),))
    assert changes(served, lambda daemon: daemon.ensure_reservations(declared)) == (False, False)
    with pytest.raises(ReservationRefusedError, match=r"10\.7\.0\.99 for 52:54:00:07:00:11 is not"):
        asked(served, lambda daemon: daemon.ensure_reservations(other))
    assert asked(served, lambda daemon: daemon.observe_leases(LeaseQuery())) == ()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("host", "network"),
    [
        (Host("a", [Nic("52:54:00:00:00:01", network="dmz")], address="10.7.0.9"), DMZ),
        (Host("b", [Nic("52:54:00:00:00:02")], address="10.8.0.9"), DMZ),
        (Host("c", [Nic("52:54:00:00:00:03")]), LAN),
        (Host("d", address="192.168.1.1"), LAN),
    ],
)
def test_the_network_a_host_boots_from(host: Host, network: Network) -> None:
    assert boot_network(Site("two", [LAN, DMZ], [host]), host) == network


@pytest.mark.unit
def test_another_http_port_stands_in_the_url() -> None:
    site = Site("odd", [LAN], [CP1], http_port=8080)
    daemon = ProvisionerDaemon(DaemonClient(Path("/nowhere")), site, ())
    query = ArtifactUrlQuery(Artifact("vmlinuz", "ab", 1, "/vmlinuz"), CP1)
    assert asyncio.run(daemon.observe_artifact_url(query)) == (
        f"http://{IPv4Address('10.7.0.1')}:8080/artifacts/ab/vmlinuz"
    )


SECURE = {
    "usual": (Site("odd", [LAN], [CP1]), "https://10.7.0.1"),
    "another port": (Site("odd", [LAN], [CP1], https_port=8443), "https://10.7.0.1:8443"),
    "not served": (Site("odd", [LAN], [CP1], https_port=None), "http://10.7.0.1"),
}


@pytest.mark.unit
@pytest.mark.parametrize("site, base", SECURE.values(), ids=SECURE)
def test_by_https_where_it_is_served(site: Site, base: str) -> None:
    daemon = ProvisionerDaemon(DaemonClient(Path("/nowhere")), site, ())
    query = ArtifactUrlQuery(Artifact("vmlinuz", "ab", 1, "/vmlinuz"), CP1, secure=True)
    assert asyncio.run(daemon.observe_artifact_url(query)) == f"{base}/artifacts/ab/vmlinuz"


@pytest.mark.protocol
def test_the_sites_ca_is_what_machines_are_handed(served: DaemonChild) -> None:
    ca = asked(served, lambda daemon: daemon.observe_site_ca(SiteCaQuery(CP1)))
    handed = served.station.run("curl", "-sSf", "http://10.7.0.1/ca.crt").stdout
    der = ssl.PEM_cert_to_DER_cert(ca.certificate)
    assert (ca.certificate, ca.sha256) == (handed, hashlib.sha256(der).hexdigest())
