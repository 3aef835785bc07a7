"""Zones that the tests of answers share."""

from __future__ import annotations

from ipaddress import IPv4Network

import dns.message
import dns.rcode
import dns.rrset

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.answer import answer
from provisioner.protocol.dns.zone import Zones

MANY = tuple(DnsRecord("many.home.example", f"10.7.1.{number}") for number in range(1, 120))
SOME = tuple(DnsRecord("some.home.example", f"10.7.1.{number}") for number in range(1, 60))
ZONES = Zones.of(
    domains=("home.example",),
    records=(
        DnsRecord("cp1.home.example", "10.7.0.11", ttl=30),
        DnsRecord("api.c.home.example", "10.7.0.11"),
        DnsRecord("api.c.home.example", "10.7.0.12", ttl=20),
        DnsRecord("*.apps.home.example", "10.7.0.13"),
        *MANY,
        *SOME,
    ),
    subnets=(IPv4Network("10.7.0.0/23"),),
    server_name="ns.home.example",
    hosts=("w1", "w2"),
)
SOA = "5 IN SOA ns.home.example. hostmaster.{0}. 1 3600 600 86400 5"


def asked(name: str, kind: str, over_tcp: bool = False) -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    answered = answer(query.to_wire(), ZONES, over_tcp=over_tcp)
    reply = dns.message.from_wire(answered.wire)
    assert query.is_response(reply)
    assert answered.result == dns.rcode.to_text(reply.rcode())
    return reply


def section(records: list[dns.rrset.RRset]) -> list[str]:
    return [line for record in records for line in record.to_text().splitlines()]
