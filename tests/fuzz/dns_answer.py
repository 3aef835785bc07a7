"""Any query to our DNS server, over UDP and over TCP: what is answered is a DNS message that fits."""

from __future__ import annotations

import sys
from ipaddress import IPv4Network

import atheris

with atheris.instrument_imports(include=["provisioner.protocol", "dns"]):
    import dns.flags
    import dns.message

    from inventory.contribution import DnsRecord
    from provisioner.protocol.dns.answer import answer
    from provisioner.protocol.dns.zone import Zones
    from provisioner.protocol.errors import MalformedDnsMessage

ZONES = Zones.of(
    domains=("home.example",),
    records=(
        DnsRecord("cp1.home.example", "10.7.0.11", ttl=30),
        DnsRecord("api.c.home.example", "10.7.0.11"),
        *(DnsRecord("many.home.example", f"10.7.1.{number}") for number in range(1, 120)),
    ),
    subnets=(IPv4Network("10.7.0.0/23"),),
    server_name="ns.home.example",
)
LARGEST_DATAGRAM = 1232


def one_input(data: bytes) -> None:
    for over_tcp in (False, True):
        try:
            wire = answer(data, ZONES, over_tcp=over_tcp).wire
        except MalformedDnsMessage:
            continue
        assert over_tcp or len(wire) <= LARGEST_DATAGRAM
        reply = dns.message.from_wire(wire)
        assert reply.id == int.from_bytes(data[:2])
        assert reply.flags & dns.flags.QR
        assert not reply.flags & dns.flags.RA


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
