"""Anything that a forwarder, or somebody in its place, sends back: what is believed of it can be kept and be
told to clients. The first byte picks the question."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["provisioner.protocol", "dns.message"]):
    import dns.message

    from provisioner.protocol.dns.answer import Elsewhere
    from provisioner.protocol.dns.forward_cache import ForwardCache
    from provisioner.protocol.dns.upstream import Question, Told, judged

ID = 7
QUERIES = tuple(
    dns.message.make_query("www.example.com.", kind, use_edns=0, want_dnssec=dnssec)
    for kind, dnssec in (
        *(("A", False), ("AAAA", False), ("A", True), ("TXT", False)),
        *(("TYPE65400", False), ("HTTPS", True), ("ANY", True)),
    )
)
LARGEST_DATAGRAM = 1232
LATER = 40.0


def one_input(data: bytes) -> None:
    if not data:
        return
    query = QUERIES[data[0] % len(QUERIES)]
    question = Question.of(query)
    verdict = judged(data[1:], question, ID)
    if not isinstance(verdict, Told):
        return
    known = ForwardCache().learn(question, verdict, 0.0)
    for over_tcp in (False, True):
        for now in (0.0, LATER):
            wire = known.answered(Elsewhere(query, over_tcp), now).wire
            assert over_tcp or len(wire) <= LARGEST_DATAGRAM
            assert dns.message.from_wire(wire).id == query.id


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
