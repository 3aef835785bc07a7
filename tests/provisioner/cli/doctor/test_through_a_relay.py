"""Our daemon behind dnsmasq's relay and a router, seen from a machine of the network beyond."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.network import Network
from inventory.site import Site
from provisioner.cli.doctor.examination import Wishes, examine
from provisioner.cli.doctor.observation import Expected
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import CP1, LAN

pytestmark = pytest.mark.protocol

FAR = Network(
    "far",
    "10.8.0.0/24",
    LAN.interface,
    LAN.address,
    pool=("10.8.0.100", "10.8.0.199"),
    gateway="10.8.0.254",
    relays=["10.8.0.254"],
)
_QUIET = ("--keep-in-foreground", "--conf-file=/dev/null", "--log-facility=-", "--user=root")


def router(near: Segment, far: Segment) -> NetworkNamespace:
    """Between the two, with the relay."""
    made = near.station("up0", "10.7.0.254/24")
    peer = ("peer", "name", "down0", "netns", str(made.pid))
    far.hub.run("ip", "link", "add", "relay0", "type", "veth", *peer)
    far.hub.run("ip", "link", "set", "relay0", "master", "br0", "up")
    made.run("ip", "address", "add", "10.8.0.254/24", "dev", "down0")
    made.run("ip", "link", "set", "down0", "up")
    made.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    far.wait_until("forwarding", "relay0")
    relay = made.start("dnsmasq", *_QUIET, "--port=0", "--dhcp-relay=10.8.0.254,10.7.0.1")
    assert relay.stdout is not None
    for line in relay.stdout:
        if "DHCP relay" in line:
            break
    return made


def test_a_machine_there_has_all_that_it_boots_by(tmp_path: Path) -> None:
    with segment() as near, segment() as far:
        station = near.station("lan0", "10.7.0.1/24")
        station.run("ip", "route", "add", FAR.subnet, "via", "10.7.0.254")
        router(near, far)
        daemon = DaemonChild(station, tmp_path / "daemon", "--probe-wait", "0.3")
        daemon.start()
        daemon.put(Contribution("site", site=Site("s", [LAN, FAR], [CP1]))).raise_for_status()
        expected = Expected("far", FAR.ip_address, FAR.ip_network, FAR.lease_time)
        pc = far.station("eth0")
        examined = pc.call(lambda: examine("eth0", expected, Wishes(full=True)))
        leases = daemon.admin.get("/v1/leases").json()
        daemon.kill()
        daemon.admin.close()
    assert examined.findings == ()
    (own,) = [one for one in leases if one["mac"] == examined.seen.mac]
    assert (own["network"], own["state"]) == ("far", "expired")
    assert own["address"].startswith("10.8.0.")
