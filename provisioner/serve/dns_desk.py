"""Between the sockets and the protocol: who is answered, with what, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from provisioner.protocol.dns.answer import Elsewhere, decide
from provisioner.protocol.dns.event import DnsEvent, QueryAnswered, QueryMalformed
from provisioner.protocol.dns.kept_answers import KeptAnswers
from provisioner.protocol.dns.name_service import NameService
from provisioner.protocol.dns.reply import Answered, refusal
from provisioner.protocol.errors import MalformedDnsMessage
from provisioner.serve.dns_forwarder import Ask, DnsForwarder
from provisioner.serve.faults import Faults

_TOLD_AGAIN = 5.0
"""Seconds: a client that is answered well is alive, which need not be told a thousand times."""
_MOST_CLIENTS = 65_536


class DnsDesk:
    """`service()` is what to go by at the moment of each query; `clock` gives seconds and never goes
    back. An event tells of each query that had no good answer, and of the others once in a while."""

    def __init__(
        self,
        service: Callable[[], NameService],
        on_event: Callable[[DnsEvent], None],
        clock: Callable[[], float],
        ask: Ask,
    ) -> None:
        self.faults = Faults()
        self.forwarder = DnsForwarder(ask, clock, self.faults)
        self._service = service
        self._on_event = on_event
        self._clock = clock
        self._current: NameService | None = None
        self._kept_by_udp, self._kept_by_tcp = KeptAnswers(), KeptAnswers()
        self._told: dict[str, float] = {}

    def at_once(self, query: bytes, peer: str, *, over_tcp: bool) -> bytes | Elsewhere | None:
        """The answer; Elsewhere if somebody has to be asked for it; None if there is none. A bug costs
        one answer."""
        try:
            return self._answer(query, peer, over_tcp)
        except MalformedDnsMessage as error:
            self._on_event(QueryMalformed(IPv4Address(peer), str(error)))
        except Exception as fault:
            self.faults.tell(fault)
        return None

    async def later(self, wanted: Elsewhere, peer: str) -> bytes | None:
        """The answer of somebody else; None if a bug has cost it."""
        try:
            answered = await self.forwarder.resolved(wanted)
            self._tell(answered, peer, wanted.over_tcp)
        except Exception as fault:
            self.faults.tell(fault)
            return None
        return answered.wire

    def _answer(self, query: bytes, peer: str, over_tcp: bool) -> bytes | Elsewhere | None:
        service, now = self._followed(), self._clock()
        kept = self._kept_by_tcp if over_tcp else self._kept_by_udp
        if peer not in self._told and not self._is_client(service, peer):
            if len(query) < 12 or query[2] & 0x80:
                raise MalformedDnsMessage("no query, from outside of the site")
            answered = refusal(query)
        elif (found := kept.get(query, now)) is not None:
            answered = found
        else:
            decided = self._decided(query, service, over_tcp)
            if isinstance(decided, Elsewhere):
                return decided
            answered = decided
            kept.put(query, answered, now)
        self._tell(answered, peer, over_tcp)
        return query[:2] + answered.wire[2:]

    def _followed(self) -> NameService:
        service = self._service()
        if service is not self._current:
            self._current = service
            self._kept_by_udp.clear()
            self._kept_by_tcp.clear()
            self._told.clear()
            self.forwarder.follow(service.forwarders)
        return service

    def _is_client(self, service: NameService, peer: str) -> bool:
        if not service.is_for(IPv4Address(peer)):
            return False
        if len(self._told) >= _MOST_CLIENTS:
            self._told.clear()
        self._told[peer] = -_TOLD_AGAIN
        return True

    def _decided(self, query: bytes, service: NameService, over_tcp: bool) -> Answered | Elsewhere:
        forwards = bool(service.forwarders)
        decided = decide(query, service.zones, service.leased, over_tcp=over_tcp, forwards=forwards)
        if isinstance(decided, Elsewhere):
            return self.forwarder.known(decided) or decided
        return decided

    def _tell(self, answered: Answered, peer: str, over_tcp: bool) -> None:
        if answered.result == "NOERROR":
            now = self._clock()
            if now - self._told.get(peer, 0.0) < _TOLD_AGAIN:
                return
            self._told[peer] = now
        transport = "tcp" if over_tcp else "udp"
        self._on_event(
            QueryAnswered(
                IPv4Address(peer), answered.name, answered.type, answered.result, transport
            )
        )
