"""What stands in a zone, literally: a copy by zone transfer (RFC 5936, RFC 1995).

A transfer and not queries: only it shows a wildcard as what it is (a query is answered with what it stands
for), lists the names that somebody once wanted, and is one version of the zone as a whole. The server has
to allow it to the key; whoever may change a zone may well read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import dns.name
import dns.rdatatype
import dns.zone
from dns.rdata import Rdata
from dns.rdtypes.ANY.TXT import TXT

from harmony.infra.dynamic_dns.claim import Claim, claimed_at, place_of, read_claim

_CUTS = ("NS", "DNAME")
"""What is below a name with one of these is not this zone's (RFC 1034, 4.2.1; RFC 6672)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The records of one name and type: names among `values` are lower case, without the last dot."""

    ttl: int
    values: frozenset[str]


class ZoneCopy:
    """Names are full, lower case, without the last dot. `zone` is what transfers write to."""

    def __init__(self, zone: dns.zone.Zone) -> None:
        self.zone = zone

    @classmethod
    def empty(cls, apex: str) -> ZoneCopy:
        return cls(dns.zone.Zone(absolute(apex), relativize=False))

    def standing(self, name: str, kind: str) -> Standing | None:
        found = self.zone.get_rdataset(absolute(name), kind)
        if found is None:
            return None
        values = (plain(rdata.to_text()) for rdata in self._rdatas(name, kind))
        return Standing(found.ttl, frozenset(values))

    def claims(self, name: str) -> frozenset[Claim] | None:
        """To the name; None if something else than claims stands in their place."""
        found = self._rdatas(place_of(name), "TXT")
        read = frozenset(read_claim(rdata.strings) for rdata in found if isinstance(rdata, TXT))
        claims = frozenset(claim for claim in read if claim is not None)
        return claims if len(claims) == len(read) else None

    def claimed_names(self) -> Iterator[str]:
        for place in self.zone.nodes:
            name = claimed_at(plain(place.to_text()))
            if name is not None and self.zone.get_rdataset(place, dns.rdatatype.TXT):
                yield name

    def cut_above(self, name: str) -> str | None:
        """The name at or above this one, below the zone's own, from where on another zone has the names:
        a server takes records below it, and never answers with them."""
        at = absolute(name)
        while at != self.zone.origin and len(at) > 1:
            if any(self.zone.get_rdataset(at, kind) for kind in _CUTS):
                return plain(at.to_text())
            at = at.parent()
        return None

    def _rdatas(self, name: str, kind: str) -> tuple[Rdata, ...]:
        return tuple(self.zone.get_rdataset(absolute(name), kind) or ())


def absolute(name: str) -> dns.name.Name:
    return dns.name.from_text(name)


def plain(text: str) -> str:
    """A name (or an address) as this product writes it."""
    return text.rstrip(".").lower()
