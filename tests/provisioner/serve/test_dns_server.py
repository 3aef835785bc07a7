from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network

import dns.message
import pytest

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.event import QueryAnswered, QueryMalformed
from provisioner.protocol.dns.zone import Zones
from provisioner.serve.dns_server import DnsServer
from provisioner.serve.errors import SocketNotBound
from tests.namespaces import NetworkNamespace, segment
from tests.served import Events, serving

pytestmark = pytest.mark.protocol

CLIENT = IPv4Address("10.7.0.50")
MANY = tuple(DnsRecord("many.home.example", f"10.7.1.{number}") for number in range(1, 120))


def zones(*records: DnsRecord) -> Zones:
    return Zones.of(
        domains=("home.example",),
        records=records,
        subnets=(IPv4Network("10.7.0.0/24"),),
        server_name="ns.home.example",
    )


@dataclass
class Served:
    """A server, a client's station, the zones of the moment, and what was told."""

    station: NetworkNamespace
    client: NetworkNamespace
    zones: Zones = field(
        default_factory=lambda: zones(DnsRecord("cp1.home.example", "10.7.0.11"), *MANY)
    )
    events: Events = field(default_factory=Events)

    def server(self) -> DnsServer:
        return DnsServer(
            interface="lan0",
            address=IPv4Address("10.7.0.1"),
            zones=lambda: self.zones,
            on_event=self.events.record,
        )

    def asks(self, *command: str) -> str:
        return self.client.run(*command).stdout


@pytest.fixture
def served() -> Iterator[Served]:
    with segment() as wire:
        it = Served(wire.station("lan0", "10.7.0.1/24"), wire.station("eth0", "10.7.0.50/24"))
        with serving(it.station, [it.server()]):
            yield it


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
@pytest.mark.parametrize("tool", ["dig", "kdig"])
def test_dig_and_kdig_get_names_and_reverses(served: Served, tool: str, transport: str) -> None:
    ask = (tool, "@10.7.0.1", "+short", transport)
    assert served.asks(*ask, "cp1.home.example", "A") == "10.7.0.11\n"
    assert served.asks(*ask, "-x", "10.7.0.11") == "cp1.home.example.\n"
    name = {"+notcp": "udp", "+tcp": "tcp"}[transport]
    assert served.events.wait_for(QueryAnswered, 2) == [
        QueryAnswered(CLIENT, "cp1.home.example.", "A", "NOERROR", name),
        QueryAnswered(CLIENT, "11.0.7.10.in-addr.arpa.", "PTR", "NOERROR", name),
    ]


@pytest.mark.parametrize(
    ("name", "status"),
    [("w9.home.example", "NXDOMAIN"), ("www.example.com", "REFUSED"), ("home.example", "NOERROR")],
)
def test_what_dig_says_of_the_rest(served: Served, name: str, status: str) -> None:
    said = served.asks("dig", "@10.7.0.1", name, "A")
    assert f"status: {status}" in said
    assert ("SOA\tns.home.example." in said) is (status != "REFUSED")
    assert "WARNING: Message parser" not in said


def test_dig_comes_by_tcp_when_the_answer_is_cut(served: Served) -> None:
    said = served.asks("dig", "@10.7.0.1", "+short", "many.home.example", "A")
    assert len(said.splitlines()) == len(MANY)
    transports = [event.transport for event in served.events.wait_for(QueryAnswered, 2)]
    assert transports == ["udp", "tcp"]


def test_the_system_resolver_uses_it(served: Served) -> None:
    """busybox's nslookup asks for A and AAAA at once."""
    assert "10.7.0.11" in served.asks("busybox", "nslookup", "cp1.home.example", "10.7.0.1")


def test_records_follow_at_once(served: Served) -> None:
    served.zones = zones(DnsRecord("cp1.home.example", "10.7.0.99"))
    assert served.asks("dig", "@10.7.0.1", "+short", "cp1.home.example") == "10.7.0.99\n"


def test_several_queries_in_one_connection_and_rubbish_ends_it(served: Served) -> None:
    query = dns.message.make_query("cp1.home.example.", "A").to_wire()
    framed = len(query).to_bytes(2) + query

    def conversation() -> bytes:
        with socket.create_connection(("10.7.0.1", 53), timeout=20) as tcp:
            tcp.sendall(framed + framed + b"\0\3abc")
            got = b""
            while piece := tcp.recv(65_535):
                got += piece
            return got

    got = served.client.call(conversation)
    length = int.from_bytes(got[:2])
    assert len(got) == 2 * (2 + length)
    assert dns.message.from_wire(got[2 : 2 + length]).answer[0].to_text().endswith("10.7.0.11")
    assert len(served.events.wait_for(QueryMalformed)) == 1


def test_rubbish_by_udp_does_not_stop_the_server(served: Served) -> None:
    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            for data in (b"", b"\0", b"\xff" * 40):
                udp.sendto(data, ("10.7.0.1", 53))

    served.client.call(send)
    served.events.wait_for(QueryMalformed, 3)
    assert served.asks("dig", "@10.7.0.1", "+short", "cp1.home.example") == "10.7.0.11\n"


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_a_bug_costs_one_answer(
    served: Served, transport: str, capfd: pytest.CaptureFixture[str]
) -> None:
    sound = served.zones
    served.zones = replace(sound, addresses={"cp1.home.example": ()})
    served.client.attempt("dig", "@10.7.0.1", "+tries=1", "+time=1", transport, "cp1.home.example")
    served.zones = sound
    assert served.asks("dig", "@10.7.0.1", "+short", transport, "cp1.home.example") == "10.7.0.11\n"
    assert "ValueError" in capfd.readouterr().err


def test_a_port_in_use_is_one_clear_line(served: Served) -> None:
    with pytest.raises(SocketNotBound, match=r"^DNS: UDP port 53 of 10\.7\.0\.1 on lan0 is in use"):
        served.station.call(served.server().bind)
