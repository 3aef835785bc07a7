"""The daemon's DNS as a site's machines use it: names out of the declaration, of Scores and of leases, and
the rest of the world."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution, DnsRecord
from inventory.host import Host, Nic
from inventory.network import ANY
from tests.dhcp_clients import Udhcpc
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import CP1, LAN, SITE, served_on
from tests.provisioner.serve.upstreams import Dnsmasq

pytestmark = pytest.mark.protocol

LEASED = Host("w2", [Nic("52:54:00:07:00:13")])
OPEN = replace(
    SITE,
    networks=(replace(LAN, clients=ANY),),
    hosts=(*SITE.hosts, LEASED),
    forwarders=("10.7.0.53",),
)
CLUSTER = Contribution(
    "cluster/dns",
    records=(
        DnsRecord("api.home.small.example", "10.7.0.11"),
        DnsRecord("api-int.home.small.example", "10.7.0.11"),
        DnsRecord("*.apps.home.small.example", "10.7.0.12"),
    ),
)


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def daemon(wire: Segment, tmp_path: Path) -> Iterator[DaemonChild]:
    with served_on(wire, tmp_path) as child:
        child.put(Contribution("site", site=OPEN)).raise_for_status()
        yield child


def short(client: NetworkNamespace, *asked: str) -> str:
    return client.run("dig", "+short", "@10.7.0.1", *asked).stdout.strip()


def bound(client: NetworkNamespace, folder: Path, *options: str) -> str:
    """The address that a client has got."""
    folder.mkdir()
    udhcpc = Udhcpc(client, folder)
    running = udhcpc.start(*options)
    until = time.monotonic() + 30
    while not (got := [note for note in udhcpc.noted() if note.startswith("bound")]):
        assert time.monotonic() < until, udhcpc.noted()
        time.sleep(0.02)
    running.kill()
    return got[0].split()[1]


def test_names_of_hosts_and_of_scores_with_a_wildcard(wire: Segment, daemon: DaemonChild) -> None:
    client = wire.station("eth0", "10.7.0.50/24")
    daemon.put(CLUSTER).raise_for_status()
    assert short(client, "cp1.small.example") == "10.7.0.11"
    assert short(client, "ns.small.example") == "10.7.0.1"
    assert short(client, "api-int.home.small.example") == "10.7.0.11"
    assert short(client, "console.apps.home.small.example") == "10.7.0.12"
    assert short(client, "a.b.apps.home.small.example") == "10.7.0.12"
    assert short(client, "nobody.home.small.example") == "", "only below apps"
    assert short(client, "-x", "10.7.0.11") == "cp1.small.example."
    assert short(client, "-x", "10.7.0.1") == "ns.small.example."
    assert daemon.admin.delete("/v1/contributions/cluster%2Fdns").status_code < 300
    assert short(client, "console.apps.home.small.example") == ""


def test_a_record_that_takes_a_hosts_name_or_is_none_is_refused(daemon: DaemonChild) -> None:
    for record in (DnsRecord("cp1.small.example", "10.7.0.66"), DnsRecord("a.*.x", "10.7.0.66")):
        refused = daemon.put(Contribution("cluster/dns", records=(record,)))
        assert refused.status_code in (409, 422), refused.text
        assert "HP030" in refused.text


def test_leases_give_names_to_declared_hosts_only(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    """Whatever a stranger calls itself."""
    host = wire.station("eth0", mac=LEASED.nics[0].mac)
    assert short(wire.station("eth0", "10.7.0.50/24"), "w2.small.example") == ""
    address = bound(host, tmp_path / "host")
    assert short(host, "w2.small.example") == address
    assert short(host, "-x", address) == "w2.small.example."
    stranger = wire.station("eth0", mac="52:54:00:99:00:01")
    foreign = bound(stranger, tmp_path / "stranger", "-x", "hostname:cp1", "-F", "cp1")
    assert foreign not in ("", address)
    assert short(stranger, "cp1.small.example") == str(CP1.address)
    assert short(stranger, "-x", foreign) == ""


def test_the_rest_of_the_world_is_asked_beyond(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    client, beyond = wire.station("eth0", "10.7.0.50/24"), wire.station("eth0", "10.7.0.53/24")
    dnsmasq = Dnsmasq(beyond, tmp_path / "log", "--host-record=www.example,192.0.2.1,60")
    for _ in range(3):
        assert short(client, "www.example") == "192.0.2.1"
    assert dnsmasq.asked("www.example") == 1
    daemon.put(Contribution("site", site=replace(OPEN, forwarders=()))).raise_for_status()
    assert "status: REFUSED" in client.run("dig", "@10.7.0.1", "www.example").stdout
