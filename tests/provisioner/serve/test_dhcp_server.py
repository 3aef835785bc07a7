from __future__ import annotations

import contextlib
import signal
import socket
import struct
from collections.abc import Generator, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.l2 import Ether
from scapy.utils import rdpcap

from provisioner.protocol.dhcp.event import (
    Acknowledged,
    AddressReleased,
    DhcpMessageIgnored,
    DhcpMessageMalformed,
    LeaseCommitFailed,
    OfferSent,
    Refused,
    RequestHeard,
)
from provisioner.protocol.dhcp.lease import Bound
from provisioner.protocol.dhcp.link import Reservation
from provisioner.protocol.dhcp.message import encode
from provisioner.serve.errors import InterfaceMissing, SocketNotBound
from tests.dhcp_clients import Dhclient, Udhcpc
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, segment
from tests.provisioner.protocol.dhcp.samples import DISCOVER, NETBOOTS, REQUEST, message
from tests.provisioner.serve.dhcp_service import (
    CP1,
    CP1_ADDRESS,
    SERVER,
    STRANGER,
    Served,
    broadcast,
)
from tests.served import serving

pytestmark = pytest.mark.protocol


@pytest.fixture
def served() -> Iterator[Served]:
    with segment() as wire:
        it = Served(wire, wire.station("lan0", "10.7.0.1/24"))
        with serving(it.station, [it.server()]):
            yield it


def test_dhclient_gets_renews_and_releases(served: Served, tmp_path: Path) -> None:
    client = Dhclient(served.wire.station("eth0", mac=CP1), tmp_path)
    running = client.start()
    served.events.wait_for(Acknowledged, 2)
    running.kill()
    running.wait()
    client.release()
    assert served.events.wait_for(AddressReleased) == [AddressReleased(CP1, CP1_ADDRESS)]
    acknowledged = served.events.of(Acknowledged)
    assert [told.reason for told in acknowledged[:2]] == [
        "the address is reserved for this machine",
        "its lease goes on",
    ]
    assert {told.address for told in acknowledged} == {CP1_ADDRESS}
    bound = [line for line in client.noted() if line.startswith(("BOUND", "RENEW"))]
    assert bound[0] == "BOUND 10.7.0.11 cp1"
    assert served.events.of(Refused) == []


def test_dhclient_asks_again_for_what_it_had(served: Served, tmp_path: Path) -> None:
    """INIT-REBOOT of the same address is confirmed, of another one is refused; then it gets its
    own."""
    served.link = replace(served.link, lease_time=600)  # it is to be alive, however long this takes
    client = Dhclient(served.wire.station("eth0", mac=CP1), tmp_path)
    assert client.once()
    assert client.once()
    assert [line.split()[0] for line in client.noted() if "10.7" in line] == ["BOUND", "REBOOT"]
    served.link = replace(
        served.link, reservations={CP1: Reservation(IPv4Address("10.7.0.12"), "cp1")}
    )
    assert client.once()
    assert len(served.events.of(Refused)) == 1
    assert client.noted()[-1] == "BOUND 10.7.0.12 cp1"


def test_udhcpc_of_our_ramdisk_gets_renews_and_releases(served: Served, tmp_path: Path) -> None:
    client = Udhcpc(served.wire.station("eth0", mac=STRANGER), tmp_path)
    running = client.start("-V", "harmony-ramdisk")
    first = served.events.wait_for(Acknowledged)[0]
    assert first.address in IPv4Network("10.7.0.0/24")
    client.wait_for_note(f"bound {first.address}")
    running.send_signal(signal.SIGUSR1)
    renewed = served.events.wait_for(Acknowledged, 2)[1]
    assert (renewed.address, renewed.reason) == (first.address, "its lease goes on")
    client.wait_for_note(f"renew {first.address}")
    running.send_signal(signal.SIGUSR2)
    assert served.events.wait_for(AddressReleased)[0] == AddressReleased(STRANGER, first.address)


def test_a_plain_client_of_ours_gets_the_same_address_after_it_netbooted(
    served: Served, tmp_path: Path
) -> None:
    """First as our ramdisk, then as the installed system: same MAC, other client identifier."""
    station = served.wire.station("eth0", mac=STRANGER)
    ramdisk = Udhcpc(station, tmp_path)
    running = ramdisk.start("-V", "harmony-ramdisk")
    address = served.events.wait_for(Acknowledged)[0].address
    running.kill()
    running.wait()
    assert Dhclient(station, tmp_path).once()
    assert served.events.of(Acknowledged)[-1].address == address


def test_a_plain_client_beside_dnsmasq_is_never_disturbed(served: Served, tmp_path: Path) -> None:
    """It gets dnsmasq's address, asks for it again, then for one of another network: not one frame
    of ours is on the wire."""
    foreign = served.wire.station("eth0", "10.7.0.2/24")
    station = served.wire.station("eth0", mac=STRANGER)
    client = Dhclient(station, tmp_path)
    with (
        _captured(served.station, "lan0", tmp_path / "ours.pcap") as ours,
        _captured(station, "eth0", tmp_path / "clients.pcap") as clients,
        dnsmasq(foreign, "10.7.0.150", "10.7.0.160"),
    ):
        assert client.once()
        assert client.once()
        leases = tmp_path / "leases"
        leases.write_text(leases.read_text().replace("10.7.0.15", "10.7.0.10"))
        client.once(seconds=10)
        served.events.wait_for(DhcpMessageIgnored, 3)
    assert "10.7.0.1" not in _servers_in(ours)
    assert _servers_in(clients) == {"10.7.0.2"}
    told = served.events.told
    assert [event for event in told if not isinstance(event, DhcpMessageIgnored)] == []


def test_beside_another_server_a_netbooting_stranger_is_offered_nothing(
    served: Served, tmp_path: Path
) -> None:
    served.link = replace(served.link, foreign_servers=frozenset({IPv4Address("10.7.0.2")}))
    client = Udhcpc(served.wire.station("eth0", mac=STRANGER), tmp_path)
    client.start("-V", "harmony-ramdisk")
    ignored = served.events.wait_for(DhcpMessageIgnored)[0]
    assert ignored.reason.startswith("another DHCP server is present")
    assert served.events.of(OfferSent) == []


@contextlib.contextmanager
def _captured(station: NetworkNamespace, interface: str, file: Path) -> Generator[Path]:
    """What a station sends and hears of DHCP while the block runs, as a file for after it."""
    tcpdump = station.start(
        "tcpdump",
        "--immediate-mode",
        "-i",
        interface,
        "-U",
        "-Z",
        "root",
        "-w",
        str(file),
        "udp port 67",
    )
    assert tcpdump.stdout is not None
    assert any("listening on" in line for line in tcpdump.stdout)
    yield file
    tcpdump.terminate()
    tcpdump.wait()


def _servers_in(capture: Path) -> set[str]:
    return {packet["IP"].src for packet in rdpcap(str(capture)) if packet["UDP"].sport == 67}


def _requests(count: int) -> list[bytes]:
    return [
        encode(
            message(
                REQUEST,
                f"0a:00:00:00:03:{number:02x}",
                server=SERVER,
                requested=SERVER + 99 + number,
                options=NETBOOTS,
            )
        )
        for number in range(count)
    ]


def test_many_datagrams_share_a_commit_and_get_different_addresses(served: Served) -> None:
    broadcast(served.wire.station("eth0", "10.7.0.50/24"), _requests(64))
    acknowledged = served.events.wait_for(Acknowledged, 64)
    assert len({told.address for told in acknowledged}) == 64
    changes = [change for batch in served.store.batches for change in batch]
    assert len(changes) == 64
    assert all(isinstance(change, Bound) for change in changes)
    assert len(served.store.batches) < 64
    assert len(served.leases.leases()) == 64


def test_what_cannot_be_committed_is_not_answered(served: Served) -> None:
    served.store.broken = True
    station = served.wire.station("eth0", "10.7.0.50/24")
    broadcast(station, _requests(1))
    assert served.events.wait_for(LeaseCommitFailed) == [LeaseCommitFailed(1, "the disk is full")]
    assert served.leases.leases() == ()
    assert served.events.of(Acknowledged) == []
    served.store.broken = False
    broadcast(station, _requests(1))
    served.events.wait_for(Acknowledged)


def test_rubbish_is_told_and_does_not_stop_the_server(served: Served) -> None:
    discover = encode(message(DISCOVER, CP1))
    broadcast(
        served.wire.station("eth0", "10.7.0.50/24"), [b"", b"rubbish", discover[:250], discover]
    )
    served.events.wait_for(OfferSent)
    assert len(served.events.of(DhcpMessageMalformed)) == 2
    assert served.events.of(RequestHeard) == []


def test_a_unicast_reply_is_a_frame_that_scapy_finds_whole(served: Served) -> None:
    station = served.wire.station("eth0", "10.7.0.50/24", mac=CP1)

    def conversation() -> bytes:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800)) as frames:
            frames.bind(("eth0", 0x0800))
            frames.settimeout(20)
            broadcast(station, [encode(message(DISCOVER, CP1))])
            while True:
                frame = frames.recv(2048)
                if struct.unpack_from("!H", frame, 36) == (68,):
                    return frame

    frame = Ether(station.call(conversation))
    assert frame.dst == CP1
    assert (frame["IP"].src, frame["IP"].dst) == ("10.7.0.1", "10.7.0.11")
    checksums = frame["IP"].chksum, frame["UDP"].chksum
    del frame["IP"].chksum, frame["UDP"].chksum
    again = Ether(bytes(frame))
    assert (again["IP"].chksum, again["UDP"].chksum) == checksums
    assert again[BOOTP].yiaddr == "10.7.0.11"
    assert ("message-type", 2) in again[DHCP].options
    assert ("hostname", b"cp1") in again[DHCP].options


def test_a_port_in_use_is_one_clear_line(served: Served) -> None:
    with pytest.raises(SocketNotBound, match=r"^DHCP: UDP port 67 of .* is in use by another"):
        served.station.call(served.server().bind)


def test_an_interface_that_is_not_there_is_one_clear_line(served: Served) -> None:
    with pytest.raises(InterfaceMissing, match=r"interface lan0 doesn't exist"):
        served.wire.hub.call(served.server().bind)


def test_an_interface_that_was_down_is_served_again(served: Served) -> None:
    client = served.wire.station("eth0", "10.7.0.50/24")
    served.station.run("ip", "link", "set", "lan0", "down")
    served.wire.wait_until("disabled", "port1")
    served.station.run("ip", "link", "set", "lan0", "up")
    served.wire.wait_until("forwarding", "port1")
    broadcast(client, [encode(message(DISCOVER, CP1))])
    served.events.wait_for(OfferSent)
