"""Each fault provoked on a real wire, seen from a machine's side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from provisioner.cli.doctor.examination import Wishes, examine
from provisioner.cli.doctor.observation import Asked, Examination, Expected, TftpEnd
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.served_site import LAN, served_on
from tests.provisioner.cli.doctor.half_servers import half_tftp_server, web_server

pytestmark = pytest.mark.protocol

OTHER_MAC = "0a:00:00:00:00:02"
OURS = Expected(
    "lan",
    LAN.ip_address,
    LAN.ip_network,
    LAN.lease_time,
    (("cp1.small.example", "10.7.0.11"),),
)
THEIRS = replace(OURS, server=IPv4Address("10.7.0.2"), names=())
QUICK = Wishes(wait=2.5)
SOON = ("--probe-wait", "0.3")
RANGE = ("10.7.0.150", "10.7.0.160", "--no-ping")
PROGRAM = "--dhcp-boot=program.efi"


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def other(wire: Segment) -> NetworkNamespace:
    """Where another server is going to be."""
    return wire.station("eth0", "10.7.0.2/24", OTHER_MAC)


def looked(
    wire: Segment, expected: Expected | None, wishes: Wishes = QUICK, interface: str = "eth0"
) -> Examination:
    pc = wire.station(interface)
    return pc.call(lambda: examine(interface, expected, wishes))


def found(examined: Examination) -> dict[str, str]:
    return {one.name: one.what for one in examined.findings}


@pytest.mark.parametrize("full", [False, True])
def test_our_daemon_is_healthy(wire: Segment, tmp_path: Path, full: bool) -> None:
    with served_on(wire, tmp_path, *SOON) as daemon:
        pc = wire.station("eth0", mac="52:54:00:99:00:01")
        examined = pc.call(lambda: examine("eth0", OURS, Wishes(full=full)))
        assert examined.findings == ()
        seen = examined.seen
        assert (seen.mac, seen.acknowledged) == ("02:48:50:99:00:01", full or None)
        assert {one.asked for one in seen.offers} == set(Asked)
        assert [one.file for one in seen.tftp] == ["undionly.kpxe", "snponly.efi"]
        script, program = seen.http
        assert (script.status, program.status) == (200 if full else 403, 200)
        acknowledged = [one["mac"] for one in daemon.events("Acknowledged")]
        assert acknowledged == ([seen.mac] if full else [])
        leases = daemon.admin.get("/v1/leases").json()
        states = {one["state"] for one in leases if one["mac"] == seen.mac}
        assert states == ({"expired"} if full else set())
    assert "eth0" in pc.run("ip", "link").stdout
    assert "macvlan" not in pc.run("ip", "-details", "link").stdout


def test_a_declared_host_where_no_other_is_answered(wire: Segment, tmp_path: Path) -> None:
    with served_on(wire, tmp_path, *SOON):
        examined = looked(wire, OURS, Wishes(mac="52:54:00:07:00:11"))
    assert examined.findings == ()
    assert {one.address for one in examined.seen.offers} == {"10.7.0.11"}


def test_nobody_is_there(wire: Segment) -> None:
    assert found(looked(wire, None, Wishes(wait=1.2))) == {
        "no-offer": "no DHCP server answered on eth0 within 1 s"
    }


def test_a_second_server(wire: Segment, other: NetworkNamespace, tmp_path: Path) -> None:
    with served_on(wire, tmp_path, *SOON), dnsmasq(other, *RANGE):
        assert found(looked(wire, OURS)) == {
            "second-server": f"another DHCP server answers: 10.7.0.2 ({OTHER_MAC})"
        }


def test_only_another_server_which_has_nothing_to_boot(
    wire: Segment, other: NetworkNamespace
) -> None:
    with dnsmasq(other, *RANGE):
        examined = looked(wire, OURS)
    assert found(examined)["not-ours"].endswith(f"this did: 10.7.0.2 ({OTHER_MAC})")
    kinds = [one.what for one in examined.findings if one.name == "no-boot-file"]
    assert len(kinds) == len(Asked)


def test_everybody_is_given_the_same_file_and_it_is_not_there(
    wire: Segment, other: NetworkNamespace, tmp_path: Path
) -> None:
    serves = ("--enable-tftp", f"--tftp-root={tmp_path}", PROGRAM)
    with dnsmasq(other, *RANGE, *serves, "--dhcp-option=6,10.7.0.77"):
        told = found(looked(wire, THEIRS))
    assert set(told) == {"ipxe-loop", "no-http-boot", "file-missing", "dns-silent"}
    assert told["file-missing"].startswith("tftp://10.7.0.2/program.efi: the server hasn't got it")


def test_a_file_that_is_empty_and_a_script_that_is_none(
    wire: Segment, other: NetworkNamespace, tmp_path: Path
) -> None:
    (tmp_path / "program.efi").write_bytes(b"")
    serves = ("--enable-tftp", f"--tftp-root={tmp_path}", PROGRAM)
    ipxe = ("--dhcp-userclass=set:ipxe,iPXE", "--dhcp-boot=tag:ipxe,http://10.7.0.2/")
    with dnsmasq(other, *RANGE, *serves, *ipxe), web_server(other, tmp_path):
        told = found(looked(wire, THEIRS))
    assert {"wrong-file", "not-a-script"} <= set(told)
    assert told["wrong-file"] == "tftp://10.7.0.2/program.efi: it is empty"


def test_a_next_server_that_nobody_is(wire: Segment, other: NetworkNamespace) -> None:
    with dnsmasq(other, *RANGE, f"{PROGRAM},,10.7.0.77"):
        told = found(looked(wire, THEIRS))
    assert told["wrong-next-server"].endswith("from 10.7.0.77, not from 10.7.0.2")
    assert "nobody answers there (ARP)" in told["tftp-unreachable"]


def test_nobody_listens_where_the_program_should_be(wire: Segment, other: NetworkNamespace) -> None:
    ipxe = ("--dhcp-userclass=set:ipxe,iPXE", "--dhcp-boot=tag:ipxe,http://10.7.0.2/boot.ipxe")
    with dnsmasq(other, *RANGE, PROGRAM, *ipxe):
        told = found(looked(wire, THEIRS))
    assert "says 10.7.0.2" in told["tftp-not-served"]
    assert told["script-unreachable"].endswith("but nobody listens at this port")


@pytest.mark.parametrize(("answers", "name"), [(False, "tftp-blocked"), (True, "tftp-cut-off")])
def test_a_firewall_that_drops(
    wire: Segment, other: NetworkNamespace, answers: bool, name: str
) -> None:
    """What such a firewall leaves of a server: nothing, or its first packet."""
    with dnsmasq(other, *RANGE, PROGRAM), half_tftp_server(other, answers=answers):
        told = found(looked(wire, THEIRS))
    assert name in told


def test_a_router_that_forbids(wire: Segment, other: NetworkNamespace) -> None:
    router = wire.station("eth0", "10.7.0.254/24")
    router.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    router.run("ip", "route", "add", "prohibit", "10.9.0.0/24")
    with dnsmasq(other, *RANGE, f"{PROGRAM},,10.9.0.5", "--dhcp-option=3,10.7.0.254"):
        told = found(looked(wire, None))
    assert "a firewall refuses it, and says so by ICMP (says 10.7.0.254)" in told["tftp-blocked"]


def test_a_path_with_a_smaller_mtu(wire: Segment, other: NetworkNamespace, tmp_path: Path) -> None:
    (tmp_path / "program.efi").write_bytes(b"MZ" + bytes(5000))
    wire.hub.run("ip", "link", "set", "port1", "mtu", "1000")
    serves = ("--enable-tftp", f"--tftp-root={tmp_path}", PROGRAM)
    with dnsmasq(other, *RANGE, *serves):
        examined = looked(wire, THEIRS)
    assert "tftp-large-blocks" in found(examined)
    assert [one.end for one in examined.seen.tftp] == [TftpEnd.CUT_OFF, TftpEnd.DONE]


def test_an_address_that_somebody_has(wire: Segment, other: NetworkNamespace) -> None:
    wire.station("eth0", "10.7.0.150/24", "0a:00:00:00:00:09")
    with dnsmasq(other, "10.7.0.150", "10.7.0.150", "--no-ping", PROGRAM):
        examined = looked(wire, THEIRS)
    assert "in use by 0a:00:00:00:00:09" in found(examined)["address-in-use"]
    assert examined.seen.tftp == ()


def test_options_that_disagree_and_a_lease_that_is_odd(
    wire: Segment, other: NetworkNamespace
) -> None:
    different = ("--dhcp-option-force=66,10.7.0.88", "--dhcp-option-force=67,another.efi")
    with dnsmasq(other, *RANGE, PROGRAM, *different):
        examined = looked(wire, replace(THEIRS, lease_time=600))
    told = [one.what for one in examined.findings if one.name == "options-disagree"]
    assert any("option 66 10.7.0.88" in one for one in told), told
    assert found(examined)["odd-lease-time"].endswith("is 3600 s, declared are 600 s")
