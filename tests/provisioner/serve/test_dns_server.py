from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import dns.message
import pytest

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.event import QueryAnswered, QueryMalformed
from provisioner.protocol.dns.name import labels_of
from provisioner.protocol.dns.name_service import NameService
from provisioner.protocol.dns.zone import Zones
from provisioner.serve.dns_server import DnsServer
from provisioner.serve.errors import SocketNotBound
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.provisioner.serve.upstreams import Dnsmasq
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
        default_factory=lambda: zones(
            DnsRecord("cp1.home.example", "10.7.0.11"),
            DnsRecord("api.home.example", "10.7.0.11"),
            DnsRecord("api.home.example", "10.7.0.12"),
            DnsRecord("*.apps.home.example", "10.7.0.13"),
            *MANY,
        )
    )
    events: Events = field(default_factory=Events)
    forwarders: tuple[IPv4Address, ...] = ()
    _service: NameService | None = None

    def server(self) -> DnsServer:
        return DnsServer(
            interface="lan0",
            address=IPv4Address("10.7.0.1"),
            service=self.service,
            on_event=self.events.record,
        )

    def service(self) -> NameService:
        kept = self._service
        if kept is None or (kept.zones, kept.forwarders) != (self.zones, self.forwarders):
            kept = NameService(self.zones, (IPv4Network("10.7.0.0/24"),), self.forwarders)
            self._service = kept
        return kept

    def asks(self, *command: str) -> str:
        return self.client.run(*command).stdout


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def served(wire: Segment) -> Iterator[Served]:
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
    told = QueryAnswered(CLIENT, "cp1.home.example.", "A", "NOERROR", name)
    assert served.events.of(QueryAnswered) == [told], (
        "that a client is well is told once in a while"
    )


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
    unsound = (DnsRecord("cp1.home.example", "no address"),)
    served.zones = replace(sound, addresses={labels_of("cp1.home.example"): unsound})
    served.client.attempt("dig", "@10.7.0.1", "+tries=1", "+time=1", transport, "cp1.home.example")
    served.zones = sound
    assert served.asks("dig", "@10.7.0.1", "+short", transport, "cp1.home.example") == "10.7.0.11\n"
    assert "SyntaxError" in capfd.readouterr().err


def test_a_port_in_use_is_one_clear_line(served: Served) -> None:
    with pytest.raises(SocketNotBound, match=r"^DNS: UDP port 53 of 10\.7\.0\.1 on lan0 is in use"):
        served.station.call(served.server().bind)


@pytest.mark.parametrize("tool", ["dig", "kdig"])
@pytest.mark.parametrize(
    ("asked", "says", "records"),
    [
        ("api.home.example A", "NOERROR", {"A\t10.7.0.11", "A\t10.7.0.12"}),
        ("shop.apps.home.example A", "NOERROR", {"A\t10.7.0.13"}),
        ("x.y.apps.home.example ANY", "NOERROR", {"A\t10.7.0.13"}),
        ("apps.home.example A", "NOERROR", {"SOA\tns.home.example."}),
        ("shop.apps.home.example AAAA", "NOERROR", {"SOA\tns.home.example."}),
        ("shop.home.example A", "NXDOMAIN", {"SOA\tns.home.example."}),
        ("home.example SOA", "NOERROR", {"SOA\tns.home.example."}),
        ("home.example NS", "NOERROR", {"NS\tns.home.example."}),
        ("99.0.7.10.in-addr.arpa PTR", "NXDOMAIN", {"SOA\tns.home.example."}),
        ("-c CH version.bind TXT", "REFUSED", set[str]()),
        ("cp1.home.example A +edns=1 +noednsneg", "BADVERS", set[str]()),
        ("cP1.HoMe.eXamplE A", "NOERROR", {"cP1.HoMe.eXamplE.", "A\t10.7.0.11"}),
        ("many.home.example A +noedns +ignore", "NOERROR", {"tc"}),
        ("many.home.example A +tcp", "NOERROR", {"A\t10.7.1.119"}),
        ("cp1.home.example A +bufsize=512 +cookie=0123456789abcdef", "NOERROR", {"10.7.0.11"}),
    ],
)
def test_every_kind_of_question_as_dig_and_kdig_see_it(
    served: Served, tool: str, asked: str, says: str, records: set[str]
) -> None:
    if tool == "kdig":
        asked = asked.replace("+noednsneg", "")
    said = served.client.attempt(tool, "@10.7.0.1", *asked.split()).stdout
    assert f"status: {says}" in said, said
    spaced = " ".join(said.split())
    if tool == "kdig":  # it shows names in lower case, whatever they came in
        spaced = spaced.replace("cp1.home.example", "cP1.HoMe.eXamplE")
    for record in records:
        assert " ".join(record.split()) in spaced, said
    assert "warn" not in said.lower().replace("warning: recursion requested", ""), said


def test_idle_connections_are_in_nobodys_way(served: Served) -> None:
    def hold() -> list[socket.socket]:
        return [socket.create_connection(("10.7.0.1", 53), timeout=20) for _ in range(200)]

    held = served.client.call(hold)
    for transport in ("+tcp", "+notcp"):
        ask = ("dig", "@10.7.0.1", "+short", "+time=2", "+tries=1", transport)
        assert served.asks(*ask, "cp1.home.example") == "10.7.0.11\n"
    for one in held:
        one.close()


def test_nobody_outside_of_the_site_is_answered(served: Served, wire: Segment) -> None:
    """He is on the wire, and the way back to him is known, as by a router."""
    outsider = wire.station("eth0", "192.0.2.50/24")
    outsider.run("ip", "route", "add", "10.7.0.0/24", "dev", "eth0")
    served.station.run("ip", "route", "add", "192.0.2.0/24", "dev", "lan0")
    served.forwarders = (IPv4Address("10.7.0.53"),)
    for transport in ("+tcp", "+notcp"):
        for name in ("cp1.home.example", "www.example.com"):
            said = outsider.run("dig", "@10.7.0.1", transport, name).stdout
            assert "status: REFUSED" in said
            assert "ANSWER: 0" in said
            assert "WARNING" not in said.replace("WARNING: recursion requested", "")


ELSEWHERE = (
    "--host-record=www.elsewhere.example,192.0.2.1,60",
    "--txt-record=long.elsewhere.example," + ",".join("x" * 200 for _ in range(10)),
)


def test_the_rest_is_forwarded_and_remembered(
    served: Served, wire: Segment, tmp_path: Path
) -> None:
    beyond = wire.station("eth0", "10.7.0.53/24")
    dnsmasq = Dnsmasq(beyond, tmp_path / "log", *ELSEWHERE)
    served.forwarders = (IPv4Address("10.7.0.53"),)
    for at in range(4):
        asked = "www.elsewhere.example" if at % 2 else "WWW.Elsewhere.Example"
        said = served.asks("dig", "@10.7.0.1", asked)
        assert f"{asked}." in said
        assert "192.0.2.1" in said
        assert "flags: qr rd ra;" in said
    assert dnsmasq.asked("www.elsewhere.example") + dnsmasq.asked("WWW.Elsewhere.Example") == 1
    for _ in range(2):
        said = served.asks("kdig", "@10.7.0.1", "+tcp", "long.elsewhere.example", "TXT")
        assert said.count("x") >= 2_000
    assert "status: NXDOMAIN" in served.asks("dig", "@10.7.0.1", "w9.home.example")
    assert dnsmasq.asked("w9.home.example") == 0, "what is ours stays here"
    dnsmasq.stop()
    assert "192.0.2.1" in served.asks("dig", "@10.7.0.1", "www.elsewhere.example"), "it is known"
    said = served.asks("dig", "@10.7.0.1", "+tries=1", "other.elsewhere.example")
    assert "status: SERVFAIL" in said, "before the client gave up"


def test_what_waits_for_others_is_in_nobodys_way(served: Served) -> None:
    """A forwarder that is not there, and a hundred clients' questions to it."""
    served.forwarders = (IPv4Address("10.7.0.99"),)

    def flood() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            for at in range(2_000):
                query = dns.message.make_query(f"{at}.elsewhere.example", "A").to_wire()
                udp.sendto(query, ("10.7.0.1", 53))

    served.client.call(flood)
    ask = ("dig", "@10.7.0.1", "+short", "+time=1", "+tries=3", "cp1.home.example")
    assert served.asks(*ask) == "10.7.0.11\n"


def test_a_forwarder_that_comes_back_to_us_ends_there(served: Served) -> None:
    served.forwarders = (IPv4Address("10.7.0.1"),)
    said = served.asks("dig", "@10.7.0.1", "+tries=1", "www.elsewhere.example")
    assert "status: SERVFAIL" in said
    assert served.asks("dig", "@10.7.0.1", "+short", "cp1.home.example") == "10.7.0.11\n"
