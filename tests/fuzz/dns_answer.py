"""Any query to our DNS server, over UDP and over TCP, whether it forwards or not: what is answered is a DNS
message that fits, and the one that would be kept for the next who asks so."""

from __future__ import annotations

import sys
from ipaddress import IPv4Network

import atheris

with atheris.instrument_imports(include=["provisioner.protocol", "dns.message"]):
    import dns.flags
    import dns.message

    from inventory.contribution import DnsRecord
    from provisioner.protocol.dns.answer import Elsewhere, decide
    from provisioner.protocol.dns.kept_answers import KeptAnswers
    from provisioner.protocol.dns.reply import Answered, refusal
    from provisioner.protocol.dns.upstream import Question
    from provisioner.protocol.dns.zone import NoLeases, Zones
    from provisioner.protocol.errors import MalformedDnsMessage

ZONES = Zones.of(
    domains=("home.example",),
    records=(
        DnsRecord("cp1.home.example", "10.7.0.11", ttl=30),
        DnsRecord("api.c.home.example", "10.7.0.11"),
        DnsRecord("*.apps.home.example", "10.7.0.11"),
        *(DnsRecord("many.home.example", f"10.7.1.{number}") for number in range(1, 120)),
    ),
    subnets=(IPv4Network("10.7.0.0/23"),),
    server_name="ns.home.example",
)
LEASED = NoLeases()
LARGEST_DATAGRAM = 1232
NOW = 0.0


def one_input(data: bytes) -> None:
    try:
        for over_tcp, forwards in ((False, False), (True, False), (False, True)):
            decided = decide(data, ZONES, LEASED, over_tcp=over_tcp, forwards=forwards)
            if isinstance(decided, Elsewhere):
                assert forwards
                dns.message.from_wire(Question.of(decided.query).wire(7))
            else:
                judge(data, decided, over_tcp)
    except MalformedDnsMessage:
        return
    assert len(refusal(data).wire) <= len(data)


def judge(query: bytes, answered: Answered, over_tcp: bool) -> None:
    assert over_tcp or len(answered.wire) <= LARGEST_DATAGRAM
    reply = dns.message.from_wire(answered.wire)
    assert reply.id == int.from_bytes(query[:2])
    assert reply.flags & dns.flags.QR
    kept = KeptAnswers()
    kept.put(query, answered, NOW)
    assert kept.get(query, NOW) in (None, answered)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
