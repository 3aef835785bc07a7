"""A claim: who made the records of a name. It stands in the zone, at `_harmony.NAME`, and is written in
the same update as the records, so that neither is ever there without the other:

    _harmony.api.home.example. TXT "harmony=1" "owner=home/names" "type=A" "ttl=60" "value=10.7.0.10"

One TXT record for each owner, with every value that it wants. What stands at NAME and is in nobody's
claim was made by hand. Beside the name and not at it, because TXT records of a wildcard would be answers
for every name below; under the name and not elsewhere, because a key's rights often end at a subdomain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from inventory.text import ipv4_address, is_dns_name

LABEL = "_harmony"
CLAIM_TTL = 60
TOO_LONG_TTL = 1 << 31
LONGEST_STRING = 255
"""Bytes in one string of a TXT record (RFC 1035, 3.3)."""
_VERSION = "harmony=1"
Kind: TypeAlias = Literal["A", "PTR"]


@dataclass(frozen=True, slots=True)
class Claim:
    """`values` are addresses (A) or one full name (PTR); `owner` is a site's name and a Score's key."""

    owner: str
    kind: Kind
    ttl: int
    values: frozenset[str]

    def strings(self) -> tuple[bytes, ...]:
        """Of its TXT record."""
        values = (f"value={value}" for value in sorted(self.values))
        written = (_VERSION, f"owner={self.owner}", f"type={self.kind}", f"ttl={self.ttl}", *values)
        return tuple(text.encode() for text in written)

    @property
    def fits(self) -> bool:
        """Whether a TXT record can hold it."""
        return all(len(string) <= LONGEST_STRING for string in self.strings())


def place_of(name: str) -> str:
    """Where the claims to a name stand."""
    return f"{LABEL}.{name}"


def claimed_at(place: str) -> str | None:
    """The name whose claims stand there; None if it is no such place."""
    label, dot, name = place.partition(".")
    return name if dot and label == LABEL else None


def read_claim(strings: tuple[bytes, ...]) -> Claim | None:
    """None for what isn't exactly as a Claim is written: it couldn't be taken away again."""
    try:
        version, owner, kind, ttl, *values = (string.decode() for string in strings)
        claim = Claim(
            owner.removeprefix("owner="),
            "PTR" if kind == "type=PTR" else "A",
            int(ttl.removeprefix("ttl=")),
            frozenset(value.removeprefix("value=") for value in values),
        )
    except ValueError:
        return None
    exact = claim.strings() == strings and version == _VERSION
    return claim if exact and _is_sound(claim) else None


def _is_sound(claim: Claim) -> bool:
    """People can write such records too."""
    if not claim.values or not 0 <= claim.ttl < TOO_LONG_TTL:
        return False
    if claim.kind == "PTR":
        return all(map(is_dns_name, claim.values))
    return all(str(ipv4_address(value)) == value for value in claim.values)
